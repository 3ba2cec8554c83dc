import type { ServerBrief } from '../brief.ts';

/**
 * Servers by the hash of what they are known by, so that a browser can look one up without naming it: it asks for a
 * whole file of servers whose hashes begin alike.
 */

/** The first file that a browser reads: how many hex digits of the hash name a bucket. */
export interface StackIndex {
  digits: number;
}

/** One bucket. */
export interface StackBucket {
  /** In the order of their slugs. */
  servers: ServerBrief[];
}

/** As many servers as a bucket has on average at the least, so that asking for it tells little. */
const MIN_SERVERS = 8;

/** 256 files at the most. */
export const MAX_DIGITS = 2;

/** How many hex digits name the buckets of so many servers; 0 where all are in one. */
export function digitsFor(servers: number): number {
  let digits = 0;
  while (digits < MAX_DIGITS && servers >= MIN_SERVERS * 16 ** (digits + 1)) digits++;
  return digits;
}

/** The names of all buckets, in their order. */
export function bucketNames(digits: number): string[] {
  if (digits === 0) return ['all'];
  return Array.from({ length: 16 ** digits }, (_, index) => index.toString(16).padStart(digits, '0'));
}

/** The bucket of a hash in hex. */
export function bucketName(hash: string, digits: number): string {
  return digits === 0 ? 'all' : hash.slice(0, digits);
}

/**
 * What is hashed: the id, and of an address only scheme, host and path, because its query is the user's own as often as
 * the server's.
 */
export function lookupKey(id: string): string {
  if (!/^https?:\/\//i.test(id)) return id;
  const [place = ''] = id.split(/[?#]/, 1);
  return place.replace(/\/+$/, '');
}
