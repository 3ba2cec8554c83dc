import { readBytes, startBytes } from './bytes.ts';
import type { LevelCounts } from './postings.ts';

/** A word with the head of its list, as a shard of the index has it. */
export interface ShardEntry {
  word: string;
  /** How many tools have the word in truth; fewer may be kept. */
  counts: LevelCounts;
  head: Uint8Array<ArrayBuffer>;
  /** Where the rest of the list is. */
  rest?: { pack: number; offset: number; length: number };
}

/** The words of a shard, in the order of their characters. */
export type Shard = readonly ShardEntry[];

/** The bytes of a shard: all words, then their numbers, then the heads, so that like stands by like and packs well. */
export function writeShard(shard: Shard): Uint8Array<ArrayBuffer> {
  const writer = startBytes();
  writer.text(shard.map(({ word }) => word).join('\n'));
  for (const { counts, head, rest } of shard) {
    for (const count of counts) writer.number(count);
    writer.number(head.length);
    writer.number(rest === undefined ? 0 : rest.pack + 1);
    if (rest === undefined) continue;
    writer.number(rest.offset);
    writer.number(rest.length);
  }
  for (const { head } of shard) writer.bytes(head);
  return writer.take();
}

/** Reads a shard; throws a `RangeError` where its bytes end too early. */
export function readShard(bytes: Uint8Array<ArrayBuffer>): Shard {
  const reader = readBytes(bytes);
  const text = reader.text();
  const words = text === '' ? [] : text.split('\n');
  const entries = words.map((word) => {
    const counts: LevelCounts = [reader.number(), reader.number(), reader.number()];
    const headLength = reader.number();
    const pack = reader.number();
    if (pack === 0) return { word, counts, headLength };
    const rest = { pack: pack - 1, offset: reader.number(), length: reader.number() };
    return { word, counts, headLength, rest };
  });
  return entries.map(({ headLength, ...entry }) => ({ ...entry, head: reader.bytes(headLength) }));
}

/** The entries whose words begin with `start`, or the one that is it. */
export function entriesFrom(shard: Shard, start: string, isPrefix: boolean): ShardEntry[] {
  let low = 0;
  let high = shard.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((shard[middle]?.word ?? '') < start) low = middle + 1;
    else high = middle;
  }
  const found: ShardEntry[] = [];
  for (let entry = shard[low]; entry?.word.startsWith(start); entry = shard[++low]) {
    if (isPrefix || entry.word === start) found.push(entry);
    if (!isPrefix) break;
  }
  return found;
}
