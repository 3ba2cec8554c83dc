import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPostgresDatabase } from '../support/engines.ts';
import { startManyServers } from '../support/many-servers.ts';
import { runCli } from '../support/run-cli.ts';
import { endWorkers, startWorker, type WorkerProcess } from '../support/worker-process.ts';

const SERVERS = 2_000;
const KILLED_AFTER = 100;
const STOPPED_AFTER = 200;

/** A dead worker is missed after ten seconds, and a busy machine takes a while for 2,000 servers. */
const TIMEOUT_MS = 180_000;

let fakes: Awaited<ReturnType<typeof startManyServers>>;
let place: Awaited<ReturnType<typeof createPostgresDatabase>>;
beforeAll(async () => {
  [fakes, place] = await Promise.all([startManyServers(['--delay', '20']), createPostgresDatabase()]);
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

test(
  'three workers share a pass, one is killed and one is stopped: every server has one outcome',
  async () => {
    const { url } = place.location;
    const list = join(mkdtempSync(join(tmpdir(), 'catalogue-workers-')), 'servers.txt');
    const lines = Array.from({ length: SERVERS }, (_, server) => `${fakes.url}/${server}/mcp\n`);
    writeFileSync(list, lines.join(''));
    const env = { DATABASE_URL: url };
    const args = ['--per-host', '24'];
    const killed = startWorker(url, args);
    const stopped = startWorker(url, args);
    // Both are there before there is anything to do, so that each gets its share of it.
    const queue = async () => JSON.parse((await runCli(['queue', '--json'], { env })).stdout);
    while ((await queue()).workers.length < 2) await sleep(100);
    const enqueued = await runCli(['crawl', 'list', list, '--enqueue', '--json'], { env });
    expect(JSON.parse(enqueued.stdout)).toMatchObject({ finished: true, queued: SERVERS });
    const last = startWorker(url, [...args, '--drain']);
    await told(killed, KILLED_AFTER);
    killed.kill('SIGKILL');
    await told(stopped, STOPPED_AFTER);
    stopped.kill('SIGTERM');

    expect(await killed.ended).toMatchObject({ signal: 'SIGKILL' });
    expect(await stopped.ended).toMatchObject({ code: 0, stderr: '' });
    expect(await last.ended).toMatchObject({ code: 0 });

    const all = [killed, stopped, last].flatMap(outcomes);
    expect(new Set(all).size).toBe(all.length);
    expect(all.filter((outcome) => !outcome.endsWith(' complete'))).toEqual([]);
    // What was stored and not yet told when the process died is in none of them.
    expect(all.length).toBeGreaterThan(SERVERS - 2 * 8);

    const sql = postgres(url, { max: 1 });
    const [left] = await sql`
    select count(*)::int as many from pgboss.job where name = 'catalogue.servers' and retry_count > 0`;
    expect(left?.many).toBeGreaterThan(0);
    const [row] = await sql`
    select count(*)::int as scans, count(distinct server_id)::int as servers, min(l.tool_count) as least,
      (select count(*)::int from crawls) as passes, (select count(*)::int from crawl_ends) as ended
    from scans s join listings l on l.id = s.listing_id where s.status = 'complete'`;
    await sql.end();
    expect(row).toEqual({ scans: SERVERS, servers: SERVERS, least: 5, passes: 1, ended: 1 });

    expect(await queue()).toMatchObject({
      passes: [{ state: 'ended', waiting: 0, active: 0, done: SERVERS, failed: 0, dead: 0 }],
      workers: [],
      deadLetters: { count: 0 },
    });
  },
  TIMEOUT_MS,
);
