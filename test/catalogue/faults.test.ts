import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql as query } from 'drizzle-orm';
import postgres from 'postgres';
import { describe, expect, inject, test } from 'vitest';
import { openDatabase, rowsOf } from '../../catalogue/database.ts';
import { createPostgresDatabase } from '../support/engines.ts';
import { type CliRun, runCli } from '../support/run-cli.ts';
import { ROOT } from '../support/sources.ts';

const now = () => new Date('2026-01-02T03:04:05Z');
const temporary = () => mkdtempSync(join(tmpdir(), 'catalogue-faults-'));

function expectOneLine({ exit, stdout, stderr }: CliRun, ...told: string[]): void {
  expect({ exit, stdout }).toEqual({ exit: 4, stdout: '' });
  expect(stderr).toMatch(/^catalogue: [^\n]+\n$/);
  for (const words of told) expect(stderr).toContain(words);
}

describe('a directory that cannot be a catalogue', () => {
  const list = (directory: string) => runCli(['list', '--db', directory]);

  test('because it is a file', async () => {
    const file = join(temporary(), 'catalogue');
    writeFileSync(file, 'mine');
    expectOneLine(await list(file), file, 'name another directory with --db');
  });

  test('because nothing can be made there', async () => {
    expectOneLine(await list('/proc/catalogue'), '/proc/catalogue', 'name another directory with --db');
  });

  test('because it holds other files, which are left alone', async () => {
    const directory = temporary();
    mkdirSync(join(directory, 'data'));
    writeFileSync(join(directory, 'thesis.tex'), '');
    expectOneLine(await list(directory), directory, 'files of something else', 'with --db');
    expect(readdirSync(directory).toSorted()).toEqual(['data', 'thesis.tex']);
  });

  test.each([
    ['its control file is cut', (data: string) => truncateSync(join(data, 'global/pg_control'), 100)],
    ['its catalogs are gone', (data: string) => rmSync(join(data, 'base'), { recursive: true })],
    ['its version is unreadable', (data: string) => writeFileSync(join(data, 'PG_VERSION'), 'x')],
  ])('because it is damaged: %s', async (_, damage) => {
    const directory = temporary();
    expect((await list(directory)).exit).toBe(0);
    damage(join(directory, 'data'));
    expectOneLine(await list(directory), directory, 'Restore the directory from a backup');
  });

  test('unless the process that made it was killed before there was anything in it', async () => {
    const directory = temporary();
    writeFileSync(join(directory, 'lock'), '');
    writeFileSync(join(directory, 'making'), '');
    mkdirSync(join(directory, 'data'));
    writeFileSync(join(directory, 'data', 'PG_VERSION'), '18\n');
    expect((await list(directory)).exit).toBe(0);
    expect((await list(directory)).exit).toBe(0);
  });
});

/** Whether a child process can be given a file system of its own here; it takes bubblewrap and the right to use it. */
const isolates = spawnSync('bwrap', ['--dev-bind', '/', '/', 'true']).status === 0;

describe.skipIf(!isolates)('a disk of its own', () => {
  const program = (directory: string) => [
    process.execPath,
    join(ROOT, 'cli/main.ts'),
    'list',
    '--db',
    directory,
  ];

  function run(mounts: readonly string[], command: readonly string[]): CliRun {
    const { status, stdout, stderr } = spawnSync('bwrap', ['--dev-bind', '/', '/', ...mounts, ...command], {
      encoding: 'utf8',
    });
    return { exit: status ?? -1, stdout, stderr };
  }

  test('that is read-only', () => {
    const directory = temporary();
    expectOneLine(
      run(['--ro-bind', directory, directory], program(directory)),
      directory,
      'readable and writable',
    );
  });

  test('that is full from the start', () => {
    const directory = temporary();
    expectOneLine(
      run(['--size', String(8_000_000), '--tmpfs', directory], program(directory)),
      directory,
      'No space left on device',
      'Make room',
    );
  });

  test('that fills while the catalogue is in use loses nothing acknowledged', () => {
    const directory = temporary();
    // Where the program lets other files be, so that there is room again after it is deleted.
    const ballast = join(directory, 'gateway');
    const source = `
      import { openDatabase } from ${JSON.stringify(join(ROOT, 'catalogue/database.ts'))};
      import { randomBytes } from 'node:crypto';
      const open = () => openDatabase({ directory: ${JSON.stringify(directory)} }, () => new Date(0));
      const first = await open();
      await first.sql.unsafe('create table filler (id integer, text text)');
      let acknowledged = 0;
      let told = '';
      while (told === '') {
        try {
          const text = randomBytes(100_000).toString('hex');
          await first.retry(() => first.sql.unsafe('insert into filler values ($1, $2)', [acknowledged, text]));
          acknowledged += 1;
        } catch (error) {
          told = error.name + ': ' + error.message;
        }
      }
      await first.close();
      process.stdout.write(JSON.stringify({ acknowledged, told }) + '\\n');
      const { rmSync } = await import('node:fs');
      rmSync(${JSON.stringify(ballast)}, { force: true });
      const second = await open();
      const [row] = await second.sql.unsafe('select count(*)::int as stored from filler');
      process.stdout.write(JSON.stringify(row) + '\\n');
      await second.close();`;
    const fill = `head -c 40000000 /dev/zero > ${ballast} && exec "$@"`;
    const { exit, stdout, stderr } = run(
      ['--size', String(160_000_000), '--tmpfs', directory],
      ['sh', '-c', fill, 'sh', process.execPath, '--input-type=module', '-e', source],
    );
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    const [first, second] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(first.told).toMatch(/^CatalogueUnavailable: .*No space left on device/);
    expect(first.acknowledged).toBeGreaterThan(0);
    expect(second.stored).toBe(first.acknowledged);
  });
});

