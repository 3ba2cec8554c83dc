import type { Numbers } from './numbers.ts';

/** A name with more words than this counts as one that has as many. */
const MAX_LENGTH = 15;

/**
 * Numbers the tools: those with short names first, because a name that is hardly more than what was typed is most likely
 * meant; then in the order of the names, so that tools of one name lie in one file; then in the order of their
 * addresses, which is that of reading. What is said about a tool moves nothing. `names` are the words of each name with
 * blanks between them; gives also the first number of each length.
 */
export function orderTools(
  nameOf: Numbers,
  names: readonly string[],
): { numberOf: Int32Array; lengths: readonly number[] } {
  const lengths = Uint8Array.from(names, lengthOf);
  const order = Int32Array.from(names.keys()).sort(
    (a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0) || ((names[a] ?? '') < (names[b] ?? '') ? -1 : 1),
  );
  const counts = new Int32Array(names.length);
  for (let tool = 0; tool < nameOf.length(); tool++) {
    const name = nameOf.at(tool);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  const next = new Int32Array(names.length);
  const firsts: number[] = [];
  let number = 0;
  for (const name of order) {
    while (firsts.length <= (lengths[name] ?? 0)) firsts.push(number);
    next[name] = number;
    number += counts[name] ?? 0;
  }
  while (firsts.length <= MAX_LENGTH + 1) firsts.push(number);
  const numberOf = new Int32Array(nameOf.length());
  for (let tool = 0; tool < numberOf.length; tool++) {
    const name = nameOf.at(tool);
    numberOf[tool] = next[name] ?? 0;
    next[name] = (next[name] ?? 0) + 1;
  }
  return { numberOf, lengths: firsts };
}

/** How many words a name has, at most `MAX_LENGTH`; a name without any counts as longest. */
function lengthOf(name: string): number {
  if (name === '') return MAX_LENGTH;
  let blanks = 0;
  for (let at = name.indexOf(' '); at >= 0 && blanks < MAX_LENGTH - 1; at = name.indexOf(' ', at + 1))
    blanks++;
  return blanks + 1;
}
