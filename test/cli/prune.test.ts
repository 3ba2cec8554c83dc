import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCatalogue } from '../../catalogue/catalogue.ts';
import { pruneBefore } from '../../cli/prune.ts';
import { runCli } from '../support/run-cli.ts';
import { scanOf } from '../support/scans.ts';

const TOOL = { name: 'read_note', description: 'Reads a note.', inputSchema: { type: 'object' } };

describe('--keep', () => {
  const now = new Date('2026-03-31T12:00:00Z');

  test.each([
    ['1d', '2026-03-30T12:00:00.000Z'],
    ['90d', '2025-12-31T12:00:00.000Z'],
    ['1m', '2026-02-28T12:00:00.000Z'],
    ['12m', '2025-03-31T12:00:00.000Z'],
    ['25m', '2024-02-29T12:00:00.000Z'],
    ['2y', '2024-03-31T12:00:00.000Z'],
    ['100y', '1926-03-31T12:00:00.000Z'],
  ])('%s is since %s', (keep, before) => {
    expect(pruneBefore(keep, now).toISOString()).toBe(before);
  });

  test.each([['0d'], ['0y'], ['12h'], ['90'], ['d'], ['-1d'], ['1.5y'], ['101y'], ['99999d'], ['1d '], ['']])(
    "'%s' is wrong usage",
    async (keep) => {
      const { exit, stdout, stderr } = await runCli([
        'prune',
        `--keep=${keep}`,
        '--db',
        '/nonexistent/never',
      ]);
      expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
      expect(stderr).toMatch(/--keep/);
    },
  );

  test('is needed', async () => {
    const { exit, stderr } = await runCli(['prune']);
    expect(exit).toBe(2);
    expect(stderr).toContain('--keep');
  });
});

describe('catalogue prune', () => {
  const directory = mkdtempSync(join(tmpdir(), 'catalogue-prune-'));
  const db = ['--db', directory];
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  beforeAll(async () => {
    const catalogue = await openCatalogue({
      location: { directory },
      classifierVersion: '1.0.0',
      now: () => new Date(),
    });
    for (let day = 1; day <= 9; day++)
      await catalogue.save(scanOf('notes', [TOOL], `2025-06-0${day}T00:00:00Z`));
    await catalogue.close();
  });

  test('shows what would go, removes it when told to, and leaves what is shown as it was', async () => {
    const before = await runCli(['show', 'notes', 'read_note', ...db]);
    const dry = await runCli(['prune', '--keep', '90d', '--dry-run', ...db]);
    expect(dry.exit).toBe(0);
    expect(dry.stdout).toMatch(/^7 scans would go, [\d.]+ k?B?(bytes)?, from before 2025-10-04\./);
    const again = await runCli(['prune', '--keep', '90d', '--dry-run', '--json', ...db]);
    expect(JSON.parse(again.stdout)).toMatchObject({
      dryRun: true,
      removed: { scans: 7, texts: 0, crawls: 0, sourceStates: 0 },
      scansKept: 2,
    });
    const broken = await runCli(['prune', '--keep', '90d', ...db], { signal: AbortSignal.abort() });
    expect(broken.exit).toBe(130);
    expect(broken.stdout).toContain('Broken off');
    const done = await runCli(['prune', '--keep', '90d', ...db]);
    expect(done.exit).toBe(0);
    expect(done.stdout).toContain('7 scans went');
    expect(done.stderr).toBe('');
    expect(await runCli(['show', 'notes', 'read_note', ...db])).toEqual(before);
    const empty = await runCli(['prune', '--keep', '90d', ...db]);
    expect(empty.stdout).toMatch(/^Nothing went/);
  });

  test('tells a person how far it is, and takes that away again', async () => {
    const { stderr } = await runCli(['prune', '--keep', '90d', ...db], { isTerminal: true });
    expect(stderr.endsWith('1 of 1 servers, 0 scans removed …\r\u001b[K')).toBe(true);
  });
});
