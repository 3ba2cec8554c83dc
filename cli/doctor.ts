import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readCorrections } from '../catalogue/corrections.ts';
import type { DatabaseLocation } from '../catalogue/database.ts';
import { type Check, type CheckResult, type Finding, runChecks } from '../catalogue/doctor.ts';
import { checkEngine, SERVER_CHECKS, TABLE_CHECKS } from '../catalogue/doctor-database.ts';
import { type MigrationState, migrationState } from '../catalogue/doctor-migrations.ts';
import { directoryRights, diskFinding, lockFinding } from '../catalogue/doctor-place.ts';
import { queueFinding } from '../catalogue/doctor-queue.ts';
import { type Inspection, inspect, placeOf, reason } from '../catalogue/inspect.ts';
import type { QueueHealth } from '../catalogue/queue-status.ts';
import { isUsageError } from '../crawler/fault.ts';
import { findSandbox } from '../crawler/sandbox.ts';
import packageJson from '../package.json' with { type: 'json' };
import { count } from '../site/words.ts';
import type { Io } from './io.ts';
import { type DatabaseOptions, locate, locateCorrections } from './location.ts';

/** Parts that are made elsewhere. */
export interface DoctorParts {
  /** How the queue of this catalogue is; undefined where there is none. Left out: there is no queue. */
  queueHealth?(location: DatabaseLocation): Promise<QueueHealth | undefined>;
}

export interface Diagnosis {
  checks: CheckResult[];
  /** Whether the catalogue could be opened, or there is none yet. */
  opened: boolean;
}

/** Makes every check. Nothing is written but the lock of an embedded catalogue, and nothing is brought up to date. */
export async function diagnose(
  options: DatabaseOptions,
  io: Io,
  parts: DoctorParts = {},
): Promise<Diagnosis> {
  const location = locate(options, io);
  const opening = await open(location, io);
  const { inspection } = opening;
  try {
    const checks = await runChecks([
      { id: 'program', run: async () => programFinding(process.versions.node) },
      { id: 'place', run: async () => placeFinding(location, options, io) },
      ...directoryChecks(location, opening),
      { id: 'catalogue', run: async () => openingFinding(opening) },
      ...(inspection === undefined ? [] : await databaseChecks(inspection, io)),
      { id: 'queue', run: () => checkQueue(location, opening, io, parts) },
      { id: 'isolation', run: () => checkIsolation(io) },
      { id: 'corrections', run: () => checkCorrections(options, io) },
    ]);
    return { checks, opened: opening.fault === undefined };
  } finally {
    await inspection?.close();
  }
}

interface Opening {
  /** Undefined where there is no catalogue, or none that can be opened. */
  inspection?: Inspection;
  /** Why it could not be opened. */
  fault?: string;
  /** Whether that is because another process has it. */
  locked: boolean;
}

async function open(location: DatabaseLocation, { now }: Pick<Io, 'now'>): Promise<Opening> {
  try {
    const inspection = await inspect(location, now);
    return { locked: false, ...(inspection !== undefined && { inspection }) };
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    return { fault, locked: 'directory' in location && fault.includes(' is in use') };
  }
}

function programFinding(node: string): Finding {
  const values = { program: packageJson.version, node };
  const found = `${packageJson.name} ${packageJson.version} on Node ${node}.`;
  const [, oldest = ''] = />=(.+)/.exec(packageJson.engines.node) ?? [];
  if (isAtLeast(node, oldest)) return { health: 'ok', found, values };
  const advice = `Install Node ${oldest} or newer.`;
  return { health: 'problem', found: `${found} That Node is too old.`, advice, values };
}

