import {
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { hasCode } from '../../crawler/fault.ts';
import { lockFile } from '../../crawler/file-lock.ts';
import { compareText } from '../../policy/order.ts';
import { type Files, isRoot, type Line, parseLine, readState, readStored } from './manifest.ts';

/**
 * Where a site is built. The address that a web server is given, `public`, is a symbolic link to one of two trees in
 * `public.build`. A build brings the other tree up to date and then lets the link point there, which is one step, so
 * that a reader sees the old site or the new one. Afterwards the first tree is made the same, by hard links, and the
 * next build begins with it.
 */

const NAMES = ['a', 'b'] as const;
type TreeName = (typeof NAMES)[number];

export interface Tree {
  name: TreeName;
  folder: string;
  /** What the tree holds. */
  manifest: string;
  /** What it will hold, while a build is at it: lines of servers that are done, and the slugs of those begun. */
  next: string;
  begun: string;
}

export interface Place {
  /** The link that is given to a web server. */
  out: string;
  /** The tree that readers see; absent before the first build. */
  live: Tree | undefined;
  /** The tree that this build works on. */
  work: Tree;
  unlock(): void;
}

/** Why nothing was built: a sentence for a person. */
export interface Refusal {
  refused: string;
}

/**
 * Opens the place, and finishes what an earlier build left open. Refuses a folder that holds anything that no build
 * wrote, and
 * one that another build is at.
 */
export async function openPlace(out: string): Promise<Place | Refusal> {
  const link = resolve(out);
  const folder = `${link}.build`;
  const trees = { a: treeIn(folder, 'a'), b: treeIn(folder, 'b') };
  const found = linkedTree(link, folder);
  if (found === 'foreign') {
    return {
      refused: `${link} holds something that no build of the site wrote. Give a new name or an empty folder, so that nothing of it is lost.`,
    };
  }
  mkdirSync(folder, { recursive: true });
  const unlock = lockFile(join(folder, 'lock'));
  if (unlock === undefined) {
    return { refused: `another build is writing ${link}. Wait until it has ended.` };
  }
  if (found === 'empty') rmdirSync(link);
  const live = found === 'a' || found === 'b' ? trees[found] : undefined;
  const work = trees[live?.name === 'a' ? 'b' : 'a'];
  for (const tree of Object.values(trees)) mkdirSync(tree.folder, { recursive: true });
  if (live !== undefined && !existsSync(work.begun)) await copyTree(live, work);
  return { out: link, live, work, unlock };
}

function treeIn(folder: string, name: TreeName): Tree {
  return {
    name,
    folder: join(folder, name),
    manifest: join(folder, `${name}.jsonl`),
    next: join(folder, `${name}.next.jsonl`),
    begun: join(folder, `${name}.begun`),
  };
}

/** Which tree the link leads to; what stands in its place if it is no link of ours. */
function linkedTree(link: string, folder: string): TreeName | 'none' | 'empty' | 'foreign' {
  const stat = lstatSync(link, { throwIfNoEntry: false });
  if (stat === undefined) return 'none';
  if (stat.isDirectory()) return readdirSync(link).length === 0 ? 'empty' : 'foreign';
  if (!stat.isSymbolicLink()) return 'foreign';
  const target = resolve(dirname(link), readlinkSync(link));
  return NAMES.find((name) => target === join(folder, name)) ?? 'foreign';
}

/** Lets readers see the tree that was worked on, in one step, and makes the other one the same. */
export async function publishTree({ out, live, work }: Place): Promise<void> {
  renameSync(work.next, work.manifest);
  rmSync(work.begun, { force: true });
  const temporary = `${out}.build/link`;
  rmSync(temporary, { force: true });
  symlinkSync(join(`${basename(out)}.build`, work.name), temporary, 'dir');
  renameSync(temporary, out);
  const other = live ?? treeIn(`${out}.build`, work.name === 'a' ? 'b' : 'a');
  await copyTree(work, other);
}

/** Makes a tree the same as another, file by file where their manifests differ. It can be broken off and done again. */
async function copyTree(from: Tree, to: Tree): Promise<void> {
  if (!existsSync(from.manifest)) return;
  const folders = new Set<string>();
  for await (const [mine, other] of sideBySide(readStored(from.manifest), readStored(to.manifest))) {
    if (mine?.text === other?.text) continue;
    const [source, target] = [mine && parseLine(mine), other && parseLine(other)];
    const at = target ?? source;
    if (at === undefined) continue;
    const [there, here] = [join(from.folder, folderOf(at)), join(to.folder, folderOf(at))];
    if (source === undefined) {
      rmSync(here, { recursive: true, force: true });
      continue;
    }
    copyFiles(source.files, target?.files ?? {}, there, here, folders);
  }
  const copy = `${to.manifest}.new`;
  copyFileSync(from.manifest, copy);
  renameSync(copy, to.manifest);
}

function copyFiles(wanted: Files, known: Files, from: string, to: string, folders: Set<string>): void {
  for (const name of Object.keys(known)) {
    if (!(name in wanted)) rmSync(join(to, name), { force: true });
  }
  for (const [name, state] of Object.entries(wanted)) {
    const before = known[name];
    if (before !== undefined && readState(before).hash === readState(state).hash) continue;
    const target = join(to, name);
    makeFolder(dirname(target), folders);
    if (before !== undefined) rmSync(target, { force: true });
    linkFile(join(from, name), target);
  }
}

/** A hard link, or a copy where the file system has none. */
function linkFile(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) {
      unlinkSync(to);
      linkFile(from, to);
    } else if (hasCode(error, 'EPERM', 'EXDEV', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP')) {
      copyFileSync(from, to);
    } else {
      throw error;
    }
  }
}

/** Makes a folder, once for each set. */
export function makeFolder(folder: string, made: Set<string>): void {
  if (made.has(folder)) return;
  mkdirSync(folder, { recursive: true });
  made.add(folder);
}

/** Where the files of a line stand, from the root of a tree. */
export function folderOf(line: Line): string {
  return isRoot(line) ? '.' : `servers/${line.slug}`;
}

/** Two lists in the order of slugs, beside each other: what has the same slug comes together. */
export async function* sideBySide<A extends { slug: string }, B extends { slug: string }>(
  left: AsyncIterable<A> | Iterable<A>,
  right: AsyncIterable<B> | Iterable<B>,
): AsyncGenerator<[A | undefined, B | undefined]> {
  const [ours, theirs] = [iteratorOf(left), iteratorOf(right)];
  let [a, b] = [await ours.next(), await theirs.next()];
  try {
    while (!a.done || !b.done) {
      const order = a.done ? 1 : b.done ? -1 : compareText(a.value.slug, b.value.slug);
      yield [order <= 0 && !a.done ? a.value : undefined, order >= 0 && !b.done ? b.value : undefined];
      if (order <= 0) a = await ours.next();
      if (order >= 0) b = await theirs.next();
    }
  } finally {
    await ours.return?.();
    await theirs.return?.();
  }
}

function iteratorOf<T>(items: AsyncIterable<T> | Iterable<T>): AsyncIterator<T> | Iterator<T> {
  return Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
}
