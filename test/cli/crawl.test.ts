import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startManyServers } from '../support/many-servers.ts';
import { runCli } from '../support/run-cli.ts';
import { ROOT } from '../support/sources.ts';

const template = mkdtempSync(join(tmpdir(), 'catalogue-template-'));

let fakes: Awaited<ReturnType<typeof startManyServers>>;
let url: string;
beforeAll(async () => {
  fakes = await startManyServers();
  url = fakes.url;
  await runCli(['list', '--db', template]);
});
afterAll(() => fakes.stop());

let folder: string;
let db: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'catalogue-crawl-test-'));
  cpSync(template, join(folder, 'db'), { recursive: true });
  db = ['--db', join(folder, 'db')];
});

/** A file for the `list` source. */
function list(name: string, lines: readonly string[]): string {
  const file = join(folder, name);
  writeFileSync(file, lines.join('\n'));
  return file;
}

async function servers(): Promise<Record<string, unknown>[]> {
  return JSON.parse((await runCli(['list', '--json', ...db])).stdout).servers;
}

describe('catalogue crawl', () => {
  test('scans what a source names, and says what came of it', async () => {
    const file = list('servers.txt', [
      `${url}/1/mcp`,
      '# a remark',
      'nonsense',
      `${url}/2/mcp`,
      'http://127.0.0.1:1/mcp',
    ]);
    const { exit, stdout, stderr } = await runCli([
      'crawl',
      'list',
      file,
      '--allow-private',
      '--json',
      ...db,
    ]);
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      finished: true,
      complete: 2,
      failed: 1,
      tools: 10,
      failures: [{ code: 'unreachable', servers: 1 }],
    });
    expect(stderr).toContain('nonsense');
    const counts = (await servers()).map(({ tools }) => String(tools));
    expect(counts.toSorted()).toEqual(['5', '5', 'null']);
    const report = await runCli(['report', ...db]);
    expect(report.stdout).toMatch(/2 +complete/);
    expect(report.stdout).toMatch(/1 +failed +unreachable at initialize/);
  });

  test('goes to no private address unless that is allowed', async () => {
    const { stdout } = await runCli([
      'crawl',
      'list',
      list('private.txt', [`${url}/1/mcp`]),
      '--json',
      ...db,
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ complete: 0, failures: [{ code: 'blocked', servers: 1 }] });
  });

  test('runs no program on the bare machine unless that is written out', async () => {
    const program = join(ROOT, 'test/fixtures/servers/noise.ts');
    const file = list('programs.txt', [`-- ${process.execPath} ${program}`]);
    // Without a PATH there is no sandbox to be found.
    const bare = { env: { PATH: '' } };
    const refused = JSON.parse((await runCli(['crawl', 'list', file, '--json', ...db], bare)).stdout);
    expect(refused).toMatchObject({ complete: 0, failures: [{ code: 'blocked', servers: 1 }] });
    const run = await runCli(['crawl', 'list', file, '--sandbox', 'none', '--json', ...db], bare);
    expect(JSON.parse(run.stdout)).toMatchObject({ complete: 1, failed: 0 });
  });

  test('prints one line for each outcome as it comes, and one at the end', async () => {
    const file = list('events.txt', [`${url}/1/mcp`, `${url}/2/mcp`]);
    const { stdout } = await runCli(['crawl', 'list', file, '--allow-private', '--events', ...db]);
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ event }) => event)).toEqual(['outcome', 'outcome', 'end']);
    expect(events[0]).toMatchObject({ status: 'complete', tools: 5, attempts: 1 });
  });

  test('the same server from two sources is one server with two origins', async () => {
    const files = [list('a.txt', [`${url}/7/mcp`]), list('b.txt', [`${url}/7/mcp`])];
    for (const file of files) await runCli(['crawl', 'list', file, '--allow-private', ...db]);
    expect(await servers()).toHaveLength(1);
  });

  test('judges lists that were made elsewhere, without starting anything', async () => {
    const capture = {
      package: '@acme/notes',
      args: [],
      env: ['ACME_TOKEN'],
      protocolVersion: '2025-06-18',
      serverInfo: { name: 'notes', version: '2.0.0' },
      tools: [
        { name: 'delete_note', description: 'Delete a note for ever.', inputSchema: { type: 'object' } },
      ],
    };
    const { exit } = await runCli([
      'crawl',
      'captures',
      list('captures.jsonl', [JSON.stringify(capture)]),
      ...db,
    ]);
    expect(exit).toBe(0);
    expect(await servers()).toMatchObject([{ id: 'npm:@acme/notes', tools: 1, critical: 1 }]);
  });

  test.each([
    ['a source that is not there', ['nowhere'], "no source 'nowhere'"],
    ['no reference where one is needed', ['list'], 'needs a reference'],
    ['a file that is not there', ['list', 'missing.txt'], 'missing.txt'],
    ['a number that is none', ['list', 'x', '--concurrency', 'many'], '--concurrency'],
    ['a sandbox that is none', ['list', 'x', '--sandbox', 'glass'], '--sandbox'],
    ['a client without its secret', ['list', 'x', '--oauth-client', 'me'], 'CATALOGUE_OAUTH_SECRET'],
  ])('refuses %s', async (_, args, reason) => {
    const { exit, stderr } = await runCli(['crawl', ...args, ...db], { cwd: folder });
    expect(exit).toBe(2);
    expect(stderr).toContain(reason);
  });

  test('`sources` names each source with an example', async () => {
    const { stdout } = await runCli(['sources', '--json']);
    const ids = JSON.parse(stdout).sources.map(({ id }: { id: string }) => id);
    expect(ids).toEqual(
      expect.arrayContaining([
        'captures',
        'client-config',
        'docker-registry',
        'html-directory',
        'list',
        'mcp-registry',
      ]),
    );
  });
});
