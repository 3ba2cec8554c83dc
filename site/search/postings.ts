import { SEARCH_HEAD, SEARCH_KEPT } from '../limits.ts';
import { type ByteWriter, readBytes, startBytes } from './bytes.ts';

/**
 * In which tools a word stands. A list has three parts: tools that have the word in their name, then those of servers
 * that have it in their label, then those that have it in what is said about them; each tool is in the first that fits.
 * Within a part the numbers of the tools rise, and the best tools have the lowest numbers, so a list begins with its
 * best. The head of a list is kept with the word; the rest is kept elsewhere and is read where the head is not enough.
 */

/** How many tools there are in each part of a list. */
export type LevelCounts = readonly [name: number, server: number, about: number];

/** The numbers of tools, by the parts of a list. */
export type Postings = readonly [name: Int32Array, server: Int32Array, about: Int32Array];

export function totalOf([name, server, about]: LevelCounts): number {
  return name + server + about;
}

/** How many of each part are among the first `limit` of a list. */
function firstOf([name, server, about]: LevelCounts, limit: number): LevelCounts {
  const names = Math.min(name, limit);
  const servers = Math.min(server, limit - names);
  return [names, servers, Math.min(about, limit - names - servers)];
}

/** How many of each part the head has, and how many the rest has; what is beyond both is not kept. */
export function partsOf(counts: LevelCounts): { head: LevelCounts; rest: LevelCounts } {
  const head = firstOf(counts, SEARCH_HEAD);
  const kept = firstOf(counts, SEARCH_KEPT);
  return { head, rest: [kept[0] - head[0], kept[1] - head[1], kept[2] - head[2]] };
}

/** The head and the rest of a list as bytes; the rest is empty where the head has all. */
export function writePostings(postings: Postings): {
  head: Uint8Array<ArrayBuffer>;
  rest: Uint8Array<ArrayBuffer>;
} {
  const { head, rest } = partsOf(countsOf(postings));
  const writer = startBytes();
  for (const [level, list] of postings.entries()) writeGaps(writer, list, 0, head[level] ?? 0);
  const first = writer.take();
  for (const [level, list] of postings.entries()) {
    writeGaps(writer, list, head[level] ?? 0, (head[level] ?? 0) + (rest[level] ?? 0));
  }
  return { head: first, rest: writer.take() };
}

export function countsOf([name, server, about]: Postings): LevelCounts {
  return [name.length, server.length, about.length];
}

/** Reads so many numbers of each part. Throws a `RangeError` where there are fewer. */
export function readPostings(bytes: Uint8Array<ArrayBuffer>, [name, server, about]: LevelCounts): Postings {
  const reader = readBytes(bytes);
  const list = (length: number) => {
    const numbers = new Int32Array(length);
    let last = -1;
    for (let index = 0; index < length; index++) {
      last += reader.number() + 1;
      numbers[index] = last;
    }
    return numbers;
  };
  return [list(name), list(server), list(about)];
}

function writeGaps(writer: ByteWriter, list: Int32Array, from: number, to: number): void {
  let last = -1;
  for (let index = from; index < to; index++) {
    const number = list[index] ?? 0;
    writer.number(number - last - 1);
    last = number;
  }
}
