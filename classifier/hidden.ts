import type { Confidence } from './contract.ts';
import { MAX_QUOTE_CHARS } from './limits.ts';
import { clip } from './text.ts';

/** Something in a text that a reader does not see, or sees as something else. */
export interface Hidden {
  /** Verbatim. */
  quote: string;
  /** Names the characters, and what they spell where they spell something. */
  note: string;
  confidence: Confidence;
}

/**
 * Runs of characters that are not seen: controls but tab and line breaks, with the sequences that they begin in a
 * terminal; format characters, everything that a renderer may ignore, private use, the blank Braille cell. Halves of
 * surrogate pairs are left out: they cannot be quoted.
 */
const UNSEEN_RUN =
  /(?:(?![\t\n\r])\p{Cc}(?:\[[\d;?]{0,16}[A-Za-z]?)?|[\p{Cf}\p{Co}\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800])+/gu;

/**
 * Everything hidden in a text, in order.
 *
 * @param isName the text is the name of a tool or of a parameter, where letters of two alphabets in one word deceive
 */
export function findHidden(text: string, isName: boolean): Hidden[] {
  const found: Hidden[] = [];
  for (const match of text.matchAll(UNSEEN_RUN)) {
    const end = match.index + match[0].length;
    const before = text.slice(Math.max(0, match.index - 8), match.index);
    const hidden = judgeRun(match[0], before, text.slice(end, end + 8), text);
    if (hidden) found.push(hidden);
    if (found.length >= MAX_FOUND) return found;
  }
  return [...found, ...mixedWords(text, isName), ...outOfSight(text)];
}

/** More than a finding keeps. */
const MAX_FOUND = 12;

/** What terminals take for the beginning of a command. */
const ESCAPES = ['\u001b', '\u009b'];
const OVERRIDE = /[\u202d\u202e]/;
const EMBEDDING = /[\u202a-\u202c\u2066-\u2069]/;
const MARKS = /^[\u200e\u200f\u061c]+$/;
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const TAGS = /[\u{e0000}-\u{e007f}]/u;
/** Scripts in which joiners choose the form of a letter. */
const JOINING =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}\p{Mn}\p{Mc}]$/u;
const EMOJI_END = /[\p{Emoji}\p{Emoji_Modifier}]\ufe0f?$/u;
const EMOJI_START = /^\p{Extended_Pictographic}/u;
const IDEOGRAPH_END = /[\p{Script=Han}\p{Script=Mongolian}\p{Script=Phags_Pa}]$/u;
const LETTER_END = /[\p{L}\p{N}]$/u;
const LETTER_START = /^[\p{L}\p{N}]/u;

function judgeRun(run: string, before: string, after: string, text: string): Hidden | undefined {
  if (isOrdinary(run, before, after, text)) return undefined;
  const quote = clip(run, MAX_QUOTE_CHARS);
  const spelled = spelledOut(run);
  const note =
    spelled === '' ? namesOf(run) : `${namesOf(run.slice(0, 2))} and others, spelling "${spelled}"`;
  return { quote, note, confidence: certainty(run, before, after, text) };
}

/** Emoji, scripts that need joiners, and marks of direction in text that runs from the right. */
function isOrdinary(run: string, before: string, after: string, text: string): boolean {
  if (run === '\ufe0f' || run === '\ufe0e') return EMOJI_END.test(before) || /[\p{S}\p{P}]$/u.test(before);
  if (run === '\u200d' && EMOJI_END.test(before) && EMOJI_START.test(after)) return true;
  if (run === '\ufe0f\u200d') return EMOJI_START.test(after);
  if (run === '\u200c' || run === '\u200d') return JOINING.test(before);
  if (/^[\u{e0020}-\u{e007e}]{1,6}\u{e007f}$/u.test(run)) return before.endsWith('\u{1f3f4}');
  if (MARKS.test(run)) return RIGHT_TO_LEFT.test(text);
  if ([...run].length === 1 && /\p{Variation_Selector}/u.test(run)) return IDEOGRAPH_END.test(before);
  // Signs that a reader sees: Arabic number signs and the like are format characters with a shape.
  return /^[\u0600-\u0605\u06dd\u070f\u08e2]+$/.test(run);
}

/** Runs this long of characters without width spell something. */
const MANY_UNSEEN = 4;

