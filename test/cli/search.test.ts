import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCatalogue } from '../../catalogue/catalogue.ts';
import { CLASSIFIER_VERSION } from '../../classifier/classify.ts';
import { ENGINES, type TestPlace } from '../support/engines.ts';
import { runCli } from '../support/run-cli.ts';
import { scanOf } from '../support/scans.ts';
import { ROOT } from '../support/sources.ts';

const TOOLS = [
  { name: 'list_notes', description: 'List all notes.\nSecond line.', inputSchema: { type: 'object' } },
  {
    name: 'delete_note',
    description: `Delete a note for ever \u202e${'and ever '.repeat(40)}`,
    inputSchema: { type: 'object' },
  },
];

const [pglite] = ENGINES;
let place: TestPlace;
let db: string[];

beforeAll(async () => {
  if (pglite === undefined) throw new Error('no engine');
  place = await pglite.create();
  const { location } = place;
  db = 'directory' in location ? ['--db', location.directory] : [];
  const catalogue = await openCatalogue({
    location,
    classifierVersion: CLASSIFIER_VERSION,
    now: () => new Date('2026-01-03T00:00:00Z'),
  });
  await catalogue.save(scanOf('notes', TOOLS));
  await catalogue.close();
});
afterAll(() => place.remove());

const search = (args: string[], isTerminal = false) => runCli(['search', ...args, ...db], { isTerminal });

describe('catalogue search', () => {
  test('prints a line for each tool, the closest first', async () => {
    const { exit, stdout, stderr } = await search(['note']);
    const lines = stdout.split('\n');
    expect(exit).toBe(0);
    expect(stderr).toBe('');
    expect(lines[0]).toMatch(/^Risk +Tool +Server +Category +Description$/);
    expect(lines[1]).toMatch(/^⬣ critical +delete_note +notes +Write +Delete a note for ever \[U\+202E\]/);
    expect(lines[2]).toMatch(/^○ low +list_notes +notes +Read +List all notes\.$/);
  });

  test('keeps to the width of a terminal', async () => {
    const { stdout } = await search(['note'], true);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are left out of the count
    const lines = stdout.replaceAll(/\x1b\[[\d;]*m/g, '').split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines[1]).toContain('…');
  });

  test('filters without words', async () => {
    const { stdout } = await search([
      '--category',
      'read',
      '--risk',
      'low',
      '--risk',
      'high',
      '--origin',
      'npm',
    ]);
    expect(stdout).toContain('list_notes');
    expect(stdout).not.toContain('delete_note');
  });

  test('says how to go on where it was cut', async () => {
    const first = await search(['note', '--limit', '1']);
    const [, after = ''] = /--after (\S+)/.exec(first.stderr) ?? [];
    const second = await search(['note', '--limit', '1', '--after', after]);
    expect(first.stdout).toContain('delete_note');
    expect(second.stdout).toContain('list_notes');
    expect(second.stderr).toBe('');
  });

  test.each([
    [['serach'], "No tool has the word 'serach', nor one like it.\n"],
    [['ntes'], "No tool has the word 'ntes'; 'notes' was searched.\n"],
    [['note', '--risk', 'high'], 'No tool was found.\n'],
  ])('%j: %s', async (args, remark) => {
    const { exit, stderr } = await search(args);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: remark });
  });

  test.each([
    [['--signal', 'url-inptu'], 'Did you mean url-input?'],
    [['--risk', 'enormous'], 'critical'],
    [['--limit', '0'], 'from 1 to'],
    [['--limit', 'many'], 'from 1 to'],
    [['!!!'], "no word to search for in '!!!'"],
    [['note', '--after', 'x'], 'copy it whole'],
    [['--server', 'nobody'], "no server 'nobody'"],
  ])('%j is wrong usage, told with what it takes', async (args, message) => {
    const { exit, stderr } = await search(args);
    expect(exit).toBe(2);
    expect(stderr).toContain(message);
  });

  test('prints JSON by its schema, with whole descriptions', async () => {
    const schema = JSON.parse(readFileSync(join(ROOT, 'docs/schemas/search.schema.json'), 'utf8'));
    const validate = new Ajv2020().compile(schema);
    const { stdout } = await search(['note', '--limit', '1', '--json']);
    const answer = JSON.parse(stdout);
    expect(validate(answer), JSON.stringify(validate.errors)).toBe(true);
    expect(answer.tools[0]).toMatchObject({ server: 'notes', description: TOOLS[1]?.description });
    expect(answer).toMatchObject({ respelt: [], waitingServers: 0, after: expect.any(String) });
    expect(stdout).not.toContain('\u202e');
  });
});
