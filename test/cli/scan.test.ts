import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createPostgresDatabase } from '../support/engines.ts';
import { runCli } from '../support/run-cli.ts';
import { ROOT } from '../support/sources.ts';

const SERVERS = join(ROOT, 'test/fixtures/servers');
const schema = JSON.parse(readFileSync(join(ROOT, 'docs/schemas/scan.schema.json'), 'utf8'));
const validate = new Ajv2020().compile(schema);

/** An empty catalogue, copied for each test: making one takes PGlite three seconds. */
const template = mkdtempSync(join(tmpdir(), 'catalogue-template-'));

let folder: string;
let db: string[];
beforeAll(() => runCli(['list', '--db', template]));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'catalogue-scan-test-'));
  const directory = join(folder, 'db');
  cpSync(template, directory, { recursive: true });
  db = ['--db', directory];
});

/** A command line that starts one of the fake servers. */
function fake(server: string): string[] {
  return ['--', process.execPath, join(SERVERS, `${server}.ts`)];
}

/** A client configuration that names these fake servers. */
function config(servers: readonly string[]): string {
  const file = join(folder, 'mcp.json');
  const mcpServers = Object.fromEntries(
    servers.map((server) => [server, { command: process.execPath, args: [join(SERVERS, `${server}.ts`)] }]),
  );
  writeFileSync(file, JSON.stringify({ mcpServers }));
  return file;
}

describe('catalogue scan', () => {
  test('prints each tool, the totals, and where the policy is; and keeps the scan', async () => {
    const scan = await runCli(['scan', ...db, ...fake('noise')]);
    expect(scan).toMatchObject({ exit: 0, stderr: '' });
    expect(scan.stdout).toMatch(/\d+ tools?: \d+ Read, \d+ Write, \d+ Execute; \d+ critical\n/);
    const [, command = ''] = /Policy: catalogue (.+)/.exec(scan.stdout) ?? [];
    const [, slug = ''] = command.split(' ');
    const exported = await runCli(['export', slug, ...db]);
    expect(exported.exit).toBe(0);
    expect(JSON.parse(exported.stdout)).toMatchObject({ version: '1', default: 'deny' });
  });

  test('a server that cannot be listed leaves the others alone, and is told with its reason', async () => {
    const { exit, stdout } = await runCli(['scan', config(['exits-with-error', 'noise']), '--json', ...db]);
    const result = JSON.parse(stdout);
    expect(exit).toBe(3);
    expect(validate(result), JSON.stringify(validate.errors)).toBe(true);
    expect(result.servers.map(({ status }: { status: string }) => status)).toEqual(['failed', 'complete']);
    expect(result.servers[0]).toMatchObject({
      phase: 'initialize',
      failure: { code: 'protocol' },
      tools: [],
    });
    const listed = JSON.parse((await runCli(['list', '--json', ...db])).stdout);
    expect(listed.servers.map(({ tools }: { tools: number | null }) => tools)).toContain(null);
  });

  test.each([
    ['low', 10],
    ['critical', 0],
  ])('--fail-on %s ends with %i when the riskiest tool is in between', async (threshold, code) => {
    const { exit } = await runCli(['scan', '--no-save', '--fail-on', threshold, ...fake('noise')]);
    expect(exit).toBe(code);
  });

  test('--no-save keeps nothing, and needs no catalogue', async () => {
    const unused = ['--db', join(folder, 'unused')];
    const { exit, stdout } = await runCli(['scan', '--no-save', ...unused, ...fake('noise')]);
    expect(exit).toBe(0);
    expect(stdout).toContain('Nothing was kept');
    expect(readdirSync(folder)).toEqual(['db']);
  });

  test('keeps the scan in PostgreSQL when DATABASE_URL names one', async () => {
    const { location, remove } = await createPostgresDatabase();
    const env = { DATABASE_URL: location.url };
    expect((await runCli(['scan', ...fake('noise')], { env })).exit).toBe(0);
    const { servers } = JSON.parse((await runCli(['list', '--json'], { env })).stdout);
    expect(servers).toHaveLength(1);
    await remove();
  });

  test('--env passes a variable through, and its value is kept nowhere', async () => {
    const value = 'value-that-must-not-be-kept';
    const { exit, stdout } = await runCli(
      ['scan', '--env', 'CATALOGUE_TEST_VALUE', '--json', ...db, ...fake('shows-environment')],
      { env: { CATALOGUE_TEST_VALUE: value } },
    );
    expect(exit).toBe(0);
    expect(JSON.parse(stdout).servers[0].target.transport.envNames).toEqual(['CATALOGUE_TEST_VALUE']);
    expect(stdout).not.toContain(value);
  });

  test('--timeout ends a server that never answers', async () => {
    const { exit, stdout } = await runCli([
      'scan',
      '--no-save',
      '--timeout',
      '0.5',
      ...fake('silent-initialize'),
    ]);
    expect(exit).toBe(3);
    expect(stdout).toContain('timeout at initialize');
  });

  test('an interrupt ends the servers, and a scan that was cut off is not kept', async () => {
    const interrupt = new AbortController();
    const running = runCli(['scan', ...db, ...fake('silent-initialize')], { signal: interrupt.signal });
    setTimeout(() => interrupt.abort(), 1_500);
    expect((await running).exit).toBe(130);
    expect(JSON.parse((await runCli(['list', '--json', ...db])).stdout).servers).toEqual([]);
  });

  test('a partial listing says what is missing', async () => {
    const { exit, stdout } = await runCli(['scan', '--no-save', ...fake('repeated-cursor')]);
    expect(exit).toBe(0);
    expect(stdout).toContain('partial');
    expect(stdout).toMatch(/^ {2}! /m);
  });

  test.each([
    ['no target', [], 'name at least one target'],
    ['a target of no known form', ['nothing-like-a-target'], 'names no server'],
    ['a configuration file that is not there', ['./missing.json'], 'missing.json'],
    ['an unknown threshold', ['--fail-on', 'severe', 'npm:x'], "not 'severe'"],
    ['a time that is none', ['--timeout', 'soon', 'npm:x'], "not 'soon'"],
    ['a variable that is not set', ['--env', 'NOT_SET', 'npm:x'], 'NOT_SET'],
    ['a header without a name', ['--header', 'secret-value', 'http://127.0.0.1:1/'], "'Name: value'"],
    ['an unknown option', ['--bogus'], '--bogus'],
  ])('refuses %s, with the reason, before anything is started', async (_, args, reason) => {
    const { exit, stdout, stderr } = await runCli(['scan', ...args], { cwd: folder });
    expect(exit).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(reason);
    expect(stderr).not.toContain('secret-value');
  });
});

