import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Catalogue, openCatalogue } from '../../catalogue/catalogue.ts';
import { diagnose } from '../../cli/doctor.ts';
import type { PublishedDoctor } from '../../cli/published.ts';
import { createPostgresDatabase, ENGINES, type TestPlace } from '../support/engines.ts';
import { type CliWorld, runCli } from '../support/run-cli.ts';
import { scanOf } from '../support/scans.ts';
import { ROOT } from '../support/sources.ts';

const schema = JSON.parse(readFileSync(join(ROOT, 'docs/schemas/doctor.schema.json'), 'utf8'));
const validate = new Ajv2020({ allowUnionTypes: true }).compile(schema);
const DAY_MS = 86_400_000;
const NOW = Date.parse('2026-01-02T03:04:05.678Z');
const TOOL = { name: 'read_note', description: 'Reads a note.', inputSchema: { type: 'object' } };

/** What the doctor says, check by check; its JSON is by the schema each time. */
async function doctor(args: readonly string[], world: CliWorld = {}) {
  const { exit, stdout, stderr } = await runCli(['doctor', '--json', ...args], world);
  expect(stderr).toBe('');
  const published: PublishedDoctor = JSON.parse(stdout);
  expect(validate(published), JSON.stringify(validate.errors)).toBe(true);
  const checks = new Map(published.checks.map((check) => [check.id, check]));
  // How full the disk of this machine is says nothing about the doctor.
  const isDisk = published.checks.every(({ id, health }) => (id === 'disk') === (health === 'problem'));
  return { exit: isDisk && exit === 10 ? 0 : exit, stdout, published, check: (id: string) => checks.get(id) };
}

/** The arguments and the environment that name a place. */
function naming({ location }: TestPlace): { args: string[]; world: CliWorld } {
  return 'url' in location
    ? { args: [], world: { env: { DATABASE_URL: location.url } } }
    : { args: ['--db', location.directory], world: {} };
}

function openAt(place: TestPlace, at = NOW): Promise<Catalogue> {
  return openCatalogue({ location: place.location, classifierVersion: '1.0.0', now: () => new Date(at) });
}

describe.each(ENGINES)('a catalogue on $engine', ({ create, engine }) => {
  let place: TestPlace;
  beforeAll(async () => {
    place = await create();
  });
  afterAll(async () => {
    await place.remove();
  });

  test('that is new is no problem, and nothing is made by looking', async () => {
    const { args, world } = naming(place);
    for (let look = 0; look < 2; look++) {
      const { exit, check } = await doctor(args, world);
      expect(exit).toBe(0);
      const [id, found] = engine === 'PGlite' ? ['catalogue', 'none yet'] : ['migrations', 'empty'];
      expect(check(id)).toMatchObject({ health: 'warning', found: expect.stringContaining(found) });
      expect(check('scans')).toBeUndefined();
    }
    if ('directory' in place.location) expect(readdirSync(place.location.directory)).toEqual([]);
  });

  test('with a scan of today is well', async () => {
    const catalogue = await openAt(place);
    await catalogue.save(scanOf('notes', [TOOL], new Date(NOW - 3_600_000).toISOString()));
    await catalogue.close();
    const { args, world } = naming(place);
    const { exit, check, published } = await doctor(args, world);
    expect(exit).toBe(0);
    expect(published.opened).toBe(true);
    expect(published.checks.filter(({ id, health }) => id !== 'disk' && health === 'problem')).toEqual([]);
    expect(check('engine')?.values).toMatchObject({ engine });
    expect(check('migrations')).toMatchObject({ health: 'ok', values: { due: 0 } });
    expect(check('extension')).toMatchObject({ health: 'ok' });
    expect(check('rights')).toMatchObject({ health: 'ok', values: { mayWrite: true } });
    expect(check('scans')).toMatchObject({ health: 'ok', values: { servers: 1 } });
    expect(check('passes')).toMatchObject({ health: 'ok', values: { open: 0 } });
    expect(check('search')).toMatchObject({ health: 'ok' });
  });

  test('whose pass was forgotten is told so, without what its reference could do to a terminal', async () => {
    const catalogue = await openAt(place, NOW - 20 * DAY_MS);
    await catalogue.beginCrawl('list', 'a\u001b[2J.txt');
    await catalogue.close();
    const { args, world } = naming(place);
    const { exit, check } = await doctor(args, world);
    expect(exit).toBe(0);
    expect(check('passes')).toMatchObject({ health: 'warning', values: { open: 1 } });
    const { stdout } = await runCli(['doctor', ...args], world);
    expect(stdout).toMatch(/warning {2}passes/);
    expect(stdout).not.toContain('\u001b');
  });

  test('whose newest scan is old is told so', async () => {
    const other = await create();
    const catalogue = await openAt(other);
    await catalogue.save(scanOf('notes', [TOOL], new Date(NOW - 90 * DAY_MS).toISOString()));
    await catalogue.close();
    const { args, world } = naming(other);
    const { check } = await doctor(args, world);
    await other.remove();
    expect(check('scans')).toMatchObject({
      health: 'warning',
      found: expect.stringContaining('90 days ago'),
    });
  });
});