function certainty(run: string, before: string, after: string, text: string): Confidence {
  if (ESCAPES.some((start) => run.includes(start)) || OVERRIDE.test(run) || TAGS.test(run)) return 'high';
  if (EMBEDDING.test(run)) return RIGHT_TO_LEFT.test(text) ? 'medium' : 'high';
  const characters = [...run];
  const selectors = characters.filter((character) => /\p{Variation_Selector}/u.test(character)).length;
  if (selectors > 1) return 'high';
  if (characters.length >= MANY_UNSEEN && characters.every((character) => /\p{Cf}/u.test(character)))
    return 'high';
  if (/\p{Cc}/u.test(run)) return 'medium';
  const splitsWord = LETTER_END.test(before) && LETTER_START.test(after);
  return splitsWord && run !== '\u00ad' ? 'medium' : 'low';
}

/** ASCII that tag characters or variation selectors stand for, with everything else left out. */
function spelledOut(run: string): string {
  let spelled = '';
  for (const character of run) {
    const code = character.codePointAt(0) ?? 0;
    const ascii =
      code >= 0xe0020 && code <= 0xe007e
        ? code - 0xe0000
        : code >= 0xe0100 && code <= 0xe01ef
          ? code - 0xe00f0
          : 0;
    if (ascii >= 0x20 && ascii <= 0x7e) spelled += String.fromCharCode(ascii);
    if (spelled.length === MAX_QUOTE_CHARS) break;
  }
  return spelled;
}

const MAX_NAMED = 4;

/** `U+202E RIGHT-TO-LEFT OVERRIDE`, for the first few that differ. */
function namesOf(run: string): string {
  const different = [...new Set(run)].filter((character) => !/[ -~]/.test(character));
  const named = different.slice(0, MAX_NAMED).map(nameOf);
  const more = different.length - named.length;
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
}

/** As the Unicode Character Database names them. */
const NAMES: Readonly<Record<number, string>> = {
  0: 'NULL',
  8: 'BACKSPACE',
  27: 'ESCAPE',
  127: 'DELETE',
  155: 'CONTROL SEQUENCE INTRODUCER',
  173: 'SOFT HYPHEN',
  847: 'COMBINING GRAPHEME JOINER',
  1564: 'ARABIC LETTER MARK',
  4447: 'HANGUL CHOSEONG FILLER',
  4448: 'HANGUL JUNGSEONG FILLER',
  6158: 'MONGOLIAN VOWEL SEPARATOR',
  8203: 'ZERO WIDTH SPACE',
  8204: 'ZERO WIDTH NON-JOINER',
  8205: 'ZERO WIDTH JOINER',
  8206: 'LEFT-TO-RIGHT MARK',
  8207: 'RIGHT-TO-LEFT MARK',
  8232: 'LINE SEPARATOR',
  8233: 'PARAGRAPH SEPARATOR',
  8234: 'LEFT-TO-RIGHT EMBEDDING',
  8235: 'RIGHT-TO-LEFT EMBEDDING',
  8236: 'POP DIRECTIONAL FORMATTING',
  8237: 'LEFT-TO-RIGHT OVERRIDE',
  8238: 'RIGHT-TO-LEFT OVERRIDE',
  8288: 'WORD JOINER',
  8289: 'FUNCTION APPLICATION',
  8290: 'INVISIBLE TIMES',
  8291: 'INVISIBLE SEPARATOR',
  8292: 'INVISIBLE PLUS',
  8294: 'LEFT-TO-RIGHT ISOLATE',
  8295: 'RIGHT-TO-LEFT ISOLATE',
  8296: 'FIRST STRONG ISOLATE',
  8297: 'POP DIRECTIONAL ISOLATE',
  10240: 'BRAILLE PATTERN BLANK',
  12644: 'HANGUL FILLER',
  65279: 'ZERO WIDTH NO-BREAK SPACE',
  65440: 'HALFWIDTH HANGUL FILLER',
};

function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return `${hex} ${NAMES[code] ?? kindOf(code)}`;
}

function kindOf(code: number): string {
  if (code < 0x20 || (code > 0x7e && code < 0xa0)) return 'control character';
  if (code >= 0xfe00 && code <= 0xfe0f) return `VARIATION SELECTOR-${code - 0xfe00 + 1}`;
  if (code >= 0xe0100 && code <= 0xe01ef) return `VARIATION SELECTOR-${code - 0xe0100 + 17}`;
  if (code >= 0xe0000 && code <= 0xe007f) return 'tag character';
  if (/\p{Co}/u.test(String.fromCodePoint(code))) return 'private use character';
  return 'invisible character';
}

