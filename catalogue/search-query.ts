import { MAX_LEXEME_CHARS, MAX_QUERY_WORDS } from './limits.ts';
import {
  facet,
  inName,
  lexemeOf,
  NAME_LENGTHS,
  type NameLength,
  STOP_WORDS,
  wordsIn,
} from './search-words.ts';
import { indexable } from './servers.ts';

/** What is looked for, as PostgreSQL's text search has it. Every word of it is quoted, whatever a person typed. */

/** What the tools that are found have in common beside words. Several risks or categories: any of them. */
export interface SearchFilters {
  categories: readonly string[];
  risks: readonly string[];
  /** All of them. */
  signals: readonly string[];
  origin?: string | undefined;
}

/**
 * The distinct words of a text that count: without those that say nothing, unless there is no other. More than
 * `MAX_QUERY_WORDS` are not told apart from so many.
 */
export function queryWords(text: string): string[] {
  const words = [...new Set(wordsIn(text))];
  const telling = words.filter((word) => !STOP_WORDS.has(word));
  return (telling.length > 0 ? telling : words).slice(0, MAX_QUERY_WORDS + 1);
}

/** One of the queries that are tried one after the other. */
export interface Phase {
  /** Among all tools. */
  anyLength: string;
  /** Among tools with names of this length; absent where asking in parts costs more than it saves. */
  ofLength?: (length: NameLength) => string;
}

/** Tools with all words in the name, then those with all words anywhere. */
export function wholeWords(words: readonly string[]): Phase[] {
  const lexemes = words.map(lexemeOf);
  const inNames = (length: NameLength) => all(lexemes.map((lexeme) => quote(inName(length, lexeme))));
  const inTexts = (length: NameLength) =>
    all([anywhere(lexemes), quote(facet('words', length)), `!(${inNames(length)})`]);
  return [inNames, inTexts].map((ofLength) => ({ anyLength: ofAnyLength(ofLength), ofLength }));
}

/** The same with the beginning of the last word, without the tools that have all words whole. */
export function begunWords(words: readonly string[]): Phase[] {
  const lexemes = words.map(lexemeOf);
  const last = lexemes.at(-1);
  if (last === undefined || !canBegin(last)) return [];
  const others = lexemes.slice(0, -1);
  const begun = (lexeme: string) => `${quote(lexeme)}:*`;
  const whole = `!(${anywhere(lexemes)})`;
  const allInName = (length: NameLength) =>
    all([...others.map((lexeme) => quote(inName(length, lexeme))), begun(inName(length, last))]);
  const inNames = (length: NameLength) => all([allInName(length), whole]);
  const texts = [...others.map(quote), begun(last), whole];
  const inTexts = (length: NameLength) =>
    all([...texts, quote(facet('words', length)), `!(${allInName(length)})`]);
  return [
    { anyLength: ofAnyLength(inNames), ofLength: inNames },
    {
      anyLength: all([...texts, `!${ofAnyLength(allInName)}`]),
      // All words that begin so are gathered for each part; beside another word there is little to be saved by it.
      ...(others.length === 0 && { ofLength: inTexts }),
    },
  ];
}

function ofAnyLength(ofLength: (length: NameLength) => string): string {
  return `(${NAME_LENGTHS.map((length) => `(${ofLength(length)})`).join(' | ')})`;
}

/** A word by itself; the last one also as the beginning of another. */
export function oneWord(word: string, isLast: boolean): string {
  const lexeme = lexemeOf(word);
  return isLast && canBegin(lexeme) ? `${quote(lexeme)}:*` : quote(lexeme);
}

/** What the origin leaves, which no correction changes; undefined where all is left. */
export function originQuery({ origin }: SearchFilters): string | undefined {
  return origin === undefined
    ? undefined
    : quote(indexable(facet('origin', origin).slice(0, MAX_LEXEME_CHARS)));
}

/** What the filters by verdict leave; undefined where all is left. */
export function verdictQuery({ categories, risks, signals }: SearchFilters): string | undefined {
  const any = (kind: 'category' | 'risk', values: readonly string[]) =>
    values.length === 0 ? [] : [`(${values.map((value) => quote(facet(kind, value))).join(' | ')})`];
  const parts = [
    ...any('category', categories),
    ...any('risk', risks),
    ...signals.map((signal) => quote(facet('signal', signal))),
  ];
  return parts.length === 0 ? undefined : all(parts);
}

/** All of these. */
export function all(parts: readonly string[]): string {
  return parts.join(' & ');
}

/** A word that stands for itself. */
export function quote(lexeme: string): string {
  return `'${lexeme.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

function anywhere(lexemes: readonly string[]): string {
  return all(lexemes.map(quote));
}

/** One Latin letter begins too much; one character of another script is a word's first, or a word. */
function canBegin(lexeme: string): boolean {
  return lexeme.length > 1 || !/^[a-z0-9]$/.test(lexeme);
}