describe('a server that cannot be used', () => {
  const SECRET = 'open-sesame';
  const list = (url: string) => runCli(['list'], { env: { DATABASE_URL: url } });

  function address(change: (url: URL) => void): string {
    const url = new URL(inject('postgresUrl'));
    url.password = SECRET;
    change(url);
    return url.href;
  }

  test.each([
    ['refuses the password', () => address(() => {}), ['Correct the user and the password']],
    ['is not there', () => address((url) => (url.port = '1')), ['ECONNREFUSED', 'Start the server']],
    ['has no address', () => address((url) => (url.host = 'nowhere.invalid')), ['ENOTFOUND', 'DATABASE_URL']],
    ['is not one of PostgreSQL', () => `mysql://me:${SECRET}@localhost/x`, ['postgres://user:password@host']],
    [
      'has an impossible port',
      () => `postgres://me:${SECRET}@localhost:99999/x`,
      ['postgres://user:password@host'],
    ],
    ['is a word', () => SECRET, ['postgres://user:password@host']],
  ])('because it %s', async (_, url, told) => {
    const result = await list(url());
    expectOneLine(result, ...told);
    expect(result.stderr).not.toContain(SECRET);
  });

  test('because it has no such database', async () => {
    const url = new URL(inject('postgresUrl'));
    url.pathname = '/no_such_database';
    expectOneLine(await list(url.href), 'no_such_database', 'Create that database');
  });

  test.each([
    ['says nothing', () => {}],
    ['hangs up', (socket: Socket) => socket.destroy()],
  ])('because it takes connections and %s, after a while', async (_, answer) => {
    const server: Server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const bound = server.address();
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
    expectOneLine(
      await list(`postgres://me:${SECRET}@127.0.0.1:${port}/x`),
      'no answer within',
      'DATABASE_URL',
    );
    server.close();
  });
});

test('connections that are lost in the middle of transactions lose nothing acknowledged', async () => {
  const place = await createPostgresDatabase();
  const { db, retry, close } = await openDatabase(place.location, now);
  const admin = postgres(inject('postgresUrl'), { max: 1, onnotice: () => {} });
  const name = place.location.url.split('/').at(-1) ?? '';
  await db.execute(query`create table pairs (id integer primary key, other integer)`);
  const acknowledged: number[] = [];
  let stop = false;
  let tries = 0;
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    for (let turn = 0; !stop; turn++) {
      const id = writer * 1_000_000 + turn * 2;
      await retry(async () => {
        tries += 1;
        await db.transaction(async (tx) => {
          await tx.execute(query`insert into pairs values (${id}, ${id + 1}) on conflict do nothing`);
          await tx.execute(query`select pg_sleep(0.005)`);
          await tx.execute(query`insert into pairs values (${id + 1}, ${id}) on conflict do nothing`);
        });
      });
      acknowledged.push(id);
    }
  });
  for (let kill = 0; kill < 10; kill++) {
    await db.execute(query`select pg_sleep(0.1)`).catch(() => {});
    await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`;
  }
  stop = true;
  await Promise.all(writers);
  expect(tries).toBeGreaterThan(acknowledged.length);
  const rows = await rowsOf<{ id: number; other: number }>(db, query`select id, other from pairs`);
  const stored = new Set(rows.map(({ id }) => id));
  expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
  expect(rows.filter(({ other }) => !stored.has(other))).toEqual([]);
  await close();
  await admin.end();
  await place.remove();
});
