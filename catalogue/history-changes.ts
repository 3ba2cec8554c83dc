import type { Classification } from '../classifier/contract.ts';
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
import type { HistorySource } from './history-source.ts';
import { MAX_DEFINITIONS_COMPARED } from './limits.ts';
import { toolSlug } from './slugs.ts';

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
  source: HistorySource,
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
    const definitions = await source.definitions(hashes);
    for (const event of few) {
      const detail = isBrief ? 'none' : described.length < MAX_DEFINITIONS_COMPARED ? 'compared' : 'too-much';
      const [before, after] = [event.before, event.after].map((tool) =>
        corrected(definitions.get(tool?.hash ?? ''), correct),
      );
      described.push(changeOf(event, before, after, detail));
    }
  }
  return described;
}

/** The definition with what people made of the verdict on it. */
function corrected(judged: JudgedDefinition | undefined, correct: Correct): JudgedDefinition | undefined {
  if (judged?.classification === undefined) return judged;
  const { definition, classification } = judged;
  return { definition, classification: correct(definition.name, classification) };
}

function changeOf(
  event: HistoryEvent,
  before: JudgedDefinition | undefined,
  after: JudgedDefinition | undefined,
  detail: 'compared' | 'too-much' | 'none',
): ToolChange {
  const { kind, at, name, sameName, step, verdicts } = event;
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
