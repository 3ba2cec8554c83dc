import type { WordLists } from './collect.ts';
import type { Postings } from './postings.ts';

/** A word, or the beginning of words, and where it stands. */
export interface Listed {
  word: string;
  postings: Postings;
}

/** More than any level. */
const NONE = 3;

/** For each beginning of words, in the order given: the tools that have any word with it, each where it weighs most. */
export function* startLists(
  starts: readonly string[],
  { words, postingsAt }: WordLists,
  tools: number,
): Generator<Listed> {
  const best = new Uint8Array(tools);
  for (const start of starts) {
    best.fill(NONE);
    for (let at = firstAt(words, start); words[at]?.startsWith(start); at++) mark(best, postingsAt(at));
    yield { word: start, postings: split(best) };
  }
}

function mark(best: Uint8Array, postings: Postings): void {
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
function firstAt(words: readonly string[], start: string): number {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((words[middle] ?? '') < start) low = middle + 1;
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
