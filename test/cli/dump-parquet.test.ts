import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Catalogue } from '../../catalogue/catalogue.ts';
import type { ServerView } from '../../catalogue/contract.ts';
import { PARQUET_COLUMNS, parquetOf } from '../../catalogue/parquet.ts';
import { fill, openTicking } from '../support/dumps.ts';
import { createPostgresDatabase } from '../support/engines.ts';
import { runCli } from '../support/run-cli.ts';
import { ROOT } from '../support/sources.ts';

type Place = Awaited<ReturnType<typeof createPostgresDatabase>>;

let cwd: string;
let place: Place;
let catalogue: Catalogue;
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'catalogue-parquet-'));
  place = await createPostgresDatabase();
  catalogue = await openTicking(place.location);
  await fill(catalogue);
});
afterAll(async () => {
  await catalogue.close();
  await place.remove();
  rmSync(cwd, { recursive: true, force: true });
});

async function rowsOfFile(file: string) {
  return parquetReadObjects({ file: await asyncBufferFromFile(join(cwd, file)) });
}

describe('catalogue dump as Parquet', () => {
  test('has a row for each tool that is listed now, with its newest verdict', async () => {
    const { exit, stderr } = await runCli(['dump', 'tools.parquet'], {
      cwd,
      env: { DATABASE_URL: place.location.url },
    });
    const { servers } = await catalogue.view();
    const tools = servers.flatMap((server) => server.tools.map((tool) => ({ server, tool })));
    expect([exit, stderr]).toEqual([0, `Wrote tools.parquet: ${tools.length} tools.\n`]);
    const rows = await rowsOfFile('tools.parquet');
    expect(rows.map(({ server, tool, hash, description }) => [server, tool, hash, description])).toEqual(
      tools.map(({ server, tool: { definition } }) => [
        server.slug,
        definition.name.toWellFormed(),
        definition.hash,
        definition.description?.toWellFormed() ?? null,
      ]),
    );
    expect(rows.find(({ server }) => server === 'judged-again')).toEqual({
      server: 'judged-again',
      server_id: 'npm:judged-again',
      tool: 'thing',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      category: 'Execute',
      risk: 'low',
      confidence: expect.any(String),
      destructive: false,
      financial: false,
      signals: expect.any(String),
      description: null,
      parameters: 0,
      reviewer: 'rules',
      classifier_version: '1.0.0',
      first_seen: new Date('2026-01-06T00:00:00.000Z'),
      last_seen: new Date('2026-01-07T00:00:00.000Z'),
    });
  });

  test('an empty catalogue gives a file with columns and no rows', async () => {
    const empty = await createPostgresDatabase();
    const { exit } = await runCli(['dump', 'none', '--format', 'parquet'], {
      cwd,
      env: { DATABASE_URL: empty.location.url },
    });
    await empty.remove();
    expect(exit).toBe(0);
    expect(await rowsOfFile('none')).toEqual([]);
    const { schema } = await parquetMetadataAsync(await asyncBufferFromFile(join(cwd, 'none')));
    expect(schema.slice(1).map(({ name }) => name)).toEqual(PARQUET_COLUMNS.map(({ name }) => name));
  });

  test('many tools are written a group at a time, and all of them arrive', async () => {
    const [server] = (await catalogue.view('hostile')).servers;
    const [tool] = server?.tools ?? [];
    if (server === undefined || tool === undefined) throw new Error('the server has no tools');
    const many = async function* (): AsyncGenerator<ServerView> {
      for (let n = 0; n < 130; n++) yield { ...server, slug: `server-${n}`, tools: Array(100).fill(tool) };
    };
    const pieces = await Array.fromAsync(parquetOf(many(), () => {}));
    expect(pieces.length).toBeGreaterThan(2);
    const bytes = new Uint8Array(Buffer.concat(pieces));
    const rows = await parquetReadObjects({ file: bytes.buffer, columns: ['server'] });
    expect(rows).toHaveLength(13_000);
    expect(rows.at(-1)).toEqual({ server: 'server-129' });
  });

  test('docs/dump.md has every column, with its type', () => {
    const text = readFileSync(join(ROOT, 'docs/dump.md'), 'utf8');
    const rows = PARQUET_COLUMNS.map(
      ({ name, type, meaning }) => `| \`${name}\` | ${type.toLowerCase()} | ${meaning} |\n`,
    );
    expect(text).toContain(rows.join(''));
  });
});
