import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPostgresDatabase } from '../support/engines.ts';
import { startManyServers } from '../support/many-servers.ts';
import { runCli } from '../support/run-cli.ts';
import { endWorkers, startWorker, type WorkerProcess } from '../support/worker-process.ts';

const SERVERS = 2_000;
const KILLED_AFTER = 200;
const STOPPED_AFTER = 300;

let fakes: Awaited<ReturnType<typeof startManyServers>>;
let place: Awaited<ReturnType<typeof createPostgresDatabase>>;
beforeAll(async () => {
  [fakes, place] = await Promise.all([startManyServers(['--delay', '3']), createPostgresDatabase()]);
});
afterAll(async () => {
  endWorkers();
  fakes.stop();
  await place.remove();
});

function outcomes({ events }: WorkerProcess): string[] {
  return events.filter(({ event }) => event === 'outcome').map(({ id, status }) => `${id} ${status}`);
}

/** Settles when the worker has told so many outcomes. */
function told(worker: WorkerProcess, many: number): Promise<void> {
  return worker.until(() => outcomes(worker).length >= many);
}

test('three workers share a pass, one is killed and one is stopped: every server has one outcome', async () => {
  const { url } = place.location;
  const list = join(mkdtempSync(join(tmpdir(), 'catalogue-workers-')), 'servers.txt');
  const lines = Array.from({ length: SERVERS }, (_, server) => `${fakes.url}/${server}/mcp\n`);
  writeFileSync(list, lines.join(''));
  const env = { DATABASE_URL: url };
  const enqueued = await runCli(['crawl', 'list', list, '--enqueue', '--allow-private', '--json'], { env });
  expect(JSON.parse(enqueued.stdout)).toMatchObject({ finished: true, queued: SERVERS });

  const args = ['--per-host', '24'];
  const killed = startWorker(url, args);
  const stopped = startWorker(url, args);
  const last = startWorker(url, [...args, '--drain']);
  await told(killed, KILLED_AFTER);
  killed.kill('SIGKILL');
  await told(stopped, STOPPED_AFTER);
  stopped.kill('SIGTERM');

  expect(await killed.ended).toMatchObject({ signal: 'SIGKILL' });
  expect(await stopped.ended).toMatchObject({ code: 0, stderr: '' });
  expect(outcomes(stopped).length).toBeLessThan(SERVERS / 2);
  expect(await last.ended).toMatchObject({ code: 0 });

  const all = [killed, stopped, last].flatMap(outcomes);
  expect(new Set(all).size).toBe(all.length);
  expect(all.filter((outcome) => !outcome.endsWith(' complete'))).toEqual([]);
  // What was stored and not yet told when the process died is in none of them.
  expect(all.length).toBeGreaterThan(SERVERS - 2 * 8);

  const sql = postgres(url, { max: 1 });
  const [row] = await sql`
    select count(*)::int as scans, count(distinct server_id)::int as servers, min(tool_count) as least,
      (select count(*)::int from crawls) as passes, (select count(*)::int from crawl_ends) as ended
    from scans where status = 'complete'`;
  await sql.end();
  expect(row).toEqual({ scans: SERVERS, servers: SERVERS, least: 5, passes: 1, ended: 1 });

  const { stdout } = await runCli(['queue', '--json'], { env });
  expect(JSON.parse(stdout)).toMatchObject({
    passes: [{ state: 'ended', waiting: 0, active: 0, done: SERVERS, failed: 0, dead: 0 }],
    workers: [],
    deadLetters: { count: 0 },
  });
});
