import type { Word } from './text.ts';

/** A pattern with the words of which one is in every text that it matches. */
export interface Cued {
  /** In lower case, with blanks between them. */
  cues: string;
  pattern: RegExp;
}

/** Patterns, ready to be looked up by the words of a text. */
export interface CueIndex<T> {
  patterns: readonly T[];
  /** The places in `patterns` of those that a word is a cue of. */
  places: ReadonlyMap<string, readonly number[]>;
}

/** Prepares patterns to be looked up by the words of a text. */
export function cueIndex<T extends Cued>(patterns: readonly T[]): CueIndex<T> {
  const places = new Map<string, number[]>();
  for (const [place, { cues }] of patterns.entries()) {
    for (const cue of cues.split(/\s+/)) {
      const known = places.get(cue);
      if (known) known.push(place);
      else if (cue !== '') places.set(cue, [place]);
    }
  }
  return { patterns, places };
}

/** The patterns that some words leave possible, in their order; most texts leave none, and need no closer look. */
export function cuedBy<T>({ patterns, places }: CueIndex<T>, words: readonly Word[]): readonly T[] {
  let met: Uint8Array | undefined;
  for (const { text } of words) {
    const cued = places.get(text);
    if (cued === undefined) continue;
    met ??= new Uint8Array(patterns.length);
    for (const place of cued) met[place] = 1;
  }
  return met === undefined ? NONE : patterns.filter((_, place) => met[place] === 1);
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
