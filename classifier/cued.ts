import { type CueTable, cueTable } from './glance.ts';
import type { Word } from './text.ts';

/** A pattern with the words of which one is in every text that it matches. */
export interface Cued {
  /** In lower case, with blanks between them. */
  cues: string;
  /** Further words of which one is in every such text as well. */
  also?: string;
  pattern: RegExp;
}

/** Patterns, ready to be looked up by the words of a text. */
export interface CueIndex<T> {
  patterns: readonly T[];
  /** What each pattern still lacks before a text has been seen: a cue, and one of its further words if it has any. */
  lacks: Uint8Array;
  /** Which patterns a word is a cue of, and what it gives them. */
  uses: ReadonlyMap<string, readonly { place: number; gives: number }[]>;
  /** For seeing at a glance that a text has no cue at all. */
  table: CueTable;
}

const CUE = 1;
const ALSO = 2;

/** Prepares patterns to be looked up by the words of a text. */
export function cueIndex<T extends Cued>(patterns: readonly T[]): CueIndex<T> {
  const uses = new Map<string, { place: number; gives: number }[]>();
  const lacks = Uint8Array.from(patterns, ({ also }) => (also === undefined ? CUE : CUE | ALSO));
  for (const [place, { cues, also = '' }] of patterns.entries()) {
    for (const cue of wordsOf(cues)) addTo(uses, cue, { place, gives: CUE });
    for (const word of wordsOf(also)) addTo(uses, word, { place, gives: ALSO });
  }
  return { patterns, lacks, uses, table: cueTable(patterns.flatMap(({ cues }) => wordsOf(cues))) };
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

function addTo<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}

/** The patterns that some words leave possible, in their order; most texts leave none, and need no closer look. */
export function cuedBy<T>({ patterns, lacks, uses }: CueIndex<T>, words: readonly Word[]): readonly T[] {
  let left: Uint8Array | undefined;
  for (const { text } of words) {
    const used = uses.get(text);
    if (used === undefined) continue;
    left ??= lacks.slice();
    for (const { place, gives } of used) left[place] = (left[place] ?? 0) & ~gives;
  }
  return left === undefined ? NONE : patterns.filter((_, place) => left[place] === 0);
}

const NONE: readonly never[] = [];

/** A blank in a pattern that does not stand inside a set of characters. */
const BLANK = / (?![^[\]]*\])/g;

/**
 * The same pattern with each of its blanks standing for blanks and line breaks of any kind, so that a text cannot
 * escape it by where its lines end. The bound keeps it linear.
 */
export function anyBlanks(pattern: RegExp): RegExp {
  return new RegExp(pattern.source.replaceAll(BLANK, '(?:\\s{1,20})'), pattern.flags);
}
