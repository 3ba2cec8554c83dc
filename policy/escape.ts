/**
 * What a server called its tools, written into files of other programs. Names are data there: quoted by the format's
 * own rules, and with nothing in them that a person who reads the file would not see.
 */

/**
 * Characters that are not seen, or that change how others are seen: controls, halves of surrogate pairs, private use,
 * all that a renderer may ignore, separators of lines and paragraphs, the blank Braille cell.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800\ufff9-\ufffb]/gu;

/** How a format writes a character by its code point. */
export type Escape = (codePoint: number) => string;

/** JSON, in UTF-16 code units. */
const jsonEscape: Escape = (codePoint) =>
  String.fromCodePoint(codePoint)
    .split('')
    .map((unit) => `\\u${hex(unit.charCodeAt(0), 4)}`)
    .join('');

/** TOML, YAML in double quotes, and CEL. */
export const longEscape: Escape = (codePoint) =>
  codePoint > 0xffff ? `\\U${hex(codePoint, 8)}` : `\\u${hex(codePoint, 4)}`;

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

/**
 * The text with every hidden character but the line break written as the format's escape. For a text in which hidden
 * characters stand in quoted strings only.
 */
export function escapeHidden(text: string, write: Escape): string {
  return text.replace(HIDDEN, (character) =>
    character === '\n' ? character : write(character.codePointAt(0) ?? 0),
  );
}

/** Indented JSON in which every character can be seen. */
export function prettyJson(value: unknown): string {
  return `${escapeHidden(JSON.stringify(value, undefined, 2), jsonEscape)}\n`;
}

/** JSON on one line in which every character can be seen. */
export function lineOfJson(value: unknown): string {
  return escapeHidden(JSON.stringify(value) ?? 'null', jsonEscape);
}

/** A string in double quotes whose hidden characters are written by the given escape; a quote and a backslash as in C. */
export function quote(text: string, write: Escape): string {
  return `"${escapeEach(text.replace(/["\\]/g, '\\$&'), write)}"`;
}

/** Comment lines, each behind the mark; a text cannot end its own line. */
export function commentLines(mark: string, texts: readonly string[]): string {
  return texts.map((text) => `${`${mark} ${escapeEach(text, jsonEscape)}`.trimEnd()}\n`).join('');
}

/** What an export could not say, as a comment at its end; empty where nothing was lost. */
export function lossComment(mark: string, losses: readonly string[]): string {
  return losses.length === 0 ? '' : `\n${commentLines(mark, ['Not said here:', ...losses])}`;
}

function escapeEach(text: string, write: Escape): string {
  return text.replace(HIDDEN, (character) => write(character.codePointAt(0) ?? 0));
}
