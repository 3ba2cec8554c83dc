/** Words by numbers, in the order in which they first come. */
export interface Vocabulary {
  /** The number of the word that stands in the text from one place to another. */
  idOf(text: string, from: number, to: number): number;
  words(): readonly string[];
}

/**
 * A table of words. It is asked for every word of every tool, so it compares them where they stand and cuts out only
 * those that are new; that takes half the time of a `Map`.
 */
export function startVocabulary(): Vocabulary {
  const words: string[] = [];
  /** The number of a word plus one, at the place of its hash or the next that was free. */
  let table = new Int32Array(1 << 16);

  function enlarge(): void {
    const larger = new Int32Array(table.length * 2);
    for (const [id, word] of words.entries()) {
      let place = hashOf(word, 0, word.length) & (larger.length - 1);
      while (larger[place] !== 0) place = (place + 1) & (larger.length - 1);
      larger[place] = id + 1;
    }
    table = larger;
  }

  return {
    words: () => words,
    idOf(text, from, to) {
      let place = hashOf(text, from, to) & (table.length - 1);
      for (let entry = table[place] ?? 0; entry !== 0; entry = table[place] ?? 0) {
        if (standsAt(words[entry - 1] ?? '', text, from, to)) return entry - 1;
        place = (place + 1) & (table.length - 1);
      }
      table[place] = words.push(text.slice(from, to));
      if (words.length * 2 > table.length) enlarge();
      return words.length - 1;
    },
  };
}

/** FNV-1a over the code units. */
function hashOf(text: string, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash ^ (hash >>> 15);
}

function standsAt(word: string, text: string, from: number, to: number): boolean {
  if (word.length !== to - from) return false;
  for (let at = 0; at < word.length; at++)
    if (word.charCodeAt(at) !== text.charCodeAt(from + at)) return false;
  return true;
}
