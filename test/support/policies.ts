import fc from 'fast-check';
import type { Condition, Limit, PolicyDocument, Predicate, ToolRule } from '../../policy/contract.ts';
import type { ToolCall } from '../../policy/evaluate.ts';
import { placeholder } from '../../policy/placeholder.ts';

/** Documents and calls that meet: the same few names and values, so that rules are hit and missed about as often. */

export const TOOLS = ['read', 'write', 'pay', 'odd name/~"x'] as const;

const path = fc.constantFrom('args.a', 'args.b.c', 'args.list[]', 'args.items[].url');
const scalar = fc.constantFrom<unknown>(1, 2, 3, 'x', 'https://a', '', true, null);

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ path, op: fc.constantFrom('eq', 'neq'), value: scalar }),
  fc.record({ path, op: fc.constantFrom('lt', 'lte', 'gt', 'gte'), value: fc.integer({ min: 0, max: 4 }) }),
  fc.record({ path, op: fc.constantFrom('in', 'not_in'), value: fc.array(scalar, { maxLength: 3 }) }),
  fc.record({ path, op: fc.constant('exists'), value: fc.boolean() }),
  fc.record({ path, op: fc.constant('regex'), value: fc.constantFrom('^https://', 'x', '^$') }),
  fc.record({ path, op: fc.constant('contains'), value: fc.constantFrom('x', 'a') }),
  fc.record({
    path,
    op: fc.constantFrom('lte', 'regex', 'in', 'not_in'),
    value: fc.constant(placeholder('a value')),
  }),
);

const predicate: fc.Arbitrary<Predicate> = fc.record({
  conditions: fc.array(condition, { maxLength: 2 }),
  on_deny: fc.constantFrom('No.', 'Ask first.'),
});

const limit: fc.Arbitrary<Limit> = fc.record(
  {
    counter: fc.constantFrom('c', 'd'),
    window: fc.constantFrom('minute', 'hour', 'day'),
    max: fc.integer({ min: 0, max: 5 }),
    scope: fc.constantFrom('grant', 'session', 'server', 'tool'),
    increment_from: path,
  },
  { requiredKeys: ['counter', 'window', 'max', 'scope'] },
);

const rule: fc.Arbitrary<ToolRule> = fc.record(
  {
    require: fc.array(predicate, { maxLength: 2 }),
    deny_if: fc.array(predicate, { maxLength: 2 }),
    require_approval: fc.array(predicate, { maxLength: 2 }),
    limits: fc.array(limit, { maxLength: 2 }),
  },
  { requiredKeys: [] },
);

/** A valid document about `TOOLS`, of which it names some. */
export const anyDocument: fc.Arbitrary<PolicyDocument> = fc.record(
  {
    version: fc.constant('1' as const),
    default: fc.constantFrom('allow', 'deny'),
    hide: fc.subarray([...TOOLS], { maxLength: 1 }),
    all_tools: fc.record({ limits: fc.array(limit, { maxLength: 1 }) }),
    tools: fc
      .uniqueArray(fc.tuple(fc.constantFrom(...TOOLS), rule), { selector: ([name]) => name })
      .map((rules) => Object.fromEntries(rules)),
  },
  { requiredKeys: ['version', 'default', 'tools'] },
);

/** A call of one of `TOOLS`, or of a tool that came later. */
export const anyCall: fc.Arbitrary<ToolCall> = fc.record({
  tool: fc.constantFrom(...TOOLS, 'new_tool'),
  args: fc.record(
    {
      a: fc.oneof(scalar, fc.constantFrom(-1, 0.5, placeholder('a value'))),
      b: fc.oneof(scalar, fc.record({ c: scalar }, { requiredKeys: [] })),
      list: fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })),
      items: fc.oneof(scalar, fc.array(fc.record({ url: scalar }, { requiredKeys: [] }), { maxLength: 3 })),
    },
    { requiredKeys: [] },
  ),
});
