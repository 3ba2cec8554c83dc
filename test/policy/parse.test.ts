import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { policyJsonSchema } from '../../policy/json-schema.ts';
import { parsePolicy, unfilledValues } from '../../policy/parse.ts';

const LIMIT = { counter: 'c', window: 'minute', max: 1, scope: 'grant' };
const validate = new Ajv2020().compile(policyJsonSchema());

/** A document with one condition each. */
function operators(conditions: [op: string, value: unknown][]): [string, object, string][] {
  return conditions.map(([op, value]) => {
    const condition = { path: 'args.a', op, ...(value !== undefined && { value }) };
    const tools = { t: { deny_if: [{ conditions: [condition], on_deny: 'm' }] } };
    const name = `${op} with ${JSON.stringify(value)}`;
    return [name, { version: '1', default: 'deny', tools }, '/tools/t/deny_if/0/conditions/0/value'];
  });
}

const VALID: [string, object][] = [
  ['the least that there is', { version: '1', default: 'deny' }],
  [
    'every key',
    {
      version: '1',
      default: 'allow',
      hide: ['x', '*'],
      all_tools: { limits: [LIMIT] },
      tools: {
        t: {
          require: [{ conditions: [{ path: 'args.a.b', op: 'eq', value: null }], on_deny: 'm' }],
          deny_if: [{ conditions: [], on_deny: 'm' }],
          require_approval: [{ conditions: [], on_deny: 'm' }],
          limits: [
            { ...LIMIT, window: 'day' },
            LIMIT,
            { ...LIMIT, scope: 'tool', increment_from: 'args.a[].n' },
          ],
        },
      },
      methods: {
        resources: 'deny',
        prompts: 'allow',
        sampling: 'deny',
        elicitation: 'deny',
        unknown: 'deny',
      },
      $schema: 'https://example.com/policy.schema.json',
    },
  ],
  ...operators([
    ['eq', null],
    ['neq', { a: [1] }],
    ['lt', 1.5],
    ['gte', 'FILL IN: a number'],
    ['in', []],
    ['not_in', [1, 'a']],
    ['in', 'fill in: a list'],
    ['in', ['FILL IN: hosts']],
    ['exists', false],
    ['regex', '^https://'],
    ['contains', 'a'],
    ['contains', 1],
    ['contains', true],
  ]).map(([name, document]): [string, object] => [name, document]),
];

const INVALID: [string, unknown, pointer: string][] = [
  ['another version', { version: '2', default: 'deny' }, '/version'],
  ['no default', { version: '1' }, '/default'],
  ['an unknown key', { version: '1', default: 'deny', rules: [] }, ''],
  [
    'an unknown key in a rule',
    { version: '1', default: 'deny', tools: { t: { rate_limit: 1 } } },
    '/tools/t',
  ],
  ['a rule that is no object', { version: '1', default: 'deny', tools: { t: 'deny' } }, '/tools/t'],
  [
    'a fault in the rule of `__proto__`',
    JSON.parse('{"version":"1","default":"deny","tools":{"__proto__":{"x":1}}}'),
    '/tools/__proto__',
  ],
  [
    'an unknown operator',
    {
      version: '1',
      default: 'deny',
      tools: {
        'a/b': { require: [{ conditions: [{ path: 'args.a', op: 'like', value: 1 }], on_deny: '' }] },
      },
    },
    '/tools/a~1b/require/0/conditions/0/op',
  ],
  [
    'a path outside the arguments',
    {
      version: '1',
      default: 'deny',
      tools: { t: { require: [{ conditions: [{ path: 'state.a', op: 'eq', value: 1 }], on_deny: '' }] } },
    },
    '/tools/t/require/0/conditions/0/path',
  ],
  [
    'a limit below nothing',
    { version: '1', default: 'deny', tools: { t: { limits: [{ ...LIMIT, max: -1 }] } } },
    '/tools/t/limits/0/max',
  ],
  [
    'half a call',
    { version: '1', default: 'deny', tools: { t: { limits: [{ ...LIMIT, max: 0.5 }] } } },
    '/tools/t/limits/0/max',
  ],
  [
    'a limit past what is counted exactly',
    { version: '1', default: 'deny', tools: { t: { limits: [{ ...LIMIT, max: 2 ** 53 }] } } },
    '/tools/t/limits/0/max',
  ],
  [
    'an unknown scope',
    { version: '1', default: 'deny', tools: { t: { limits: [{ ...LIMIT, scope: 'global' }] } } },
    '/tools/t/limits/0/scope',
  ],
  [
    'a path that names a place in a list',
    {
      version: '1',
      default: 'deny',
      tools: { t: { limits: [{ ...LIMIT, increment_from: 'args.a[0]' }] } },
    },
    '/tools/t/limits/0/increment_from',
  ],
  ['a list for an object', { version: '1', default: 'deny', tools: [] }, '/tools'],
  ['a method that is none', { version: '1', default: 'deny', methods: { tools: 'deny' } }, '/methods'],
  ...operators([
    ['eq', undefined],
    ['lt', '1'],
    ['gt', null],
    ['lte', [1]],
    ['in', 'a'],
    ['not_in', {}],
    ['exists', 'true'],
    ['exists', 'FILL IN: true or false'],
    ['regex', 1],
    ['contains', null],
    ['contains', ['a']],
  ]),
];

