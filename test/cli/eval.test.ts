import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { AccuracyReport, type LabelSetReport } from '../../classifier/accuracy/contract.ts';
import { HOSTILE_NAMES, HOSTILE_TOOLS } from '../support/hostile-tools.ts';
import { type CliRun, runCli } from '../support/run-cli.ts';
import { ROOT } from '../support/sources.ts';

const schema = JSON.parse(readFileSync(join(ROOT, 'docs/schemas/eval.schema.json'), 'utf8'));
const validate = new Ajv2020().compile(schema);

/** What no classifier could get wrong, so that the figures are known before they are measured. */
const TOOLS = {
  list_notes: { description: 'Lists all notes of the user.' },
  get_note: { description: 'Gets a note by its id.' },
  create_note: { description: 'Creates a new note.' },
  delete_note: { description: 'Deletes a note permanently.' },
  run_script: {
    description: 'Runs a shell command on the server.',
    inputSchema: { type: 'object', properties: { command: { type: 'string' } } },
  },
};
type Name = keyof typeof TOOLS;

function lines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

const DEFINITIONS = lines([
  { package: 'one', tools: [tool('list_notes'), tool('create_note'), tool('delete_note')] },
  { server: 'two', ...tool('get_note') },
  { server: 'two', ...tool('run_script') },
]);

function tool(name: Name) {
  return { name, ...TOOLS[name] };
}

function live(server: string, name: string, category: string, more: object = {}) {
  const rest = { destructive: false, financial: false, signals: [], ambiguous: false };
  return { package: server, version: '1', tool: name, category, ...rest, ...more };
}

/** Two of the clear labels are wrong on purpose: `get_note` changes something here, `create_note` is no Read. */
const LIVE = [
  live('one', 'list_notes', 'Read'),
  live('one', 'create_note', 'Read'),
  live('one', 'delete_note', 'Write', { destructive: true, signals: ['bulk'] }),
  live('two', 'get_note', 'Write'),
  live('two', 'run_script', 'Read', { ambiguous: true, signals: ['code_or_query_input'] }),
];

interface Files {
  labels: string | Buffer;
  definitions?: string | Buffer;
  /** The name of the file of definitions. */
  as?: string;
}

async function evaluate(files: Files, ...more: string[]): Promise<CliRun> {
  const { labels, definitions = DEFINITIONS, as = 'definitions.jsonl' } = files;
  const cwd = mkdtempSync(join(tmpdir(), 'catalogue-eval-'));
  writeFileSync(join(cwd, 'labels.jsonl'), labels);
  writeFileSync(join(cwd, as), definitions);
  return await runCli(['eval', '--labels', 'labels.jsonl', '--definitions', as, ...more], { cwd });
}

async function reportOf(files: Files): Promise<LabelSetReport> {
  const { stdout } = await evaluate(files, '--json');
  const [set] = AccuracyReport.parse(JSON.parse(stdout)).sets;
  if (!set) throw new Error('no set in the report');
  return set;
}

