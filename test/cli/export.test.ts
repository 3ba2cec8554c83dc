import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openCatalogue } from '../../catalogue/catalogue.ts';
import { evaluate } from '../../policy/evaluate.ts';
import { parsePolicy } from '../../policy/parse.ts';
import { PROFILES } from '../../policy/recommend.ts';
import { HOSTILE_TOOLS } from '../support/hostile-tools.ts';
import { runCli } from '../support/run-cli.ts';
import { failedScanOf, scanOf } from '../support/scans.ts';

const NOTES = [
  { name: 'list_notes', description: 'List all notes.', inputSchema: { type: 'object' } },
  { name: 'delete_note', description: 'Delete a note for ever.', inputSchema: { type: 'object' } },
  {
    name: 'fetch_page',
    description: 'Fetch a web page.',
    inputSchema: { type: 'object', properties: { url: { type: 'string' } }, required: ['url'] },
  },
];

let folder: string;
let db: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'catalogue-export-'));
  const directory = join(folder, 'db');
  db = ['--db', directory];
  const now = () => new Date('2026-01-02T03:04:05.678Z');
  const catalogue = await openCatalogue({ location: { directory }, classifierVersion: '1.0.0', now });
  for (const scan of [
    scanOf('@acme/notes', NOTES),
    scanOf('hostile', HOSTILE_TOOLS),
    failedScanOf('silent'),
  ]) {
    await catalogue.save(scan);
  }
  await catalogue.close();
});

function run(...args: string[]) {
  return runCli(['export', ...args, ...db]);
}

