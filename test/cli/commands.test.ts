import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openCatalogue } from '../../catalogue/catalogue.ts';
import { commandWords } from '../../cli/command.ts';
import { commands } from '../../cli/commands/index.generated.ts';
import { EXIT } from '../../cli/exit-codes.ts';
import { parsePolicy } from '../../policy/parse.ts';
import { HOSTILE_NAMES, HOSTILE_TOOLS } from '../support/hostile-tools.ts';
import { runCli } from '../support/run-cli.ts';
import { failedScanOf, scanOf } from '../support/scans.ts';
import { SEED_TOOLS } from '../support/seed-tools.ts';

/** Everything that could move a terminal's cursor, change its colours or hide text; newlines apart. */
const UNSEEN = /[\p{Cc}\p{Cs}\u200b\u202a-\u202e\u2066-\u2069]/u;

const LIST = { name: 'list_notes', description: 'List all notes.', inputSchema: { type: 'object' } };
const DELETE = {
  name: 'delete_note',
  description: 'Delete a note for ever.',
  inputSchema: { type: 'object' },
};

let folder: string;
let db: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'catalogue-commands-'));
  const directory = join(folder, 'db');
  db = ['--db', directory];
  const now = () => new Date('2026-01-02T03:04:05.678Z');
  const catalogue = await openCatalogue({ location: { directory }, classifierVersion: '1.0.0', now });
  const seeds = SEED_TOOLS.map(({ definition: { server: _, ...wire } }) => wire);
  for (const scan of [
    scanOf('@acme/notes', [LIST, DELETE]),
    scanOf('hostile\u202E\u001b[31m', HOSTILE_TOOLS),
    scanOf('seeds', seeds),
    failedScanOf('silent'),
    scanOf('empty', []),
  ]) {
    await catalogue.save(scan);
  }
  await catalogue.close();
});

describe('catalogue list', () => {
  test('counts the tools of each server; what was never listed is unknown, not zero', async () => {
    const { servers } = JSON.parse((await runCli(['list', '--json', ...db])).stdout);
    const counts = Object.fromEntries(
      servers.map(({ server, tools }: Record<string, unknown>) => [server, tools]),
    );
    expect(counts).toMatchObject({ 'acme-notes': 2, seeds: 5, silent: null, empty: 0 });
  });

  test('fits a terminal, and shows no hidden character', async () => {
    const { stdout } = await runCli(['list', ...db]);
    expect(stdout.replaceAll('\n', '')).not.toMatch(UNSEEN);
    expect(stdout).toMatch(/^acme-notes +2 +1 /m);
  });

  test('an empty catalogue says how to fill it', async () => {
    const { exit, stdout, stderr } = await runCli(['list', '--db', join(folder, 'new')]);
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: '' });
    expect(stderr).toContain('catalogue scan');
  });
});

describe('catalogue show', () => {
  test.each([['acme-notes'], ['npm:@acme/notes'], ['@acme/notes'], ['acme']])(
    'finds a server by %s',
    async (reference) => {
      const { exit, stdout } = await runCli(['show', reference, ...db]);
      expect(exit).toBe(0);
      expect(stdout).toContain('delete_note');
    },
  );

  test('shows a tool with its evidence and its policy', async () => {
    const { stdout } = await runCli(['show', 'acme-notes', 'delete_note', ...db]);
    expect(stdout).toContain('critical');
    expect(stdout).toContain("/description: 'Delete");
    expect(stdout).toContain('"on_deny": "Requires human approval."');
  });

  test('says why a server has no tools', async () => {
    const { exit, stdout } = await runCli(['show', 'silent', ...db]);
    expect(exit).toBe(0);
    expect(stdout).toContain('silent did not answer.');
  });

  test('every hostile tool can be shown, on a terminal too, without one hidden character', async () => {
    for (const name of HOSTILE_NAMES) {
      const { exit, stdout } = await runCli(['show', 'hostile', name, ...db]);
      expect(exit, JSON.stringify(name)).toBe(0);
      expect(stdout.replaceAll('\n', '')).not.toMatch(UNSEEN);
    }
  });
});

