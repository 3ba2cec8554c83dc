import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startManyServers } from '../support/many-servers.ts';
import { createQueuePlace, type QueuePlace, queued } from '../support/queue.ts';
import { runCli } from '../support/run-cli.ts';
import { ROOT } from '../support/sources.ts';
import { endWorkers, startWorker, type WorkerProcess } from '../support/worker-process.ts';

/** Milliseconds before each answer of the slow servers; listing one takes three answers. */
const SLOW_MS = 100;

let quick: Awaited<ReturnType<typeof startManyServers>>;
let slow: Awaited<ReturnType<typeof startManyServers>>;
beforeAll(async () => {
  [quick, slow] = await Promise.all([startManyServers(), startManyServers(['--delay', String(SLOW_MS)])]);
});
afterAll(() => {
  quick.stop();
  slow.stop();
});

let place: QueuePlace;
let folder: string;
beforeEach(async () => {
  place = await createQueuePlace();
  folder = mkdtempSync(join(tmpdir(), 'catalogue-worker-'));
});
afterEach(async () => {
  endWorkers();
  await place.remove();
});

function list(lines: readonly string[], name = 'servers.txt'): string {
  const file = join(folder, name);
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
  return file;
}

async function catalogue(args: readonly string[], more: { cwd?: string; env?: Record<string, string> } = {}) {
  return runCli(args, { ...more, env: { DATABASE_URL: place.url, ...more.env } });
}

async function enqueue(lines: readonly string[], ...args: string[]): Promise<Record<string, unknown>> {
  const { stdout } = await catalogue(['crawl', 'list', list(lines), '--enqueue', '--json', ...args]);
  return JSON.parse(stdout);
}

async function status() {
  return JSON.parse((await catalogue(['queue', '--json'])).stdout);
}

/** Asks the queue until it is as it should be. */
async function until(is: (queue: Awaited<ReturnType<typeof status>>) => boolean): Promise<void> {
  while (!is(await status())) await sleep(50);
}

function outcomes(...workers: WorkerProcess[]) {
  return workers.flatMap(({ events }) => events.filter(({ event }) => event === 'outcome'));
}

async function drain(...args: string[]): Promise<WorkerProcess> {
  const worker = startWorker(place.url, ['--drain', ...args]);
  expect(await worker.ended).toMatchObject({ code: 0 });
  return worker;
}

