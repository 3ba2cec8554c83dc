import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { beginCrawl, endCrawl, saveSourceState } from '../../catalogue/crawls.ts';
import { refreshSearch } from '../../catalogue/current-tools.ts';
import { type Database, openDatabase } from '../../catalogue/database.ts';
import { dumpCatalogue } from '../../catalogue/dump.ts';
import { readHistory, serverWith } from '../../catalogue/history.ts';
import { pruneCatalogue } from '../../catalogue/prune.ts';
import { reviewCache } from '../../catalogue/reviews.ts';
import { saveOrigin, saveScans } from '../../catalogue/save.ts';
import * as schema from '../../catalogue/schema.ts';
import { readView } from '../../catalogue/view.ts';
import { runCli } from '../support/run-cli.ts';
import { failedScanOf, scanOf } from '../support/scans.ts';
import { ROOT } from '../support/sources.ts';

const PAGE = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');
const now = () => new Date('2026-01-02T03:04:05Z');
const TOOL = { name: 'read_note', description: 'Reads a note.', inputSchema: { type: 'object' } };
const OTHER = { name: 'delete_note', description: 'Deletes a note.', inputSchema: { type: 'object' } };
const REFUSED = { code: '42501' };

/** Of this process alone: roles are known to the whole server. */
const OWN = `roles_${process.pid}`;

/** The SQL of the page, each block as its statements, with names of our own for the roles and the database. */
function sqlBlocks(): string[][] {
  return [...PAGE.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, block = '']) =>
    block
      .replaceAll(/\bcatalogue_(\w+)/g, `${OWN}_$1`)
      .replaceAll('database catalogue', `database ${OWN}`)
      .split(/;\n/)
      .filter((statement) => statement.trim() !== ''),
  );
}

type Role = 'owner' | 'crawler' | 'reader' | 'gateway';

function urlOf(role: Role): string {
  const [, password = ''] =
    new RegExp(`create role catalogue_${role} login password '([^']+)'`).exec(PAGE) ?? [];
  const url = new URL(inject('postgresUrl'));
  url.username = `${OWN}_${role}`;
  url.password = password;
  url.pathname = `/${OWN}`;
  return url.href;
}

const clients = new Map<Role, postgres.Sql>();
const as = (role: Role): postgres.Sql => {
  const client = clients.get(role) ?? postgres(urlOf(role), { max: 2, onnotice: () => {} });
  clients.set(role, client);
  return client;
};
const dbAs = (role: Role): Database => drizzle(as(role), { schema, casing: 'snake_case' });

let admin: postgres.Sql;
beforeAll(async () => {
  admin = postgres(inject('postgresUrl'), { max: 1, onnotice: () => {} });
  const [first = [], ...rest] = sqlBlocks();
  for (const statement of first) await admin.unsafe(statement);
  const { db, close } = await openDatabase({ url: urlOf('owner') }, now);
  await saveScans(db, [scanOf('notes', [TOOL])], { judgedAt: now() });
  await close();
  for (const statement of rest.flat()) await as('owner').unsafe(statement);
});
afterAll(async () => {
  for (const client of clients.values()) await client.end();
  await admin.unsafe(`drop database ${OWN} with (force)`);
  for (const role of ['owner', 'crawler', 'reader', 'gateway'])
    await admin.unsafe(`drop role ${OWN}_${role}`);
  await admin.end();
});

