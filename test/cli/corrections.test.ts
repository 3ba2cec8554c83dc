import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openCatalogue } from '../../catalogue/catalogue.ts';
import { HOSTILE_TOOLS } from '../support/hostile-tools.ts';
import { runCli } from '../support/run-cli.ts';
import { scanOf } from '../support/scans.ts';
import { ROOT } from '../support/sources.ts';

const DELETE = {
  name: 'delete_note',
  description: 'Delete a note for ever.',
  inputSchema: { type: 'object' },
};
const LIST = { name: 'list_notes', description: 'List all notes.', inputSchema: { type: 'object' } };
const UNSEEN = /[\p{Cc}\p{Cs}\u200b\u202a-\u202e\u2066-\u2069]/u;

let directory: string;
let corrections: string;
let db: string[];

beforeAll(async () => {
  directory = join(mkdtempSync(join(tmpdir(), 'catalogue-corrections-')), 'db');
  corrections = join(directory, 'corrections');
  db = ['--db', directory];
  const now = () => new Date('2026-01-02T03:04:05.678Z');
  const catalogue = await openCatalogue({ location: { directory }, classifierVersion: '1.0.0', now });
  await catalogue.save(scanOf('@acme/notes', [LIST, DELETE]));
  await catalogue.save(scanOf('hostile\u202E\u001b[31m', HOSTILE_TOOLS));
  await catalogue.close();
}, 60_000);

beforeEach(() => {
  rmSync(corrections, { recursive: true, force: true });
  mkdirSync(corrections);
});

/** What `corrections new` prints for a tool, filled in. */
async function entryFor(tool: string, server = 'acme-notes'): Promise<string> {
  const { exit, stdout } = await runCli(['corrections', 'new', server, tool, ...db]);
  expect(exit).toBe(0);
  return stdout
    .replaceAll('reason: ""', 'reason: "Kept for 30 days."')
    .replaceAll('by: ""', 'by: "A. Person"');
}

async function correctDelete(): Promise<void> {
  const entry = await entryFor('delete_note');
  writeFileSync(join(corrections, 'ours.yaml'), entry.replace('destructive: true', 'destructive: false'));
}

describe('catalogue corrections new', () => {
  test('prints an entry that counts once it is filled in', async () => {
    await correctDelete();
    const { exit, stdout } = await runCli(['corrections', ...db]);
    expect(exit).toBe(0);
    expect(stdout).toContain('Write, destructive, critical risk became Write, medium risk.');
    expect(stdout).toContain('A. Person: Kept for 30 days.');
    expect(stdout).toContain('ours.yaml line 1');
    expect(stdout).toContain('1 correction: 1 active, 0 expired, 0 unknown');
  });

  test('as it is printed, it does not count: nobody has given a reason', async () => {
    const { stdout } = await runCli(['corrections', 'new', 'acme-notes', 'delete_note', ...db]);
    writeFileSync(join(corrections, 'ours.yaml'), stdout);
    const { exit, stderr } = await runCli(['show', 'acme-notes', ...db]);
    expect(exit).toBe(2);
    expect(stderr).toMatch(/ours\.yaml line 7: \/0\/reason is empty: write why the verdict is wrong/);
  });

  test('takes hostile names there and back, and two tools that are the same as one', async () => {
    const names = ['\u202Eevil\u202C', '', '\x1b[2J\x1b]0;owned\x07', '\ud800 half a pair', 'same name'];
    const entries: string[] = [];
    for (const name of names) entries.push(await entryFor(name, 'hostile'));
    expect(entries.join('').replaceAll('\n', '')).not.toMatch(UNSEEN);
    writeFileSync(join(corrections, 'ours.yaml'), entries.join(''));
    const { exit, stdout, stderr } = await runCli(['corrections', '--json', ...db]);
    expect(stderr).toBe('');
    expect(exit).toBe(0);
    const listed = JSON.parse(stdout).corrections;
    expect(listed.map(({ tool }: { tool: string }) => tool)).toEqual(names);
    expect((await runCli(['corrections', ...db])).stdout.replaceAll('\n', '')).not.toMatch(UNSEEN);
  }, 60_000);
});

