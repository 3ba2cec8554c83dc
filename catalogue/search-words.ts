import { stemmer } from 'stemmer';
import type { RiskLevel } from '../classifier/contract.ts';
import type { ToolDefinition } from '../crawler/contract.ts';
import { isObject } from '../crawler/json.ts';
import { compareText } from '../policy/order.ts';
import { MAX_SEARCH_WORD_CHARS, MAX_SEARCH_WORDS, MAX_SEARCHED_CHARS } from './limits.ts';

/**
 * What a tool is found by. A word of the text is itself, without its ending (`lists` is `list`). A word of the name is
 * there a second time with `=` and the length of the name before it, as `=2list`. What can be filtered by is `/risk=…`,
 * `/category=…`, `/signal=…` and `/origin=…`; the length of the name is `/words=…`, and with the rank of the risk
 * before it `/at=…`. No word of a text begins with either mark, so that the beginning of a word never fits them. All of
 * it is in one column and one index, so that words and filters narrow a search together.
 */

/** The words of a definition, as the search has them, and the plain words of its name. */
export interface SearchWords {
  /** Distinct and in the order of their characters. */
  lexemes: string[];
  /** How many words the name has. */
  nameWords: number;
  /** The words of name and title as they are written, for putting misspelt ones right. */
  spoken: string[];
}

/** The words that find a tool: of its name, title, description and parameters. */
export function searchWords(tool: ToolDefinition): SearchWords {
  const name = wordsIn(tool.name);
  const spoken = [...new Set([...name, ...wordsIn(tool.title ?? '')])].slice(0, MAX_SEARCH_WORDS);
  const properties = isObject(tool.inputSchema.properties) ? Object.keys(tool.inputSchema.properties) : [];
  const text = wordsIn(`${tool.description ?? ''} ${properties.join(' ')}`);
  const words = new Set(
    [...spoken, ...text.filter((word) => !STOP_WORDS.has(word))].map(lexemeOf).slice(0, MAX_SEARCH_WORDS),
  );
  const length = nameLength(name.length);
  const named = new Set(spoken.map((word) => inName(length, lexemeOf(word))));
  const lexemes = [...words, ...named, `/words=${length}`];
  const nameWords = Math.min(name.length, MAX_SEARCH_WORDS);
  return { lexemes: lexemes.toSorted(compareText), nameWords, spoken };
}

/** Names are put together by their words: one, two, three, and more. Nobody looks for a name without words. */
export const NAME_LENGTHS = [1, 2, 3, 4] as const;
export type NameLength = (typeof NAME_LENGTHS)[number];

/** The length of a name of so many words; the same stands in SQL in `current-tools.ts`. */
export function nameLength(words: number): NameLength {
  return NAME_LENGTHS.find((length) => words <= length) ?? 4;
}

/** The word, or the beginning of one, as a word of a name of this length. */
export function inName(length: NameLength, lexeme: string): string {
  return `=${length}${lexeme}`;
}

/** What a tool can be filtered by, as the search has it; `value` is any text that can be stored. */
export function facet(
  kind: 'category' | 'risk' | 'signal' | 'origin' | 'words' | 'at',
  value: string | number,
): string {
  return `/${kind}=${value}`;
}

/** The words of a text, lower-case: split where case changes, and in pairs where a script has no blanks. */
export function wordsIn(text: string): string[] {
  const plain = text
    .slice(0, MAX_SEARCHED_CHARS)
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .replaceAll(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase();
  return (plain.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).flatMap((word) =>
    UNSPACED.test(word) ? pairsOf(word) : [word.slice(0, MAX_SEARCH_WORD_CHARS).toWellFormed()],
  );
}

/** The word as the search has it. */
export function lexemeOf(word: string): string {
  return /^[a-z]+$/.test(word) ? stemmer(word) : word;
}

/** The riskiest first, as the lists are sorted. */
export const RISK_RANKS: Record<RiskLevel, number> = { critical: 0, high: 1, medium: 2, low: 3 };

/** Scripts that are written without blanks between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

function pairsOf(word: string): string[] {
  const characters = [...word];
  if (characters.length < 2) return characters;
  return characters.slice(1).map((character, index) => `${characters[index]}${character}`);
}

/** English words that say nothing about a tool, and stand in most descriptions. In a name they count. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'a an and any are as at be been but by can do does for from had has have if in into is it its may of on or so ' +
    'such than that the their them then there these they this to use used uses using was were what when where which ' +
    'will with you your'
  ).split(' '),
);
