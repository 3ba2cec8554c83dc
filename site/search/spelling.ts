import { readBytes } from './bytes.ts';

/** Words that may have been meant, and how many tools have each. */
export interface Spellings {
  words: readonly string[];
  counts: readonly number[];
}

export function readSpellings(bytes: Uint8Array<ArrayBuffer>): Spellings {
  const reader = readBytes(bytes);
  const words = reader.text().split('\n');
  return { words, counts: words.map(() => reader.number()) };
}

/**
 * The word that was meant by a misspelt one: one letter is wrong, missing, too much, or has changed places with the
 * next. Whole words before those that only begin so, then the one that most tools have; undefined where there is none.
 */
export function nearestWord(
  typed: string,
  { words, counts }: Spellings,
  isBeginning: boolean,
): string | undefined {
  let best: { word: string; isWhole: boolean; count: number } | undefined;
  for (const [index, word] of words.entries()) {
    if (word === typed) continue;
    const isWhole = isOneEditAway(typed, word, false);
    if (!isWhole && !(isBeginning && isOneEditAway(typed, word, true))) continue;
    const count = counts[index] ?? 0;
    const isBetter =
      best === undefined || (isWhole === best.isWhole ? count > best.count : isWhole && !best.isWhole);
    if (isBetter) best = { word, isWhole, count };
  }
  return best?.word;
}

/** Whether one change makes `typed` the word, or what the word begins with. */
function isOneEditAway(typed: string, word: string, isBeginning: boolean): boolean {
  if (!isBeginning && Math.abs(typed.length - word.length) > 1) return false;
  let at = 0;
  while (at < typed.length && typed[at] === word[at]) at++;
  const fits = (typedFrom: number, wordFrom: number) => {
    const rest = typed.slice(typedFrom);
    return isBeginning ? word.startsWith(rest, wordFrom) : rest === word.slice(wordFrom);
  };
  const isWrong = fits(at + 1, at + 1);
  const isTooMuch = fits(at + 1, at);
  const isMissing = fits(at, at + 1);
  const isSwapped =
    at + 1 < typed.length && typed[at] === word[at + 1] && typed[at + 1] === word[at] && fits(at + 2, at + 2);
  return isWrong || isTooMuch || isMissing || isSwapped;
}
