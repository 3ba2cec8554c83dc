import { MAX_INDEXED_CHARS, MAX_INDEXED_WORD_CHARS } from '../limits.ts';

/**
 * The words by which a tool is found. The index and the query are cut into words by the same code, so that what stands
 * on a page can be typed and found.
 */

/**
 * Takes each word of a text: what stands in `text` from one place to another. `isExtra` marks words that stand there a
 * second time in another form: a word in camel case as a whole after its parts, and two characters together in a script
 * without blanks.
 */
type TakeWord = (text: string, from: number, to: number, isExtra: boolean) => void;

const OTHER = 0;
const LOWER = 1;
const UPPER = 2;
const DIGIT = 3;

/** What each ASCII character is. */
const KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[a-z]/.test(character)) return LOWER;
  if (/[A-Z]/.test(character)) return UPPER;
  return /\d/.test(character) ? DIGIT : OTHER;
});

/** Anything but ASCII and general punctuation, of which many a description has a dash or an ellipsis. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the beginning of ASCII is meant.
const BEYOND_ASCII = /[^\x00-\x7f\u2010-\u205e]/;

/** Characters of scripts that are written without blanks between words. */
const UNSPACED =
  /([\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]+)/u;

/** Where a word in camel case is cut: `create|Issue`, `HTTP|Server`, but not `ID|s`. */
const CAMEL = /(?<=[\p{Ll}\p{Lo}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll}{2})/u;

/** Gives each word of a text to `take`, in lower case and without accents, as often as it is there. */
export function eachWord(whole: string, take: TakeWord): void {
  const text = whole.length > MAX_INDEXED_CHARS ? whole.slice(0, MAX_INDEXED_CHARS) : whole;
  if (BEYOND_ASCII.test(text)) eachWordOfAny(text, take);
  else eachWordOfAscii(text, take);
}

/** The words of a text, each as often as it is there. */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  eachWord(text, (whole, from, to) => words.push(whole.slice(from, to)));
  return words;
}

/** The plain words of a name, by which names are ordered and compared: `createIssue` and `create_issue` have the same. */
export function nameWords(name: string): string[] {
  const words: string[] = [];
  eachWord(name, (text, from, to, isExtra) => {
    if (!isExtra) words.push(text.slice(from, to));
  });
  return words;
}

/** The same as below for text with letters in ASCII, which nearly all is, five times as fast. */
function eachWordOfAscii(text: string, take: TakeWord): void {
  const lower = text.toLowerCase();
  const kindAt = (index: number) => KINDS[text.charCodeAt(index)] ?? OTHER;
  let start = -1;
  let part = -1;
  for (let at = 0; at <= text.length; at++) {
    const kind = at < text.length ? kindAt(at) : OTHER;
    if (kind === OTHER) {
      if (start < 0) continue;
      take(lower, part, shortened(part, at), false);
      if (part > start) take(lower, start, shortened(start, at), true);
      start = -1;
      continue;
    }
    if (start < 0) {
      start = at;
      part = at;
      continue;
    }
    if (kind !== UPPER) continue;
    const isNewWord = kindAt(at - 1) !== UPPER || (kindAt(at + 1) === LOWER && kindAt(at + 2) === LOWER);
    if (!isNewWord) continue;
    take(lower, part, shortened(part, at), false);
    part = at;
  }
}

function shortened(from: number, to: number): number {
  return Math.min(to, from + MAX_INDEXED_WORD_CHARS);
}

function eachWordOfAny(text: string, take: TakeWord): void {
  const plain = text
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .normalize('NFC');
  for (const run of plain.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []) {
    for (const [index, piece] of run.split(UNSPACED).entries()) {
      if (index % 2 === 1) eachCharacter(piece, take);
      else if (piece !== '') eachPart(piece, take);
    }
  }
}

function eachPart(word: string, take: TakeWord): void {
  const parts = word.split(CAMEL);
  for (const part of parts) takeWhole(take, cutWord(part), false);
  if (parts.length > 1) takeWhole(take, cutWord(word), true);
}

function eachCharacter(run: string, take: TakeWord): void {
  let last = '';
  for (const character of run.toLowerCase()) {
    takeWhole(take, character, false);
    if (last !== '') takeWhole(take, last + character, true);
    last = character;
  }
}

function takeWhole(take: TakeWord, word: string, isExtra: boolean): void {
  take(word, 0, word.length, isExtra);
}

function cutWord(word: string): string {
  return word.toLowerCase().slice(0, MAX_INDEXED_WORD_CHARS).toWellFormed();
}

/** Whether the word is of a script without blanks: it is found by its characters, and nothing can be misspelt by one. */
export function isUnspaced(word: string): boolean {
  return UNSPACED.test(word);
}

/** English words that say nothing about a tool and stand in most descriptions. In a name or a label they count. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'a an and any are as at be been by can do does for from had has have if in into is it its may of on or so such ' +
    'than that the their them then there these they this to was were what when where which will with you your'
  ).split(' '),
);
