import type { ServerOutline, ToolOutline } from '../contract.ts';
import { type Numbers, startNumbers } from './numbers.ts';
import { orderTools } from './order.ts';
import type { Postings } from './postings.ts';
import { startVocabulary } from './vocabulary.ts';
import { eachWord, STOP_WORDS } from './words.ts';

/** What the search knows of all tools, before it is written. */
export interface Collected {
  /** The number of each tool, in the order in which the tools were read. */
  numberOf: Int32Array;
  /** The first number of the tools whose names have 0, 1, 2 … words; names without any come last. */
  lengths: readonly number[];
  words: WordLists;
  /** By what tools can be filtered, in the order of their names: a bit for each tool, by its number. */
  facets: readonly { name: string; count: number; bits: Uint8Array<ArrayBuffer> }[];
}

/** All words that are in a list, in the order of their characters. */
export interface WordLists {
  words: readonly string[];
  /** The list of the word at this place, made when it is asked for. */
  postingsAt(place: number): Postings;
}

interface Collecting {
  add(server: ServerOutline): void;
  close(): Collected;
}

/** The names of what a tool can be filtered by. */
function facetsOf({ risk, category, signals }: Pick<ToolOutline, 'risk' | 'category' | 'signals'>) {
  return [`risk:${risk}`, `category:${category}`, ...signals.map((signal) => `signal:${signal}`)];
}

/** The parts of a list: see `postings.ts`. A facet takes the place of a fourth. */
const NAME = 0;
const SERVER = 1;
const ABOUT = 2;
const FACET = 3;

/** What is found in a tool is one number: which word or facet it is, and in the last two bits where it stands. */
const SHIFT = 2;

/** Reads all servers once; holds four bytes for each word of each tool, and each word and each name once. */
export function startCollecting(): Collecting {
  const words = startVocabulary();
  // These are known by their low numbers.
  for (const word of STOP_WORDS) words.idOf(word, 0, word.length);
  const names = startVocabulary();
  const facets = startVocabulary();
  const found = startNumbers();
  const ends = startNumbers();
  const nameOf = startNumbers();
  // The last tool that a word was found in, so that it counts once, where it weighs most.
  let seen = new Int32Array(1 << 16);

  function takeWord(level: number, id: number): void {
    if (level === ABOUT && id < STOP_WORDS.size) return;
    if (id >= seen.length) {
      const larger = new Int32Array(seen.length * 2);
      larger.set(seen);
      seen = larger;
    }
    const tool = ends.length() + 1;
    if (seen[id] === tool) return;
    seen[id] = tool;
    found.push((id << SHIFT) | level);
  }

  return {
    add({ label, tools }) {
      const labelWords: number[] = [];
      eachWord(label, (text, from, to) => labelWords.push(words.idOf(text, from, to)));
      for (const tool of tools) {
        let name = '';
        eachWord(tool.name, (text, from, to, isExtra) => {
          takeWord(NAME, words.idOf(text, from, to));
          if (!isExtra) name += `${name === '' ? '' : ' '}${text.slice(from, to)}`;
        });
        for (const word of labelWords) takeWord(SERVER, word);
        eachWord(tool.about, (text, from, to) => takeWord(ABOUT, words.idOf(text, from, to)));
        for (const facet of facetsOf(tool))
          found.push((facets.idOf(facet, 0, facet.length) << SHIFT) | FACET);
        nameOf.push(names.idOf(name, 0, name.length));
        ends.push(found.length());
      }
    },
    close() {
      const { numberOf, lengths } = orderTools(nameOf, names.words());
      const toolOf = inverse(numberOf);
      const spread = spreadOut({ found, ends, toolOf, wordCount: words.words().length });
      return {
        numberOf,
        lengths,
        words: sortedWords(words.words(), spread),
        facets: sortedFacets(facets.words(), { found, ends, toolOf }),
      };
    },
  };
}

interface Found {
  found: Numbers;
  ends: Numbers;
  /** The tools, as they were read, in the order of their numbers. */
  toolOf: Int32Array;
}

/** All lists after each other, in one array, and where each begins; tools are visited in order, so each list is sorted. */
function spreadOut({ found, ends, toolOf, wordCount }: Found & { wordCount: number }) {
  const starts = new Int32Array((wordCount << SHIFT) + 1);
  for (let index = 0; index < found.length(); index++) {
    const code = found.at(index);
    if ((code & FACET) !== FACET) starts[code + 1] = (starts[code + 1] ?? 0) + 1;
  }
  for (let code = 1; code < starts.length; code++)
    starts[code] = (starts[code] ?? 0) + (starts[code - 1] ?? 0);
  const lists = new Int32Array(starts.at(-1) ?? 0);
  const next = starts.slice();
  for (let number = 0; number < toolOf.length; number++) {
    const tool = toolOf[number] ?? 0;
    const end = ends.at(tool);
    for (let index = tool === 0 ? 0 : ends.at(tool - 1); index < end; index++) {
      const code = found.at(index);
      if ((code & FACET) === FACET) continue;
      const place = next[code] ?? 0;
      lists[place] = number;
      next[code] = place + 1;
    }
  }
  return { starts, lists };
}

function sortedWords(
  all: readonly string[],
  { starts, lists }: { starts: Int32Array; lists: Int32Array },
): WordLists {
  // A word that only descriptions have, and that says nothing, is in no list.
  const ids = Int32Array.from(all.keys())
    .filter((id) => starts[id << SHIFT] !== starts[(id << SHIFT) + FACET])
    .sort((a, b) => ((all[a] ?? '') < (all[b] ?? '') ? -1 : 1));
  const list = (code: number) => lists.subarray(starts[code], starts[code + 1]);
  return {
    words: Array.from(ids, (id) => all[id] ?? ''),
    postingsAt(place) {
      const code = (ids[place] ?? 0) << SHIFT;
      return [list(code + NAME), list(code + SERVER), list(code + ABOUT)];
    },
  };
}

function sortedFacets(names: readonly string[], { found, ends, toolOf }: Found): Collected['facets'] {
  const facets = names.map((name) => ({ name, count: 0, bits: new Uint8Array((toolOf.length + 7) >> 3) }));
  for (const [number, tool] of toolOf.entries()) {
    for (let index = ends.at(tool) - 1; index >= 0; index--) {
      const code = found.at(index);
      // The facets of a tool come after its words.
      if ((code & FACET) !== FACET || (tool > 0 && index < ends.at(tool - 1))) break;
      const facet = facets[code >> SHIFT];
      if (facet === undefined) continue;
      facet.count++;
      facet.bits[number >> 3] = (facet.bits[number >> 3] ?? 0) | (1 << (number & 7));
    }
  }
  return facets.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function inverse(numberOf: Int32Array): Int32Array {
  const toolOf = new Int32Array(numberOf.length);
  for (const [tool, number] of numberOf.entries()) toolOf[number] = tool;
  return toolOf;
}
