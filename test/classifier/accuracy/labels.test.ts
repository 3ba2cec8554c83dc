import { describe, expect, test } from 'vitest';
import { readLabels } from '../../../classifier/accuracy/labels.ts';

const corpus = {
  server: 'acme',
  name: 'wipe',
  description: 'Wipes everything.',
  label: {
    category: 'Write',
    destructive: true,
    financial: false,
    signals: ['bulk'],
    ambiguous: false,
    reason: 'Wipes.',
  },
};
const live = {
  package: '@acme/notes',
  version: '1.0.0',
  tool: 'pay',
  category: 'Execute',
  destructive: true,
  financial: true,
  signals: ['url_input', 'sends_external_message'],
  ambiguous: true,
};

const lines = (...values: unknown[]) => values.map((value) => JSON.stringify(value)).join('\n');

describe('a file of labels is known by its fields', () => {
  test.each([
    {
      format: 'corpus',
      json: corpus,
      label: { server: 'acme', tool: 'wipe', five: 'Destructive', category: 'Write', signals: ['bulk'] },
    },
    {
      format: 'live',
      json: live,
      label: {
        server: '@acme/notes',
        tool: 'pay',
        five: 'Financial',
        category: 'Execute',
        isRead: false,
        ambiguous: true,
        signals: ['url-input', 'sends-external-message'],
      },
    },
    {
      format: 'reference',
      json: { server: 'a', serverName: 'A', name: 'drop', category: 'Destructive', signals: [] },
      label: { five: 'Destructive', isRead: false, destructive: true, financial: false },
    },
    {
      format: 'author-hints',
      json: { server: 'a', name: 'get', readOnly: true, destructiveHint: true, origin: 'acme/a' },
      label: { isRead: true, destructive: false, project: 'acme/a' },
    },
    {
      format: 'author-hints',
      json: { server: 'a', name: 'set', readOnly: false, destructiveHint: null },
      label: { isRead: false, project: 'a' },
    },
    {
      format: 'signals',
      json: { server: 'a', name: 'get', signals: ['Accepts URL/endpoint input (url)'] },
      label: { signals: ['Accepts URL/endpoint input (url)'] },
    },
  ])('$format', ({ format, json, label }) => {
    const read = readLabels(lines(json));
    expect(read.faults).toEqual([]);
    expect(read.format?.id).toBe(format);
    expect(read.labels).toMatchObject([label]);
  });

  test('what a label leaves open stays open', () => {
    const financial = readLabels(lines({ server: 'a', name: 'pay', category: 'Financial', signals: [] }));
    expect(financial.labels[0]?.destructive).toBeUndefined();
    const unset = readLabels(lines({ server: 'a', name: 'set', readOnly: false }));
    expect(unset.labels[0]?.destructive).toBeUndefined();
  });
});

describe('what is no label costs nothing but itself, and is named with its line', () => {
  const good = { server: 'a', name: 'get', category: 'Read', signals: [] };

  test.each([
    { what: 'broken JSON', line: '{"server":', message: 'is not JSON' },
    {
      what: 'another format',
      line: lines(live),
      message: 'is a label of the format live in a file of reference labels',
    },
    {
      what: 'a class that is none',
      line: lines({ ...good, category: 'Harmless' }),
      message: 'is not a label of the format reference: category',
    },
    { what: 'no object', line: '7', message: 'is not a label of the format reference' },
    {
      what: 'the same tool again',
      line: lines({ ...good, category: 'Write' }),
      message: 'again, as line 1 did; the first label counts',
    },
  ])('$what', ({ line, message }) => {
    const read = readLabels(`${lines(good)}\r\n\r\n${line}\n${lines({ ...good, name: 'put' })}\n`);
    expect(read.labels.map(({ tool, five }) => [tool, five])).toEqual([
      ['get', 'Read'],
      ['put', 'Read'],
    ]);
    expect(read.faults).toHaveLength(1);
    expect(read.faults[0]?.line).toBe(3);
    expect(read.faults[0]?.message).toContain(message);
  });

  test('a file without any label has no format, and is told which are known', () => {
    const read = readLabels('\ufeff{"a":1}\n');
    expect(read).toMatchObject({ format: undefined, labels: [] });
    for (const id of ['corpus', 'live', 'author-hints', 'reference', 'signals']) {
      expect(read.faults[0]?.message).toContain(id);
    }
  });
});
