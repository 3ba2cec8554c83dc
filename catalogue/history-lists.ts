import { type Inventory, isSameVerdict, type Listed, takeList } from './changes.ts';
import type { ListRef, ListStep } from './contract.ts';
import type { Context, DatedVerdict, HistorySource, Run } from './history-source.ts';
import { MAX_PARTIAL_LISTS, MAX_PAST_LISTS } from './limits.ts';
import { indexable } from './servers.ts';

/** The lists of a server over time, and the verdicts on what is in them, as a history is made of them. */

/** What tells a list to a reader. */
export function listRef({ scan, observedAt, status, provenance }: Run): ListRef {
  return { scan, observedAt, status, provenance };
}

/** What a server was known to have before its first list. */
export const NOTHING: Inventory = { tools: [], whole: false };

/**
 * What a server was known to have after each of its lists from `from` to `to`, with the lists. Where lists were cut
 * short, those before them are read up to the last whole one.
 */
export async function readInventories(
  source: HistorySource,
  runs: readonly Run[],
  from: number,
  to: number,
): Promise<{ list: readonly Listed[]; inventory: Inventory }[]> {
  const whole = runs.slice(0, from + 1).findLastIndex(({ status }) => status === 'complete');
  const start = Math.max(0, whole, from - MAX_PARTIAL_LISTS);
  const span = runs.slice(start, to + 1);
  const lists = await source.lists(span.map(({ listing }) => listing));
  let inventory = NOTHING;
  const all = span.map(({ listing, status }) => {
    const list = lists.get(listing) ?? [];
    inventory = takeList(inventory, list, status === 'complete');
    return { list, inventory };
  });
  return all.slice(from - start);
}

/** Finds the tool that had a name last before a list. */
export type LastSeen = (name: string, before: number, hash: string) => Listed | undefined;

/** Looks names up in the lists before one. Of several tools in the last list that had the name, the same one counts. */
export async function readLastSeen(
  source: HistorySource,
  runs: readonly Run[],
  before: number,
  names: readonly string[],
): Promise<LastSeen> {
  const newestFirst = runs.slice(0, before).toReversed();
  const listings = [...new Set(newestFirst.map(({ listing }) => listing))].slice(0, MAX_PAST_LISTS);
  const found = await source.named({ listings, names: [...new Set(names.map(indexable))] });
  return (name, index, hash) => {
    const had = ({ listing }: Run) => (found.get(listing) ?? []).filter((tool) => tool.name === name);
    const run = runs.slice(0, index).findLast((each) => had(each).length > 0);
    const tools = run === undefined ? [] : had(run);
    return tools.find((tool) => tool.hash === hash) ?? tools[0];
  };
}

/** The step between two lists, with both contexts where they differ. */
export function stepBetween(
  before: Run | undefined,
  after: Run,
  detailsBefore: string | null,
  contexts: ReadonlyMap<string, Context>,
): ListStep {
  const [was, is] = [contexts.get(detailsBefore ?? ''), contexts.get(after.details)];
  const isOther = was !== undefined && is !== undefined && JSON.stringify(was) !== JSON.stringify(is);
  return {
    ...(before !== undefined && { before: listRef(before) }),
    after: listRef(after),
    ...(isOther && { context: { before: was, after: is } }),
  };
}

/** Where a definition's verdict became another one. */
export interface Turn {
  before: DatedVerdict;
  after: DatedVerdict;
}

/** The turns of definitions, by their hashes. */
export type Turns = ReadonlyMap<string, readonly Turn[]>;

/** Reads where the verdicts on definitions became other ones. */
export async function readTurns(source: HistorySource, hashes: readonly string[]): Promise<Turns> {
  const all = await source.verdicts(hashes);
  return new Map([...all].map(([hash, verdicts]) => [hash, turns(verdicts)]));
}

/** The places where a definition's verdict became another one. */
export function turns(verdicts: readonly DatedVerdict[]): Turn[] {
  return verdicts.flatMap((after, index) => {
    const before = verdicts[index - 1];
    if (before === undefined || isSameVerdict(before.verdict, after.verdict)) return [];
    return [{ before, after }];
  });
}