describe('catalogue eval measures', () => {
  test('categories, with the ambiguous labels apart', async () => {
    const { labels, classes, servers } = await reportOf({ labels: lines(LIVE) });
    expect(labels).toMatchObject({ read: 5, matched: 5, ambiguous: 1, servers: 2, withSchema: 1 });
    const [category] = classes;
    expect(category).toMatchObject({
      measure: 'category',
      classes: ['Read', 'Write', 'Execute'],
      matrix: [
        [1, 1, 0],
        [1, 1, 0],
        [0, 0, 0],
      ],
      classifier: { accuracy: { count: 2, of: 4, value: 0.5, low: 0.15, high: 0.85 } },
      ambiguous: { count: 0, of: 1 },
      all: { count: 2, of: 5 },
    });
    expect(category?.perClass.map(({ class: name, precision, recall }) => [name, precision, recall])).toEqual(
      [
        ['Read', 0.5, 0.5],
        ['Write', 0.5, 0.5],
        ['Execute', null, null],
      ],
    );
    // Two of three right on one server and none of one on the other.
    expect(category?.classifier.serverMean).toMatchObject({ servers: 2, value: 0.3333 });
    expect(servers.map(({ server, count, of }) => [server, count, of])).toEqual([
      ['one', 2, 3],
      ['two', 0, 1],
    ]);
  });

  test('what changes something but is called Read', async () => {
    const { changingCalledRead } = await reportOf({ labels: lines(LIVE) });
    expect(changingCalledRead.classifier).toMatchObject({ count: 1, of: 2, value: 0.5 });
  });

  test('flags and signals, found and missed', async () => {
    const set = await reportOf({ labels: lines(LIVE) });
    const [destructive] = set.flags;
    expect(destructive).toMatchObject({
      flag: 'destructive',
      clear: { classifier: { truePositives: 1, falsePositives: 0, falseNegatives: 0, f1: 1 } },
    });
    const bulk = set.signals.find(({ id }) => id === 'bulk');
    expect(bulk).toMatchObject({ exists: true, clear: { truePositives: 0, falseNegatives: 1, recall: 0 } });
    const code = set.signals.find(({ id }) => id === 'code-or-query-input');
    expect(code).toMatchObject({ clear: { truePositives: 0 }, all: { truePositives: 1, recall: 1 } });
    expect(set.signalsMicro.all).toMatchObject({ truePositives: 1, falseNegatives: 1, recall: 0.5 });
  });

  test('every miss, with what the verdict rests on', async () => {
    const { misses } = await reportOf({ labels: lines(LIVE) });
    expect(
      misses.map(({ tool: name, measure, expected, got, line }) => [line, name, measure, expected, got]),
    ).toEqual([
      [2, 'create_note', 'category', 'Read', 'Write'],
      [4, 'get_note', 'category', 'Write', 'Read'],
      [3, 'delete_note', 'signal', 'bulk', 'no'],
      [5, 'run_script', 'category', 'Read', 'Execute'],
    ]);
    const [first, , signal, last] = misses;
    expect(TOOLS.create_note.description).toContain(first?.evidence?.quote);
    expect(signal?.evidence).toBeNull();
    expect(last?.ambiguous).toBe(true);
  });

  test('five classes, of which a flag makes one', async () => {
    const reference = (server: string, name: string, category: string) => ({
      server,
      serverName: 'A server',
      name,
      category,
      signals: [],
    });
    const set = await reportOf({
      labels: lines([
        reference('one', 'delete_note', 'Destructive'),
        reference('one', 'list_notes', 'Financial'),
        reference('two', 'run_script', 'Execute'),
      ]),
    });
    expect(set.classes[0]).toMatchObject({
      measure: 'five',
      classes: ['Read', 'Write', 'Execute', 'Destructive', 'Financial'],
      classifier: { accuracy: { count: 2, of: 3 } },
    });
    // Nothing is known of whether the Financial one destroys.
    expect(
      set.flags.map(({ flag, all }) => [flag, all.classifier.truePositives, all.classifier.falseNegatives]),
    ).toEqual([
      ['destructive', 1, 0],
      ['financial', 0, 1],
    ]);
  });

  test("authors' hints, with and without the largest project, and never from the hints themselves", async () => {
    const hints = (server: string, name: string, readOnly: boolean, origin: string) => ({
      server,
      name,
      readOnly,
      destructiveHint: false,
      origin,
    });
    const labels = lines([
      hints('one', 'list_notes', true, 'acme/one'),
      hints('one', 'create_note', false, 'acme/one'),
      hints('two', 'get_note', false, 'acme/two'),
    ]);
    const liar = { annotations: { readOnlyHint: false, destructiveHint: true, title: 'Delete it' } };
    const lying = lines([
      {
        package: 'one',
        tools: [tool('list_notes'), tool('create_note')].map((each) => ({ ...each, ...liar })),
      },
      { server: 'two', ...tool('get_note'), ...liar },
    ]);
    const honest = await reportOf({ labels });
    expect(honest.classes[0]).toMatchObject({
      measure: 'read',
      classifier: { accuracy: { count: 2, of: 3 } },
    });
    expect(honest.withoutLargest).toMatchObject({
      project: 'acme/one',
      classifier: { accuracy: { count: 0, of: 1 } },
      changingCalledRead: { classifier: { count: 1, of: 1 } },
    });
    expect(honest.annotationsAsSent).toBeNull();
    expect(await reportOf({ labels, definitions: lying })).toEqual(honest);
  });

  test('signals as a catalogue prints them, with the parameter', async () => {
    const set = await reportOf({
      labels: lines([
        {
          server: 'two',
          name: 'run_script',
          signals: ['Accepts freeform code/query input (command)', 'Single-target operation'],
        },
        { server: 'one', name: 'list_notes', signals: ['Accepts freeform code/query input (sql)'] },
      ]),
    });
    expect(set.classes).toEqual([]);
    expect(
      set.signals.map(({ id, exists, clear }) => [id, exists, clear.truePositives, clear.falseNegatives]),
    ).toEqual([
      ['Single-target operation', false, 0, 1],
      ['code-or-query-input', true, 1, 1],
    ]);
    // Such a label names only some of the signals, so that nothing is known of those it leaves out.
    expect(set.signalsMicro.clear.precision).toBeNull();
  });

  test('the floor on the same labels', async () => {
    const { classes } = await reportOf({
      labels: lines([live('one', 'list_notes', 'Read'), live('two', 'zorp', 'Read')]),
      definitions: lines([
        { server: 'one', ...tool('list_notes') },
        { server: 'two', name: 'zorp', description: 'Lists all notes of the user.' },
      ]),
    });
    expect(classes[0]).toMatchObject({
      classifier: { accuracy: { count: 2 } },
      floor: { accuracy: { count: 1 } },
    });
  });

  test('our own corpus, whose labels stand beside the definitions and are not read with them', async () => {
    const entry = (category: string, reason: string) => ({
      server: 'one',
      ...tool('list_notes'),
      label: { category, destructive: false, financial: false, signals: [], ambiguous: false, reason },
    });
    for (const category of ['Read', 'Execute']) {
      const text = lines([entry(category, 'Deletes the database and runs a shell command.')]);
      const { classes } = await reportOf({ labels: text, definitions: text });
      expect(classes[0]?.classifier.accuracy.count).toBe(category === 'Read' ? 1 : 0);
    }
  });
});

