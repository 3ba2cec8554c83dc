import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { TOOLS_HELD_FOR_SEARCH } from '../limits.ts';
import { defineIndexPage, type PageFile, type ReadOutlines } from '../page.ts';
import { startCollecting } from '../search/collect.ts';
import { writeHit } from '../search/documents.ts';
import {
  SEARCH_FORMAT,
  type SearchManifest,
  searchFilePath,
  searchManifestPath,
} from '../search/manifest.ts';
import { type HeldTexts, startTexts } from '../search/texts.ts';
import { documentFiles } from '../search/write-documents.ts';
import { type SearchFile, wordFiles } from '../search/write-words.ts';

/** Of zlib: files are a twentieth larger than at 6, and made in two thirds of the time. */
const LEVEL = 4;

/** Where a gzip file names the system that made it, and what it says for "unknown": the bytes are the same everywhere. */
const SYSTEM_AT = 9;
const UNKNOWN_SYSTEM = 255;

export const page = defineIndexPage({
  id: 'search-index',
  title: 'Index of the search',
  summary:
    'What the search page reads: words, lists of tools, and what a result shows, in small packed files.',
  files: (_, read) => searchFiles(read),
});

/** All files of the search. The manifest comes last, because it names the contents of the others. */
async function* searchFiles(read: ReadOutlines): AsyncGenerator<PageFile> {
  const hash = createHash('sha256');
  const packed = ({ kind, index, bytes }: SearchFile): PageFile => {
    hash.update(bytes);
    return { path: searchFilePath(kind, index), contents: pack(bytes) };
  };
  // What holds the lists is gone after this, when the texts need room.
  const { numberOf, texts, ...head } = yield* listFiles(read, packed);
  for await (const file of documentFiles(numberOf, texts, read)) yield packed(file);
  const build = hash.digest('hex').slice(0, 12);
  const manifest: SearchManifest = { format: SEARCH_FORMAT, build, tools: numberOf.length, ...head };
  yield { path: searchManifestPath, contents: `${JSON.stringify(manifest)}\n` };
}

async function* listFiles(read: ReadOutlines, packed: (file: SearchFile) => PageFile) {
  const collecting = startCollecting();
  // To read all outlines again takes longer than to hold what results show of not too many tools.
  let texts: HeldTexts | undefined = startTexts();
  for await (const server of read()) {
    collecting.add(server);
    for (const tool of server.tools) texts?.add(writeHit(server, tool));
    if (texts !== undefined && texts.size() > TOOLS_HELD_FOR_SEARCH) texts = undefined;
  }
  const found = collecting.close();
  const firsts = { words: [], starts: [], spellings: [] };
  for (const file of wordFiles(found, firsts)) yield packed(file);
  for (const [index, { bits }] of found.facets.entries())
    yield packed({ kind: 'facets', index, bytes: bits });
  const facets = found.facets.map(({ name, count }) => [name, count] as const);
  return { numberOf: found.numberOf, lengths: found.lengths, texts, ...firsts, facets };
}

/** The bytes as a gzip file without a time and without the name of a system. */
function pack(bytes: Uint8Array): Uint8Array {
  const packed = gzipSync(bytes, { level: LEVEL });
  packed[SYSTEM_AT] = UNKNOWN_SYSTEM;
  return packed;
}
