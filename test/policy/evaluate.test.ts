import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Condition, PolicyDocument } from '../../policy/contract.ts';
import { evaluate } from '../../policy/evaluate.ts';
import { parsePolicy } from '../../policy/parse.ts';

const unused = () => 0;

function policy(text: object): PolicyDocument {
  const parsed = parsePolicy(JSON.stringify(text));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.document;
}

describe('evaluate', () => {
  const limit = { counter: 'all', window: 'minute', max: 5, scope: 'grant' };
  const document = policy({
    version: '1',
    default: 'deny',
    hide: ['hidden'],
    all_tools: { limits: [limit] },
    tools: {
      hidden: {},
      open: {},
      guarded: {
        require: [{ conditions: [{ path: 'args.reason', op: 'exists', value: true }], on_deny: 'Say why.' }],
        deny_if: [{ conditions: [{ path: 'args.amount', op: 'gt', value: 100 }], on_deny: 'Too much.' }],
      },
    },
  });

  test.each([
    ['a hidden tool, though it has a rule', 'hidden', {}, '/hide'],
    ['a tool that is not named', 'new_tool', {}, '/default'],
    ['a name that every object has', 'constructor', {}, '/default'],
    ['a name in another case', 'OPEN', {}, '/default'],
    ['an unmet requirement', 'guarded', {}, '/tools/guarded/require/0'],
    ['what a rule forbids', 'guarded', { reason: 'x', amount: 101 }, '/tools/guarded/deny_if/0'],
    ['what a rule cannot compare', 'guarded', { reason: 'x', amount: '101' }, '/tools/guarded/deny_if/0'],
  ])('denies %s', (_, tool, args, rule) => {
    expect(evaluate(document, { tool, args }, unused)).toMatchObject({ outcome: 'deny', rule });
  });

  test('allows the rest, and says what to count', () => {
    const call = { tool: 'guarded', args: { reason: 'x', amount: 100 } };
    expect(evaluate(document, call, unused)).toEqual({
      outcome: 'allow',
      charges: [{ limit, amount: 1 }],
    });
  });

  test('denies when a counter is full', () => {
    expect(evaluate(document, { tool: 'open', args: {} }, () => 5)).toMatchObject({
      outcome: 'deny',
      rule: '/all_tools/limits/0',
    });
  });

  const asking = policy({
    version: '1',
    default: 'deny',
    tools: {
      pay: {
        require: [
          {
            conditions: [{ path: 'args.items[].url', op: 'regex', value: '^https://' }],
            on_deny: 'https only',
          },
        ],
        deny_if: [{ conditions: [{ path: 'args.tags[]', op: 'eq', value: 'bad' }], on_deny: 'No bad tags.' }],
        require_approval: [{ conditions: [], on_deny: 'Ask first.' }],
        limits: [
          { counter: 'spent', window: 'day', max: 10, scope: 'server', increment_from: 'args.items[].cents' },
        ],
      },
    },
  });
  const item = { url: 'https://a', cents: 3 };
  test.each<[string, object, string, number]>([
    ['asks for what nothing denies', { items: [item, item] }, '/tools/pay/require_approval/0', 0],
    ['denies one bad element', { items: [item, { ...item, url: 'http://a' }] }, '/tools/pay/require/0', 0],
    ['denies a missing list', {}, '/tools/pay/require/0', 0],
    ['denies what is no list', { items: item }, '/tools/pay/require/0', 0],
    [
      'denies one element that is forbidden',
      { items: [item], tags: ['ok', 'bad'] },
      '/tools/pay/deny_if/0',
      0,
    ],
    ['denies what cannot be looked into', { items: [item], tags: 'bad' }, '/tools/pay/deny_if/0', 0],
    ['counts a sum', { items: [item, item] }, '/tools/pay/limits/0', 5],
    ['denies a negative amount', { items: [{ ...item, cents: -1 }] }, '/tools/pay/limits/0', 0],
    ['denies a fraction', { items: [{ ...item, cents: 0.5 }] }, '/tools/pay/limits/0', 0],
    ['denies an amount in words', { items: [{ ...item, cents: '3' }] }, '/tools/pay/limits/0', 0],
    ['denies a call that names no amount', { items: [] }, '/tools/pay/limits/0', 0],
  ])('%s', (_, args, rule, used) => {
    expect(evaluate(asking, { tool: 'pay', args: { ...args } }, () => used)).toMatchObject({ rule });
  });

  test('under a default of allow, what is not named passes', () => {
    expect(
      evaluate(policy({ version: '1', default: 'allow' }), { tool: 'x', args: {} }, unused).outcome,
    ).toBe('allow');
  });

  test('hiding * hides everything', () => {
    const all = policy({ version: '1', default: 'allow', hide: ['*'], tools: { x: {} } });
    expect(evaluate(all, { tool: 'x', args: {} }, unused).outcome).toBe('deny');
  });

  test('the pointer of a rule escapes what JSON pointers escape', () => {
    const odd = policy({
      version: '1',
      default: 'deny',
      tools: { 'a/b~c': { limits: [{ ...limit, max: 0 }] } },
    });
    expect(evaluate(odd, { tool: 'a/b~c', args: {} }, unused)).toMatchObject({
      rule: '/tools/a~1b~0c/limits/0',
    });
  });
});

