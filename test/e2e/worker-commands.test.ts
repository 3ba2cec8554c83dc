import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setSchedule } from '../../catalogue/queue-schedule.ts';
import { createPostgresDatabase } from '../support/engines.ts';
import { createQueuePlace, type QueuePlace, queued } from '../support/queue.ts';
import { runCli } from '../support/run-cli.ts';
import { failedScanOf, scanOf } from '../support/scans.ts';
import { ROOT } from '../support/sources.ts';

const validate = new Ajv2020().compile(
  JSON.parse(readFileSync(join(ROOT, 'docs/schemas/queue.schema.json'), 'utf8')),
);

/** Moves the cursor, hides, turns the text round and ends the line. */
const HOSTILE = 'evil\u001b[2J\u202e\0\r\nname';

describe('an embedded catalogue has no queue', () => {
  test.each([
    ['enqueuing', ['crawl', 'list', 'x.txt', '--enqueue']],
    ['a worker', ['worker']],
    ['the queue', ['queue']],
    ['a schedule', ['queue', 'list', 'x.txt', '--unschedule']],
  ])('and %s says so', async (_, args) => {
    for (const more of [[], ['--db', join(tmpdir(), 'no-such-catalogue')]]) {
      const { exit, stderr, stdout } = await runCli([...args, ...more]);
      expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
      expect(stderr).toContain('Set DATABASE_URL');
    }
  });
});

describe('refused is', () => {
  test.each([
    ['an interval without the queue', ['crawl', 'list', 'x', '--every', '24h'], '--enqueue'],
    ['an interval that is none', ['crawl', 'list', 'x', '--enqueue', '--every', 'daily'], '24h'],
    ['an interval of seconds', ['crawl', 'list', 'x', '--enqueue', '--every', '30s'], 'a minute'],
    ['no interval at all', ['crawl', 'list', 'x', '--enqueue', '--every', '0m'], 'a minute'],
    ['a source that nobody asks for', ['queue', 'list'], '--unschedule'],
    ['to end the schedule of nothing', ['queue', '--unschedule'], '--unschedule'],
    ['a grace that is none', ['worker', '--grace', 'soon'], '--grace'],
    ['a number that is none', ['worker', '--concurrency', '0'], '--concurrency'],
    ['a variable that is not set', ['worker', '--env', 'NOT_SET'], 'NOT_SET'],
  ])('%s', async (_, args, reason) => {
    const { exit, stderr } = await runCli(args, { env: { DATABASE_URL: 'postgres://127.0.0.1:1/x' } });
    expect(exit).toBe(2);
    expect(stderr).toContain(reason);
  });

  test('a database that cannot be reached, in one line', async () => {
    const env = { DATABASE_URL: 'postgres://user:secret@127.0.0.1:1/x' };
    for (const args of [['queue'], ['worker'], ['crawl', 'mcp-registry', '--enqueue']]) {
      const { exit, stderr } = await runCli(args, { env });
      expect(exit).toBe(4);
      expect(stderr).not.toContain('secret');
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
  });
});

describe('catalogue queue', () => {
  let place: QueuePlace;
  beforeAll(async () => {
    place = await createQueuePlace();
    const { queue, catalogue } = place;
    const ref = HOSTILE.replace('\0', '');
    const { id: crawl } = await catalogue.beginCrawl('list', ref);
    const pass = { crawl, source: 'list', ref };
    await queue.openPass(pass);
    await queue.add(['a', 'b', 'c', 'd', HOSTILE].map((id) => queued(crawl, id, { faultRetries: 0 })));
    await queue.sealPass(pass);
    const { servers } = await queue.claim(5, 5);
    for (const server of servers) {
      const { claim, target } = server;
      if (target.id === HOSTILE) await queue.fault(claim, `It is to blame: ${HOSTILE}`);
      if (target.id === 'a') await queue.done([claim]);
      if (target.id === 'b') await queue.tryLater(server, 60_000);
      if (target.id === 'c') await queue.giveBack([server]);
    }
    await catalogue.saveInCrawl([scanOf('a', []), failedScanOf('e'), failedScanOf('f')], crawl);
    const everyMs = 86_400_000;
    await setSchedule(queue, { source: 'list', ref, everyMs, attempts: 3, envNames: [], faults: 0 });
  });
  afterAll(() => place.remove());

  async function show(...args: string[]) {
    return runCli(['queue', ...args], { env: { DATABASE_URL: place.url }, isTerminal: true });
  }

  test('says how far each pass is, what failed, what is dead and what is due', async () => {
    const { exit, stdout } = await show('--json');
    const queue = JSON.parse(stdout);
    expect(exit).toBe(0);
    expect(validate(queue), JSON.stringify(validate.errors)).toBe(true);
    const counts = { waiting: 2, waitingForRetry: 1, active: 1, done: 3, failed: 2, dead: 1 };
    expect(queue.passes).toMatchObject([
      { source: 'list', state: 'under way', ...counts, failures: [{ code: 'timeout', servers: 2 }] },
    ]);
    expect(queue.passes[0].perMinute).toBeGreaterThan(0);
    expect(queue.passes[0].secondsLeft).toBeGreaterThan(0);
    expect(queue).toMatchObject({
      workers: [],
      schedules: [{ source: 'list', everySeconds: 86_400 }],
      deadLetters: { count: 1, newest: [{ server: HOSTILE, tries: 1 }] },
    });
  });

  test.each([[[]], [['--json']]])('shows nothing that a stranger could act by: %j', async (args) => {
    const { stdout } = await show(...args);
    expect(stdout).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
  });

  test('is read by a person', async () => {
    const { stdout } = await show();
    expect(stdout).toContain('No worker is alive.');
    expect(stdout).toMatch(/Failed in pass \d+: 2 timeout; 1 waits for another attempt/);
    expect(stdout).toMatch(/every 24 h, next in \d\d h/);
    expect(stdout).toContain('1 dead letter; `catalogue queue --retry-dead` puts them back');
    expect(stdout).toContain('It is to blame');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('says that nothing is in it where nothing was ever put, and makes nothing', async () => {
    const { location, remove } = await createPostgresDatabase();
    const env = { DATABASE_URL: location.url };
    expect((await runCli(['queue'], { env })).stdout).toContain('Nothing is in the queue.');
    const queue = JSON.parse((await runCli(['queue', '--json'], { env })).stdout);
    expect(validate(queue)).toBe(true);
    await remove();
  });
});
