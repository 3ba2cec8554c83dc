import { createHash } from 'node:crypto';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import { WRITES_AT_ONCE } from './limits.ts';
import type { PageFile } from './page.ts';

/** The file that makes a folder ours: what we wrote into it, and the hash of each file's contents. */
export const MANIFEST = 'site-manifest.json';

const FORMAT = 'tool-risk-catalogue-site/1';

const Manifest = z.object({ format: z.literal(FORMAT), files: z.record(z.string(), z.string()) });

/** The part of `node:fs/promises` that publishing needs. */
export type PublishFs = Pick<
  typeof import('node:fs/promises'),
  'mkdir' | 'readdir' | 'readFile' | 'rename' | 'rm' | 'rmdir' | 'stat' | 'writeFile'
>;

export type PublishResult =
  | { status: 'published'; written: number; unchanged: number; removed: number }
  /** Nothing in the folder was changed; the reason is a sentence for a person. */
  | { status: 'refused'; reason: string };

/**
 * Writes the files into `outDir`: those that are new or changed, 8 at a time. Removes what an earlier call wrote and
 * this one does not have. Refuses a folder that has files and no manifest of ours, so that nobody's files are lost.
 * Throws when a path leads out of the folder or comes twice, which only a fault of ours can cause.
 */
export async function publish(
  files: Iterable<PageFile> | AsyncIterable<PageFile>,
  outDir: string,
  fs: PublishFs,
): Promise<PublishResult> {
  const root = resolve(outDir);
  const before = await readManifest(root, fs);
  if (typeof before === 'string') return { status: 'refused', reason: before };
  // A build that is broken off leaves a folder that the next one still knows as ours.
  await writeManifest(root, before, fs);

  const after = new Map<string, string>();
  const folders = new Set<string>();
  let written = 0;
  await inParallel(files, async ({ path, contents }) => {
    const file = placeIn(root, path);
    if (after.has(path)) throw new Error(`Two pages have the same path: ${path}`);
    const hash = createHash('sha256').update(contents).digest('hex');
    after.set(path, hash);
    if (before.get(path) === hash && (await sizeOf(file, fs)) === Buffer.byteLength(contents)) return;
    await makeFolder(dirname(file), folders, fs);
    await fs.writeFile(file, contents);
    written++;
  });

  const gone = [...before.keys()].filter((path) => !after.has(path));
  for (const path of gone) await remove(root, placeIn(root, path), fs);
  await writeManifest(root, after, fs);
  return { status: 'published', written, unchanged: after.size - written, removed: gone.length };
}

/** The file's place in the folder; throws when it would lie outside. */
export function placeIn(root: string, path: string): string {
  const file = join(root, path);
  const inside = relative(root, file);
  const within = inside !== '' && inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
  const plain =
    !/[\\\0]/.test(path) && !path.split('/').some((part) => part === '' || part === '.' || part === '..');
  if (!within || !plain || inside === MANIFEST) {
    throw new Error(`No page may be written to ${JSON.stringify(path)}`);
  }
  return file;
}

/** What an earlier call wrote, with hashes; or why the folder is not ours. */
async function readManifest(root: string, fs: PublishFs): Promise<Map<string, string> | string> {
  const text = await orUndefined(fs.readFile(join(root, MANIFEST), 'utf8'));
  if (text === undefined) {
    const names = (await orUndefined(fs.readdir(root))) ?? [];
    if (names.length === 0) return new Map();
    return `${root} has files that no build of the site wrote. Give a new or an empty folder, so that none of them is lost.`;
  }
  const manifest = Manifest.safeParse(parseJson(text));
  if (manifest.success) return new Map(Object.entries(manifest.data.files));
  return `${join(root, MANIFEST)} is not the manifest of a site. Give a new or an empty folder.`;
}

async function writeManifest(root: string, files: ReadonlyMap<string, string>, fs: PublishFs): Promise<void> {
  const sorted = Object.fromEntries([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
  const file = join(root, MANIFEST);
  await fs.mkdir(root, { recursive: true });
  await fs.writeFile(`${file}.tmp`, `${JSON.stringify({ format: FORMAT, files: sorted }, undefined, 1)}\n`);
  await fs.rename(`${file}.tmp`, file);
}

/** Removes a file and the folders that are empty without it. */
async function remove(root: string, file: string, fs: PublishFs): Promise<void> {
  await fs.rm(file, { force: true });
  for (let folder = dirname(file); folder !== root; folder = dirname(folder)) {
    const names = await orUndefined(fs.readdir(folder));
    if (names !== undefined && names.length > 0) return;
    if (names !== undefined) await fs.rmdir(folder);
  }
}

async function makeFolder(folder: string, made: Set<string>, fs: PublishFs): Promise<void> {
  if (made.has(folder)) return;
  await fs.mkdir(folder, { recursive: true });
  made.add(folder);
}

async function sizeOf(file: string, fs: PublishFs): Promise<number | undefined> {
  return (await orUndefined(fs.stat(file)))?.size;
}

/** Pulls from the one source with several hands, so that no more pages exist at a time than are being written. */
async function inParallel<T>(
  items: Iterable<T> | AsyncIterable<T>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  let failed = false;
  const hand = async () => {
    for (let next = await iterator.next(); !next.done && !failed; next = await iterator.next()) {
      try {
        await work(next.value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: WRITES_AT_ONCE }, hand));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The result, or undefined where the file or folder does not exist. */
async function orUndefined<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