function decide(text: string, tool: string, args: Record<string, unknown> = {}): string {
  const parsed = parsePolicy(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return evaluate(parsed.document, { tool, args }, () => 0).outcome;
}

describe('catalogue export', () => {
  test('writes the published dialect by default: an approval is a denial, which is said, and rules follow the risk', async () => {
    const { exit, stdout, stderr } = await run('acme-notes');
    expect(exit).toBe(0);
    expect(JSON.parse(stdout).tools.delete_note).toEqual({
      deny_if: [{ conditions: [], on_deny: 'Requires human approval.' }],
    });
    expect(decide(stdout, 'fetch_page', { url: 'http://a' })).toBe('allow');
    expect(stderr).toContain('delete_note');
  });

  test('writes approvals and shaped rules for the gateway, and loses nothing', async () => {
    const { exit, stdout, stderr } = await run('acme-notes', '--target', 'gateway', '--strict');
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(decide(stdout, 'delete_note')).toBe('ask');
    expect(decide(stdout, 'fetch_page', { url: 'http://a' })).toBe('deny');
    expect(decide(stdout, 'fetch_page', { url: 'https://a' })).toBe('allow');
  });

  test('--strict writes nothing where something would be lost, and exits with 2', async () => {
    const file = join(folder, 'strict.json');
    const { exit, stdout, stderr } = await run('acme-notes', '--strict', '-o', file);
    expect({ exit, stdout, made: existsSync(file) }).toEqual({ exit: 2, stdout: '', made: false });
    expect(stderr).toContain('approval');
  });

  test('--target list names them all, without a server', async () => {
    const { exit, stdout } = await runCli(['export', '--target', 'list']);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^claude-code +Claude Code settings$/m);
    const json = JSON.parse((await runCli(['export', '--target', 'list', '--json'])).stdout);
    expect(json.targets.length).toBe(stdout.trim().split('\n').length - 1);
  });

  test('--strict holds for every target that loses something, and says what', async () => {
    for (const target of ['cursor', 'agentgateway-cel']) {
      const { exit, stdout, stderr } = await run('acme-notes', '--target', target, '--strict');
      expect({ target, exit, stdout }).toEqual({ target, exit: 2, stdout: '' });
      expect(stderr).toContain('fetch_page');
    }
  });

  test('writes for a client by the key of its own configuration', async () => {
    const { exit, stdout, stderr } = await run(
      ...['acme-notes', '--target', 'claude-code', '--server-name', 'my-notes'],
    );
    expect(exit).toBe(0);
    expect(JSON.parse(stdout).permissions).toMatchObject({
      allow: ['mcp__my-notes__list_notes'],
      ask: ['mcp__my-notes__delete_note', 'mcp__my-notes__fetch_page'],
      deny: [],
    });
    expect(stderr).toContain('fetch_page');
  });

  test.each(PROFILES)(
    'the profile %s is shaped for the published dialect too, but for recommended',
    async (profile) => {
      const { stdout } = await run('acme-notes', '--profile', profile);
      expect(decide(stdout, 'fetch_page', { url: 'http://a' })).toBe(
        profile === 'recommended' ? 'allow' : 'deny',
      );
      expect(decide(stdout, 'list_notes')).toBe('allow');
      expect(decide(stdout, 'delete_note')).toBe('deny');
    },
  );

  test('strict says how many values are to be filled in', async () => {
    const { stderr } = await run('acme-notes', '--profile', 'strict', '--target', 'gateway');
    expect(stderr).toContain('1 value is to be filled in');
  });

  test('--explain writes the findings beside the file, or on stderr', async () => {
    const file = join(folder, 'why', 'policy.json');
    const { stderr } = await run('acme-notes', '--target', 'gateway', '--explain', '-o', file);
    expect(stderr).toContain(`Wrote ${file}.why.md`);
    const why = readFileSync(`${file}.why.md`, 'utf8');
    expect(why).toContain('## `fetch_page`');
    expect(why).toMatch(/url-input: `url` at `\/inputSchema\/properties\/url`/);
    expect((await run('acme-notes', '--target', 'gateway', '--explain')).stderr).toBe(why);
  });

  test("no word of a server's moves the cursor, and none is unseen", async () => {
    for (const target of ['gateway', 'policy-json']) {
      const { stdout, stderr } = await run('hostile', '--target', target, '--explain', '--profile', 'strict');
      expect(`${stdout}${stderr}`.replaceAll('\n', '')).not.toMatch(
        /[\p{Cc}\p{Cs}\u200b\u202a-\u202e\u2066-\u2069]/u,
      );
      expect(parsePolicy(stdout).ok).toBe(true);
    }
  });

  test('--all writes one file for each server that was listed', async () => {
    const out = join(folder, 'all');
    const { exit, stderr } = await run('--all', '-o', out);
    expect(exit).toBe(0);
    expect(readdirSync(out).sort()).toEqual(['acme-notes.policy.json', 'hostile.policy.json']);
    expect(stderr).toContain('silent has never been listed');
  });

  test('--clients exports what the clients here are set up with, by their own keys', async () => {
    const home = mkdtempSync(join(tmpdir(), 'catalogue-clients-'));
    const mcpServers = {
      'my notes': { command: 'npx', args: ['-y', '@acme/notes'] },
      other: { command: 'npx', args: ['-y', 'not-scanned-yet'] },
    };
    writeFileSync(join(home, '.mcp.json'), JSON.stringify({ mcpServers }));
    const { exit, stderr } = await runCli(['export', '--clients', '-o', 'out', ...db], { cwd: home });
    expect(exit).toBe(0);
    expect(readdirSync(join(home, 'out'))).toEqual(['acme-notes.my-notes.policy.json']);
    expect(stderr).toContain('other is not in the catalogue');
  });

  test('--json has policy, text, losses and the file', async () => {
    const { stdout } = await run('acme-notes', '--json');
    const { policy, text, losses, file, profile } = JSON.parse(stdout);
    expect(JSON.parse(text)).toEqual(policy);
    expect({ losses: losses.length, file, profile }).toEqual({
      losses: 1,
      file: null,
      profile: 'recommended',
    });
  });

  test.each([
    ['nothing named', []],
    ['a server and --all', ['acme-notes', '--all']],
    ['--all without a folder', ['--all']],
    ['an unknown target', ['acme-notes', '--target', 'nowhere']],
    ['an unknown profile', ['acme-notes', '--profile', 'loose']],
    ['an empty name', ['acme-notes', '--server-name', '']],
    ['a name for many servers', ['--all', '--server-name', 'x', '-o', 'x']],
  ])('%s is wrong usage', async (_, args) => {
    const { exit, stdout, stderr } = await run(...args);
    expect({ exit, stdout, said: stderr !== '' }).toEqual({ exit: 2, stdout: '', said: true });
  });
});