describe('catalogue eval prints', () => {
  test('JSON of the published schema, the same twice', async () => {
    const files = { labels: lines(LIVE) };
    const [first, second] = [await evaluate(files, '--json'), await evaluate(files, '--json')];
    expect(first.exit).toBe(0);
    expect(first.stderr).toBe('');
    expect(validate(JSON.parse(first.stdout)), JSON.stringify(validate.errors)).toBe(true);
    expect(first.stdout).toBe(second.stdout);
  });

  test('a report with the figures, the floor beside them and the misses', async () => {
    const { exit, stdout } = await evaluate({ labels: lines(LIVE) });
    expect(exit).toBe(0);
    expect(stdout).toContain('5 of 5 labels with a definition');
    expect(stdout).toMatch(/^by tool +50\.0 % +15\.0 to 85\.0 +2\/4 +\d/m);
    expect(stdout).toMatch(/^changes something, called Read +50\.0 %.* 1\/2 /m);
    expect(stdout).toContain('verb list');
    expect(stdout).toContain('create_note of one');
    expect(stdout).toContain('"Creates a new note"');
  });

  test('nothing that a terminal obeys, whatever the definitions hold', async () => {
    const labels = lines(HOSTILE_NAMES.map((name) => live('hostile', name, 'Read', { financial: true })));
    const definitions = lines([{ server: 'hostile', tools: HOSTILE_TOOLS }]);
    for (const run of [
      await evaluate({ labels, definitions }),
      await evaluate({ labels, definitions }, '--json'),
    ]) {
      expect(run.stdout).toContain('Delete_File');
      for (const text of [run.stdout, run.stderr]) {
        expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u200b\u202a-\u202e\u2066-\u2069]/u);
      }
    }
  });
});

