import { accessSync, constants, existsSync, readFileSync, statfsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Finding } from './doctor.ts';
import { sizeText } from './doctor-words.ts';
import { reason } from './inspect.ts';
import { FULL_DISK_BYTES, LOW_DISK_BYTES } from './limits.ts';

/** What can be said of the directory of an embedded catalogue without opening it. */

const Holder = z.object({ pid: z.number(), since: z.string() });

/**
 * Who has the catalogue. `locked` is what taking the lock came to; a note of a process that has it no more says nothing.
 */
export function lockFinding(directory: string, locked: boolean): Finding {
  if (!locked)
    return { health: 'ok', found: 'Free: no other process has the catalogue.', values: { held: false } };
  const holder = readHolder(directory);
  const who = holder === undefined ? 'another process' : `process ${holder.pid} since ${holder.since}`;
  return {
    health: 'warning',
    found: `Held by ${who}; what is inside could not be looked at.`,
    advice: 'Wait until it is done. A crawl or a site that is being served has it all the time.',
    values: { held: true, pid: holder?.pid ?? null, since: holder?.since ?? null },
  };
}

function readHolder(directory: string): z.infer<typeof Holder> | undefined {
  try {
    return Holder.parse(JSON.parse(readFileSync(join(directory, 'holder.json'), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Whether files can be written where the catalogue is or will be. */
export function directoryRights(directory: string): Finding {
  const nearest = nearestFolder(directory);
  try {
    accessSync(nearest, constants.R_OK | constants.W_OK | constants.X_OK);
    return { health: 'ok', found: 'The directory can be written to.', values: { mayWrite: true } };
  } catch (error) {
    return {
      health: 'problem',
      found: `${nearest} cannot be written to: ${reason(error)}.`,
      advice: 'Make it writable for this user, or name another directory with --db.',
      values: { mayWrite: false },
    };
  }
}

/** The room on the directory's file system, beside what is used. */
export async function diskFinding(directory: string): Promise<Finding> {
  const { bavail, bsize } = statfsSync(nearestFolder(directory));
  const free = bavail * bsize;
  const used = existsSync(directory) ? await bytesUnder(directory) : 0;
  const values = { freeBytes: free, usedBytes: used };
  const found = `${sizeText(free)} are free on its file system; the catalogue takes ${sizeText(used)}.`;
  const advice =
    'Make room there, or move the directory to a larger disk. `catalogue prune` removes what only repeats.';
  if (free < FULL_DISK_BYTES) return { health: 'problem', found, advice, values };
  return free < LOW_DISK_BYTES
    ? { health: 'warning', found, advice, values }
    : { health: 'ok', found, values };
}

function nearestFolder(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path));
}

/** What its files take; those that go away meanwhile, nothing. */
async function bytesUnder(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  let bytes = 0;
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = await stat(join(entry.parentPath, entry.name)).catch(() => undefined);
    bytes += file?.size ?? 0;
  }
  return bytes;
}
