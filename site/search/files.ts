import { TOOLS_PER_SEARCH_FILE } from '../limits.ts';
import { readHits, type SearchHit } from './documents.ts';
import {
  readManifest,
  type SearchFileKind,
  type SearchManifest,
  searchFilePath,
  searchManifestPath,
} from './manifest.ts';
import { readShard, type Shard } from './shard.ts';
import { readSpellings, type Spellings } from './spelling.ts';
import { unpack } from './unpack.ts';

/**
 * Reads a file of the site by its path; rejects where there is none. `build` names the contents, for addresses that no
 * older copy answers.
 */
export type Load = (
  path: string,
  options: { build?: string; signal?: AbortSignal | undefined },
) => Promise<Uint8Array<ArrayBuffer>>;

/** The files of the search, each read once. */
export interface SearchFiles {
  manifest: SearchManifest;
  words(index: number, signal?: AbortSignal): Promise<Shard>;
  starts(index: number, signal?: AbortSignal): Promise<Shard>;
  pack(index: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
  spellings(index: number, signal?: AbortSignal): Promise<Spellings>;
  facet(index: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
  tool(number: number, signal?: AbortSignal): Promise<SearchHit>;
}

/** A file that is being read or was read. One that is being read for another query may yet be called off with it. */
interface Reading<T> {
  promise: Promise<T>;
  signal: AbortSignal | undefined;
  isDone: boolean;
}

/** Reads the manifest; rejects where it cannot be had, or is that of another version of the search. */
export async function openFiles(load: Load): Promise<SearchFiles> {
  const text = new TextDecoder().decode(await load(searchManifestPath, {}));
  const manifest = readManifest(text);
  if (manifest === undefined) throw new Error('the index of the search is of another version than this page');
  const { build } = manifest;

  function reader<T>(kind: SearchFileKind, decode: (bytes: Uint8Array<ArrayBuffer>) => T) {
    const known = new Map<number, Reading<T>>();
    return (index: number, signal?: AbortSignal): Promise<T> => {
      const before = known.get(index);
      if (before !== undefined && (before.isDone || before.signal === signal)) return before.promise;
      const promise = load(searchFilePath(kind, index), { build, signal }).then(unpack).then(decode);
      const reading: Reading<T> = { promise, signal, isDone: false };
      known.set(index, reading);
      promise.then(
        () => {
          reading.isDone = true;
        },
        () => {
          if (known.get(index) === reading) known.delete(index);
        },
      );
      return promise;
    };
  }

  const tools = reader('tools', (bytes) => readHits(new TextDecoder().decode(bytes)));
  const plain = (bytes: Uint8Array<ArrayBuffer>) => bytes;
  return {
    manifest,
    words: reader('words', readShard),
    starts: reader('starts', readShard),
    pack: reader('packs', plain),
    spellings: reader('spellings', readSpellings),
    facet: reader('facets', plain),
    async tool(number, signal) {
      const file = await tools(Math.floor(number / TOOLS_PER_SEARCH_FILE), signal);
      const hit = file[number % TOOLS_PER_SEARCH_FILE];
      if (hit === undefined) throw new RangeError('a file of the search has too few tools');
      return hit;
    },
  };
}