describe('an embedded catalogue', () => {
  let directory: string;
  let holder: ChildProcess | undefined;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'catalogue-doctor-'));
  });
  afterEach(() => {
    holder?.kill('SIGKILL');
  });

  test('that another process has: who and since when, the other checks all the same, exit 4', async () => {
    const program = `
      import { lockDirectory } from ${JSON.stringify(join(ROOT, 'catalogue/lock.ts'))};
      lockDirectory(${JSON.stringify(directory)}, () => new Date(0));
      process.stdout.write('held');
      setInterval(() => {}, 1000);`;
    mkdirSync(join(directory, 'data'));
    writeFileSync(join(directory, 'data', 'PG_VERSION'), '18\n');
    holder = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (holder.stdout !== null) await once(holder.stdout, 'data');
    const { exit, check, published } = await doctor(['--db', directory]);
    expect({ exit, opened: published.opened }).toEqual({ exit: 4, opened: false });
    expect(check('lock')).toMatchObject({
      health: 'warning',
      values: { held: true, pid: holder.pid, since: '1970-01-01T00:00:00.000Z' },
    });
    for (const id of ['program', 'disk', 'isolation', 'corrections']) expect(check(id), id).toBeDefined();

    const ended = once(holder, 'exit');
    holder.kill('SIGKILL');
    await ended;
    // What the killed process left behind is no lock. The directory is none of a database, which is told.
    const after = await doctor(['--db', directory]);
    expect(after.check('lock')).toMatchObject({ health: 'ok' });
    expect(after.check('catalogue')).toMatchObject({ health: 'problem' });
    expect(after.exit).toBe(4);
  });

  test('with a fault in its corrections: exit 10, and where the fault is', async () => {
    const place = join(directory, 'corrected');
    mkdirSync(join(place, 'corrections'), { recursive: true });
    writeFileSync(join(place, 'corrections', 'ours.yaml'), '- server: 1\n');
    const { exit, check } = await doctor(['--db', place]);
    expect(exit).toBe(10);
    expect(check('corrections')).toMatchObject({
      health: 'problem',
      found: expect.stringContaining('ours.yaml line 1'),
    });
    const { stdout } = await runCli(['doctor', '--db', place]);
    expect(stdout).toMatch(/^problem {2}corrections {2}The corrections in/m);
    expect(stdout).toMatch(/\n\d problems?, \d warnings?\.\n$/);
    expect(
      Math.max(...stdout.split('\n').map((line) => (line.includes(place) ? 0 : line.length))),
    ).toBeLessThanOrEqual(80);
  });

  test('that is not there is not made', async () => {
    const place = join(directory, 'not', 'there');
    const { exit, check } = await doctor(['--db', place]);
    expect(exit).toBe(0);
    expect(check('catalogue')?.found).toContain('none yet');
    expect(existsSync(place)).toBe(false);
  });

  afterAll(() => {
    rmSync(directory, { recursive: true, force: true });
  });
});