const OPERATORS: [Condition, args: Record<string, unknown>, meets: boolean][] = [
  [{ path: 'args.a', op: 'eq', value: 1 }, { a: 1 }, true],
  [{ path: 'args.a', op: 'eq', value: 1 }, { a: '1' }, false],
  [{ path: 'args.a', op: 'eq', value: { x: [1] } }, { a: { x: [1] } }, true],
  [{ path: 'args.a', op: 'neq', value: 1 }, { a: 2 }, true],
  [{ path: 'args.a', op: 'neq', value: 1 }, {}, false],
  [{ path: 'args.a.b', op: 'lt', value: 2 }, { a: { b: 1 } }, true],
  [{ path: 'args.a.b', op: 'lte', value: 2 }, { a: { b: 2 } }, true],
  [{ path: 'args.a', op: 'gt', value: 2 }, { a: 2 }, false],
  [{ path: 'args.a', op: 'gte', value: 2 }, { a: 2 }, true],
  [{ path: 'args.a', op: 'gte', value: 2 }, { a: Number.NaN }, false],
  [{ path: 'args.a', op: 'in', value: ['x', 'y'] }, { a: 'y' }, true],
  [{ path: 'args.a', op: 'not_in', value: ['x', 'y'] }, { a: 'z' }, true],
  [{ path: 'args.a', op: 'exists', value: true }, { a: null }, true],
  [{ path: 'args.a', op: 'exists', value: false }, {}, true],
  [{ path: 'args.toString', op: 'exists', value: true }, {}, false],
  [{ path: 'args.a', op: 'contains', value: 'b' }, { a: 'abc' }, true],
  [{ path: 'args.a', op: 'contains', value: 'b' }, { a: ['a', 'b'] }, true],
  [{ path: 'args.a', op: 'regex', value: '^https://' }, { a: 'https://x' }, true],
  [{ path: 'args.a', op: 'regex', value: '^https://' }, { a: 'ftp://https://' }, false],
];

describe('operators', () => {
  test.each(OPERATORS)('%j on %j is %s', (condition, args, meets) => {
    const require = [{ conditions: [condition], on_deny: 'no' }];
    const document: PolicyDocument = { version: '1', default: 'deny', tools: { t: { require } } };
    expect(evaluate(document, { tool: 't', args }, unused).outcome).toBe(meets ? 'allow' : 'deny');
  });

  test('a condition that cannot be decided never lets a call through, whichever side it stands on', () => {
    const undecidable: Condition[] = [
      { path: 'args.a', op: 'regex', value: '(' },
      { path: 'args.a', op: 'lt', value: 'x' },
      { path: 'args.a', op: 'in', value: 'x' },
    ];
    for (const condition of undecidable) {
      for (const key of ['require', 'deny_if']) {
        const rule = { [key]: [{ conditions: [condition], on_deny: 'no' }] };
        const document: PolicyDocument = { version: '1', default: 'deny', tools: { t: rule } };
        expect(
          evaluate(document, { tool: 't', args: { a: 'text' } }, unused).outcome,
          `${key} ${condition.op}`,
        ).toBe('deny');
      }
    }
  });

  test('a pattern made to run for ever is answered at once', () => {
    const rule = {
      require: [{ conditions: [{ path: 'args.a', op: 'regex' as const, value: '^(a+)+$' }], on_deny: 'no' }],
    };
    const document: PolicyDocument = { version: '1', default: 'deny', tools: { t: rule } };
    const args = { a: `${'a'.repeat(50_000)}!` };
    expect(evaluate(document, { tool: 't', args }, unused).outcome).toBe('deny');
  });

  test('no call, however odd, makes evaluate throw', () => {
    const document: PolicyDocument = {
      version: '1',
      default: 'allow',
      tools: { t: { require: OPERATORS.map(([condition]) => ({ conditions: [condition], on_deny: 'no' })) } },
    };
    fc.assert(
      fc.property(fc.string(), fc.dictionary(fc.string(), fc.jsonValue()), (tool, args) => {
        for (const name of [tool, 't']) {
          const { outcome } = evaluate(document, { tool: name, args }, unused);
          expect(['allow', 'deny']).toContain(outcome);
        }
      }),
    );
  });
});
