import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diffDefinitions } from '../../catalogue/schema-diff.ts';
import { comparePieces, diffTexts } from '../../catalogue/text-diff.ts';
import { canonicalJson } from '../../crawler/canonical.ts';

type Json = Record<string, unknown>;

/** A definition with these parameters. */
function withParameters(properties: Json, required: string[] = []): Json {
  return { name: 'send', inputSchema: { type: 'object', properties, required } };
}

const URL_TEXT = { type: 'string', description: 'Where to.' };

describe('two definitions', () => {
  const empty = { schema: [], moreSchemaChanges: 0, other: [] };

  test.each<[string, Json, Json, object]>([
    [
      'a parameter more',
      withParameters({}),
      withParameters({ url: URL_TEXT }, ['url']),
      {
        schema: [
          {
            change: 'added',
            schema: 'input',
            path: 'url',
            type: 'string',
            required: true,
            description: 'Where to.',
          },
        ],
      },
    ],
    [
      'a parameter less',
      withParameters({ url: URL_TEXT, id: { type: 'integer' } }),
      withParameters({ url: URL_TEXT }),
      { schema: [{ change: 'removed', schema: 'input', path: 'id', type: 'integer', required: false }] },
    ],
    [
      'another type',
      withParameters({ id: { type: 'integer' } }),
      withParameters({ id: { anyOf: [{ type: 'string' }, { type: 'null' }] } }),
      {
        schema: [{ change: 'type', schema: 'input', path: 'id', before: 'integer', after: 'string | null' }],
      },
    ],
    [
      'another type inside a list, told once',
      withParameters({ ids: { type: 'array', items: { type: 'integer' } } }),
      withParameters({ ids: { type: 'array', items: { type: 'string' } } }),
      {
        schema: [
          {
            change: 'type',
            schema: 'input',
            path: 'ids',
            before: 'array of integer',
            after: 'array of string',
          },
        ],
      },
    ],
    [
      'a parameter that must be given now, and one that need not',
      withParameters({ a: {}, b: {} }, ['a']),
      withParameters({ a: {}, b: {} }, ['b']),
      {
        schema: [
          { change: 'optional', schema: 'input', path: 'a' },
          { change: 'required', schema: 'input', path: 'b' },
        ],
      },
    ],
    [
      'other words for a parameter deep inside',
      withParameters({
        items: { type: 'array', items: { properties: { to: { description: 'The reader.' } } } },
      }),
      withParameters({
        items: { type: 'array', items: { properties: { to: { description: 'The auditor.' } } } },
      }),
      {
        schema: [
          {
            change: 'description',
            schema: 'input',
            path: 'items[].to',
            text: {
              by: 'word',
              parts: [
                { kind: 'same', text: 'The ' },
                { kind: 'removed', text: 'reader' },
                { kind: 'added', text: 'auditor' },
                { kind: 'same', text: '.' },
              ],
            },
          },
        ],
      },
    ],
    [
      'other choices',
      withParameters({ mode: { enum: ['one', 'two'] } }),
      withParameters({ mode: { enum: ['two', 'all'] } }),
      {
        schema: [{ change: 'choices', schema: 'input', path: 'mode', added: ['"all"'], removed: ['"one"'] }],
      },
    ],
    [
      'another default',
      withParameters({ limit: { type: 'integer', default: 10 } }),
      withParameters({ limit: { type: 'integer', default: 1000 } }),
      {
        schema: [
          { change: 'other', schema: 'input', path: 'limit', key: 'default', before: '10', after: '1000' },
        ],
      },
    ],
    [
      'an output schema that is new',
      { name: 'send' },
      { name: 'send', outputSchema: { type: 'object', properties: { sent: { type: 'boolean' } } } },
      {
        schema: [{ change: 'added', schema: 'output', path: 'sent', type: 'boolean', required: false }],
        other: [{ key: 'outputSchema', after: 'a schema' }],
      },
    ],
    [
      'another annotation',
      { name: 'send', annotations: { readOnlyHint: true, title: 'Send' } },
      { name: 'send', annotations: { title: 'Send', destructiveHint: true } },
      {
        other: [
          { key: 'annotations.destructiveHint', after: 'true' },
          { key: 'annotations.readOnlyHint', before: 'true' },
        ],
      },
    ],
    [
      'a description that is empty and not missing',
      { name: 'a' },
      { name: 'a', description: '' },
      { other: [{ key: 'description', after: '""' }] },
    ],
    [
      'a key of its own',
      { name: 'a', _meta: { v: 1 } },
      { name: 'a', _meta: { v: 2 } },
      { other: [{ key: '_meta', before: '{"v":1}', after: '{"v":2}' }] },
    ],
    [
      'the order of choices alone',
      withParameters({ mode: { enum: [1, 2] } }),
      withParameters({ mode: { enum: [2, 1] } }),
      {
        schema: [
          { change: 'other', schema: 'input', path: 'mode', key: 'enum', before: '[1,2]', after: '[2,1]' },
        ],
      },
    ],
    [
      'schemas that are none',
      { name: 'a', inputSchema: { properties: { x: true, y: 3 }, required: 'x' } },
      { name: 'a', inputSchema: { properties: { x: false, y: [4] }, required: ['x'] } },
      {
        schema: [
          { change: 'type', schema: 'input', path: 'x', before: 'true', after: 'false' },
          { change: 'type', schema: 'input', path: 'y', before: '3', after: '[4]' },
          { change: 'required', schema: 'input', path: 'x' },
        ],
      },
    ],
  ])('%s', (_, before, after, expected) => {
    const { title, description, ...rest } = diffDefinitions(before, after);
    expect(rest).toEqual({ ...empty, ...expected });
  });

  test('are told apart by whatever differs, and by nothing where nothing does', () => {
    const key = fc.constantFrom(
      'type',
      'properties',
      'required',
      'items',
      'enum',
      'anyOf',
      'description',
      '$ref',
      '__proto__',
      'x',
    );
    const { schema } = fc.letrec((tie) => ({
      leaf: fc.oneof(
        fc.constantFrom('string', 'object', 'x', '', 1, true, null),
        fc.array(fc.constantFrom('x', 'type', 1), { maxLength: 3 }),
      ),
      schema: fc
        .array(
          fc.tuple(
            key,
            fc.oneof(
              { depthSize: 'small' },
              tie('leaf'),
              tie('schema'),
              fc.array(tie('schema'), { maxLength: 2 }),
            ),
          ),
          { maxLength: 4 },
        )
        .map((entries) => Object.fromEntries(entries) as Json),
    }));
    const definition = fc.record(
      {
        name: fc.constant('t'),
        inputSchema: schema,
        annotations: schema,
        description: fc.constantFrom('', 'a b', 'a c'),
      },
      { requiredKeys: ['name'] },
    );
    fc.assert(
      fc.property(definition, definition, (a, b) => {
        const { title, description, schema: told, moreSchemaChanges, other } = diffDefinitions(a, b);
        const saysNothing = !title && !description && told.length + moreSchemaChanges + other.length === 0;
        expect(saysNothing).toBe(canonicalJson(a) === canonicalJson(b));
      }),
      { numRuns: 500 },
    );
  });

  test('with thousands of differences are told of in part, and the rest is counted', () => {
    const many = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`p${i}`, {}]));
    const { schema, moreSchemaChanges } = diffDefinitions(withParameters({}), withParameters(many(5_000)));
    expect(schema.length + moreSchemaChanges).toBe(5_000);
    expect(schema.length).toBeLessThan(1_000);
  });
});

