import { type SQL, sql } from 'drizzle-orm';
import { CLASSIFIER_VERSION, classifyTools, signalSetHash } from '../classifier/classify.ts';
import type { Classification } from '../classifier/contract.ts';
import { applyOpinion } from '../classifier/review/apply.ts';
import { Answer, isAbout } from '../classifier/review/opinion.ts';
import type { ToolDefinition } from '../crawler/contract.ts';
import { readTool } from '../crawler/definition.ts';
import { verdictOf } from './changes.ts';
import type { ToolVerdict } from './contract.ts';
import { type Database, rowsOf } from './database.ts';
import { verdictsOn } from './history-queries.ts';
import { verdictIn } from './history-source.ts';
import { REJUDGED_TOGETHER } from './limits.ts';
import { storeVerdicts } from './store-verdicts.ts';

/** Judges stored definitions again with the classifier that the program has now. */

export interface ReclassifyOptions {
  /** Definitions that are judged at the most. */
  limit?: number;
  /** Stores nothing. */
  dryRun?: boolean;
}

/** A definition that was judged again. */
export interface Rejudged {
  name: string;
  hash: string;
  /** The newest verdict until now. */
  before?: ToolVerdict;
  after: ToolVerdict;
  /** The second opinion that there was: on the new verdict too, or no longer to be found in the definition. */
  opinion?: 'kept' | 'lost';
}

/** Some definitions, in the order of their hashes, and what came of them. */
export interface RejudgedBatch {
  /** How much of the catalogue has been passed, from 0 to 1. */
  share: number;
  judged: Rejudged[];
}

/**
 * Judges every definition that the present classifier has not judged, and keeps the verdicts batch by batch: whoever
 * stops after a batch loses nothing, and the next run goes on there. A stored second opinion is put on the new verdict.
 */
export async function* reclassify(
  db: Database,
  { limit = Number.POSITIVE_INFINITY, dryRun = false }: ReclassifyOptions,
  now: () => Date,
): AsyncGenerator<RejudgedBatch> {
  let after = '';
  let left = limit;
  while (left > 0) {
    const rows = await rowsOf<DueRow>(db, dueQuery(after, REJUDGED_TOGETHER));
    const last = rows.at(-1);
    if (last === undefined) return;
    const due = rows.filter(({ wire }) => wire !== null).slice(0, left);
    const judged = due.length === 0 ? [] : await judge(db, due, dryRun, now());
    left -= due.length;
    after = last.hash;
    yield { share: shareOf(left > 0 ? after : (due.at(-1)?.hash ?? after)), judged };
  }
}

/** How far a hash is on the way from the first to the last: hashes are spread evenly. */
function shareOf(hash: string): number {
  const DIGITS = 8;
  return Number.parseInt(hash.slice(0, DIGITS), 16) / 16 ** DIGITS;
}

/**
 * The next definitions after a hash, and of those that are due what it takes to judge them: the present rules have given
 * no verdict, or a second opinion is not on theirs yet.
 */
function dueQuery(after: string, count: number): SQL {
  const isPresent = (judge: SQL) =>
    sql`${judge}.classifier_version = ${CLASSIFIER_VERSION} and ${judge}.signal_set_hash = ${signalSetHash}`;
  return sql`
    with page as materialized (
      select hash from tool_versions where hash > ${after} order by hash limit ${count}
    ), rules as materialized (
      select j.id from judges j where ${isPresent(sql`j`)} and j.reviewer = 'rules' and j.prompt_version = ''
    ), known as materialized (
      select page.hash, reviewed.reviewer, reviewed.prompt_version, reviewed.is_present,
        exists (select from classifications c where c.tool_hash = page.hash and c.judge_id = (select id from rules)) as judged
      from page
      left join lateral (
        select j.reviewer, j.prompt_version, ${isPresent(sql`j`)} as is_present
        from (${verdictsOn(sql`page.hash`)}) c join judges j on j.id = c.judge_id
        where j.prompt_version <> '' order by c.id desc limit 1
      ) reviewed on true
    )
    select known.hash, due.wire, due.before, due.answer, known.reviewer, known.prompt_version
    from known
    left join lateral (
      select v.wire, opinion.answer, (
          select json_build_object('category', c.category, 'risk', c.risk, 'destructive', c.destructive,
            'financial', c.financial, 'signals', array_to_json(c.signals)::text,
            'classifier_version', j.classifier_version, 'signal_set_hash', j.signal_set_hash,
            'reviewer', j.reviewer, 'prompt_version', j.prompt_version)::text
          from (${verdictsOn(sql`known.hash`)}) c join judges j on j.id = c.judge_id
          order by c.id desc limit 1
        ) as before
      from tool_versions v
      left join lateral (
        select r.answer from reviews r
        where r.tool_hash = known.hash collate "default" and r.model = known.reviewer
          and r.prompt_version = known.prompt_version
        limit 1
      ) opinion on true
      where v.hash = known.hash
        and (not known.judged or (not known.is_present and opinion.answer is not null))
      limit 1
    ) due on true
    order by known.hash`;
}

interface DueRow {
  hash: string;
  /** Null where nothing is due. */
  wire: string | null;
  /** JSON of a row as `verdictIn` takes it. */
  before: string | null;
  answer: string | null;
  reviewer: string | null;
  prompt_version: string | null;
}

async function judge(
  db: Database,
  due: readonly DueRow[],
  dryRun: boolean,
  judgedAt: Date,
): Promise<Rejudged[]> {
  const tools = due.map(definitionOf);
  const rules = classifyTools(tools);
  const reviewed = due.map((row, index) => withOpinion(row, tools[index], rules[index]));
  if (!dryRun) {
    await db.transaction(async (tx) => {
      await storeVerdicts(tx, rules, judgedAt);
      await storeVerdicts(
        tx,
        reviewed.flatMap((verdict) => verdict ?? []),
        judgedAt,
      );
    });
  }
  return due.flatMap((row, index): Rejudged[] => {
    const [tool, verdict] = [tools[index], reviewed[index] ?? rules[index]];
    if (tool === undefined || verdict === undefined) return [];
    const opinion = reviewed[index] === undefined ? 'lost' : 'kept';
    return [
      {
        name: tool.name,
        hash: tool.hash,
        ...(row.before !== null && { before: verdictIn(JSON.parse(row.before)) }),
        after: verdictOf(verdict),
        ...(row.reviewer !== null && { opinion }),
      },
    ];
  });
}

function definitionOf({ wire }: DueRow): ToolDefinition {
  const read = readTool(JSON.parse(wire ?? 'null'), 0);
  if (!read.ok) throw new Error(`A stored tool ${read.rejected.reason}: the catalogue is damaged.`);
  return read.tool;
}

/** The verdict with the second opinion that there was; undefined where there was none, or it does not fit any more. */
function withOpinion(
  { answer, reviewer, prompt_version: promptVersion }: DueRow,
  tool: ToolDefinition | undefined,
  rules: Classification | undefined,
): Classification | undefined {
  if (answer === null || reviewer === null || promptVersion === null || !tool || !rules) return undefined;
  const opinion = Answer.parse(JSON.parse(answer));
  if (opinion.kind !== 'opinion' || !isAbout(tool, opinion)) return undefined;
  return applyOpinion(tool, rules, opinion, { model: reviewer, promptVersion });
}
