import { type SQL, sql } from 'drizzle-orm';
import type { Classification } from '../classifier/contract.ts';
import { correctorFor, type LocatedCorrection } from './corrections.ts';
import { type Database, rowsOf } from './database.ts';
import { recordset } from './recordset.ts';
import type { Place } from './search-order.ts';
import type { SearchFilters } from './search-query.ts';
import { RISK_RANKS } from './search-words.ts';
import { indexable } from './servers.ts';
import { packedVerdict, unpackVerdict } from './verdicts.ts';

/** A tool that a search found. */
export interface FoundTool extends Place {
  classificationId: number;
}

/** A query of words, and the number that it has in the order of what is found. */
export interface NumberedQuery {
  phase: number;
  expression: string | undefined;
}

const NAMED = { n: 'integer', server: 'text', name: 'text' };

interface CorrectedRow {
  n: number;
  server_id: number | string;
  position: number;
  classification_id: number | string;
  name: string;
  name_words: number;
  slug: string;
  key: string;
  verdict: string;
  /** For each phase, whether the tool is found in it. */
  /** JSON: of the phases, which the tool fits. */
  fits: string;
}

/**
 * The tools that a person moved to another risk or category. The database knows nothing of corrections, so that a
 * search leaves these tools out, and they are found here: by the database's words and the person's verdict.
 */
export async function correctedTools(
  tx: Database,
  corrections: readonly LocatedCorrection[],
  phases: readonly NumberedQuery[],
  filters: SearchFilters,
  condition: SQL | undefined,
): Promise<{ moved: { serverId: number; position: number }[]; found: FoundTool[] }> {
  if (corrections.length === 0) return { moved: [], found: [] };
  const rows = await readNamed(tx, corrections, phases, condition);
  const moved = rows.flatMap((row) => {
    const before = unpackVerdict(JSON.parse(row.verdict));
    const entry = corrections[row.n]?.entry;
    const verdict = correctorFor(corrections, { id: row.key, slug: row.slug })(entry?.tool ?? '', before);
    const isMoved = verdict.risk !== before.risk || verdict.category !== before.category;
    return isMoved ? [{ row, verdict }] : [];
  });
  return {
    moved: moved.map(({ row }) => ({ serverId: Number(row.server_id), position: row.position })),
    found: moved.flatMap(({ row, verdict }) => {
      const fits: boolean[] = JSON.parse(row.fits);
      const first = fits.indexOf(true);
      const phase = phases[first];
      return phase === undefined || !passes(verdict, filters) ? [] : [placeOf(row, verdict, phase.phase)];
    }),
  };
}

function readNamed(
  tx: Database,
  corrections: readonly LocatedCorrection[],
  phases: readonly NumberedQuery[],
  condition: SQL | undefined,
): Promise<CorrectedRow[]> {
  const named = corrections.map(({ entry }, n) => ({
    n,
    server: indexable(entry.server),
    name: indexable(entry.tool),
  }));
  const fits = phases.map(({ expression }) =>
    expression === undefined ? sql`true` : sql`t.search @@ ${expression}::tsquery`,
  );
  return rowsOf<CorrectedRow>(
    tx,
    sql`
    with named as materialized (select * from ${recordset(named, NAMED)}),
    own as materialized (
      select named.n, named.name, s.id, s.slug, s.key from named join servers s on s.slug = named.server collate "C"
      union
      select named.n, named.name, s.id, s.slug, s.key from named join servers s on s.key = named.server collate "C"
    )
    select distinct on (t.server_id, t.position) own.n, own.slug, own.key, t.server_id, t.position,
      t.classification_id, t.name, t.name_words, ${packedVerdict} as verdict,
      array_to_json(array[${sql.join(fits, sql`, `)}]::boolean[])::text as fits
    from own
    join current_tools t on t.server_id = own.id and t.name = own.name collate "C"
    join classifications c on c.id = t.classification_id
    join judges j on j.id = c.judge_id
    where ${condition ?? sql`true`}
    order by t.server_id, t.position, own.n`,
  );
}

function passes(
  { category, risk, findings }: Classification,
  { categories, risks, signals }: SearchFilters,
): boolean {
  const present = findings.filter(({ outcome }) => outcome === 'present').map(({ signal }) => signal);
  return (
    (categories.length === 0 || categories.includes(category)) &&
    (risks.length === 0 || risks.includes(risk)) &&
    signals.every((signal) => present.includes(signal))
  );
}

function placeOf(row: CorrectedRow, { risk }: Classification, phase: number): FoundTool {
  return {
    phase,
    nameWords: row.name_words,
    riskRank: RISK_RANKS[risk],
    name: row.name,
    serverId: Number(row.server_id),
    position: row.position,
    classificationId: Number(row.classification_id),
  };
}
