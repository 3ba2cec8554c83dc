import type { Postings } from './postings.ts';

/**
 * How well each tool fits, as a cost for each word that was asked for: nothing where the name has the word, more where
 * only the server's label has it, most where only the description has it; one more where it is the beginning of a word.
 * The costs of the words are added. Among equal costs the tool with the lower number is first, and those are the tools
 * with the shorter names, so that a name that is the query is before one that only contains it.
 */

const LEVEL_COST = 4;
const BEGINNING_COST = 1;

/** More than eight words can cost. */
const NONE = 255;

export interface Costs {
  /** Enters the tools of a list; a tool keeps the lowest cost. */
  add(postings: Postings, isWhole: boolean): void;
  values: Uint8Array;
}

export function startCosts(tools: number): Costs {
  const values = new Uint8Array(tools).fill(NONE);
  return {
    values,
    add(postings, isWhole) {
      for (const [level, list] of postings.entries()) {
        const cost = costOf(level, isWhole);
        for (let index = 0; index < list.length; index++) {
          const tool = list[index] ?? 0;
          if ((values[tool] ?? NONE) > cost) values[tool] = cost;
        }
      }
    },
  };
}

export function costOf(level: number, isWhole: boolean): number {
  return level * LEVEL_COST + (isWhole ? 0 : BEGINNING_COST);
}

/** Leaves the tools that all have, with the sum of their costs. */
export function addUp([first, ...others]: readonly Uint8Array[]): Uint8Array {
  const sum = first ?? new Uint8Array();
  for (const other of others) {
    for (let tool = 0; tool < sum.length; tool++) {
      const [a, b] = [sum[tool] ?? NONE, other[tool] ?? NONE];
      sum[tool] = a === NONE || b === NONE ? NONE : a + b;
    }
  }
  return sum;
}

/** Leaves the tools that all have, with the highest of their costs: the parts of one word count as one. */
export function highest([first, ...others]: readonly Uint8Array[]): Uint8Array {
  const most = first ?? new Uint8Array();
  for (const other of others) {
    for (let tool = 0; tool < most.length; tool++)
      most[tool] = Math.max(most[tool] ?? NONE, other[tool] ?? NONE);
  }
  return most;
}

/** Enters the tools of the second in the first, each with the lower cost. */
export function lowest(first: Uint8Array, second: Uint8Array): void {
  for (let tool = 0; tool < first.length; tool++)
    first[tool] = Math.min(first[tool] ?? NONE, second[tool] ?? NONE);
}

/** The tools in the order of their costs, then of their numbers; `bits` say which of them count. */
export function inOrder(costs: Uint8Array, bits: readonly Uint8Array[]): Int32Array {
  const counts = new Int32Array(NONE);
  const counted = (tool: number) => bits.every((each) => ((each[tool >> 3] ?? 0) & (1 << (tool & 7))) !== 0);
  for (let tool = 0; tool < costs.length; tool++) {
    const cost = costs[tool] ?? NONE;
    if (cost === NONE) continue;
    if (counted(tool)) counts[cost] = (counts[cost] ?? 0) + 1;
    else costs[tool] = NONE;
  }
  const next = new Int32Array(NONE);
  for (let cost = 1; cost < NONE; cost++) next[cost] = (next[cost - 1] ?? 0) + (counts[cost - 1] ?? 0);
  const order = new Int32Array((next[NONE - 1] ?? 0) + (counts[NONE - 1] ?? 0));
  for (let tool = 0; tool < costs.length; tool++) {
    const cost = costs[tool] ?? NONE;
    if (cost === NONE) continue;
    const place = next[cost] ?? 0;
    order[place] = tool;
    next[cost] = place + 1;
  }
  return order;
}
