import { SEARCH_KEPT, SHARDS_PER_PREFIX } from '../limits.ts';
import type { SearchFiles } from './files.ts';
import { shardOf, shardsOf } from './manifest.ts';
import { partsOf, readPostings, totalOf } from './postings.ts';
import type { Costs } from './rank.ts';
import { entriesFrom, type ShardEntry } from './shard.ts';

/** A list that fits a word: that of the word itself, or of one that begins with it. */
export interface Match {
  entry: ShardEntry;
  isWhole: boolean;
  /** Whether it holds the tools of every word that begins so. */
  isAll?: boolean;
}

/** The lists that fit a word. */
export async function lookUp(
  files: SearchFiles,
  word: string,
  isBeginning: boolean,
  signal?: AbortSignal,
): Promise<Match[]> {
  const { words, starts } = files.manifest;
  if (words.length === 0) return [];
  const { first, last } = shardsOf(words, word);
  const match = (entry: ShardEntry): Match => ({ entry, isWhole: entry.word === word });
  if (!isBeginning) {
    const shard = await files.words(first, signal);
    return entriesFrom(shard, word, false).map(match);
  }
  if (last - first < SHARDS_PER_PREFIX) {
    const indexes = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    const shards = await Promise.all(indexes.map((index) => files.words(index, signal)));
    return shards.flatMap((shard) => entriesFrom(shard, word, true)).map(match);
  }
  const [whole, all] = await Promise.all([
    files.words(first, signal).then((shard) => entriesFrom(shard, word, false)),
    files.starts(Math.max(0, shardOf(starts, word)), signal).then((shard) => entriesFrom(shard, word, false)),
  ]);
  return [...whole.map(match), ...all.map((entry) => ({ entry, isWhole: false, isAll: true }))];
}

/** Whether more tools have the word than are kept in its list. */
export function isLimited({ entry }: Match): boolean {
  return totalOf(entry.counts) > SEARCH_KEPT;
}

/** The files in which the rests of these lists are, each once. */
export function packsOf(matches: readonly Match[]): number[] {
  return [...new Set(matches.flatMap(({ entry }) => entry.rest?.pack ?? []))];
}

/** Enters the tools of the heads. */
export function addHeads(costs: Costs, matches: readonly Match[]): void {
  for (const { entry, isWhole } of matches) {
    costs.add(readPostings(entry.head, partsOf(entry.counts).head), isWhole);
  }
}

/** Enters the tools of the rests. */
export async function addRests(
  costs: Costs,
  matches: readonly Match[],
  files: SearchFiles,
  signal?: AbortSignal,
): Promise<void> {
  await Promise.all(
    matches.map(async ({ entry, isWhole }) => {
      const { rest } = entry;
      if (rest === undefined) return;
      const pack = await files.pack(rest.pack, signal);
      const bytes = pack.subarray(rest.offset, rest.offset + rest.length);
      costs.add(readPostings(bytes, partsOf(entry.counts).rest), isWhole);
    }),
  );
}
