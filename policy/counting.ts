import { createHash } from 'node:crypto';
import type { Limit } from './contract.ts';
import type { Charge } from './evaluate.ts';

/**
 * How limits are counted, for every store that keeps the counts.
 *
 * A window slides in steps of a six-hundredth of itself: 0.1 s of a minute, 6 s of an hour, 144 s of a day. All that
 * was charged within one step leaves the window together, when the last instant of the step does. So a charge is
 * counted for its window and up to one step longer, never for less, and a counter has at most 601 rows however much
 * it counts.
 */

const WINDOW_MS: Record<Limit['window'], number> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/** Steps of a window: fine enough that nobody notices the strictness, coarse enough that a count is one short read. */
const STEPS = 600;

/** Those by whom calls are counted together. */
export interface CountedCaller {
  grant: string;
  session: string;
  server: string;
}

/** What one call adds to one counter, and the limits that this must fit into. */
export interface Tally {
  /** The counter, as SHA-256 in base64url: names are strangers' and have any length. */
  counter: string;
  stepMs: number;
  /** More than 0. */
  amount: number;
  /** By index into the charges of the call. */
  bounds: { index: number; max: number }[];
}

/**
 * A call's charges, by counter. Limits that share a counter count a call once; only where they count different
 * numbers of it are these added up. Throws a RangeError for an amount that is no whole number of 0 or more: it must
 * not reach a counter, whoever let it through.
 */
export function tallyCharges(caller: CountedCaller, tool: string, charges: readonly Charge[]): Tally[] {
  const tallies = new Map<string, Tally & { measures: Set<string | undefined> }>();
  for (const [index, { limit, amount }] of charges.entries()) {
    if (!Number.isSafeInteger(amount) || amount < 0) {
      throw new RangeError(
        `An amount of ${amount} cannot be counted: it must be a whole number of 0 or more.`,
      );
    }
    const counter = counterOf(caller, tool, limit);
    const tally = tallies.get(counter) ?? {
      counter,
      stepMs: WINDOW_MS[limit.window] / STEPS,
      amount: 0,
      bounds: [],
      measures: new Set(),
    };
    tallies.set(counter, tally);
    tally.bounds.push({ index, max: limit.max });
    if (tally.measures.has(limit.increment_from)) continue;
    tally.measures.add(limit.increment_from);
    tally.amount += amount;
  }
  return [...tallies.values()].map(({ measures: _, ...tally }) => tally);
}

function counterOf({ grant, session, server }: CountedCaller, tool: string, limit: Limit): string {
  const whose: Record<Limit['scope'], string[]> = {
    grant: [server, grant],
    session: [server, grant, session],
    server: [server],
    tool: [server, tool],
  };
  const name = JSON.stringify([limit.scope, limit.counter, limit.window, ...whose[limit.scope]]);
  return createHash('sha256').update(name).digest('base64url');
}

/** The step that an instant falls into. */
export function stepAt(now: number, { stepMs }: Pick<Tally, 'stepMs'>): number {
  return Math.floor(now / stepMs);
}

/** The first step that still counts in the step `current`. */
export function firstCounted(current: number): number {
  return current - STEPS;
}

/** When, in milliseconds since 1970, nothing of a step counts any more. */
export function stepEnds(step: number, { stepMs }: Pick<Tally, 'stepMs'>): number {
  return (step + 1 + STEPS) * stepMs;
}

/**
 * The first charge that does not fit, by its index, with what its counter holds; undefined when all fit. `used` has
 * what each tally's counter holds, in their order.
 */
export function firstOver(
  tallies: readonly Tally[],
  used: readonly number[],
): { index: number; used: number } | undefined {
  const over = tallies.flatMap(({ amount, bounds }, at) => {
    const held = used[at] ?? 0;
    // Subtracted and not added, because the sum may be more than a number holds exactly.
    return bounds.filter(({ max }) => amount > max - held).map(({ index }) => ({ index, used: held }));
  });
  return over.sort((a, b) => a.index - b.index)[0];
}
