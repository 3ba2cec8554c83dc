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
  /** Sees fast that a text has no cue at all. */
  glance: CueGlance;
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
  return { patterns, lacks, uses, glance: cueGlance(patterns.flatMap(({ cues }) => wordsOf(cues))) };
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

/** For each run of letters that is part of a cue, by its hash, 1. */
export type CueGlance = Uint8Array;

/** Places for the hashes, few enough to stay in the fastest memory. */
const SLOT_BITS = 14;
const LETTER_RUN = /[a-z]+/g;
const ASCII_ONLY = /^[!-~]+$/;
/** More letters or digits in a row than words have: what may be encoded text. */
export const LONG_RUN = 20;

/** Of each cue the longest run of letters, the last of several, stands for the whole: `rsa` for `id_rsa`. */
function cueGlance(cues: readonly string[]): CueGlance {
  const glance = new Uint8Array(1 << SLOT_BITS);
  for (const cue of cues) {
    // Any letter that is not an English one gets the closer look.
    if (!ASCII_ONLY.test(cue)) continue;
    const longest = (cue.match(LETTER_RUN) ?? []).toSorted((a, b) => a.length - b.length).at(-1) ?? '';
    let hash = SEED;
    for (let at = 0; at < longest.length; at++) hash = hashed(hash, longest.charCodeAt(at));
    glance[slotOf(hash)] = 1;
  }
  return glance;
}

const SEED = 0x811c9dc5;

/** Multiplies by the golden ratio of 32 bits, after Knuth: the upper bits are the best mixed. */
function hashed(hash: number, letter: number): number {
  return Math.imul(hash ^ letter, 0x9e3779b1);
}

function slotOf(hash: number): number {
  return hash >>> (32 - SLOT_BITS);
}

/**
 * Whether a text may have a cue, or letters that are not English ones, or a long run of letters and
 * digits. It looks at each character once and makes nothing, since nearly all texts have none of them.
 */
export function mayHaveCue(text: string, glance: CueGlance): boolean {
  let hash = SEED;
  let run = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // The bit that makes a letter of ASCII a small one.
    const letter = code | 0x20;
    if (letter >= 97 && letter <= 122 && code < 128) {
      hash = hashed(hash, letter);
      run++;
      continue;
    }
    if (run > 0 && (glance[slotOf(hash)] === 1 || run >= LONG_RUN)) return true;
    hash = SEED;
    if (code >= 48 && code <= 57) run++;
    else run = 0;
    // Of what is not ASCII, dashes and quotes and the like are not letters.
    if (code > 127 && (code < 0x2010 || code > 0x2bff)) return true;
  }
  return run > 0 && (glance[slotOf(hash)] === 1 || run >= LONG_RUN);
}

/** A blank in a pattern that does not stand inside a set of characters. */
const BLANK = / (?![^[\]]*\])/g;

/**
 * The same pattern with each of its blanks standing for blanks and line breaks of any kind, so that a text cannot
 * escape it by where its lines end. The bound keeps it linear.
 */
export function anyBlanks(pattern: RegExp): RegExp {
  return new RegExp(pattern.source.replaceAll(BLANK, '(?:\\s{1,20})'), pattern.flags);
}
