import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import postgres from 'postgres';
import { expect, test } from 'vitest';
import { createPostgresDatabase } from '../support/engines.ts';
import { startManyServers } from '../support/many-servers.ts';
import { ROOT } from '../support/sources.ts';

const CATALOGUE = join(ROOT, 'dist/catalogue.cjs');
const SERVERS = 300;

test('a crawl whose connections are lost in the middle goes on, and loses and doubles nothing', async () => {
  const place = await createPostgresDatabase();
  const fakes = await startManyServers(['--delay', '5']);
  const folder = mkdtempSync(join(tmpdir(), 'catalogue-lost-'));
  const sql = postgres(place.location.url, { max: 1, onnotice: () => {} });
  try {
    const list = join(folder, 'servers.txt');
    const addresses = Array.from({ length: SERVERS }, (_, server) => `${fakes.url}/${server}/mcp\n`);
    writeFileSync(list, addresses.join(''));
    const args = [
      'crawl',
      'list',
      list,
      '--allow-private',
      '--events',
      '--concurrency',
      '16',
      '--per-host',
      '16',
    ];
    const child = spawn(process.execPath, [CATALOGUE, ...args], {
      env: { ...process.env, DATABASE_URL: place.location.url },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    const acknowledged: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      const { event, id } = JSON.parse(line) as { event: string; id: string };
      if (event !== 'outcome') continue;
      acknowledged.push(id);
      if (acknowledged.length % 70 !== 0) continue;
      await sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`;
    }
    expect(await ended).toEqual([0, null]);
    expect(new Set(acknowledged).size).toBe(SERVERS);
    const [row] = await sql`
      select count(*)::int as scans, count(distinct server_id)::int as servers, min(l.tool_count) as tools
      from scans s join listings l on l.id = s.listing_id`;
    expect(row).toEqual({ scans: SERVERS, servers: SERVERS, tools: 5 });
  } finally {
    await sql.end();
    fakes.stop();
    await place.remove();
    rmSync(folder, { recursive: true, force: true });
  }
});