describe('what is not there or cannot be read', () => {
  test('a label without a definition is named with its line, and the rest is measured', async () => {
    const { exit, stdout, stderr } = await evaluate({
      labels: lines([...LIVE, live('one', 'gone', 'Read')]),
    });
    expect(exit).toBe(2);
    expect(stderr).toBe('labels.jsonl: line 6: no definition of gone of one\n');
    expect(stdout).toContain('5 of 6 labels with a definition');
  });

  test('a label that comes twice, one that is none, and a definition that is none', async () => {
    const { exit, stdout, stderr } = await evaluate({
      labels: `${lines(LIVE)}${lines([live('one', 'list_notes', 'Execute')])}[]\n`,
      definitions: `${DEFINITIONS}{"server":\n`,
    });
    expect(exit).toBe(2);
    expect(stderr.split('\n').map((line) => line.split(': ').slice(0, 2).join(': '))).toEqual([
      'labels.jsonl: line 6',
      'labels.jsonl: line 7',
      'definitions.jsonl: line 4',
      '',
    ]);
    expect(stdout).toContain('5 of 5 labels with a definition');
  });

  test('many faults of a kind are not all printed', async () => {
    const many = Array.from({ length: 50 }, (_, index) => live('one', `gone_${index}`, 'Read'));
    const { stderr } = await evaluate({ labels: lines([...LIVE, ...many]) });
    expect(stderr.split('\n').filter((line) => line.includes('no definition'))).toHaveLength(20);
    expect(stderr).toContain('and 30 more');
  });

  test('of several definitions the first counts, and differing ones are counted', async () => {
    const other = { server: 'two', name: 'get_note', description: 'Deletes a note permanently.' };
    const same = { server: 'one', ...tool('list_notes') };
    const set = await reportOf({
      labels: lines([live('two', 'get_note', 'Read'), live('one', 'list_notes', 'Read')]),
      definitions: DEFINITIONS + lines([other, same]),
    });
    expect(set.labels.severalDefinitions).toBe(1);
    expect(set.classes[0]?.classifier.accuracy).toMatchObject({ count: 2, of: 2 });
  });

  test.each([
    {
      what: 'labels of no known format',
      labels: '{"tool":"a"}\n',
      message: 'is not a label of a known format',
    },
    { what: 'no labels at all', labels: '\n', message: 'labels.jsonl is empty' },
    {
      what: 'labels of other servers',
      labels: lines([live('elsewhere', 'list_notes', 'Read')]),
      message: 'None of the 1 labels',
    },
    {
      what: 'a .gz that is none',
      labels: lines(LIVE),
      definitions: DEFINITIONS,
      as: 'definitions.jsonl.gz',
      message: 'cannot be unpacked',
    },
  ])('$what is wrong usage, and says why', async ({ message, ...files }) => {
    const { exit, stdout, stderr } = await evaluate(files);
    expect(exit).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
  });

  test('a file that is not there, and an option that is left out, are wrong usage', async () => {
    const missing = await runCli(['eval', '--labels', 'gone.jsonl', '--definitions', 'gone.jsonl']);
    expect(missing).toMatchObject({ exit: 2, stderr: expect.stringContaining('gone.jsonl cannot be read') });
    expect((await runCli(['eval', '--labels', 'gone.jsonl'])).exit).toBe(2);
  });
});

test('definitions may be packed, and labels and definitions lie in several files', async () => {
  const packed = await evaluate({
    labels: lines(LIVE),
    definitions: gzipSync(DEFINITIONS),
    as: 'definitions.jsonl.gz',
  });
  expect(packed).toMatchObject({ exit: 0, stdout: (await evaluate({ labels: lines(LIVE) })).stdout });

  const cwd = mkdtempSync(join(tmpdir(), 'catalogue-eval-'));
  const [first = '', ...rest] = DEFINITIONS.split('\n');
  writeFileSync(join(cwd, 'a.jsonl'), first);
  writeFileSync(join(cwd, 'b.jsonl'), rest.join('\n'));
  writeFileSync(join(cwd, 'live.jsonl'), lines(LIVE));
  writeFileSync(join(cwd, 'hints.jsonl'), lines([{ server: 'two', name: 'get_note', readOnly: true }]));
  const files = [
    '--labels',
    'live.jsonl',
    '--labels',
    'hints.jsonl',
    '--definitions',
    'a.jsonl',
    '--definitions',
    'b.jsonl',
  ];
  const { exit, stdout } = await runCli(['eval', '--json', ...files], { cwd });
  const { sets } = AccuracyReport.parse(JSON.parse(stdout));
  expect(exit).toBe(0);
  expect(sets.map(({ file, format, labels }) => [file, format, labels.matched])).toEqual([
    ['live.jsonl', 'live', 5],
    ['hints.jsonl', 'author-hints', 1],
  ]);
});
