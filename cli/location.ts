import { join, resolve } from 'node:path';
import type { Command as Commander } from 'commander';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { CorrectionsFolder } from '../catalogue/corrections.ts';
import type { DatabaseLocation } from '../catalogue/database.ts';
import type { Io } from './io.ts';

export interface DatabaseOptions {
  db?: string;
  corrections?: string;
}

/** Declares `--db` and `--corrections` on a command that uses the catalogue. */
export function addDatabaseOption(command: Commander): void {
  command
    .option(
      '--db <directory>',
      'where the catalogue is kept (default: $DATABASE_URL, a PostgreSQL server; $CATALOGUE_DB, a directory; ' +
        "or a directory of the user's own)",
    )
    .option(
      '--corrections <folder>',
      'where people correct verdicts (default: $CATALOGUE_CORRECTIONS, or corrections/ in the directory of the catalogue)',
    );
}

/** Opens the catalogue that the options and the environment name. Throws CatalogueUnavailable. */
export async function openCatalogueFor(options: DatabaseOptions, io: Io): Promise<Catalogue> {
  const [{ openCatalogue }, { CLASSIFIER_VERSION }] = await Promise.all([
    import('../catalogue/catalogue.ts'),
    import('../classifier/classify.ts'),
  ]);
  const corrections = locateCorrections(options, io);
  return openCatalogue({
    location: locate(options, io),
    classifierVersion: CLASSIFIER_VERSION,
    now: io.now,
    ...(corrections !== undefined && { corrections }),
  });
}

/** The place named most expressly: `--db`, then DATABASE_URL, then CATALOGUE_DB, then the user's data folder. */
export function locate(
  options: DatabaseOptions,
  io: Pick<Io, 'env' | 'cwd' | 'home' | 'platform'>,
): DatabaseLocation {
  if (options.db !== undefined) return { directory: resolve(io.cwd, options.db) };
  if (io.env.DATABASE_URL) return { url: io.env.DATABASE_URL };
  if (io.env.CATALOGUE_DB) return { directory: resolve(io.cwd, io.env.CATALOGUE_DB) };
  return { directory: join(userDataFolder(io), 'tool-risk-catalogue') };
}

/** The folder of corrections: the one that is named, or else the embedded catalogue's own; PostgreSQL has none. */
export function locateCorrections(
  options: DatabaseOptions,
  io: Pick<Io, 'env' | 'cwd' | 'home' | 'platform'>,
): CorrectionsFolder | undefined {
  const named = options.corrections ?? (io.env.CATALOGUE_CORRECTIONS || undefined);
  if (named !== undefined) return { path: resolve(io.cwd, named), required: true };
  const location = locate(options, io);
  return 'url' in location ? undefined : { path: join(location.directory, 'corrections'), required: false };
}

/** Where the platform wants a program's data: XDG Base Directory, Apple's and Microsoft's conventions. */
function userDataFolder({ env, home, platform }: Pick<Io, 'env' | 'home' | 'platform'>): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  if (platform === 'win32') return env.LOCALAPPDATA ?? join(home, 'AppData', 'Local');
  return env.XDG_DATA_HOME || join(home, '.local', 'share');
}
