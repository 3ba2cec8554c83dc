import { MAX_SENTENCES } from './limits.ts';

/** A word in lower case, with its place in the text it was taken from. */
export interface Word {
  text: string;
  start: number;
  end: number;
}

/** A run of words, as indices into the words of its text: from `first` up to but not including `last`. */
export interface Sentence {
  first: number;
  last: number;
}

/** The head of a text, at most so many characters, never ending in half of a surrogate pair. */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text;
  const code = text.charCodeAt(most - 1);
  return text.slice(0, code >= 0xd800 && code <= 0xdbff ? most - 1 : most);
}

/**
 * Splits a text into words in one pass. In an `identifier`, case and digits split as well: `getHTTPStatus2` is
 * get, http, status, 2. Scripts without spaces give one word for each run of letters.
 */
export function splitWords(text: string, kind: 'identifier' | 'prose'): Word[] {
  const words: Word[] = [];
  const isProse = kind === 'prose';
  let start = -1;
  let isLowered = true;
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : 0;
    const type = code < 128 ? ASCII[code] : isForeignInside(code, text, at, start) ? OTHER_LETTER : OUTSIDE;
    // In prose `session_create` is the name of something and no verb.
    const inside =
      type === OUTSIDE
        ? false
        : type === UNDERSCORE
          ? isProse
          : type !== APOSTROPHE || joins(text, at, start);
    if (!inside) {
      if (start === -1) continue;
      words.push(wordOf(text, start, at, isLowered));
      start = -1;
      continue;
    }
    if (start === -1) {
      start = at;
      isLowered = true;
    } else if (!isProse && type === UPPER && startsWord(text, at)) {
      words.push(wordOf(text, start, at, isLowered));
      start = at;
      isLowered = true;
    }
    if (type === UPPER || type === OTHER_LETTER) isLowered = false;
  }
  return words;
}

const OUTSIDE = 0;
const LOWER_OR_DIGIT = 1;
const UPPER = 2;
const UNDERSCORE = 3;
const APOSTROPHE = 4;
const OTHER_LETTER = 5;

/** What each ASCII character is to a word. */
const ASCII = Uint8Array.from({ length: 128 }, (_, code) => {
  if (isLower(code) || isDigit(code)) return LOWER_OR_DIGIT;
  if (isUpper(code)) return UPPER;
  return code === 95 ? UNDERSCORE : code === 39 ? APOSTROPHE : OUTSIDE;
});

function wordOf(text: string, start: number, end: number, isLowered: boolean): Word {
  const word = text.slice(start, end);
  return { text: isLowered ? word : word.toLowerCase(), start, end };
}

/** An apostrophe belongs to "doesn't" but not to a quotation. */
function joins(text: string, at: number, start: number): boolean {
  return start !== -1 && isLower(text.charCodeAt(at + 1));
}

function isForeignInside(code: number, text: string, at: number, start: number): boolean {
  if (code === 0x2019) return joins(text, at, start);
  return !isForeignPunctuation(code);
}

/** Whether a word is in a script that puts no blanks between words: Chinese, Japanese, Korean and their like. */
export function isUnspaced(word: string): boolean {
  return word.charCodeAt(0) > 0x2fff;
}

/** Spaces, dashes, quotes, arrows, CJK and full-width punctuation, and the halves of emoji. */
function isForeignPunctuation(code: number): boolean {
  return (
    code < 0xaa ||
    code === 0xab ||
    code === 0xbb ||
    (code >= 0x2000 && code <= 0x2bff) ||
    (code >= 0x3000 && code <= 0x3004) ||
    (code >= 0x3008 && code <= 0x3020) ||
    (code >= 0xd800 && code <= 0xdfff) ||
    (code >= 0xfe00 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff0f) ||
    (code >= 0xff1a && code <= 0xff20) ||
    code === 0xfeff
  );
}

/** Whether a new word begins inside a run of letters: a hump, the end of an acronym, or a change to digits. */
function startsWord(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const here = text.charCodeAt(at);
  if (isUpper(here)) {
    if (isLower(before) || isDigit(before)) return true;
    const next = text.charCodeAt(at + 1);
    // "IDs" is one word; "HTTPStatus" is two.
    return isUpper(before) && isLower(next) && !(next === 115 && !isLower(text.charCodeAt(at + 2)));
  }
  return false;
}

function isLower(code: number): boolean {
  return code >= 97 && code <= 122;
}

function isUpper(code: number): boolean {
  return code >= 65 && code <= 90;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Groups words into sentences. A line break ends one only where the next line does not just carry on. */
export function splitSentences(text: string, words: readonly Word[]): Sentence[] {
  const sentences: Sentence[] = [];
  let first = 0;
  for (let at = 1; at <= words.length; at++) {
    if (at < words.length && !endsBetween(text, words[at - 1], words[at])) continue;
    sentences.push({ first, last: at });
    if (sentences.length === MAX_SENTENCES) break;
    first = at;
  }
  return words.length === 0 ? [] : sentences;
}

function endsBetween(text: string, before: Word | undefined, after: Word | undefined): boolean {
  if (!before || !after) return true;
  if (after.start - before.end === 1 && text.charCodeAt(before.end) === 32) return false;
  const next = text.charCodeAt(after.start);
  const capital = isUpper(next) || next > 127;
  for (let at = before.end; at < after.start; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x3002 || code === 0xff01 || code === 0xff1f || code === 0xff1b) return true;
    const spaced = at + 1 < after.start;
    // "e.g. a file" and "v1.2" go on; "Done. Next" and "done.Next line" do not.
    if ((code === 46 || code === 33 || code === 63) && (spaced || capital)) {
      return capital || (isDigit(next) && spaced) || text.charCodeAt(after.start - 1) !== 32;
    }
    if (code === 10) {
      if (capital || text.charCodeAt(at + 1) === 10 || at + 1 < after.start) return true;
    }
  }
  return false;
}
