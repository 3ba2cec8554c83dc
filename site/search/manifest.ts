/** Where the files of the search are, and what leads to the right one. The browser reads this first. */

export const searchManifestPath = 'search/index.json';

/** Its name changes with the form of any file of the search. */
export const SEARCH_FORMAT = 'tool-risk-catalogue-search/1';

export interface SearchManifest {
  format: typeof SEARCH_FORMAT;
  /** Names the contents of all files, so that none is read from an older build. */
  build: string;
  /** How many tools there are. */
  tools: number;
  /** The first number of the tools whose names have 0, 1, 2 … words. */
  lengths: readonly number[];
  /** For each shard of words, and each of beginnings of words, what sorts after everything in the shard before it. */
  words: readonly string[];
  starts: readonly string[];
  /** For each list of spellings, its first letter. */
  spellings: readonly string[];
  /** By what tools can be filtered, and how many have it; the place of each is the number of its file. */
  facets: readonly (readonly [name: string, count: number])[];
}

/** The kinds of files, each counted from 0. */
export type SearchFileKind = 'words' | 'starts' | 'packs' | 'spellings' | 'facets' | 'tools';

export function searchFilePath(kind: SearchFileKind, index: number): string {
  return `search/${kind}/${index}.gz`;
}

/** Reads the manifest; undefined where it is that of another version. */
export function readManifest(text: string): SearchManifest | undefined {
  const read: unknown = JSON.parse(text);
  return isManifest(read) ? read : undefined;
}

function isManifest(read: unknown): read is SearchManifest {
  return typeof read === 'object' && read !== null && 'format' in read && read.format === SEARCH_FORMAT;
}

/** The last shard that begins at `word` or before it; -1 where the word sorts before all. */
export function shardOf(firsts: readonly string[], word: string): number {
  let low = 0;
  let high = firsts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((firsts[middle] ?? '') <= word) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The shards in which words begin with `start`: the first and the last. */
export function shardsOf(firsts: readonly string[], start: string): { first: number; last: number } {
  return { first: Math.max(0, shardOf(firsts, start)), last: shardOf(firsts, `${start}\uffff`) };
}
