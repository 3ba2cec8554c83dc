import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ServerView } from '../catalogue/contract.ts';
import {
  breachesOf,
  EMPTY_LOCK,
  type LockedServer,
  type LockFile,
  lockKey,
  lockText,
  parseLock,
  pinnable,
} from '../catalogue/lock-content.ts';
import { hasCode, usageError } from '../crawler/fault.ts';
import { errorText } from '../crawler/text.ts';
import { PLAIN_KEY } from '../gateway/key.ts';
import { readJson } from '../policy/json-text.ts';
import { visible, visibleJson } from '../site/visible.ts';
import { writeFileWhole } from './files.ts';
import type { Io } from './io.ts';

/** Where definitions are pinned unless another file is named. */
export const LOCK_FILE = 'catalogue.lock.json';

/** What tells a lock file from every other file that a command can be given. */
export const LOCK_ENDING = '.lock.json';

/**
 * Reads a lock file; undefined where there is none. Throws a usage error for one that cannot be used: it may be the lock
 * of another program, which must not be overwritten.
 */
export async function readLockFile(path: string, io: Pick<Io, 'cwd'>): Promise<LockFile | undefined> {
  let text: string;
  try {
    text = await readFile(resolve(io.cwd, path), 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw usageError(`The lock file ${path} cannot be read: ${errorText(error)}.`);
  }
  const read = parseLock(text);
  if (!read.ok) throw usageError(`The lock file ${path} ${visible(read.reason)}`);
  return read.lock;
}

export interface PinOptions {
  file: string;
  /** The key of the one server that is pinned. */
  key: string | undefined;
}

/** What was pinned under one key, and how it is not what was pinned there before. */
export interface Pinned {
  server: string;
  key: string;
  /** When the list was seen; ISO 8601, UTC. */
  observedAt: string;
  tools: number;
  new: string[];
  changed: string[];
  gone: string[];
}

/**
 * Writes what servers list now into a lock file, beside the servers that it has already: all of them, or nothing. A
 * server keeps the keys that it has. Throws a usage error for a list that cannot be pinned.
 */
export async function pinServers(
  servers: readonly ServerView[],
  { file, key }: PinOptions,
  io: Pick<Io, 'cwd'>,
): Promise<Pinned[]> {
  if (!file.endsWith(LOCK_ENDING)) {
    throw usageError(`The name of a lock file ends in ${LOCK_ENDING}, and ${file} does not.`);
  }
  if (key !== undefined && servers.length > 1) throw usageError('--as names one server: pin it by itself.');
  if (key !== undefined && !PLAIN_KEY.test(key)) {
    throw usageError('--as takes a key of 1 to 64 letters, digits, dots, hyphens or underscores.');
  }
  const before = (await readLockFile(file, io)) ?? EMPTY_LOCK;
  let lock = before;
  const pinned: Pinned[] = [];
  for (const server of servers) {
    const entry = entryOf(server);
    for (const own of keysOf(lock, server, key)) {
      const old = lock.servers[own];
      if (old !== undefined && old.id !== server.id) {
        throw usageError(
          `In ${file} the key ${own} is that of ${visible(old.id)}: give ${server.slug} another one with --as.`,
        );
      }
      pinned.push({
        server: server.slug,
        key: own,
        observedAt: entry.observedAt,
        tools: Object.keys(entry.tools).length,
        ...changesOf(old, server),
      });
      lock = { ...lock, servers: { ...lock.servers, [own]: isSame(old, entry) ? old : entry } };
    }
  }
  const text = visibleJson(lockText(lock));
  const read = readJson(text);
  // Written by us, and yet more than the gateway takes: it would deny every tool of every server.
  if (!read.ok)
    throw usageError(
      `The lock file ${file} would have ${read.fault.message}. Pin fewer servers in one file.`,
    );
  await writeFileWhole(io, file, text);
  return pinned;
}

function entryOf({ slug, id, listing, tools }: ServerView): LockedServer {
  const refuse = (reason: string) => usageError(`${slug} cannot be pinned: ${reason}.`);
  if (listing === undefined) throw refuse('its tools have never been listed');
  if (listing.status !== 'complete') {
    throw refuse('its newest list was cut short, so that nobody knows which tools it has. Scan it again');
  }
  if (listing.provenance !== 'observed') {
    throw refuse('its tools are what somebody wrote down; the server itself was never asked. Scan it');
  }
  const read = pinnable(tools.map(({ definition }) => definition));
  if (!read.ok) throw refuse(`it ${visible(read.reason)}`);
  return { id, observedAt: listing.observedAt, tools: read.tools };
}

/** Every key that the server has, and the one that was asked for; its slug where it has none. */
function keysOf(lock: LockFile, { id, slug }: ServerView, key: string | undefined): string[] {
  const own = Object.entries(lock.servers).filter(([, entry]) => entry.id === id);
  const keys = new Set([...own.map(([each]) => each), ...(key === undefined ? [] : [key])]);
  return keys.size > 0 ? [...keys].toSorted() : [lockKey(slug)];
}

function changesOf(old: LockedServer | undefined, { tools }: ServerView) {
  const breaches = breachesOf(
    old?.tools ?? {},
    tools.map(({ definition }) => definition),
  );
  const names = (kind: string) => breaches.filter((breach) => breach.kind === kind).map(({ name }) => name);
  return { new: names('new'), changed: names('changed'), gone: names('gone') };
}

/** Pinning what is pinned already changes no byte, not even the time. */
function isSame(old: LockedServer | undefined, entry: LockedServer): old is LockedServer {
  return (
    old !== undefined &&
    JSON.stringify(Object.entries(old.tools).toSorted()) ===
      JSON.stringify(Object.entries(entry.tools).toSorted())
  );
}
