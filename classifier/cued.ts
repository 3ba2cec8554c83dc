/** A pattern with the words of which one is in every text that it matches. */
export interface Cued {
  /** In lower case, with blanks between them. */
  cues: string;
  pattern: RegExp;
}

/** The patterns that a word may belong to, so that a text is searched only for what its words leave possible. */
export function cueIndex<T extends Cued>(patterns: readonly T[]): ReadonlyMap<string, ReadonlySet<T>> {
  const index = new Map<string, Set<T>>();
  for (const one of patterns) {
    for (const cue of one.cues.split(/\s+/)) {
      const known = index.get(cue);
      if (known) known.add(one);
      else if (cue !== '') index.set(cue, new Set([one]));
    }
  }
  return index;
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
