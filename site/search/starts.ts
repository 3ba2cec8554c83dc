import type { Collected } from './collect.ts';
import type { Postings } from './postings.ts';

/** The lists of beginnings that too many words have: the tools that have any of the words. */

type Listed = Collected['words'][number];

interface Prefixes {
  /** One list for each of the beginnings, which come in the order of their characters. */
  lists(starts: readonly string[]): Generator<Listed>;
}

/** More than any level. */
const NONE = 3;

export function startPrefixes(words: readonly Listed[], tools: number): Prefixes {
  const best = new Uint8Array(tools);
  return {
    *lists(starts) {
      for (const start of starts) {
        best.fill(NONE);
        for (let at = firstAt(words, start); words[at]?.word.startsWith(start); at++) {
          mark(best, words[at]?.postings);
        }
        yield { word: start, postings: split(best) };
      }
    },
  };
}

function mark(best: Uint8Array, postings: Postings | undefined): void {
  if (postings === undefined) return;
  for (let level = 0; level < NONE; level++) {
    const list = postings[level];
    if (list === undefined) continue;
    for (let index = 0; index < list.length; index++) {
      const tool = list[index] ?? 0;
      if ((best[tool] ?? 0) > level) best[tool] = level;
    }
  }
}

function split(best: Uint8Array): Postings {
  const counts = new Int32Array(NONE + 1);
  for (const level of best) counts[level] = (counts[level] ?? 0) + 1;
  const lists: Postings = [
    new Int32Array(counts[0] ?? 0),
    new Int32Array(counts[1] ?? 0),
    new Int32Array(counts[2] ?? 0),
  ];
  counts.fill(0);
  for (let tool = 0; tool < best.length; tool++) {
    const level = best[tool] ?? NONE;
    const list = lists[level];
    if (list === undefined) continue;
    const place = counts[level] ?? 0;
    list[place] = tool;
    counts[level] = place + 1;
  }
  return lists;
}

/** The first word that does not sort before `start`. */
function firstAt(words: readonly Listed[], start: string): number {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((words[middle]?.word ?? '') < start) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many characters two words begin with alike. */
export function commonStart(a: string, b: string): number {
  let shared = 0;
  while (shared < a.length && shared < b.length && a[shared] === b[shared]) shared++;
  return shared;
}