/** Cyrillic and Greek letters that look like Latin ones in most typefaces. */
const LOOKALIKES = 'асеорхуіјѕһԁԛԝӏАВСЕНІЈКМОРЅТХУԌԚԜοινΑΒΕΖΗΙΚΜΝΟΡΤΥΧ';
const MIXED_WORD = new RegExp(`[A-Za-z${LOOKALIKES}]{2,64}`, 'gu');
const HAS_LOOKALIKE = new RegExp(`[${LOOKALIKES}]`, 'u');
const OTHER_LETTER = /\p{Script=Cyrillic}|\p{Script=Greek}/u;
/** Mathematical letters, which are drawn as plain ones in another style. */
const MATHEMATICAL = /[\u{1d400}-\u{1d7cb}]+/gu;
const MAX_WORDS = 3;

/** Words that are Latin but for letters of another alphabet that look the same. */
function mixedWords(text: string, isName: boolean): Hidden[] {
  const found: Hidden[] = [];
  const confidence = isName ? 'high' : 'medium';
  if (HAS_LOOKALIKE.test(text)) {
    for (const match of text.matchAll(MIXED_WORD)) {
      const [word] = match;
      const around = `${text.charAt(match.index - 1)}${text.charAt(match.index + word.length)}`;
      const foreign = [...word].filter((letter) => HAS_LOOKALIKE.test(letter));
      // A word that has more letters of the other alphabet is written in that one.
      if (foreign.length === 0 || foreign.length * 2 > word.length || OTHER_LETTER.test(around)) continue;
      const names = [...new Set(foreign)].slice(0, MAX_NAMED).map(alphabetOf).join(', ');
      found.push({ quote: word, note: `Latin letters mixed with ${names}`, confidence });
      if (found.length === MAX_WORDS) break;
    }
  }
  const styled = isName ? MATHEMATICAL.exec(text)?.[0] : undefined;
  MATHEMATICAL.lastIndex = 0;
  if (styled !== undefined)
    found.push({
      quote: clip(styled, MAX_QUOTE_CHARS),
      note: 'mathematical letters in place of plain ones',
      confidence,
    });
  return found;
}

function alphabetOf(letter: string): string {
  const code = letter.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')} (${/\p{Script=Greek}/u.test(letter) ? 'Greek' : 'Cyrillic'})`;
}

/** Comments looked at in one text. */
const MAX_COMMENTS = 20;
const MIN_COMMENT_WORDS = 3;
const BLANKS = /\s{10,}/g;
/** Empty lines and blanks after which a reader has stopped scrolling. */
const MANY_LINES = 12;
const MANY_BLANKS = 160;

/** Comments that a renderer leaves out, and text pushed behind a long run of blanks. */
function outOfSight(text: string): Hidden[] {
  const found: Hidden[] = [];
  let from = text.indexOf('<!--');
  for (let count = 0; from !== -1 && count < MAX_COMMENTS && found.length < MAX_WORDS; count++) {
    const close = text.indexOf('-->', from);
    const end = close === -1 ? text.length : close + 3;
    const comment = text.slice(from, end);
    const isCode = text.charAt(from - 1) === '`';
    if (!isCode && comment.slice(4, -3).trim().split(/\s+/).length >= MIN_COMMENT_WORDS) {
      const note = 'a comment that a page does not show';
      found.push({ quote: clip(comment, MAX_QUOTE_CHARS), note, confidence: 'medium' });
    }
    from = text.indexOf('<!--', end);
  }
  for (const match of text.matchAll(BLANKS)) {
    const run = match[0];
    const end = match.index + run.length;
    if (end === text.length || match.index === 0) continue;
    const lines = run.split('\n').length - 1;
    if (lines < MANY_LINES && run.length < MANY_BLANKS) continue;
    const rest = text.slice(end, end + 60);
    const quote = clip(run, MAX_QUOTE_CHARS - 60) === run ? `${run}${clip(rest, 60)}` : clip(rest, 60);
    const note =
      lines < MANY_LINES ? `stands behind ${run.length} blanks` : `stands behind ${lines} empty lines`;
    found.push({ quote, note, confidence: 'medium' });
    break;
  }
  return found;
}
