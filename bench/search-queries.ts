import type { SearchQuery } from '../catalogue/search-contract.ts';
import { wordsIn } from '../catalogue/search-words.ts';
import { signals } from '../classifier/signals/index.generated.ts';

/** Searches as people might make them, drawn from the words of real tools. */

/** Of a hundred searches, those that also filter, that misspell a word, that break one off, and that ask for page two. */
const FILTERED = 25;
const MISSPELT = 10;
const BROKEN_OFF = 10;
const CONTINUED = 10;

export interface DrawnQuery {
  query: SearchQuery;
  /** Whether the second page is asked for. */
  continued: boolean;
}

/** So many searches, the same for the same seed. */
export function drawQueries(wires: readonly string[], number: number, seed: number): DrawnQuery[] {
  const random = generator(seed);
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[Math.floor(random() * items.length)];
    if (item === undefined) throw new Error('nothing to draw from');
    return item;
  };
  const chance = (percent: number) => random() * 100 < percent;
  const texts = wires
    .map((wire) => JSON.parse(wire))
    .map(({ name, description }) => ({
      name: wordsIn(String(name ?? '')),
      description: wordsIn(String(description ?? '')),
    }));
  // Each word once: most are rare. From the texts, each as often as it is there: most are common.
  const vocabulary = [...new Set(texts.flatMap(({ name, description }) => [...name, ...description]))];

  const draw = (): string[] => {
    const { name, description } = pick(texts);
    const own = chance(50) || description.length === 0 ? name : description;
    const words = Array.from({ length: 1 + Math.floor(random() * 3) }, () =>
      own.length === 0 || chance(15) ? pick(vocabulary) : pick(own),
    );
    if (chance(MISSPELT)) words[0] = misspelt(words[0] ?? '', random);
    const last = words.length - 1;
    if (chance(BROKEN_OFF)) words[last] = words[last]?.slice(0, 2 + Math.floor(random() * 3)) ?? '';
    return words;
  };

  const filter = (): SearchQuery =>
    pick([
      () => ({ risks: [pick(['low', 'medium', 'high', 'critical'] as const)] }),
      () => ({ risks: ['high', 'critical'] as const satisfies SearchQuery['risks'] }),
      () => ({ categories: [pick(['Read', 'Write', 'Execute'] as const)] }),
      () => ({ signals: [pick(signals).id] }),
      () => ({ categories: [pick(['Read', 'Write', 'Execute'] as const)], signals: [pick(signals).id] }),
    ])();

  return Array.from({ length: number }, () => {
    const words = chance(5) ? [] : draw();
    const filters = words.length === 0 || chance(FILTERED) ? filter() : {};
    return { query: { words: words.join(' '), ...filters }, continued: chance(CONTINUED) };
  });
}

/** Two letters change places, or one is missing. */
function misspelt(word: string, random: () => number): string {
  if (word.length < 4) return word;
  const at = 1 + Math.floor(random() * (word.length - 2));
  const swapped = `${word[at + 1]}${word[at]}`;
  return random() < 0.5
    ? word.slice(0, at) + word.slice(at + 1)
    : word.slice(0, at) + swapped + word.slice(at + 2);
}

/** Numbers from 0 up to 1 that look random and are the same for the same seed (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
