/** A bit for each run of letters that is part of a cue, by its hash. */
export type CueTable = Uint32Array;

/** What a text has, as bits: a word of the table; letters that are not English ones; what may be encoded text. */
export const CUE = 1;
export const FOREIGN = 2;
export const LONG_RUN = 4;
/** What is not plain ASCII, or opens a comment, or is a long run of blanks. */
export const ODD = 8;

/** So many that other words hardly ever hash to the same, and few enough to stay in the fastest memory: 16 KiB. */
const HASH_BITS = 17;
/** Below 2^31, or the engine would count with doubles. */
const SEED = 0x11c9dc5;
const LETTERS = /[a-z]+/g;
const ASCII_ONLY = /^[!-~]+$/;

/** A table of words. Of each the longest run of letters, the last of several, stands for the whole: `rsa` for `id_rsa`. */
export function cueTable(cues: readonly string[]): CueTable {
  const table = new Uint32Array(1 << (HASH_BITS - 5));
  for (const cue of cues) {
    // A text with any letter that is not an English one gets the closer look.
    if (!ASCII_ONLY.test(cue)) continue;
    const longest = (cue.match(LETTERS) ?? []).toSorted((a, b) => a.length - b.length).at(-1) ?? '';
    let hash = SEED;
    for (let at = 0; at < longest.length; at++) hash = hashed(hash, longest.charCodeAt(at));
    const slot = slotOf(hash);
    table[slot >>> 5] = (table[slot >>> 5] ?? 0) | (1 << (slot & 31));
  }
  return table;
}

/** Multiplies by the golden ratio of 32 bits, after Knuth: the upper bits are the best mixed. */
function hashed(hash: number, letter: number): number {
  return Math.imul(hash ^ letter, 0x9e3779b1);
}

function slotOf(hash: number): number {
  return hash >>> (32 - HASH_BITS);
}

function holds(table: CueTable, hash: number): boolean {
  const slot = slotOf(hash);
  return (((table[slot >>> 5] ?? 0) >>> (slot & 31)) & 1) === 1;
}

/** More letters or digits in a row than words have. */
const FEWEST_ENCODED = 20;
const FEWEST_BLANKS = 10;

/**
 * What a text may have in it: never too little, now and then too much. It looks at each character once and makes
 * nothing, since nearly all texts have none of it.
 */
export function glance(text: string, table: CueTable): number {
  let bits = 0;
  let hash = SEED;
  let run = 0;
  let blanks = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // The bit that makes a letter of ASCII a small one.
    const letter = code | 0x20;
    if (letter >= 97 && letter <= 122 && code < 128) {
      hash = hashed(hash, letter);
      run++;
      blanks = 0;
      continue;
    }
    if (run > 0) {
      if (holds(table, hash)) bits |= CUE;
      if (run >= FEWEST_ENCODED) bits |= LONG_RUN;
      hash = SEED;
    }
    const isBlank = code === 32 || (code >= 9 && code <= 13);
    run = code >= 48 && code <= 57 ? run + 1 : 0;
    blanks = isBlank ? blanks + 1 : 0;
    if (blanks === FEWEST_BLANKS) bits |= ODD;
    if (code === 60 && text.startsWith('<!--', at)) bits |= ODD;
    if (code > 126 || (code < 32 && code !== 9 && code !== 10 && code !== 13)) bits |= ODD;
    // Of what is not ASCII, dashes and quotes and the like are not letters.
    if (code > 127 && (code < 0x2010 || code > 0x2bff)) bits |= FOREIGN;
  }
  if (run > 0 && holds(table, hash)) bits |= CUE;
  return run >= FEWEST_ENCODED ? bits | LONG_RUN : bits;
}