function isAtLeast(version: string, oldest: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldest.split('.').map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

/** What names the place, in the order in which it counts; as `locate` has it. */
function settings({ db }: DatabaseOptions, { env }: Pick<Io, 'env'>): string[] {
  const named = [
    db !== undefined && '--db',
    env.DATABASE_URL && 'DATABASE_URL',
    env.CATALOGUE_DB && 'CATALOGUE_DB',
  ];
  return named.filter((name) => typeof name === 'string').filter((name) => name !== '');
}

function placeFinding(location: DatabaseLocation, options: DatabaseOptions, io: Pick<Io, 'env'>): Finding {
  const [from = 'the default', ...others] = settings(options, io);
  const place =
    'url' in location ? (placeOf(location.url) ?? 'an address that cannot be read') : location.directory;
  const hidden =
    others.length === 0
      ? ''
      : ` ${others.join(' and ')} ${others.length === 1 ? 'is' : 'are'} set too, and ${others.length === 1 ? 'does' : 'do'} not count.`;
  return { health: 'ok', found: `${place}, from ${from}.${hidden}`, values: { place, from } };
}

function directoryChecks(location: DatabaseLocation, { locked }: Opening): Check[] {
  if ('url' in location) return [];
  const { directory } = location;
  return [
    { id: 'directory', run: async () => directoryRights(directory) },
    { id: 'lock', run: async () => lockFinding(directory, locked) },
    { id: 'disk', run: () => diskFinding(directory) },
  ];
}

function openingFinding({ inspection, fault, locked }: Opening): Finding | undefined {
  if (fault !== undefined) {
    return locked
      ? { health: 'problem', found: 'It cannot be opened now, because another process has it.' }
      : {
          health: 'problem',
          found: fault,
          advice: 'Correct what names the place, start the server, or see what it logs.',
        };
  }
  if (inspection !== undefined) return undefined;
  return {
    health: 'warning',
    found: 'There is none yet.',
    advice:
      'The first scan makes it: `catalogue scan npm:<package>`. If it should be there, the place is another one.',
  };
}

async function databaseChecks(inspection: Inspection, { now }: Pick<Io, 'now'>): Promise<Check[]> {
  const pglite = packageJson.dependencies['@electric-sql/pglite'];
  const migrations = await migrationState(inspection).catch((error: unknown): MigrationState => {
    const found = `Which migrations the database has could not be looked at: ${reason(error)}.`;
    return { finding: { health: 'problem', found }, isCurrent: false };
  });
  const checks = [...SERVER_CHECKS, ...(migrations.isCurrent ? TABLE_CHECKS : [])];
  return [
    { id: 'engine', run: () => checkEngine(inspection, pglite) },
    { id: 'migrations', run: async () => migrations.finding },
    ...checks.map(({ id, run }) => ({ id, run: () => run(inspection, now()) })),
  ];
}

async function checkQueue(
  location: DatabaseLocation,
  { inspection }: Opening,
  { now }: Pick<Io, 'now'>,
  { queueHealth }: DoctorParts,
): Promise<Finding | undefined> {
  if (queueHealth === undefined || inspection === undefined) return undefined;
  const state = await queueHealth(location);
  return state === undefined ? undefined : queueFinding(state, now());
}

async function checkIsolation({ env, platform, tmp, signal }: Io): Promise<Finding> {
  const scratchRoot = await mkdtemp(join(tmp, 'catalogue-'));
  try {
    const { isolation, reason: why = '' } = await findSandbox('auto', {
      environment: env,
      platform,
      scratchRoot,
      signal,
    });
    const values = { isolation };
    if (isolation !== 'none') {
      const found = `Servers that are programs run in ${isolation}.${why === '' ? '' : ` Not in the first choice: ${why}`}`;
      return { health: 'ok', found, values };
    }
    return {
      health: 'warning',
      found: `There is nothing to run strangers' programs in: ${why} A crawl refuses to run them, and a scan runs them with all rights of this user.`,
      advice: 'Install bubblewrap (Debian package `bubblewrap`), or Docker.',
      values,
    };
  } finally {
    await rm(scratchRoot, { recursive: true, force: true });
  }
}

async function checkCorrections(options: DatabaseOptions, io: Io): Promise<Finding> {
  const folder = locateCorrections(options, io);
  if (folder === undefined) {
    return { health: 'ok', found: 'No folder of corrections is named.', values: { corrections: 0 } };
  }
  try {
    const corrections = await readCorrections(folder);
    const found = `${count(corrections.length, 'correction')} in ${folder.path}.`;
    return { health: 'ok', found, values: { corrections: corrections.length } };
  } catch (error) {
    if (!isUsageError(error)) throw error;
    return {
      health: 'problem',
      found: error.message,
      advice: 'Until that is put right, every command that shows verdicts ends with exit 2.',
    };
  }
}