describe('what tools can do together', () => {
  const offers = (...tools: string[]) => ({
    command: process.execPath,
    args: [join(SERVERS, 'offers.ts'), ...tools],
  });

  test('stands under the tools of a server that can do it alone', async () => {
    const command = ['--', ...Object.values(offers('read-file', 'fetch', 'clock')).flat()];
    const { stdout } = await runCli(['scan', '--no-save', ...command]);
    expect(stdout).toMatch(/Combinations\n {2}! Private data, untrusted text and a way out\n/);
    expect(stdout).toMatch(/reads data that is not public: read_file\n/);
    expect(stdout).not.toContain('Across servers');
    const { servers, acrossServers } = JSON.parse(
      (await runCli(['scan', '--no-save', '--json', ...command])).stdout,
    );
    expect(acrossServers).toEqual([]);
    const [{ id, parts }] = servers[0].combinations;
    expect(id).toBe('lethal-trifecta');
    expect(parts[0]).toMatchObject({ toolCount: 1, tools: [{ tool: 'read_file' }] });
  });

  test('is told across servers only for those that one client has at once', async () => {
    for (const [file, servers] of [
      ['.cursor', { files: offers('read-file'), web: offers('fetch'), clock: offers('clock') }],
      ['.vscode', { paper: offers('read-file') }],
    ] as const) {
      mkdirSync(join(folder, file));
      const key = file === '.vscode' ? 'servers' : 'mcpServers';
      writeFileSync(join(folder, file, 'mcp.json'), JSON.stringify({ [key]: servers }));
    }
    const scan = ['scan', '--clients', '--no-save'];
    const { stdout, stderr } = await runCli(scan, { cwd: folder });
    expect(stderr).toBe('');
    const [, across = ''] = stdout.split('\nAcross servers\n');
    expect(across).toMatch(/The servers of Cursor: /);
    expect(across).toContain('reads data that is not public: read_file (files)\n');
    expect(across).toContain('fetch (web)');
    expect(across).not.toContain('paper');

    const result = JSON.parse((await runCli([...scan, '--json'], { cwd: folder })).stdout);
    expect(validate(result), JSON.stringify(validate.errors)).toBe(true);
    expect(result.acrossServers).toMatchObject([
      { client: 'Cursor', combinations: [{ acrossServers: true }] },
    ]);
    expect(result.servers.flatMap(({ combinations }: { combinations: unknown[] }) => combinations)).toEqual(
      [],
    );
  });
});
