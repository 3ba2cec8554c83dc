import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { policyJsonSchema } from '../../policy/json-schema.ts';
import { parsePolicy } from '../../policy/parse.ts';

const LIMIT = { counter: 'c', window: 'minute', max: 1, scope: 'grant' };
const validate = new Ajv2020().compile(policyJsonSchema());

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
          limits: [{ ...LIMIT, window: 'day' }],
        },
      },
    },
  ],
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
];

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

test('what is not JSON is a fault, not an exception', () => {
  expect(parsePolicy('{')).toMatchObject({ ok: false, faults: [{ pointer: '' }] });
});
