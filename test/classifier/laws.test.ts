import fc from 'fast-check';
import { expect, test } from 'vitest';
import { classifyTool, quoteHolds } from '../../classifier/classify.ts';
import { HINT_NAMES } from '../../classifier/hints.ts';
import { classify, define, present } from './tools.ts';

const RISKS = ['low', 'medium', 'high', 'critical'];

const words = fc.constantFrom(
  ...'get status list create delete send pay run the a file files url token query sql __proto__ constructor 删除 获取 action'.split(
    ' ',
  ),
  'cannot be undone',
  'read-only',
  'Admin-only.',
  'e.g.',
  '\n\n',
  '\u202e',
  '<script>',
);
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.array(words, { maxLength: 12 }).map((list) => list.join(' ')),
);
const name = fc.oneof(
  text,
  fc.array(words, { maxLength: 4 }).map((list) => list.join('_')),
);
const key = fc.oneof(
  name,
  fc.constantFrom('url', 'a/b', 'a~b', '__proto__', 'constructor', 'toString', '$ref', 'items', ''),
);

const { schema } = fc.letrec<{ schema: unknown; object: unknown }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 4 },
    fc.jsonValue({ maxDepth: 2 }),
    fc.record({ type: fc.constantFrom('string', 'array', 'object', 'number'), description: text }),
    tie('object'),
  ),
  object: fc.record(
    {
      properties: fc.array(fc.tuple(key, tie('schema')), { maxLength: 4 }).map(objectOf),
      items: tie('schema'),
      anyOf: fc.array(tie('schema'), { maxLength: 3 }),
      $ref: fc.constantFrom('#/$defs/x', '#/properties/url', '#', '#/__proto__', 'https://example.com/x'),
      $defs: tie('schema').map((inner) => ({ x: inner })),
      enum: fc.array(fc.oneof(text, fc.integer()), { maxLength: 3 }),
      required: fc.jsonValue({ maxDepth: 1 }),
      type: fc.jsonValue({ maxDepth: 1 }),
    },
    { requiredKeys: [] },
  ),
}));

const annotations = fc.record(
  {
    title: text,
    readOnlyHint: fc.boolean(),
    destructiveHint: fc.boolean(),
    idempotentHint: fc.boolean(),
    openWorldHint: fc.oneof(fc.boolean(), fc.string()),
  },
  { requiredKeys: [] },
);
const wire = fc.record(
  { name, title: text, description: fc.oneof(text, fc.integer()), inputSchema: schema, annotations },
  { requiredKeys: ['name'] },
);

test('every quote holds, whatever the definition', () => {
  fc.assert(
    fc.property(wire, (tool) => {
      const sent: unknown = JSON.parse(JSON.stringify(tool));
      const definition = define(sent);
      const verdict = classifyTool(definition);
      const all = [...verdict.evidence, ...present(verdict).flatMap((finding) => finding.evidence)];
      for (const evidence of all) expect(quoteHolds(sent, evidence), JSON.stringify(evidence)).toBe(true);
      expect(verdict.findings.filter((finding) => finding.outcome === 'error')).toEqual([]);
      expect(classifyTool(definition)).toEqual(verdict);
    }),
    { numRuns: 500 },
  );
});

test.each(['😀', '𝒜', 'x😀'])('no verdict on a long run of %s ends in half a character', (unit) => {
  const long = unit.repeat(5_000);
  const verdict = classify({
    name: long,
    description: `Get ${long}`,
    inputSchema: { properties: { [long]: {} } },
  });
  expect(JSON.stringify(verdict).isWellFormed()).toBe(true);
  expect(JSON.stringify(verdict)).not.toMatch(/\\ud[89ab]/i);
  expect(classify({ name: long }).rationale.isWellFormed()).toBe(true);
});

test('an annotation never lowers the risk', () => {
  fc.assert(
    fc.property(wire, annotations, (tool, added) => {
      const { annotations: _, ...bare } = tool;
      const before = classify(bare);
      const after = classify({ ...bare, annotations: added });
      expect(RISKS.indexOf(after.risk)).toBeGreaterThanOrEqual(RISKS.indexOf(before.risk));
      expect(HINT_NAMES.length).toBe(after.hints.length);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['a name of 5,000 characters', { name: 'x_'.repeat(2_500) }],
  ['a description without a blank', { name: 'x', description: 'a'.repeat(200_000) }],
  ['half a million commas', { name: 'x', description: ', '.repeat(250_000) }],
  ['nothing but negations', { name: 'x', description: 'not '.repeat(50_000) }],
  ['nothing but verbs', { name: 'x', description: 'create, '.repeat(50_000) }],
  ['nothing but brackets', { name: 'get', description: `Get ${'( '.repeat(50_000)}` }],
  ['a union of unions', { name: 'x', inputSchema: nestedUnion(6) }],
  [
    'a schema that contains itself',
    { name: 'x', inputSchema: { properties: { a: { $ref: '#' } }, $ref: '#/properties/a' } },
  ],
  ['ten thousand parameters', { name: 'x', inputSchema: { properties: manyProperties(10_000) } }],
  [
    'a description for each of many parameters',
    { name: 'x', inputSchema: { properties: manyProperties(400, 'url '.repeat(500)) } },
  ],
])('%s is judged in good time', (_, tool) => {
  const definition = define(tool);
  const start = performance.now();
  const verdict = classifyTool(definition);
  expect(performance.now() - start).toBeLessThan(500);
  expect(verdict.findings.filter((finding) => finding.outcome === 'error')).toEqual([]);
});

test.each([
  ['/a~1b', 'a/b', true],
  ['/a~1b', 'b', false],
  ['/text', 'two words', true],
  ['/text', 'words two', false],
  ['/flag', 'true', true],
  ['/flag', 'false', false],
  ['/list/0', 'zero', true],
  ['/constructor', 'constructor', false],
  ['text', 'two words', false],
])('a quote at %s of %s holds: %s', (pointer, quote, holds) => {
  const sent = { 'a/b': { x: 1 }, text: 'the two words', flag: true, list: ['zero'] };
  expect(quoteHolds(sent, { pointer, quote, note: '' })).toBe(holds);
});

function objectOf(entries: [string, unknown][]): object {
  const object: object = {};
  for (const [property, value] of entries) {
    Object.defineProperty(object, property, { value, enumerable: true, configurable: true, writable: true });
  }
  return object;
}

function nestedUnion(depth: number): Record<string, unknown> {
  if (depth === 0) return { properties: { url: { type: 'string' } } };
  const inner = nestedUnion(depth - 1);
  return { anyOf: [inner, inner, inner], allOf: [inner, inner] };
}

function manyProperties(count: number, description = ''): object {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`p_${index}`, { type: 'string', description }]),
  );
}