describe('a correction', () => {
  test('shows in list, show, the site and the policy, with who, why and what was replaced', async () => {
    const before = JSON.parse((await runCli(['export', 'acme-notes', ...db])).stdout);
    expect(before.tools.delete_note.deny_if).toBeDefined();
    await correctDelete();
    const policy = JSON.parse((await runCli(['export', 'acme-notes', ...db])).stdout);
    expect(policy.tools.delete_note).toMatchObject({ limits: [{ max: 30 }] });

    const { servers } = JSON.parse((await runCli(['list', '--json', ...db])).stdout);
    expect(servers).toContainEqual(
      expect.objectContaining({ server: 'acme-notes', critical: 0, corrected: 1 }),
    );
    expect((await runCli(['list', ...db])).stdout).toMatch(/^acme-notes .* 1 corrected$/m);
    expect((await runCli(['show', 'acme-notes', ...db])).stdout).toContain('delete_note  (corrected)');

    const { stdout } = await runCli(['show', 'acme-notes', 'delete_note', ...db]);
    expect(stdout).toContain('Corrected by A. Person');
    expect(stdout).toContain('Before: Write, destructive; critical risk');
    const shown = JSON.parse((await runCli(['show', 'acme-notes', 'delete_note', '--json', ...db])).stdout);
    expect(shown).toMatchObject({
      reviewer: 'A. Person',
      correction: { by: 'A. Person', reason: 'Kept for 30 days.', replaced: { risk: 'critical' } },
    });

    const out = join(directory, '..', 'public');
    expect((await runCli(['build', '--out', out, ...db])).exit).toBe(0);
    expect(readFileSync(join(out, 'servers/acme-notes/delete_note.html'), 'utf8')).toContain(
      'Corrected by A. Person',
    );
  });

  test('that has expired, or is about nothing, is told with exit 11', async () => {
    const entry = await entryFor('delete_note');
    const old = 'f'.repeat(64);
    writeFileSync(
      join(corrections, 'ours.yaml'),
      entry.replace(/hash: .*/, `hash: "${old}"`) + entry.replace(/tool: .*/, 'tool: "gone"'),
    );
    const { exit, stdout } = await runCli(['corrections', '--json', ...db]);
    expect(exit).toBe(11);
    const [hash] = /[0-9a-f]{64}/.exec(entry) ?? [];
    expect(JSON.parse(stdout).corrections).toMatchObject([
      { status: 'expired', hash: old, hashesNow: [hash] },
      { status: 'unknown', missing: 'tool' },
    ]);
    const text = (await runCli(['corrections', ...db])).stdout;
    expect(text).toMatch(
      new RegExp(`${old.slice(0, 12)} was\\s+corrected,\\s+now\\s+it\\s+is\\s+${hash?.slice(0, 12)}`),
    );
    expect((await runCli(['show', 'acme-notes', ...db])).stdout).not.toContain('(corrected)');
  });

  test.each([['list'], ['show acme-notes'], ['export acme-notes'], ['corrections'], ['build --out unused']])(
    'in a broken file is an error for `%s`, with the file and the line',
    async (line) => {
      await correctDelete();
      writeFileSync(join(corrections, 'broken.yaml'), '- server: x\n  tool: y\n');
      const { exit, stdout, stderr } = await runCli([...line.split(' '), ...db]);
      expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
      expect(stderr).toContain('broken.yaml line 1: /0/hash');
    },
  );

  test.each<[string, (folder: string) => { args: string[]; env: Record<string, string> }]>([
    ['--corrections', (folder) => ({ args: ['--corrections', folder], env: {} })],
    ['CATALOGUE_CORRECTIONS', (folder) => ({ args: [], env: { CATALOGUE_CORRECTIONS: folder } })],
  ])('may be in a folder that %s names, and that must be there', async (_, named) => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'corrections-'));
    writeFileSync(join(elsewhere, 'ours.yaml'), await entryFor('delete_note'));
    const { args, env } = named(elsewhere);
    expect((await runCli(['show', 'acme-notes', ...args, ...db], { env })).stdout).toContain('(corrected)');
    const missing = named(join(elsewhere, 'missing'));
    const { exit, stderr } = await runCli(['list', ...missing.args, ...db], { env: missing.env });
    expect(exit).toBe(2);
    expect(stderr).toContain('missing cannot be read');
  });
});

describe('catalogue scan', () => {
  const command = ['--', process.execPath, join(ROOT, 'test/fixtures/servers/offers.ts'), 'delete-note'];
  const risk = (stdout: string) => JSON.parse(stdout).servers[0].tools[0].risk;

  test('corrects its own report and what --fail-on looks at, and stores the verdict as it was', async () => {
    const first = JSON.parse((await runCli(['scan', '--json', ...db, ...command])).stdout);
    const [tool] = first.servers[0].tools;
    expect(tool.risk).toBe('critical');
    const fields = { server: first.servers[0].target.id, tool: tool.name, hash: tool.toolHash };
    writeFileSync(
      join(corrections, 'ours.yaml'),
      `- ${JSON.stringify({ ...fields, destructive: false, reason: 'Kept.', by: 'me' })}\n`,
    );
    const failing = ['scan', '--json', '--fail-on', 'high', ...db];
    const second = await runCli([...failing, ...command]);
    expect(risk(second.stdout)).toBe('medium');
    expect(second.exit).toBe(0);
    const unsaved = await runCli([...failing, '--no-save', ...command]);
    expect(risk(unsaved.stdout)).toBe('medium');
    rmSync(join(corrections, 'ours.yaml'));
    expect((await runCli([...failing, ...command])).exit).toBe(10);
  }, 30_000);

  test('starts nothing when a correction cannot be read', async () => {
    writeFileSync(join(corrections, 'broken.yaml'), '- server: [');
    const { exit, stdout, stderr } = await runCli(['scan', ...db, '--', 'no-such-program']);
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    expect(stderr).toContain('broken.yaml line 1: is not YAML');
  });
});

test.each([
  [['corrections', 'old']],
  [['corrections', 'new']],
  [['corrections', 'new', 'acme-notes', 'nothing']],
])('%j is wrong usage', async (args) => {
  const { exit, stdout, stderr } = await runCli([...args, ...db]);
  expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
  expect(stderr).toMatch(/new <server> <tool>|no tool 'nothing'/);
});