describe('catalogue export', () => {
  test("gives the seeds' tools the rules that are published for them", async () => {
    const { stdout } = await runCli(['export', 'seeds', ...db]);
    const tools = SEED_TOOLS.map(({ definition: { name }, callsPerMinute: max }) => {
      return [name, { limits: [{ counter: `${name}_rate`, window: 'minute', max, scope: 'grant' }] }];
    });
    expect(JSON.parse(stdout)).toEqual({ version: '1', default: 'deny', tools: Object.fromEntries(tools) });
  });

  test('writes a file whole, and a valid document that names every tool however it is called', async () => {
    const file = join(folder, 'made', 'policy.json');
    const { exit, stdout } = await runCli(['export', 'hostile', '-o', file, ...db]);
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: '' });
    const parsed = parsePolicy(readFileSync(file, 'utf8'));
    expect(parsed.ok && Object.keys(parsed.document.tools ?? {}).toSorted()).toEqual(
      [...new Set(HOSTILE_NAMES)].toSorted(),
    );
    expect(readdirSync(join(folder, 'made'))).toEqual(['policy.json']);
  });

  test('leaves an existing file alone when it cannot write', async () => {
    writeFileSync(join(folder, 'file'), 'mine');
    const { exit, stderr } = await runCli([
      'export',
      'seeds',
      '-o',
      join(folder, 'file', 'policy.json'),
      ...db,
    ]);
    expect(exit).toBe(2);
    expect(stderr).toContain('cannot be written');
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('mine');
  });

  test('has no policy for a server that was never listed, and says so', async () => {
    const { exit, stdout, stderr } = await runCli(['export', 'silent', ...db]);
    expect({ exit, stdout }).toEqual({ exit: 3, stdout: '' });
    expect(stderr).toContain('never been listed');
  });
});

describe('catalogue build', () => {
  test('writes the site, and nothing the second time', async () => {
    const out = join(folder, 'public');
    expect((await runCli(['build', '--out', out, ...db])).exit).toBe(0);
    const again = JSON.parse((await runCli(['build', '--out', out, '--json', ...db])).stdout);
    expect(again).toMatchObject({ written: 0, removed: 0 });
    expect(again.unchanged).toBeGreaterThan(HOSTILE_NAMES.length);
  });

  test("does not touch a folder of someone else's", async () => {
    const { exit, stderr } = await runCli(['build', '--out', folder, ...db]);
    expect(exit).toBe(2);
    expect(stderr).toContain(folder);
  });
});

describe('the command line', () => {
  test.each(commands.map((command) => [commandWords(command).join(' ')]))(
    '%s --help has an example and --json',
    async (words) => {
      const { exit, stdout } = await runCli([...words.split(' '), '--help']);
      expect(exit).toBe(0);
      expect(stdout).toContain(`$ catalogue ${words}`);
      expect(stdout).toContain('--json');
    },
  );

  test.each([
    ['help', ['--help'], EXIT.done],
    ['the version', ['--version'], EXIT.done],
    ['no command', [], EXIT.usage],
    ['an unknown command', ['lst'], EXIT.usage],
    ['a missing operand', ['show'], EXIT.usage],
    ['one operand too many', ['list', 'x'], EXIT.usage],
    ['a server that is not there', ['show', 'nobody'], EXIT.usage],
    ['a name that fits several', ['show', 'e'], EXIT.usage],
    ['a tool that is not there', ['show', 'seeds', 'nothing'], EXIT.usage],
    ['a site that was not built', ['serve', '--out', 'nowhere'], EXIT.usage],
    ['a port that is none', ['serve', '--port', '99999'], EXIT.usage],
  ])('%s', async (_, args, { code }) => {
    const needsDb = args[0] === 'show' && args.length > 1;
    const { exit, stdout, stderr } = await runCli([...args, ...(needsDb ? db : [])], { cwd: folder });
    expect(exit).toBe(code);
    if (code !== 0) expect({ stdout, said: stderr !== '' }).toEqual({ stdout: '', said: true });
  });

  test.each([
    ['an unreachable server', { DATABASE_URL: 'postgres://user:hunter2@127.0.0.1:1/none' }],
    ['a directory that cannot be', { CATALOGUE_DB: '/dev/null/catalogue' }],
  ])('%s as the catalogue is one clear line and exit 4', async (_, env) => {
    const { exit, stdout, stderr } = await runCli(['list'], { env });
    expect({ exit, stdout }).toEqual({ exit: 4, stdout: '' });
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).not.toContain('hunter2');
  });

  test('colours appear on a terminal only, and not where they are refused', async () => {
    const show = (world: object) => runCli(['show', 'acme-notes', ...db], world);
    expect((await show({ isTerminal: true })).stdout).toContain('\u001b[');
    expect((await show({ isTerminal: true, env: { NO_COLOR: '1' } })).stdout).not.toContain('\u001b[');
    expect((await show({})).stdout).not.toContain('\u001b[');
  });
});
