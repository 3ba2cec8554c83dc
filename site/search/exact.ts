import type { SearchFiles } from './files.ts';
import type { Found } from './find.ts';
import { nameWords } from './words.ts';

/**
 * The order with those tools first whose names are just the words that were asked for, in this order: `get_user` before
 * `user_get` for "get user". Names of as many words are in the order of the alphabet, so a few looks find them.
 */
export async function exactFirst(
  files: SearchFiles,
  { order, named }: Pick<Found, 'order' | 'named'>,
  words: readonly string[],
  wanted: number,
  signal?: AbortSignal,
): Promise<Int32Array> {
  if (words.length < 2) return order;
  const { lengths } = files.manifest;
  const candidates = order.subarray(0, named);
  const first = placeOf(candidates, lengths[words.length]);
  const end = placeOf(candidates, lengths[words.length + 1]);
  const name = words.join(' ');
  const nameAt = async (place: number) =>
    nameWords((await files.tool(candidates[place] ?? 0, signal)).tool.name).join(' ');

  if (first === end || (first === 0 && (await nameAt(first)) === name)) return order;
  let low = first;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((await nameAt(middle)) < name) low = middle + 1;
    else high = middle;
  }
  let last = low;
  while (last < end && last - low < wanted && (await nameAt(last)) === name) last++;
  const sorted = new Int32Array(order.length);
  sorted.set(order.subarray(low, last));
  sorted.set(order.subarray(0, low), last - low);
  sorted.set(order.subarray(last), last);
  return sorted;
}

/** The first place whose tool has this number or a higher one. */
function placeOf(sorted: Int32Array, number = Number.POSITIVE_INFINITY): number {
  const place = sorted.findIndex((tool) => tool >= number);
  return place < 0 ? sorted.length : place;
}
