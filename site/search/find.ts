import { SEARCH_KEPT } from '../limits.ts';
import type { SearchFiles } from './files.ts';
import { addHeads, addRests, isLimited, type Match, packsOf } from './lookup.ts';
import { partsOf, readPostings, totalOf } from './postings.ts';
import { addUp, costOf, highest, inOrder, lowest, startCosts } from './rank.ts';
import type { Term } from './terms.ts';

/** A word of the query and the lists that fit it. */
export interface Looked {
  term: Term;
  whole: Match[];
  /** The lists of its parts, each of which a tool must be in. */
  parts: Match[][];
}

export interface Found {
  order: Int32Array;
  total: number;
  isExact: boolean;
  listed: number;
  isCut: boolean;
  /** How many at the beginning have all words, as they were asked for, in their names. */
  named: number;
}

/** Rests of long lists that are read for an exact count alone, where the heads would do. */
const FREE_PACKS = 2;

/** The tools that have all words and pass all filters, the best first. */
export async function find(
  files: SearchFiles,
  looked: readonly Looked[],
  bits: readonly Uint8Array[],
  wanted: number,
  signal?: AbortSignal,
): Promise<Found> {
  const { tools } = files.manifest;
  const [only, ...others] = looked;
  if (only === undefined) {
    const order = inOrder(new Uint8Array(tools), bits);
    return uncut(order, 0);
  }
  const matches = looked.flatMap(({ whole, parts }) => [whole, ...parts]).flat();
  const isAlone = others.length === 0 && only.parts.length === 0 && bits.length === 0;
  if (isAlone && packsOf(matches).length > FREE_PACKS) {
    const best = bestOfHeads(tools, matches);
    if (best.order.length >= wanted) return best;
  }
  const costs = await Promise.all(
    looked.map(async ({ whole, parts }) => {
      const own = await costsOf(files, whole, signal);
      if (parts.length === 0) return own;
      lowest(own, highest(await Promise.all(parts.map((part) => costsOf(files, part, signal)))));
      return own;
    }),
  );
  const sum = addUp(costs);
  const order = inOrder(sum, bits);
  const unnamed = order.findIndex((tool) => sum[tool] !== 0);
  const named = unnamed < 0 ? order.length : unnamed;
  if (!matches.some(isLimited)) return uncut(order, named);
  const known = isAlone ? countOf(matches) : { total: 0, isExact: false };
  const total = Math.max(known.total, order.length);
  return { order, total, isExact: known.isExact, listed: order.length, isCut: true, named };
}

/** What is found where no list is cut. */
function uncut(order: Int32Array, named: number): Found {
  return { order, total: order.length, isExact: true, listed: order.length, isCut: false, named };
}

/** How many tools are in any of these lists: exactly where one holds all the others, otherwise at least. */
function countOf(matches: readonly Match[]): { total: number; isExact: boolean } {
  const all = matches.length === 1 ? matches[0] : matches.find(({ isAll }) => isAll);
  const counts = matches.map(({ entry }) => totalOf(entry.counts));
  return { total: Math.max(...counts), isExact: all !== undefined };
}

async function costsOf(files: SearchFiles, matches: readonly Match[], signal?: AbortSignal) {
  const costs = startCosts(files.manifest.tools);
  addHeads(costs, matches);
  await addRests(costs, matches, files, signal);
  return costs.values;
}

/**
 * The best tools that the heads alone can tell: up to the first place where a list goes on in its rest, because what is
 * missing there would come after.
 */
function bestOfHeads(tools: number, matches: readonly Match[]): Found {
  const costs = startCosts(tools);
  addHeads(costs, matches);
  const order = inOrder(costs.values, []);
  const horizon = Math.min(...matches.map((match) => endOfHead(match, tools)));
  const end = order.findIndex((tool) => (costs.values[tool] ?? 0) * tools + tool > horizon);
  const known = countOf(matches);
  const total = Math.max(order.length, known.total);
  const isCut = matches.some(isLimited);
  return {
    order: end < 0 ? order : order.subarray(0, end),
    total,
    isExact: known.isExact,
    listed: isCut ? Math.min(total, SEARCH_KEPT) : total,
    isCut,
    named: 0,
  };
}

/** The place in the order up to which nothing of a list is missing, as a number that grows with it. */
function endOfHead({ entry, isWhole }: Match, tools: number): number {
  if (entry.rest === undefined) return Number.POSITIVE_INFINITY;
  const lists = readPostings(entry.head, partsOf(entry.counts).head);
  const level = lists.findLastIndex((list) => list.length > 0);
  return costOf(level, isWhole) * tools + (lists[level]?.at(-1) ?? 0);
}
