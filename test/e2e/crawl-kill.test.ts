import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startManyServers } from '../support/many-servers.ts';
import { ROOT } from '../support/sources.ts';

const CATALOGUE = join(ROOT, 'dist/catalogue.cjs');
const SERVERS = 500;
const KILLED_AFTER = 150;

let fakes: Awaited<ReturnType<typeof startManyServers>>;
let list: string;
beforeAll(async () => {
  fakes = await startManyServers(['--delay', '5']);
  const { url } = fakes;
  list = join(mkdtempSync(join(tmpdir(), 'catalogue-kill-')), 'servers.txt');
  writeFileSync(list, Array.from({ length: SERVERS }, (_, server) => `${url}/${server}/mcp\n`).join(''));
});
afterAll(() => fakes.stop());

/** Crawls the list, and gives the servers whose outcome was acknowledged; killed after so many, if a number is given. */
async function crawl(db: string, killedAfter?: number): Promise<string[]> {
  const args = ['crawl', 'list', list, '--db', db, '--allow-private', '--events'];
  const child = spawn(process.execPath, [CATALOGUE, ...args, '--concurrency', '16', '--per-host', '16'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const outcomes: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as { event: string; id: string; status: string };
    if (event.event === 'outcome') outcomes.push(`${event.id} ${event.status}`);
    if (outcomes.length === killedAfter) child.kill('SIGKILL');
  }
  return outcomes;
}

test('a crawl that is killed goes on, and every server ends with one outcome', async () => {
  const db = mkdtempSync(join(tmpdir(), 'catalogue-kill-db-'));
  const before = await crawl(db, KILLED_AFTER);
  expect(before.length).toBeGreaterThanOrEqual(KILLED_AFTER);
  expect(before.length).toBeLessThan(SERVERS);

  const after = await crawl(db);
  const all = [...before, ...after];
  expect(new Set(all).size).toBe(all.length);
  expect(all.filter((outcome) => !outcome.endsWith(' complete'))).toEqual([]);
  // What was stored and not yet told when the process died is in neither run, and is not asked again.
  expect(all.length).toBeGreaterThan(SERVERS - 64);

  const { stdout } = spawnList(db);
  const { servers } = JSON.parse(await stdout) as { servers: { status: string; tools: number }[] };
  expect(servers).toHaveLength(SERVERS);
  expect(servers.every(({ status, tools }) => status === 'complete' && tools === 5)).toBe(true);
});

function spawnList(db: string): { stdout: Promise<string> } {
  const child = spawn(process.execPath, [CATALOGUE, 'list', '--db', db, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return {
    stdout: Array.fromAsync(child.stdout, (chunk) => String(chunk)).then((chunks) => chunks.join('')),
  };
}
