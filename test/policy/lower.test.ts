import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PolicyDocument, ToolRule } from '../../policy/contract.ts';
import { evaluate } from '../../policy/evaluate.ts';
import { lossesOf, type Means, staticDecision, staticDecisions } from '../../policy/lower.ts';
import { placeholder } from '../../policy/placeholder.ts';
import { anyCall, anyDocument, TOOLS } from '../support/policies.ts';

const NOTHING: Means = { ask: false, hide: false, arguments: false, limits: false };
const ASKS: Means = { ...NOTHING, ask: true, hide: true };
const ARGUMENTS: Means = { ...NOTHING, arguments: true };
const ALL: Means = { ask: true, hide: true, arguments: true, limits: true };

const https = { path: 'args.url', op: 'regex' as const, value: '^https://' };
const limit = { counter: 'c', window: 'minute' as const, max: 30, scope: 'grant' as const };

const RULES: [string, ToolRule, bare: string, asking: string][] = [
  ['nothing', {}, 'allow', 'allow'],
  ['a requirement', { require: [{ conditions: [https], on_deny: 'No.' }] }, 'deny', 'ask'],
  ['a requirement of nothing', { require: [{ conditions: [], on_deny: 'No.' }] }, 'allow', 'allow'],
  ['something forbidden', { deny_if: [{ conditions: [https], on_deny: 'No.' }] }, 'deny', 'ask'],
  ['a refusal', { deny_if: [{ conditions: [], on_deny: 'No.' }] }, 'deny', 'deny'],
  ['an approval', { require_approval: [{ conditions: [], on_deny: 'No.' }] }, 'deny', 'ask'],
  [
    'an approval of some calls',
    { require_approval: [{ conditions: [https], on_deny: 'No.' }] },
    'deny',
    'ask',
  ],
  ['a limit', { limits: [limit] }, 'allow', 'ask'],
  ['a limit of none', { limits: [{ ...limit, max: 0 }] }, 'deny', 'deny'],
  ['a limit on a sum', { limits: [{ ...limit, increment_from: 'args.amount' }] }, 'deny', 'ask'],
  [
    'a requirement that was not filled in',
    { require: [{ conditions: [{ ...https, value: placeholder('a host') }], on_deny: 'No.' }] },
    'deny',
    'deny',
  ],
  [
    'a ban that was not filled in',
    { deny_if: [{ conditions: [{ ...https, value: placeholder('a host') }], on_deny: 'No.' }] },
    'deny',
    'ask',
  ],
];

function policy(rule: ToolRule): PolicyDocument {
  return { version: '1', default: 'deny', tools: { t: rule } };
}

describe('what is left of a rule', () => {
  test.each(RULES)('of %s', (_, rule, bare, asking) => {
    expect(staticDecision(policy(rule), 't', NOTHING).decision).toBe(bare);
    expect(staticDecision(policy(rule), 't', ASKS).decision).toBe(asking);
  });

  test('a hidden tool is denied where it cannot be hidden, and that is a loss', () => {
    const document: PolicyDocument = { version: '1', default: 'allow', hide: ['t'] };
    expect(staticDecision(document, 't', ASKS)).toMatchObject({ decision: 'hide', dropped: { hide: false } });
    expect(staticDecision(document, 't', NOTHING)).toMatchObject({
      decision: 'deny',
      dropped: { hide: true },
    });
  });

  test('a target that can write some conditions keeps those and errs for the rest', () => {
    const rule: ToolRule = {
      require: [{ conditions: [https], on_deny: 'https only' }],
      deny_if: [{ conditions: [{ path: 'args.n', op: 'gt', value: 3 }], on_deny: 'Too many.' }],
    };
    const means: Means = { ...ASKS, arguments: ({ op }) => op !== 'regex' };
    expect(staticDecision(policy(rule), 't', means)).toMatchObject({
      decision: 'ask',
      message: 'https only',
      keep: { require: [], deny_if: rule.deny_if },
    });
  });
});

