import { stemmer } from 'stemmer';
import type { Classification, RiskLevel } from '../classifier/contract.ts';
import type { ToolDefinition } from '../crawler/contract.ts';
import { isObject } from '../crawler/json.ts';
import { compareText } from '../policy/order.ts';
import { MAX_SEARCH_WORD_CHARS, MAX_SEARCH_WORDS, MAX_SEARCHED_CHARS } from './limits.ts';

/**
 * What a tool is found by. A word of the text is itself, without its ending (`lists` is `list`); a word of the name is
 * there a second time with `n=` before it; what can be filtered by is `risk=…`, `category=…` and `signal=…`. No word
 * has an equals sign. All of them are in one column and one index, so that words and filters narrow a search together.
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
  const spoken = [...new Set([...name, ...wordsIn(tool.title ?? '')])];
  const properties = isObject(tool.inputSchema.properties) ? Object.keys(tool.inputSchema.properties) : [];
  const text = wordsIn(`${tool.description ?? ''} ${properties.join(' ')}`);
  const words = new Set([...spoken, ...text].map(lexemeOf).slice(0, MAX_SEARCH_WORDS));
  const lexemes = [...words, ...new Set(spoken.map((word) => `n=${lexemeOf(word)}`))];
  return { lexemes: lexemes.toSorted(compareText), nameWords: name.length, spoken };
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

/** What a tool with this verdict can be filtered by. */
export function facetsOf({
  category,
  risk,
  findings,
}: Pick<Classification, 'category' | 'risk' | 'findings'>) {
  const present = findings.filter(({ outcome }) => outcome === 'present').map(({ signal }) => signal);
  return [`category=${category}`, `risk=${risk}`, ...present.map((signal) => `signal=${signal}`)];
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
