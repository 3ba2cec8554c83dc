import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { comparePolicies } from '../../policy/compare.ts';
import type { PolicyDocument, ToolRule } from '../../policy/contract.ts';
import { evaluate } from '../../policy/evaluate.ts';
import { anyCall, anyDocument } from '../support/policies.ts';

function policy(rule: ToolRule | undefined, more: Partial<PolicyDocument> = {}): PolicyDocument {
  return { version: '1', default: 'deny', tools: rule === undefined ? {} : { t: rule }, ...more };
}

const limit = { counter: 'c', window: 'hour' as const, max: 30, scope: 'grant' as const };
const below = (value: number) => ({
  conditions: [{ path: 'args.n', op: 'lte' as const, value }],
  on_deny: 'No.',
});
const always = { conditions: [], on_deny: 'No.' };

const CASES: [string, ToolRule | undefined, ToolRule | undefined, string | undefined][] = [
  ['nothing', { limits: [limit] }, { limits: [limit] }, undefined],
  ['a new tool', undefined, {}, 'looser'],
  ['a tool taken out', {}, undefined, 'stricter'],
  ['a higher limit', { limits: [limit] }, { limits: [{ ...limit, max: 31 }] }, 'looser'],
  ['a lower limit', { limits: [limit] }, { limits: [{ ...limit, max: 29 }] }, 'stricter'],
  ['another window', { limits: [limit] }, { limits: [{ ...limit, window: 'day' }] }, 'changed'],
  ['a higher ceiling', { require: [below(5)] }, { require: [below(6)] }, 'looser'],
  ['a lower ceiling', { require: [below(5)] }, { require: [below(4)] }, 'stricter'],
  ['a ban that reaches further', { deny_if: [below(5)] }, { deny_if: [below(6)] }, 'stricter'],
  ['a refusal that became a question', { deny_if: [always] }, { require_approval: [always] }, 'looser'],
  ['a ban that became a question', { deny_if: [below(5)] }, { require_approval: [below(5)] }, 'looser'],
  ['a question dropped', { require_approval: [always] }, {}, 'looser'],
  [
    'one thing tightened and one loosened',
    { require: [below(5)], limits: [limit] },
    { require: [below(4)] },
    'changed',
  ],
  ['another message', { deny_if: [below(5)] }, { deny_if: [{ ...below(5), on_deny: 'Other.' }] }, undefined],
];

describe('comparePolicies', () => {
  test.each(CASES)('%s', (_, before, after, direction) => {
    expect(comparePolicies(policy(before), policy(after))[0]?.direction).toBe(direction);
  });

  test('says in words what changed, for tools, for tools to come and for methods', () => {
    const before = policy({ limits: [limit] });
    const after = policy(
      { limits: [{ ...limit, max: 60 }] },
      { default: 'allow', methods: { sampling: 'deny' } },
    );
    expect(comparePolicies(before, after)).toEqual([
      {
        tool: 't',
        direction: 'looser',
        changes: [
          'now at most 60 calls an hour for each grant',
          'no longer at most 30 calls an hour for each grant',
        ],
      },
      { tool: undefined, direction: 'looser', changes: ['was denied, now allowed'] },
      { tool: undefined, direction: 'stricter', changes: ['sampling: was allowed, now denied'] },
    ]);
  });

  test('what it calls looser or stricter is so for every call', () => {
    const STRICTNESS = ['allow', 'ask', 'deny'];
    fc.assert(
      fc.property(anyDocument, anyDocument, anyCall, fc.nat({ max: 4 }), (before, after, call, used) => {
        const named =
          Object.hasOwn({ ...before.tools, ...after.tools }, call.tool) ||
          [before, after].some(({ hide }) => hide?.includes(call.tool));
        const change = comparePolicies(before, after).find(
          ({ tool }) => tool === (named ? call.tool : undefined),
        );
        const strictness = (document: PolicyDocument) =>
          STRICTNESS.indexOf(evaluate(document, call, () => used).outcome);
        if (change?.direction === 'stricter')
          expect(strictness(after)).toBeGreaterThanOrEqual(strictness(before));
        if (change?.direction === 'looser') expect(strictness(after)).toBeLessThanOrEqual(strictness(before));
        if (change === undefined) expect(strictness(after)).toBe(strictness(before));
      }),
      { numRuns: 5_000 },
    );
  });
});