describe('the role that reads', () => {
  test('sees what the site and the commands show', async () => {
    const db = dbAs('reader');
    const view = await readView(db, '1.0.0');
    expect(view.servers.map(({ slug, tools }) => [slug, tools.length])).toEqual([['notes', 1]]);
    const told = await readHistory(db, await serverWith(db, 'notes'), { limit: 10 }, (_, verdict) => verdict);
    expect(told.lists).toBe(1);
    const dumped = await dumpCatalogue(db, async ({ chunks }) => {
      const texts: string[] = [];
      for await (const chunk of chunks(() => {})) texts.push(chunk);
      return texts.join('');
    });
    expect(dumped).toContain('read_note');
  });

  test('sees tables that a later version adds', async () => {
    await as('owner').unsafe('create table added_later (n int)');
    expect(await as('reader').unsafe('select * from added_later')).toEqual([]);
    await as('owner').unsafe('drop table added_later');
  });

  test.each([
    ['insert into crawls (source, ref, started_at) values (1, 1, now())'],
    ["insert into texts values ('h', 'b')"],
    ["update servers set label = ''"],
    ['delete from scans'],
    ['delete from search_backlog'],
    ['truncate search_words'],
    ['create table mine (n int)'],
    ['create temporary table mine (n int)'],
    ['create schema mine'],
    ['drop table scans'],
    ['do $$ begin lock table servers in exclusive mode; end $$'],
    ['select * from gateway_approvals'],
    ['select * from gateway_steps'],
    ['delete from drizzle.__drizzle_migrations'],
  ])('may not: %s', async (statement) => {
    await expect(as('reader').unsafe(statement)).rejects.toMatchObject(REFUSED);
  });

  test('is told so by the doctor, which finds nothing wrong with it', async () => {
    const { exit, stdout } = await runCli(['doctor', '--json'], { env: { DATABASE_URL: urlOf('reader') } });
    const { checks } = JSON.parse(stdout);
    expect(checks.find(({ id }: { id: string }) => id === 'rights')).toMatchObject({
      health: 'ok',
      values: { mayRead: true, mayWrite: false, mayMigrate: false },
    });
    expect(exit).toBe(0);
  });

  test('with a sight of the gateway, is warned by the doctor', async () => {
    await as('owner').unsafe(`grant select on gateway_approvals to ${OWN}_reader`);
    const { stdout } = await runCli(['doctor'], { env: { DATABASE_URL: urlOf('reader') } });
    expect(stdout).toMatch(/warning {2}rights/);
    await as('owner').unsafe(`revoke all on gateway_approvals from ${OWN}_reader`);
  });

  test.each([
    [['list']],
    [['show', 'notes']],
    [['report']],
    [['export', 'notes', '--target', 'policy-json']],
    [['search', 'note']],
    [['history', 'notes']],
    [['diff', 'notes']],
    [['dump']],
    [['build', '--out', join(mkdtempSync(join(tmpdir(), 'catalogue-roles-')), 'site')]],
  ])('is enough for: catalogue %s', async (args) => {
    const { exit, stderr } = await runCli(args, { env: { DATABASE_URL: urlOf('reader') } });
    expect(exit, stderr).toBe(0);
  });
});

describe('the role that crawls', () => {
  test('stores scans, passes, states and answers', async () => {
    const db = dbAs('crawler');
    const pass = await beginCrawl(db, 'list', 'servers.txt', now());
    const scans = [
      scanOf('notes', [TOOL, OTHER], '2026-02-01T00:00:00Z'),
      scanOf('new', [OTHER]),
      failedScanOf('down'),
    ];
    await saveScans(db, scans, { judgedAt: now(), crawlId: pass.id });
    await saveOrigin(db, scanOf('new', []).crawl.target, now().toISOString());
    await refreshSearch(db);
    await saveSourceState(db, 'list', 'servers.txt', { n: 1 }, now());
    await endCrawl(db, pass.id, now());
    const answer = {
      category: 'Read',
      destructive: false,
      financial: false,
      rationale: 'It reads.',
      evidence: { pointer: '/name', quote: 'read_note' },
    };
    await reviewCache(db, 'model', '1', now).put('hash', answer as never, {
      promptTokens: 1,
      completionTokens: 1,
    });
    const { servers } = await readView(db, '1.0.0', 'notes');
    expect(servers[0]?.tools).toHaveLength(2);
  });

  test.each([
    ['delete from scans'],
    ["update scans set status = 'failed'"],
    ["update servers set slug = 'mine'"],
    ["update classifications set risk = 'low'"],
    ["update tool_versions set wire = '{}'"],
    ['delete from reviews'],
    ['delete from crawl_ends'],
    ['truncate texts cascade'],
    ['alter table scans add column mine int'],
    ['create table mine (n int)'],
    ['drop table search_words'],
    ['select * from gateway_approvals'],
  ])('may not: %s', async (statement) => {
    await expect(as('crawler').unsafe(statement)).rejects.toMatchObject(REFUSED);
  });

  test('may not prune, which the owner may', async () => {
    const options = { before: now(), dryRun: false, vacuum: false, signal: new AbortController().signal };
    await expect(pruneCatalogue(dbAs('crawler'), options)).rejects.toMatchObject({ cause: REFUSED });
    expect(await pruneCatalogue(dbAs('owner'), options)).toMatchObject({ finished: true, textsLeft: false });
  });
});

describe('the role of gateways', () => {
  test('has the two tables of the gateways', async () => {
    const gateway = as('gateway');
    await gateway.unsafe("insert into gateway_steps values ('c', 1, 1, 1)");
    await gateway.unsafe('update gateway_steps set amount = 2');
    await gateway.unsafe('delete from gateway_steps');
    expect(await gateway.unsafe('select * from gateway_approvals')).toEqual([]);
  });

  test.each([['select * from scans'], ['select * from servers'], ['insert into servers default values']])(
    'may not: %s',
    async (statement) => {
      await expect(as('gateway').unsafe(statement)).rejects.toMatchObject(REFUSED);
    },
  );
});
