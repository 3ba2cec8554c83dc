import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CatalogueUnavailable } from './errors.ts';

/** What the program keeps beside the database: the lock, the user's corrections, the gateway's state. */
const OURS = new Set(['data', 'making', 'lock', 'holder.json', 'corrections', 'gateway']);

/**
 * Makes the directory of an embedded catalogue. Throws CatalogueUnavailable for a directory that somebody uses for
 * something else, before anything is written to it.
 */
export function makeDirectory(directory: string): void {
  // Where nothing can be made, as in /proc, Node's recursive way never ends.
  if (existsSync(dirname(directory)) && !existsSync(directory)) mkdirSync(directory);
  else mkdirSync(directory, { recursive: true });
  const names = readdirSync(directory);
  // Whoever made the database took the lock first.
  if (names.includes('lock')) return;
  const foreign = names.find((name) => !OURS.has(name) || name === 'data');
  if (foreign === undefined) return;
  throw new CatalogueUnavailable(
    `The directory ${directory} is not a catalogue: it holds files of something else, such as ${foreign}. ` +
      'Name an empty or a new directory with --db.',
  );
}

/**
 * The database's own directory, and a function to call when it has been opened. A database that was never ready,
 * because the process that made it was killed, is made anew: nothing was ever stored in it.
 */
export function prepareData(directory: string): { data: string; opened(): void } {
  const data = join(directory, 'data');
  const making = join(directory, 'making');
  if (existsSync(making)) rmSync(data, { recursive: true, force: true });
  if (!existsSync(data)) writeFileSync(making, '');
  return { data, opened: () => rmSync(making, { force: true }) };
}
