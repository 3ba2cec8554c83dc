import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { RiskLevel } from '../classifier/contract.ts';
import { usageError } from '../crawler/fault.ts';
import { NAME_LENGTHS, type NameLength, nameLength, RISK_RANKS } from './search-words.ts';

/** The order of what is found, and places in it. */

/** Where a tool stands. No two have the same place. */
export const Place = z.object({
  /** Of the queries that are tried one after the other, the one that found it. */
  phase: z.number().int().min(0).max(9),
  nameWords: z.number().int().min(0).max(32_767),
  riskRank: z.number().int().min(0).max(3),
  name: z.string().max(1_000),
  serverId: z.number().int(),
  position: z.number().int(),
});
export type Place = z.infer<typeof Place>;

/** The closest match first, or where no word was looked for, the riskiest tool. */
export type SearchOrder = 'closest' | 'riskiest';

/** Sorts as the database does, names by their bytes. */
export function comparePlaces(order: SearchOrder): (a: Place, b: Place) => number {
  const numbers = ({ phase, nameWords, riskRank }: Place) =>
    order === 'closest' ? [phase, nameWords, riskRank] : [phase, riskRank, nameWords];
  return (a, b) => {
    const left = numbers(a);
    const differing = numbers(b).findIndex((value, index) => value !== left[index]);
    if (differing >= 0) return (left[differing] ?? 0) - (numbers(b)[differing] ?? 0);
    return (
      Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)) ||
      a.serverId - b.serverId ||
      a.position - b.position
    );
  };
}

const Cursor = z.object({ query: z.string(), place: Place });

/** The place as a text that continues this very query; `query` is anything that tells queries apart. */
export function writeCursor(query: unknown, place: Place): string {
  return Buffer.from(JSON.stringify({ query: digest(query), place: Place.parse(place) })).toString(
    'base64url',
  );
}

/** The place in a cursor. Throws a usage error for a text that is none, or that belongs to another query. */
export function readCursor(query: unknown, cursor: string): Place {
  const parsed = Cursor.safeParse(jsonOf(cursor));
  if (!parsed.success) {
    throw usageError('what the search is to go on after is not what a search gave: copy it whole.');
  }
  if (parsed.data.query !== digest(query)) {
    throw usageError(
      'what the search is to go on after belongs to another search: give the same words and filters.',
    );
  }
  return parsed.data.place;
}

function jsonOf(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

function digest(query: unknown): string {
  return createHash('sha256').update(JSON.stringify(query)).digest('base64url').slice(0, 12);
}

/**
 * A part of what is found that lies before the next one as a whole. A common word is in a third of all tools; to find
 * the first twenty of them, the database reads the first part, and seldom another.
 */
export interface Tier {
  /** Where the order is by risk first. */
  riskRank?: number;
  length: NameLength;
}

/** By the length of the name, and where the order is by risk first, by these risks. */
export function tiersOf(order: SearchOrder, risks: readonly RiskLevel[]): Tier[] {
  if (order === 'closest') return NAME_LENGTHS.map((length) => ({ length }));
  return risks
    .map((risk) => RISK_RANKS[risk])
    .toSorted((a, b) => a - b)
    .flatMap((riskRank) => NAME_LENGTHS.map((length) => ({ riskRank, length })));
}

/** Whether a tier lies before a place as a whole, so that nothing after the place is in it. */
export function isBefore({ riskRank, length }: Tier, place: Place): boolean {
  if (riskRank !== undefined && riskRank !== place.riskRank) return riskRank < place.riskRank;
  return length < nameLength(place.nameWords);
}
