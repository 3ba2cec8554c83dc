import type { Category, RiskLevel } from '../../classifier/contract.ts';
import { SPELLING_MIN_CHARS } from '../limits.ts';
import type { SearchHit } from './documents.ts';
import { exactFirst } from './exact.ts';
import type { SearchFiles } from './files.ts';
import { find, type Looked } from './find.ts';
import { lookUp } from './lookup.ts';
import { shardOf } from './manifest.ts';
import { totalOf } from './postings.ts';
import { nearestWord } from './spelling.ts';
import { type Term, termsOf } from './terms.ts';
import { isUnspaced, nameWords } from './words.ts';

/** What is looked for: words, and what a tool must have besides. Without any of it nothing is found. */
export interface SearchQuery {
  words: string;
  risk?: RiskLevel | undefined;
  category?: Category | undefined;
  signal?: string | undefined;
}

export interface SearchAnswer {
  hits: SearchHit[];
  /** How many tools there are; at least, where it is not exact. */
  total: number;
  isExact: boolean;
  /** How many of them can be shown, the best; fewer than there are where a list is cut. */
  listed: number;
  /** Whether the list of a word is not kept whole, so that some may be missing. */
  isCut: boolean;
  /** Words that no tool has, and what was looked for instead. */
  corrected: { typed: string; meant: string }[];
  /** Words that no tool has, and nothing like them either. */
  unknown: string[];
}

const NOTHING: SearchAnswer = {
  hits: [],
  total: 0,
  isExact: true,
  listed: 0,
  isCut: false,
  corrected: [],
  unknown: [],
};

/**
 * Finds tools, the best first, and gives `wanted` of them. A word that no tool has is put right where one letter makes
 * it one that tools have. Rejects where a file cannot be had, and when `signal` says that nobody waits any more.
 */
export async function search(
  files: SearchFiles,
  query: SearchQuery,
  wanted: number,
  signal?: AbortSignal,
): Promise<SearchAnswer> {
  const terms = termsOf(query.words);
  const names = facetNames(query);
  if (terms.length === 0 && names.length === 0) return NOTHING;

  const bits = await facetBits(files, names, signal);
  const looked = await Promise.all(terms.map((term) => lookUpTerm(files, term, signal)));
  const corrected: SearchAnswer['corrected'] = [];
  const unknown: string[] = [];
  for (const [index, each] of looked.entries()) {
    if (isKnown(each)) continue;
    const better = await correct(files, each.term, signal);
    if (better === undefined) unknown.push(each.term.word);
    else {
      looked[index] = better;
      corrected.push({ typed: each.term.word, meant: better.term.word });
    }
  }
  if (unknown.length > 0) return { ...NOTHING, corrected, unknown };

  let found = await find(files, looked, bits, wanted, signal);
  if (found.order.length === 0 && corrected.length === 0 && looked.length > 1) {
    // Words that tools have, but never together: the rarest is most likely misspelt.
    for (const each of looked.toSorted((a, b) => countOf(a) - countOf(b))) {
      const better = await correct(files, each.term, signal);
      if (better === undefined) continue;
      found = await find(files, looked.with(looked.indexOf(each), better), bits, wanted, signal);
      if (found.order.length === 0) continue;
      corrected.push({ typed: each.term.word, meant: better.term.word });
      break;
    }
  }
  const order = await exactFirst(files, found, nameOf(query.words, corrected), wanted, signal);
  const hits = await Promise.all(Array.from(order.subarray(0, wanted), (tool) => files.tool(tool, signal)));
  const { total, isExact, listed, isCut } = found;
  return { hits, total, isExact, listed, isCut, corrected, unknown };
}

function facetNames({ risk, category, signal }: SearchQuery): string[] {
  return [
    ...(risk === undefined ? [] : [`risk:${risk}`]),
    ...(category === undefined ? [] : [`category:${category}`]),
    ...(signal === undefined ? [] : [`signal:${signal}`]),
  ];
}

/** For each filter, which tools pass it; none where no tool has what it asks for. */
async function facetBits(files: SearchFiles, names: readonly string[], signal?: AbortSignal) {
  const places = names.map((name) => files.manifest.facets.findIndex(([facet]) => facet === name));
  return Promise.all(
    places.map((place) => (place < 0 ? new Uint8Array(files.manifest.tools) : files.facet(place, signal))),
  );
}

async function lookUpTerm(files: SearchFiles, term: Term, signal?: AbortSignal): Promise<Looked> {
  const { word, parts, isBeginning } = term;
  const [whole, ...others] = await Promise.all([
    lookUp(files, word, isBeginning, signal),
    ...parts.map((part, index) => lookUp(files, part, isBeginning && index === parts.length - 1, signal)),
  ]);
  if (whole.length > 0 || !isUnspaced(word)) return { term, whole, parts: others };
  // Where two words meet without a blank, their characters never stand together elsewhere.
  return {
    term,
    whole,
    parts: await Promise.all([...word].map((part) => lookUp(files, part, false, signal))),
  };
}

function isKnown({ whole, parts }: Looked): boolean {
  return whole.length > 0 || (parts.length > 0 && parts.every((matches) => matches.length > 0));
}

function countOf({ whole }: Looked): number {
  return Math.max(0, ...whole.map(({ entry }) => totalOf(entry.counts)));
}

/** The lists of the word that was meant, where there is one. */
async function correct(files: SearchFiles, term: Term, signal?: AbortSignal): Promise<Looked | undefined> {
  const { word, isBeginning } = term;
  if (word.length < SPELLING_MIN_CHARS || isUnspaced(word)) return undefined;
  // The first letter is taken as right, or else the second as the first.
  const places = new Set([...word.slice(0, 2)].map((letter) => shardOf(files.manifest.spellings, letter)));
  let meant: string | undefined;
  for (const place of places) {
    if (place >= 0) meant ??= nearestWord(word, await files.spellings(place, signal), isBeginning);
  }
  if (meant === undefined) return undefined;
  const better = await lookUpTerm(files, { word: meant, parts: [], isBeginning: false }, signal);
  return isKnown(better) ? better : undefined;
}

/** The words of a name that would be just what was looked for. */
function nameOf(query: string, corrected: SearchAnswer['corrected']): string[] {
  const meant = new Map(corrected.map(({ typed, meant }) => [typed, meant]));
  return nameWords(query).map((word) => meant.get(word) ?? word);
}
