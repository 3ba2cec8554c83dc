import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCatalogue } from '../../catalogue/catalogue.ts';
import type { DatabaseLocation } from '../../catalogue/database.ts';
import { dumpText, fill, openTicking } from '../support/dumps.ts';
import { type LocalPostgres, startLocalPostgres } from '../support/local-postgres.ts';
import { runCli } from '../support/run-cli.ts';
import { ROOT } from '../support/sources.ts';

const CATALOGUE = join(ROOT, 'dist/catalogue.cjs');

let folder: string;
let embedded: string;
let dump: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'catalogue-backup-'));
  embedded = join(folder, 'embedded');
  dump = await filled({ directory: embedded });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Fills a catalogue, and gives its dump. */
async function filled(location: DatabaseLocation): Promise<string> {
  const catalogue = await openTicking(location);
  await fill(catalogue);
  const text = await dumpText(catalogue);
  await catalogue.close();
  return text;
}

/** What a catalogue gives when it is opened again. */
async function reopened(location: DatabaseLocation): Promise<string> {
  const catalogue = await openCatalogue({ location, classifierVersion: '2.0.0', now: () => new Date(0) });
  const text = await dumpText(catalogue);
  await catalogue.close();
  return text;
}

function start(args: readonly string[], stdin: 'ignore' | 'pipe' = 'ignore') {
  return spawn(process.execPath, [CATALOGUE, ...args], { stdio: [stdin, 'pipe', 'pipe'] });
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

test('a dump restores the catalogue, from one process to the next', async () => {
  const restored = join(folder, 'restored');
  const writing = start(['dump', '--db', embedded]);
  const reading = start(['import', '-', '--db', restored], 'pipe');
  if (reading.stdin === null || writing.stdout === null) throw new Error('there is no pipe');
  writing.stdout.pipe(reading.stdin);
  expect(await Promise.all([exitOf(writing), exitOf(reading)])).toEqual([0, 0]);
  expect(await reopened({ directory: restored })).toBe(dump);
});

test('an import that is interrupted or killed leaves nothing behind', async () => {
  const directory = join(folder, 'interrupted');
  const half = dump.slice(0, dump.length / 2);
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGKILL', null],
  ] as const) {
    const child = start(['import', '-', '--db', directory], 'pipe');
    const said = child.stderr === null ? '' : text(child.stderr);
    // It may be gone before it has read all of it.
    child.stdin?.on('error', () => {});
    // More than a pipe holds, so that the import is under way once it is written.
    await new Promise((resolve) => child.stdin?.write(`${half}${' '.repeat(200_000)}`, resolve));
    child.kill(signal);
    expect(await exitOf(child)).toBe(code);
    if (signal === 'SIGINT') expect(await said).toBe('catalogue: interrupted, nothing was imported.\n');
  }
  const { records } = JSON.parse((await reopened({ directory })).split('\n')[0] ?? '');
  expect(records).toBe(0);
});

test('a copy of the directory is the catalogue, and it can be told when it may be made', async () => {
  const copy = join(folder, 'copy');
  const open = await openTicking({ directory: embedded });
  const { exit, stderr } = await runCli(['dump', join(folder, 'x.jsonl'), '--db', embedded]);
  expect([exit, stderr]).toEqual([4, expect.stringContaining('is in use')]);
  await open.close();
  cpSync(embedded, copy, { recursive: true });
  expect(await reopened({ directory: copy })).toBe(dump);
});

test('pg_dump and pg_restore bring a catalogue back', async (ctx) => {
  const server: LocalPostgres | string = await startLocalPostgres();
  if (typeof server === 'string') return ctx.skip(server);
  try {
    server.run('createdb', ['--maintenance-db', server.url('postgres'), 'before']);
    server.run('createdb', ['--maintenance-db', server.url('postgres'), 'after']);
    const before = await filled({ url: server.url('before') });
    server.run('pg_dump', ['--format=custom', '--file=backup.dump', server.url('before')]);
    server.run('pg_restore', ['--no-owner', `--dbname=${server.url('after')}`, 'backup.dump']);
    expect(await reopened({ url: server.url('after') })).toBe(before);
    // It goes on where it was: what is new is stored beside what was restored.
    const catalogue = await openTicking({ url: server.url('after') });
    await fill(catalogue);
    await catalogue.close();
  } finally {
    server.stop();
  }
});
