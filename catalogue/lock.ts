import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockFile } from '../crawler/file-lock.ts';
import { CatalogueUnavailable } from './errors.ts';

/**
 * Takes the catalogue directory for this process alone, until `release` is called or the process is gone.
 *
 * PGlite lets two processes open one directory and then loses rows. The lock is one that the operating system holds, so
 * that a killed process leaves nothing behind to be judged stale.
 * Throws CatalogueUnavailable when another process, or another part of this one, has it.
 */
export function lockDirectory(directory: string, now: () => Date): { release(): void } {
  const holderFile = join(directory, 'holder.json');
  const release = lockFile(join(directory, 'lock'));
  if (release === undefined) {
    throw new CatalogueUnavailable(
      `The catalogue in ${directory} is in use${describeHolder(holderFile)}. ` +
        'Wait until it is done, or name another directory with --db.',
    );
  }
  writeFileSync(holderFile, `${JSON.stringify({ pid: process.pid, since: now().toISOString() })}\n`);
  return { release };
}

function describeHolder(holderFile: string): string {
  try {
    const { pid, since } = JSON.parse(readFileSync(holderFile, 'utf8')) as { pid: number; since: string };
    return ` by process ${pid} since ${since}`;
  } catch {
    return ' by another process';
  }
}
