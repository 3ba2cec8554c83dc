/** Words that are looked for together. */
export interface WordSet {
  readonly size: number;
  has(word: string): boolean;
  /** Where a vocabulary notes that it has one of them. */
  readonly place: number;
}

/** The places of the sets that a word is in. */
const placesOf = new Map<string, number[]>();
let count = 0;

/** A set of lower-case words. To be made when a module is loaded and never later: every set costs each vocabulary. */
export function wordSet(words: Iterable<string>): WordSet {
  const place = count++;
  const set = new Set(words);
  for (const word of set) {
    const places = placesOf.get(word);
    if (places === undefined) placesOf.set(word, [place]);
    else places.push(place);
  }
  return { size: set.size, place, has: (word) => set.has(word) };
}

/** Of which sets some words hold a member; one pass answers for all of them. */
export interface Vocabulary {
  add(word: string): void;
  /** For text without blanks between its words, which cannot be told apart: it may hold a member of any set. */
  addAll(): void;
  meets(set: WordSet): boolean;
}

export function vocabulary(): Vocabulary {
  const met = new Uint8Array(count);
  return {
    add(word) {
      const places = placesOf.get(word);
      if (places !== undefined) for (const place of places) met[place] = 1;
    },
    addAll: () => void met.fill(1),
    meets: ({ place }) => met[place] === 1,
  };
}