describe('workers', () => {
  test('together ask no host for more than the limit at once', async () => {
    const byName = slow.url.replace('127.0.0.1', 'localhost');
    const hosts = [slow.url, byName].map((url) => new URL(url).host);
    const workers = [0, 1].map(() => startWorker(place.url, ['--per-host', '3', '--concurrency', '4']));
    await until((queue) => queue.workers.length === 2);
    await enqueue(Array.from({ length: 30 }, (_, n) => `${n % 2 ? slow.url : byName}/${n}/mcp`));
    await until(({ passes }) => passes[0].state === 'ended');
    for (const worker of workers) worker.kill('SIGTERM');
    await Promise.all(workers.map(({ ended }) => ended));
    expect(workers.map((worker) => outcomes(worker).length > 0)).toEqual([true, true]);
    expect(outcomes(...workers)).toHaveLength(30);
    const { most } = (await (await fetch(`${slow.url}/stats`)).json()) as { most: Record<string, number> };
    expect(hosts.map((host) => most[host])).toEqual([3, 3]);
  });

  test('try a failure that may pass again, later, and then it is the outcome', async () => {
    await enqueue([`${quick.url}/1/busy`, `${quick.url}/2/mcp`], '--attempts', '3');
    const worker = await drain();
    const retries = worker.events.filter(({ event }) => event === 'retry');
    expect(retries).toMatchObject([{ code: 'unreachable' }, { code: 'unreachable' }]);
    const [first = 0, second = 0] = retries.map(({ delayMs }) => Number(delayMs));
    expect(second).toBeGreaterThanOrEqual(first);
    expect(outcomes(worker)).toContainEqual(
      expect.objectContaining({ status: 'failed', code: 'unreachable', attempts: 3 }),
    );
    expect((await status()).passes).toMatchObject([
      { state: 'ended', done: 2, failed: 1, dead: 0, failures: [{ code: 'unreachable', servers: 1 }] },
    ]);
  });

  test('that are stopped let what is under way end', async () => {
    await enqueue(Array.from({ length: 20 }, (_, n) => `${slow.url}/${n}/mcp`));
    const worker = startWorker(place.url, ['--per-host', '4']);
    await until(({ passes }) => passes[0].active > 0);
    worker.kill('SIGTERM');
    expect(await worker.ended).toMatchObject({ code: 0 });
    const told = outcomes(worker).length;
    expect(told).toBeGreaterThan(0);
    expect(told).toBeLessThan(20);
    expect(worker.events.at(-1)).toMatchObject({ event: 'end', complete: told, givenBack: 0 });
    expect((await status()).passes).toMatchObject([{ waiting: 20 - told, active: 0, done: told }]);
  });

  test('give back what does not end within the grace, and it costs no attempt', async () => {
    const stuck = await startManyServers(['--delay', '60000']);
    await enqueue([1, 2, 3].map((n) => `${stuck.url}/${n}/mcp`));
    const worker = startWorker(place.url, ['--grace', '0.1']);
    await until(({ passes }) => passes[0].active === 2);
    worker.kill('SIGTERM');
    expect(await worker.ended).toMatchObject({ code: 0 });
    stuck.stop();
    expect(worker.events).toMatchObject([{ event: 'end', failed: 0, givenBack: 2 }]);
    const { servers } = await place.queue.claim(3, 3);
    expect(servers.map(({ attempt, claim }) => [attempt, claim.retryCount])).toEqual(Array(3).fill([1, 0]));
  });

  test('whose connections are lost again and again lose nothing and count nothing twice', async () => {
    const servers = 150;
    await enqueue(Array.from({ length: servers }, (_, n) => `${quick.url}/${n}/mcp`));
    const worker = startWorker(place.url, ['--drain', '--per-host', '8']);
    for (const reached of [10, 40, 80]) {
      await worker.until(() => outcomes(worker).length >= reached);
      await place.sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()
          and (application_name like 'catalogue worker%' or application_name = 'tool-risk-catalogue')`;
    }
    expect(await worker.ended).toMatchObject({ code: 0 });
    const told = outcomes(worker).map(({ id }) => id);
    expect(new Set(told).size).toBe(told.length);
    const [row] = await place.sql`select count(*)::int as scans from scans`;
    expect(row).toEqual({ scans: servers });
  });

  test('begin one pass when a schedule makes it due, and no other', async () => {
    const file = list([1, 2, 3].map((n) => `${quick.url}/${n}/mcp`));
    const { stderr } = await catalogue(['crawl', 'list', 'servers.txt', '--enqueue', '--every', '24h'], {
      cwd: folder,
    });
    expect(stderr).toContain(`${file} is read again by whichever worker`);
    await drain();
    await place.sql`update pgboss.job set start_after = now() where name = 'catalogue.schedules'`;
    const workers = [startWorker(place.url), startWorker(place.url)];
    await until(
      ({ passes }) =>
        passes.length === 2 && passes.every(({ state }: { state: string }) => state === 'ended'),
    );
    for (const worker of workers) worker.kill('SIGTERM');
    for (const worker of workers) expect(await worker.ended).toMatchObject({ code: 0 });
    expect(outcomes(...workers)).toHaveLength(3);
    const { passes, schedules } = await status();
    expect(passes).toMatchObject([{ done: 3 }, { done: 3 }]);
    expect(schedules).toMatchObject([{ source: 'list', reference: file, everySeconds: 86_400 }]);

    const ended = await catalogue(['queue', 'list', 'servers.txt', '--unschedule'], { cwd: folder });
    expect(ended).toMatchObject({ exit: 0, stderr: expect.stringContaining(file) });
    expect((await status()).schedules).toEqual([]);
  });

  test('a server that takes its worker down ends as a dead letter, and its pass ends', async () => {
    const killer = join(folder, 'killer.mjs');
    writeFileSync(killer, "process.kill(process.ppid, 'SIGKILL');");
    const pass = await place.catalogue.beginCrawl('list', 'x');
    const server = queued(pass.id, 'killer', { faultRetries: 0 });
    const transport = { kind: 'stdio' as const, command: process.execPath, args: [killer], envNames: [] };
    await place.queue.openPass({ crawl: pass.id, source: 'list', ref: 'x' });
    await place.queue.add([{ ...server, target: { ...server.target, transport } }]);
    await place.queue.sealPass({ crawl: pass.id, source: 'list', ref: 'x' });

    const killed = startWorker(place.url, ['--sandbox', 'none']);
    expect(await killed.ended).toMatchObject({ signal: 'SIGKILL' });
    await drain('--sandbox', 'none');
    expect(await status()).toMatchObject({
      passes: [{ state: 'ended', done: 0, dead: 1 }],
      deadLetters: {
        count: 1,
        newest: [{ server: 'killer', tries: 1, reason: expect.stringContaining('without a word') }],
      },
    });
    await catalogue(['queue', '--retry-dead']);
    expect(await status()).toMatchObject({ passes: [{ waiting: 1, dead: 0 }], deadLetters: { count: 0 } });
  });
});

describe('what is put into the queue', () => {
  test('is there once, also when it is put there twice', async () => {
    const lines = [1, 2, 3].map((n) => `${quick.url}/${n}/mcp`);
    expect(await enqueue(lines)).toMatchObject({ queued: 3, already: 0, before: 0 });
    expect(await enqueue([...lines, `${quick.url}/4/mcp`])).toMatchObject({ queued: 1, already: 3 });
    expect(outcomes(await drain())).toHaveLength(4);
    expect(await enqueue(lines)).toMatchObject({ queued: 3, already: 0, before: 0 });
    expect((await status()).passes).toMatchObject([{ waiting: 3 }, { state: 'ended', done: 4 }]);
  });

  test('is whole after the command was killed and repeated', async () => {
    const servers = 20_000;
    const file = list(Array.from({ length: servers }, (_, n) => `${quick.url}/${n}/mcp`));
    const command = ['crawl', 'list', file, '--enqueue', '--json'];
    const child = spawn(process.execPath, [join(ROOT, 'dist/catalogue.cjs'), ...command], {
      env: { ...process.env, DATABASE_URL: place.url },
      stdio: 'ignore',
    });
    const jobs = async () => {
      const [row] =
        await place.sql`select count(*)::int as jobs from pgboss.job where name = 'catalogue.servers'`;
      return row?.jobs;
    };
    while ((await jobs()) === 0) await sleep(5);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const before = await jobs();
    expect(before).toBeLessThan(servers);
    expect((await status()).passes).toMatchObject([{ state: 'filling', waiting: before }]);

    const summary = JSON.parse((await catalogue(command)).stdout);
    expect(summary).toMatchObject({ finished: true, queued: servers - before, already: before });
    expect((await status()).passes).toMatchObject([{ state: 'under way', waiting: servers }]);
  });

  test('holds no value of a secret: who needs one is told so', async () => {
    const secret = 'correct-horse-battery-staple';
    const program = join(ROOT, 'test/fixtures/servers/shows-environment.ts');
    const config = join(folder, 'mcp.json');
    const servers = {
      remote: { url: `${quick.url}/1/mcp`, headers: { 'X-Api-Key': secret } },
      address: { url: `${quick.url}/2/mcp?api_key=${secret}` },
      program: { command: process.execPath, args: [program], env: { SECRET_TOKEN: secret } },
      argument: { command: process.execPath, args: [program, '--token', secret] },
    };
    writeFileSync(config, JSON.stringify({ mcpServers: servers }));
    const { stdout } = await catalogue(['crawl', 'client-config', config, '--enqueue', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ queued: 1, known: 3 });
    const stored = await place.sql`
      select data::text as text from pgboss.job union all select body from texts`;
    expect(stored.length).toBeGreaterThanOrEqual(5);
    expect(stored.filter(({ text }) => text.includes(secret))).toEqual([]);

    const [event] = outcomes(await drain('--sandbox', 'none'));
    expect(event).toMatchObject({
      code: 'needs-configuration',
      message: expect.stringContaining('SECRET_TOKEN'),
    });
    const report = await catalogue(['report']);
    expect(report.stdout).toMatch(/4 +failed +needs-configuration at resolve/);
  });

  test('is run with the variables that the worker was told to pass on', async () => {
    const program = join(ROOT, 'test/fixtures/servers/shows-environment.ts');
    const target = {
      id: 'program',
      label: 'program',
      transport: { kind: 'stdio', command: process.execPath, args: [program], envNames: ['MODE'] },
      origin: { source: 'list', ref: 'program' },
    };
    await enqueue([JSON.stringify({ target })]);
    const worker = startWorker(place.url, ['--drain', '--sandbox', 'none', '--env', 'MODE'], {
      MODE: 'quiet',
    });
    expect(await worker.ended).toMatchObject({ code: 0 });
    expect(outcomes(worker)).toMatchObject([{ status: 'complete' }]);
    const [row] = await place.sql`select wire from tool_versions where name = 'names'`;
    expect(row?.wire).toContain('MODE');
  });
});
