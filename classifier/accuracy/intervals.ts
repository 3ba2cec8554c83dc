import type { Estimate, ServerMean, Share } from './contract.ts';

/** The 97.5 % point of the normal distribution: two-sided intervals of 95 %. */
const Z = 1.959964;
/** Enough that another seed moves a bound by less than the third decimal that is printed. */
const RESAMPLES = 4_000;
/** Any fixed number: the same labels give the same interval. */
const SEED = 20_261_121;
const DECIMALS = 4;

/** A part of a whole with its Wilson score interval (Wilson 1927), which holds for small counts and near 0 and 1. */
export function shareOf(count: number, of: number): Share {
  if (of === 0) return { count, of, value: null, low: null, high: null };
  const share = count / of;
  const squared = Z * Z;
  const middle = share + squared / (2 * of);
  const spread = Z * Math.sqrt((share * (1 - share) + squared / (4 * of)) / of);
  const scale = 1 + squared / of;
  return {
    count,
    of,
    value: round(share),
    low: round(Math.max(0, (middle - spread) / scale)),
    high: round(Math.min(1, (middle + spread) / scale)),
  };
}

/**
 * The mean of the servers' own shares, with a percentile bootstrap over the servers. It says how far the mean would
 * move with other servers of the kind; where every server is entirely right it has no width.
 */
export function serverMean(shares: readonly number[]): ServerMean {
  return { servers: shares.length, ...meanOf(shares) };
}

function meanOf(values: readonly number[]): Estimate {
  if (values.length === 0) return { value: null, low: null, high: null };
  const value = round(mean(values));
  if (values.length === 1) return { value, low: null, high: null };
  const random = generator(SEED);
  const pick = () => values[Math.floor(random() * values.length)] ?? 0;
  const means = Array.from({ length: RESAMPLES }, () => mean(values.map(pick))).toSorted((a, b) => a - b);
  const at = (part: number) => round(means[Math.floor(part * (RESAMPLES - 1))] ?? 0);
  return { value, low: at(0.025), high: at(0.975) };
}

/** Rounded as every figure of a report is. */
export function round(value: number): number {
  return Number(value.toFixed(DECIMALS));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Numbers from 0 up to 1 that only depend on the seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
