import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CatalogueUnavailable } from './errors.ts';

/** Kept here from the garbage collector, which would close what nobody refers to, and with it give up the lock. */
const held = new Set<DatabaseSync>();

/**
 * Takes the catalogue directory for this process alone, until `release` is called or the process is gone.
 *
 * PGlite lets two processes open one directory and then loses rows. The lock is one that the operating system holds
 * (SQLite's, on an empty file), so that a killed process leaves nothing behind to be judged stale.
 * Throws CatalogueUnavailable when another process, or another part of this one, has it.
 */
export function lockDirectory(directory: string, now: () => Date): { release(): void } {
  const holderFile = join(directory, 'holder.json');
  const lock = new DatabaseSync(join(directory, 'lock'), { timeout: 0 });
  try {
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    if (!isBusy(error)) throw error;
    throw new CatalogueUnavailable(
      `The catalogue in ${directory} is in use${describeHolder(holderFile)}. ` +
        'Wait until it is done, or name another directory with --db.',
    );
  }
  writeFileSync(holderFile, `${JSON.stringify({ pid: process.pid, since: now().toISOString() })}\n`);
  held.add(lock);
  return {
    release() {
      if (held.delete(lock)) lock.close();
    },
  };
}

function isBusy(error: unknown): boolean {
  const SQLITE_BUSY = 5;
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}

function describeHolder(holderFile: string): string {
  try {
    const { pid, since } = JSON.parse(readFileSync(holderFile, 'utf8')) as { pid: number; since: string };
    return ` by process ${pid} since ${since}`;
  } catch {
    return ' by another process';
  }
}