describe('whatever the document', () => {
  const settled = (document: PolicyDocument, means: Means): PolicyDocument => {
    // What the target would enforce, written back as a document.
    const rules = staticDecisions(document, [...TOOLS, 'new_tool'], means).map(
      ({ tool, decision, message, keep }): [string, ToolRule] => {
        const always = [{ conditions: [], on_deny: message }];
        if (decision === 'deny' || decision === 'hide') return [tool, { deny_if: always }];
        return [tool, decision === 'ask' ? { ...keep, require_approval: always } : { ...keep }];
      },
    );
    return { version: '1', default: 'deny', tools: Object.fromEntries(rules) };
  };
  const STRICTNESS = ['allow', 'ask', 'deny'];

  test('a target that can say all of it decides every call as the document does', () => {
    fc.assert(
      fc.property(anyDocument, anyCall, fc.integer({ min: 0, max: 3 }), (document, call, used) => {
        const { outcome } = evaluate(settled(document, ALL), call, () => used);
        expect(outcome).toBe(evaluate(document, call, () => used).outcome);
      }),
      { numRuns: 2_000 },
    );
  });

  test('a target that cannot ask decides as the document does, with a denial for each question', () => {
    fc.assert(
      fc.property(anyDocument, anyCall, (document, call) => {
        const { outcome } = evaluate(document, call, () => 0);
        const means = { ...ALL, ask: false };
        expect(evaluate(settled(document, means), call, () => 0).outcome).toBe(
          outcome === 'ask' ? 'deny' : outcome,
        );
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['nothing', NOTHING],
    ['arguments', ARGUMENTS],
  ])(
    'a target that can say %s lets nothing through that the document would not, but for limits',
    (_, means) => {
      fc.assert(
        fc.property(anyDocument, anyCall, (document, call) => {
          const { outcome } = evaluate(settled(document, means), call, () => 0);
          const really = evaluate(document, call, () => 0);
          const isLimit = really.outcome === 'deny' && really.rule.includes('/limits/');
          if (!isLimit)
            expect(STRICTNESS.indexOf(outcome)).toBeGreaterThanOrEqual(STRICTNESS.indexOf(really.outcome));
        }),
        { numRuns: 2_000 },
      );
    },
  );

  test('a target that asks and no more lets no call through unasked that the document would not let through', () => {
    fc.assert(
      fc.property(anyDocument, anyCall, (document, call) => {
        if (evaluate(settled(document, ASKS), call, () => 0).outcome !== 'allow') return;
        expect(evaluate(document, call, () => 0).outcome).toBe('allow');
      }),
      { numRuns: 2_000 },
    );
  });

  test('a loss is named exactly where something could not be said', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const losses = (means: Means) =>
          lossesOf({ ...document, default: 'deny' }, staticDecisions(document, TOOLS, means), {
            newTools: 'denied',
          });
        expect(losses(ALL)).toEqual([]);
        const left = (means: Means) =>
          staticDecisions(document, TOOLS, means).map(({ decision, keep }) => ({ decision, keep }));
        const changed = JSON.stringify(left(NOTHING)) !== JSON.stringify(left(ALL));
        expect(losses(NOTHING).length > 0).toBe(changed);
      }),
    );
  });
});

test('losses are one sentence for each kind, in a fixed order, with the tools that they are about', () => {
  const document: PolicyDocument = {
    version: '1',
    default: 'allow',
    methods: { sampling: 'deny' },
    tools: {
      b: { limits: [limit] },
      'a, c': { limits: [limit] },
      pay: { require_approval: [{ conditions: [], on_deny: 'Ask.' }] },
    },
  };
  const tools = ['pay', 'b', 'a, c'];
  expect(lossesOf(document, staticDecisions(document, tools, NOTHING), { newTools: 'asked' })).toEqual([
    'Denied beside tools, and not enforced here: sampling.',
    'Nobody can be asked for approval here, so every call is denied: pay.',
    'The document allows a tool that it does not name; here it is asked.',
    'The limit of 30 calls a minute for each grant is not kept: "a, c", b.',
  ]);
});