/** What JSON Schema cannot see. */
const BEYOND_SCHEMA: [string, object, string][] = operators([
  ['regex', '('],
  ['regex', '(?=a)'],
  ['regex', '(a)\\1'],
  ['regex', 'a{2000}'],
  ['regex', '(?:a{900}b)'.repeat(6)],
  ['regex', 'a'.repeat(3_000)],
]);

describe('parsePolicy and the published JSON Schema agree', () => {
  test.each(VALID)('on %s', (_, document) => {
    expect(parsePolicy(JSON.stringify(document))).toEqual({ ok: true, document });
    expect(validate(document)).toBe(true);
  });

  test.each(INVALID)('in refusing %s', (_, document, pointer) => {
    const parsed = parsePolicy(JSON.stringify(document));
    expect(parsed.ok ? [] : parsed.faults.map((fault) => fault.pointer)).toEqual([pointer]);
    expect(validate(document)).toBe(false);
  });
});

test.each(BEYOND_SCHEMA)('a pattern that cannot be used is refused: %s', (_, document, pointer) => {
  expect(parsePolicy(JSON.stringify(document))).toMatchObject({ ok: false, faults: [{ pointer }] });
});

const REMEDIES: [string, text: string, fault: object][] = [
  ['a mistyped key', '{"version":"1","defualt":"deny"}', { remedy: 'Did you mean "default"?' }],
  [
    'an unknown key',
    '{"version":"1","default":"deny","x":1}',
    { remedy: expect.stringContaining('known here are') },
  ],
  [
    'a mistyped operator',
    JSON.stringify(operators([['exist', true]])[0]?.[1]),
    {
      pointer: '/tools/t/deny_if/0/conditions/0/op',
      remedy: expect.stringContaining('Did you mean "exists"?'),
    },
  ],
  ['what is missing', '{"version":"1"}', { message: 'is missing', remedy: 'Give one of "allow", "deny".' }],
  ['a wrong type', '{"version":"1","default":"deny","hide":"x"}', { remedy: 'Give a list: [ ].' }],
  ['a key twice', '{"version":"1","default":"deny",\n"default":"allow"}', { line: 2, column: 1 }],
  ['a number that is not exact', '{"version":"1","default":"deny","x":9007199254740993}', { pointer: '/x' }],
];

test.each(REMEDIES)('%s is told with its place and its remedy', (_, text, fault) => {
  const parsed = parsePolicy(text);
  expect(parsed.ok ? [] : parsed.faults).toContainEqual(expect.objectContaining(fault));
});

test('what is to be filled in is found, wherever it stands, and nothing else', () => {
  const [, document] = operators([['in', ['FILL IN: hosts']]])[0] ?? [];
  expect(unfilledValues(`\ufeff${JSON.stringify(document)}`)).toMatchObject([
    { pointer: '/tools/t/deny_if/0/conditions/0/value', line: 1 },
  ]);
  expect(unfilledValues('{"version":"1","default":"deny","hide":["FILL IN: x"]}')).toEqual([]);
});

test('a text with ten thousand faults is answered at once, with the first of them', () => {
  const tools = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`t${n}`, { x: 1 }]));
  const parsed = parsePolicy(JSON.stringify({ version: '1', default: 'deny', tools }));
  expect(parsed.ok ? 0 : parsed.faults.length).toBe(100);
});

test('what is not JSON is a fault, not an exception', () => {
  expect(parsePolicy('{')).toMatchObject({ ok: false, faults: [{ pointer: '' }] });
});
