import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { HOSTILE_NAMES, HOSTILE_TOOLS } from '../support/hostile-tools.ts';
import { runCli } from '../support/run-cli.ts';
import { SEED_TOOLS } from '../support/seed-tools.ts';
import { ROOT } from '../support/sources.ts';

const schema = JSON.parse(readFileSync(join(ROOT, 'docs/schemas/classified-tool.schema.json'), 'utf8'));
const validate = new Ajv2020().compile(schema);

/** Controls, bidirectional marks, zero width: what a reader does not see and a terminal may obey. */
const UNSEEN = /[\p{Cc}\u200b\u202a-\u202e\u2066-\u2069]/u;

function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

function asLines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

describe('catalogue classify', () => {
  test('judges the tools that the project started from', async () => {
    const { exit, stdout } = await runCli(['classify', '-'], {
      stdin: asLines(SEED_TOOLS.map(({ definition }) => definition)),
    });
    expect(exit).toBe(0);
    for (const [index, verdict] of jsonLines(stdout).entries()) {
      const seed = SEED_TOOLS[index];
      expect(verdict, seed?.definition.name).toMatchObject({
        server: seed?.definition.server,
        name: seed?.definition.name,
        ...seed?.verdict,
      });
      const signals = verdict.signals as { id: string; parameter?: string }[];
      const shown = signals.map(({ id, parameter }) => (parameter === undefined ? id : `${id}:${parameter}`));
      expect(shown, seed?.definition.name).toEqual(expect.arrayContaining(seed?.signals ?? []));
    }
  });

  test('prints lines of the published schema, in the order of the input, captures among definitions', async () => {
    const { exit, stdout } = await runCli(['classify', '-'], {
      stdin: asLines([
        { name: 'b', description: 'Delete a note.' },
        { package: '@acme/notes', tools: [{ name: 'z' }, { name: 'y', inputSchema: { type: 'object' } }] },
        { server: 'acme', name: 'a' },
      ]),
    });
    const verdicts = jsonLines(stdout);
    expect(exit).toBe(0);
    expect(verdicts.map(({ server, name }) => [server, name])).toEqual([
      [null, 'b'],
      ['@acme/notes', 'z'],
      ['@acme/notes', 'y'],
      ['acme', 'a'],
    ]);
    for (const verdict of verdicts) expect(validate(verdict), JSON.stringify(validate.errors)).toBe(true);
  });

  test('a bad line is named with its number and costs nothing but itself', async () => {
    const { exit, stdout, stderr } = await runCli(['classify', '-'], {
      stdin: [
        '\ufeff{"name":"a"}',
        '',
        '{"name":',
        '[1]',
        '{"tools":[{"name":"b"},7]}',
        '{"description":"x"}',
        '{"name":"c"}',
      ].join('\r\n'),
    });
    expect(exit).toBe(2);
    expect(jsonLines(stdout).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(stderr.split('\n').map((line) => line.split(':')[0])).toEqual([
      'line 3',
      'line 4',
      'line 5',
      'line 6',
      '',
    ]);
    expect(stderr).toContain('tool 2');
  });

  test('a field of the wrong type is named, and the tool is judged without it', async () => {
    const { exit, stdout, stderr } = await runCli(['classify', '-'], {
      stdin: asLines([{ name: 'list_notes', description: 7, inputSchema: 'none' }]),
    });
    expect(exit).toBe(2);
    expect(jsonLines(stdout)).toHaveLength(1);
    expect(stderr).toContain('line 1: description is a number, not a string');
    expect(stderr).toContain('line 1: inputSchema is a string, not an object');
  });

  test('reads a file, and gives the same bytes twice', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'catalogue-test-')), 'tools.jsonl');
    writeFileSync(file, asLines(HOSTILE_TOOLS));
    const [first, second] = [await runCli(['classify', file]), await runCli(['classify', file])];
    expect(first.exit).toBe(0);
    expect(first.stdout).toBe(second.stdout);
    expect(jsonLines(first.stdout).map(({ name }) => name)).toEqual(HOSTILE_NAMES);
    // What a terminal would act on stands in the JSON as an escape.
    expect(first.stdout.replaceAll('\n', '')).not.toMatch(UNSEEN);
  });

  test('a file that is not there is wrong usage', async () => {
    const { exit, stderr } = await runCli(['classify', 'missing.jsonl']);
    expect(exit).toBe(2);
    expect(stderr).toContain('missing.jsonl cannot be read');
  });
});