describe('two texts', () => {
  test.each([
    ['Lists notes.', 'Lists all notes.', ['=Lists ', '+all ', '=notes.']],
    ['Lists notes.', 'Deletes notes.', ['-Lists', '+Deletes', '= notes.']],
    ['one two three', 'four five three', ['-one two', '+four five', '= three']],
    [
      'Gives the list.',
      'Gives the list.\n\nAlways send it on.',
      ['=Gives the list.', '+\n\nAlways send it on.'],
    ],
    ['ab', 'a\u200bb', ['-ab', '+a\u200bb']],
    ['😀', '😁', ['-😀', '+😁']],
  ])('%j and %j', (before, after, expected) => {
    const signs = { same: '=', removed: '-', added: '+' };
    expect(comparePieces(before, after).parts.map(({ kind, text }) => signs[kind] + text)).toEqual(expected);
  });

  const words = fc
    .array(
      fc.constantFrom('note', 'notes', ' ', '  ', '\n', '.', '漢字', '😀', '\ud83d', '\u200b', 'e\u0301'),
      { maxLength: 40 },
    )
    .map((parts) => parts.join(''));

  test('have all their characters in the pieces, each in its place', () => {
    fc.assert(
      fc.property(words, words, (before, after) => {
        const { parts } = comparePieces(before, after);
        const side = (own: string) =>
          parts
            .filter(({ kind }) => kind === 'same' || kind === own)
            .map(({ text }) => text)
            .join('');
        expect(side('removed')).toBe(before);
        expect(side('added')).toBe(after);
        expect(before === after).toBe(parts.every(({ kind }) => kind === 'same'));
      }),
    );
  });

  test.each([
    ['words that have nothing in common', ' '],
    ['lines that have nothing in common', '\n'],
    ['one long word', ''],
  ])('of hundreds of thousands of characters, %s, are cut and counted', (_, blank) => {
    const text = (from: number) => Array.from({ length: 60_000 }, (_, i) => `w${i * 2 + from}`).join(blank);
    const [before, after] = [text(0), text(1)];
    const { by, parts } = diffTexts(before, after);
    expect(by).toBe('whole');
    expect(JSON.stringify(parts).length).toBeLessThan(20_000);
    const total = (own: string) =>
      parts.reduce((sum, part) => {
        const kind = part.kind === 'omitted' ? part.of : part.kind;
        if (kind !== 'same' && kind !== own) return sum;
        return sum + (part.kind === 'omitted' ? part.chars : part.text.length);
      }, 0);
    expect(total('removed')).toBe(before.length);
    expect(total('added')).toBe(after.length);
  });

  test('that are long and alike are compared line by line, and what is the same is left out', () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `This is line ${i}.`);
    const changed = lines.with(300, 'Send it all on.').with(9_000, 'And this.');
    const { by, parts } = diffTexts(lines.join('\n'), changed.join('\n'));
    expect(by).toBe('line');
    expect(parts.filter(({ kind }) => kind === 'added')).toEqual([
      { kind: 'added', text: 'Send it all on.\n' },
      // Up to the point that the line had before, too.
      { kind: 'added', text: 'And this' },
    ]);
    expect(parts.some(({ kind }) => kind === 'omitted')).toBe(true);
  });
});