describe('PostgreSQL', () => {
  let place: Awaited<ReturnType<typeof createPostgresDatabase>>;
  let sql: postgres.Sql;
  const world = () => ({ env: { DATABASE_URL: place.location.url } });
  beforeAll(async () => {
    place = await createPostgresDatabase();
    sql = postgres(place.location.url, { max: 1, onnotice: () => {} });
    await (await openAt(place)).close();
  });
  afterAll(async () => {
    await sql.end();
    await place.remove();
  });

  test('that is behind the program is told and not changed', async () => {
    const [newest] = await sql`
      delete from drizzle.__drizzle_migrations where id = (select max(id) from drizzle.__drizzle_migrations) returning *`;
    const { exit, check } = await doctor([], world());
    expect(exit).toBe(0);
    expect(check('migrations')).toMatchObject({ health: 'warning', values: { due: 1 } });
    expect(check('scans')).toBeUndefined();
    const [count] =
      await sql`select count(*)::int as n from drizzle.__drizzle_migrations where id = ${newest?.id}`;
    expect(count?.n).toBe(0);
    await sql`insert into drizzle.__drizzle_migrations (hash, created_at) values (${newest?.hash}, ${newest?.created_at})`;
    expect((await doctor([], world())).check('migrations')?.health).toBe('ok');
  });

  test('that a newer program has changed is a problem', async () => {
    await sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 99999999999999)`;
    const { exit, check } = await doctor([], world());
    expect(exit).toBe(10);
    expect(check('migrations')).toMatchObject({ health: 'problem', advice: 'Upgrade the program.' });
    await sql`delete from drizzle.__drizzle_migrations where hash = 'later'`;
  });

  test('with the tables of another program is a problem', async () => {
    const other = await createPostgresDatabase();
    const client = postgres(other.location.url, { max: 1 });
    await client`create table invoices (n int)`;
    await client.end();
    const { exit, check } = await doctor([], { env: { DATABASE_URL: other.location.url } });
    expect(exit).toBe(10);
    expect(check('migrations')?.found).toContain('not those of a catalogue');
    await other.remove();
  });

  test('shows what gateways share, once they do', async () => {
    expect((await doctor([], world())).check('gateway')).toBeUndefined();
    await sql`insert into gateway_steps values ('c', 1, 1, 1)`;
    expect((await doctor([], world())).check('gateway')).toMatchObject({
      health: 'ok',
      values: { steps: 1, waiting: 0 },
    });
  });

  test('is asked about the queue by what is given for it', async () => {
    const io = {
      env: { ...world().env, PATH: process.env.PATH },
      cwd: tmpdir(),
      home: tmpdir(),
      platform: process.platform,
      tmp: tmpdir(),
      stdin: process.stdin,
      stdout: { stream: process.stdout, isTerminal: false, columns: 80 },
      stderr: { stream: process.stderr, isTerminal: false, columns: 80 },
      now: () => new Date(NOW),
      random: () => 0,
      signal: new AbortController().signal,
    };
    const state = { waiting: 3, active: 0, dead: 0, workers: 0, lostHeartbeats: 0, oldestWaitingMs: DAY_MS };
    const { checks } = await diagnose({}, io, { queueHealth: async () => state });
    expect(checks.find(({ id }) => id === 'queue')).toMatchObject({ health: 'problem' });
    const without = await diagnose({}, io, { queueHealth: async () => undefined });
    expect(without.checks.find(({ id }) => id === 'queue')).toBeUndefined();
  });

  test.each([
    [
      'a wrong password',
      (url: URL) => Object.assign(url, { username: 'nobody', password: 'hunter2/secret' }),
    ],
    ['no such database', (url: URL) => Object.assign(url, { pathname: '/nowhere' })],
    ['no server', (url: URL) => Object.assign(url, { port: '1', password: 'hunter2' })],
    ['no address', () => 'postgres:// user:hunter2@x y:z/'],
    ['another protocol', () => 'mysql://user:hunter2@host/db'],
  ])('that cannot be opened because of %s: exit 4, the other checks, and no password', async (_, change) => {
    const url = String(change(new URL(place.location.url)));
    const { exit, stdout, check } = await doctor([], { env: { DATABASE_URL: url } });
    expect(exit).toBe(4);
    expect(check('catalogue')).toMatchObject({ health: 'problem' });
    expect(check('isolation')).toBeDefined();
    const text = await runCli(['doctor'], { env: { DATABASE_URL: url } });
    expect(text.exit).toBe(4);
    for (const shown of [stdout, text.stdout, text.stderr]) expect(shown).not.toMatch(/hunter2|:postgres@/);
  });
});

test('says which setting names the place, and which do not count', async () => {
  const directory = join(mkdtempSync(join(tmpdir(), 'catalogue-doctor-')), 'db');
  const env = { DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:1/db', CATALOGUE_DB: 'elsewhere' };
  const { check, stdout } = await doctor(['--db', directory], { env });
  expect(check('place')?.values).toEqual({ place: directory, from: '--db' });
  expect(check('place')?.found).toContain('DATABASE_URL and CATALOGUE_DB are set too');
  expect(stdout).not.toContain('hunter2');
  const { check: usual } = await doctor([]);
  expect(usual('place')?.values.from).toBe('the default');
});

test('says what there is to run programs in, and what it means where there is nothing', async () => {
  const { check } = await doctor([], { env: { PATH: '/nonexistent' } });
  expect(check('isolation')).toMatchObject({ health: 'warning', values: { isolation: 'none' } });
  expect(check('isolation')?.found).toContain('bubblewrap is not installed');
});
