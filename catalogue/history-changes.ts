import type { Classification } from '../classifier/contract.ts';
import { readTool } from '../crawler/definition.ts';
import {
  appearedReasons,
  changeReasons,
  definitionDiff,
  type JudgedDefinition,
  type Listed,
  type Ordered,
  verdictOf,
  verdictReasons,
} from './changes.ts';
import type { ListStep, ToolChange, ToolState, ToolVerdict } from './contract.ts';
import { type Database, rowsOf } from './database.ts';
import { type DefinitionRow, definitionsQuery } from './history-queries.ts';
import { MAX_DEFINITIONS_COMPARED } from './limits.ts';
import { toolSlug } from './slugs.ts';
import { unpackVerdict } from './verdicts.ts';

/** Something that happened, before its definitions are read. */
export interface HistoryEvent extends Ordered {
  kind: ToolChange['kind'];
  at: string;
  before?: Listed;
  after?: Listed;
  sameName?: number;
  remarks: string[];
  step?: ListStep;
  /** Of what was judged again. */
  verdicts?: { before: ToolVerdict; after: ToolVerdict };
  /** The server had no list before it. */
  isFirst?: boolean;
}

/** What people have corrected, for verdicts on a server's tools. */
export type Correct = (tool: string, classification: Classification) => Classification;

/** Definitions in memory at once while events are described. */
const DESCRIBED_TOGETHER = 50;

/**
 * The events as changes, with their definitions, verdicts and what is to be looked at. `isBrief`: without what changed
 * in the definitions.
 */
export async function describe(
  db: Database,
  events: readonly HistoryEvent[],
  correct: Correct,
  { isBrief = false } = {},
): Promise<ToolChange[]> {
  const described: ToolChange[] = [];
  for (let from = 0; from < events.length; from += DESCRIBED_TOGETHER) {
    const few = events.slice(from, from + DESCRIBED_TOGETHER);
    const hashes = few.flatMap(({ verdicts, before, after }) =>
      verdicts === undefined ? [before, after].flatMap((tool) => tool?.hash ?? []) : [],
    );
    const definitions = await readDefinitions(db, hashes, correct);
    for (const event of few) {
      const detail = isBrief ? 'none' : described.length < MAX_DEFINITIONS_COMPARED ? 'compared' : 'too-much';
      described.push(changeOf(event, definitions, detail));
    }
  }
  return described;
}

/** Stored definitions by their hashes, each with the newest verdict on it. */
export async function readDefinitions(
  db: Database,
  hashes: readonly string[],
  correct: Correct = (_, classification) => classification,
): Promise<Map<string, JudgedDefinition>> {
  if (hashes.length === 0) return new Map();
  const rows = await rowsOf<DefinitionRow>(db, definitionsQuery(hashes));
  return new Map(
    rows.map(({ hash, wire, verdict }) => {
      const read = readTool(JSON.parse(wire), 0);
      if (!read.ok) throw new Error(`A stored tool ${read.rejected.reason}: the catalogue is damaged.`);
      if (verdict === null) return [hash, { definition: read.tool }];
      const classification = correct(read.tool.name, unpackVerdict(JSON.parse(verdict)));
      return [hash, { definition: read.tool, classification }];
    }),
  );
}

function changeOf(
  event: HistoryEvent,
  definitions: ReadonlyMap<string, JudgedDefinition>,
  detail: 'compared' | 'too-much' | 'none',
): ToolChange {
  const { kind, at, name, sameName, step, verdicts } = event;
  const [before, after] = [
    definitions.get(event.before?.hash ?? ''),
    definitions.get(event.after?.hash ?? ''),
  ];
  const reasons = verdicts
    ? verdictReasons(verdicts.before, verdicts.after)
    : reasonsFor(event, before, after);
  const isOther = before && after && before.definition.hash !== after.definition.hash;
  const [was, is] = [
    stateOf(event.before, verdicts?.before, before),
    stateOf(event.after, verdicts?.after, after),
  ];
  return {
    kind,
    at,
    name,
    slug: toolSlug(name),
    ...(sameName !== undefined && { sameName }),
    ...(was && { before: was }),
    ...(is && { after: is }),
    raises: reasons.length > 0,
    reasons,
    remarks: [
      ...event.remarks,
      ...(isOther && !isSameJudge(was?.verdict, is?.verdict)
        ? ['the two verdicts are by different judges: `catalogue reclassify` brings them up to date']
        : []),
      ...(isOther && detail === 'too-much'
        ? ['too many tools changed at once to compare this definition']
        : []),
    ],
    ...(isOther && detail === 'compared' && { definition: definitionDiff(before, after) }),
    ...(step && { step }),
  };
}

function reasonsFor(
  { kind, isFirst }: HistoryEvent,
  before: JudgedDefinition | undefined,
  after: JudgedDefinition | undefined,
): string[] {
  const [was, is] = [before?.classification, after?.classification];
  if (is === undefined || isFirst) return [];
  if (was !== undefined) return changeReasons(was, is);
  return kind === 'appeared' ? appearedReasons(verdictOf(is)) : [];
}

function stateOf(
  listed: Listed | undefined,
  verdict: ToolVerdict | undefined,
  judged: JudgedDefinition | undefined,
): ToolState | undefined {
  if (listed === undefined) return undefined;
  const newest = verdict ?? (judged?.classification && verdictOf(judged.classification));
  return { hash: listed.hash, position: listed.position, ...(newest && { verdict: newest }) };
}

function isSameJudge(a: ToolVerdict | undefined, b: ToolVerdict | undefined): boolean {
  return a?.classifierVersion === b?.classifierVersion && a?.signalSetHash === b?.signalSetHash;
}
