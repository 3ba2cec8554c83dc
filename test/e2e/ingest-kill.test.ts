import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { openCatalogue } from '../../catalogue/catalogue.ts';
import { type DatabaseLocation, openDatabase, rowsOf } from '../../catalogue/database.ts';
import { ENGINES } from '../support/engines.ts';

const INGEST = join(import.meta.dirname, '..', 'fixtures', 'ingest.ts');
const ROUNDS = 20;
const TOOLS = 12;
const now = () => new Date('2026-01-01T00:00:00Z');

/** Lets a process store scans and kills it in the middle, and gives the servers that it said were stored. */
async function killedIngest(location: DatabaseLocation, round: number): Promise<string[]> {
  const child = spawn(process.execPath, [INGEST, JSON.stringify(location), String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const killedAfter = 1 + ((round * 37) % 150);
  const acknowledged: string[] = [];
  for await (const slug of createInterface({ input: child.stdout })) {
    acknowledged.push(slug);
    // Some milliseconds later, so that it is now between two statements and now in the midst of one.
    if (acknowledged.length === killedAfter) void sleep((round * 7) % 23).then(() => child.kill('SIGKILL'));
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  return acknowledged;
}

/** Scans of which a part is missing: a tool of the list, a definition or a verdict. */
async function partialScans(location: DatabaseLocation): Promise<unknown[]> {
  const { db, close } = await openDatabase(location, now);
  const rows = await rowsOf(
    db,
    sql`
    select s.id, l.tool_count, count(v.hash) as defined, count(c.tool_hash) as judged
    from scans s
    left join listings l on l.id = s.listing_id
    left join listing_tools g on g.listing_id = l.id
    left join tool_versions v on v.hash = g.tool_hash
    left join classifications c on c.tool_hash = g.tool_hash
    group by s.id, l.tool_count
    having l.tool_count is distinct from ${TOOLS} or count(v.hash) <> ${TOOLS} or count(c.tool_hash) <> ${TOOLS}`,
  );
  await close();
  return rows;
}

test.each(ENGINES)(
  `what is acknowledged outlives ${ROUNDS} kills on $engine, and nothing is there in part`,
  async ({ create }) => {
    const place = await create();
    try {
      const acknowledged: string[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        acknowledged.push(...(await killedIngest(place.location, round)));
      }
      expect(acknowledged.length).toBeGreaterThan(ROUNDS);
      expect(await partialScans(place.location)).toEqual([]);

      const catalogue = await openCatalogue({ location: place.location, classifierVersion: '1.0.0', now });
      const { servers } = await catalogue.view();
      await catalogue.close();
      const stored = new Map(servers.map(({ slug, tools }) => [slug, tools.length]));
      expect(acknowledged.filter((slug) => stored.get(slug) !== TOOLS)).toEqual([]);
    } finally {
      await place.remove();
    }
  },
  240_000,
);
