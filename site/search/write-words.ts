import {
  SEARCH_PACK_BYTES,
  SEARCH_SHARD_BYTES,
  SHARDS_PER_PREFIX,
  SPELLING_MIN_CHARS,
  SPELLING_MIN_TOOLS,
} from '../limits.ts';
import { startBytes } from './bytes.ts';
import type { Collected, WordLists } from './collect.ts';
import { type SearchFileKind, shardsOf } from './manifest.ts';
import { countsOf, totalOf, writePostings } from './postings.ts';
import { type ShardEntry, writeShard } from './shard.ts';
import { commonStart, type Listed, startLists } from './starts.ts';
import { isUnspaced } from './words.ts';

/** A file of the search before it is packed. */
export interface SearchFile {
  kind: SearchFileKind;
  index: number;
  bytes: Uint8Array<ArrayBuffer>;
}

/** What leads from a word to its shard; filled while the files are made. */
interface Firsts {
  words: string[];
  starts: string[];
  spellings: string[];
}

/** The files with the words, and with the beginnings that many words have. Fills `firsts` for the manifest. */
export function* wordFiles({ words, numberOf }: Collected, firsts: Firsts): Generator<SearchFile> {
  const packs = startPacks();
  yield* shardFiles('words', listsOf(words), firsts.words, packs);
  const many = prefixesOf(firsts.words).filter((start) => {
    const { first, last } = shardsOf(firsts.words, start);
    return last - first >= SHARDS_PER_PREFIX;
  });
  yield* shardFiles('starts', startLists(many, words, numberOf.length), firsts.starts, packs);
  yield* packs.close();
  yield* spellingFiles(listsOf(words), firsts.spellings);
}

function* listsOf({ words, postingsAt }: WordLists): Generator<Listed> {
  for (const [place, word] of words.entries()) yield { word, postings: postingsAt(place) };
}

/** Cuts the sorted words into shards of about the same size. */
function* shardFiles(
  kind: 'words' | 'starts',
  listed: Iterable<Listed>,
  firsts: string[],
  packs: Packs,
): Generator<SearchFile> {
  let shard: ShardEntry[] = [];
  let size = 0;
  let lastWord = '';
  function close(): SearchFile {
    const [first] = shard;
    firsts.push(first === undefined ? '' : separator(lastWord, first.word));
    lastWord = shard.at(-1)?.word ?? '';
    const file = { kind, index: firsts.length - 1, bytes: writeShard(shard) };
    shard = [];
    size = 0;
    return file;
  }
  for (const { word, postings } of listed) {
    const { head, rest } = writePostings(postings);
    const entry: ShardEntry = { word, counts: countsOf(postings), head };
    if (rest.length > 0) {
      if (packs.isFull()) yield packs.next();
      entry.rest = packs.add(rest);
    }
    shard.push(entry);
    size += word.length + head.length + 6;
    if (size >= SEARCH_SHARD_BYTES) yield close();
  }
  if (shard.length > 0) yield close();
}

/** The shortest text that sorts after `before` and not after `word`. */
function separator(before: string, word: string): string {
  const shared = commonStart(before, word);
  return before === ''
    ? ''
    : word.slice(0, shared + 1).isWellFormed()
      ? word.slice(0, shared + 1)
      : word.slice(0, shared + 2);
}

/** All beginnings that words of more than one shard have. */
function prefixesOf(firsts: readonly string[]): string[] {
  const starts = firsts.flatMap((first) =>
    Array.from({ length: first.length }, (_, index) => first.slice(0, index + 1)).filter((start) =>
      start.isWellFormed(),
    ),
  );
  return [...new Set(starts)].sort();
}

interface Packs {
  isFull(): boolean;
  add(rest: Uint8Array<ArrayBuffer>): { pack: number; offset: number; length: number };
  next(): SearchFile;
  close(): Generator<SearchFile>;
}

/** Puts the rests of long lists together, so that they do not need a file each. */
function startPacks(): Packs {
  const writer = startBytes();
  let pack = 0;
  const next = (): SearchFile => ({ kind: 'packs', index: pack++, bytes: writer.take() });
  return {
    isFull: () => writer.size() >= SEARCH_PACK_BYTES,
    add(rest) {
      const place = { pack, offset: writer.size(), length: rest.length };
      writer.bytes(rest);
      return place;
    },
    next,
    *close() {
      if (writer.size() > 0) yield next();
    },
  };
}

/** The words that may have been meant by a misspelt one, with how many tools have each, by their first letters. */
function* spellingFiles(lists: Iterable<Listed>, firsts: string[]): Generator<SearchFile> {
  let file: Listed[] = [];
  let size = 0;
  function close(): SearchFile {
    const writer = startBytes();
    firsts.push(file[0]?.word[0] ?? '');
    writer.text(file.map(({ word }) => word).join('\n'));
    for (const { postings } of file) writer.number(totalOf(countsOf(postings)));
    file = [];
    size = 0;
    return { kind: 'spellings', index: firsts.length - 1, bytes: writer.take() };
  }
  for (const listed of lists) {
    if (!isSpelling(listed)) continue;
    const isNewLetter = listed.word[0] !== file.at(-1)?.word[0];
    if (isNewLetter && size >= SEARCH_PACK_BYTES) yield close();
    file.push(listed);
    size += listed.word.length + 1;
  }
  if (file.length > 0) yield close();
}

function isSpelling({ word, postings: [name, server, about] }: Listed): boolean {
  if (word.length < SPELLING_MIN_CHARS || isUnspaced(word)) return false;
  return name.length > 0 || server.length > 0 || about.length >= SPELLING_MIN_TOOLS;
}
