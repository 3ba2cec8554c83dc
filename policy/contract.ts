import { z } from 'zod';

/**
 * The policy document, schema version "1". Keys that are not part of it are refused, because an enforcer that
 * skips what it does not know enforces less than was written.
 */

export const Operator = z.enum([
  'eq',
  'neq',
  'lt',
  'lte',
  'gt',
  'gte',
  'in',
  'not_in',
  'exists',
  'regex',
  'contains',
]);
export type Operator = z.infer<typeof Operator>;

export const Condition = z.strictObject({
  /** Path into the call's arguments: `args.field`, deeper with dots. */
  path: z.string().regex(/^args(\.[^.]+)+$/, 'a path starts with "args." and names a field'),
  op: Operator,
  value: z.unknown(),
});
export type Condition = z.infer<typeof Condition>;

export const Predicate = z.strictObject({
  /** All must hold; none at all always holds. */
  conditions: z.array(Condition),
  /** Told to the caller when the predicate denies. */
  on_deny: z.string(),
});
export type Predicate = z.infer<typeof Predicate>;

export const Limit = z.strictObject({
  counter: z.string(),
  window: z.enum(['minute', 'hour', 'day']),
  max: z.number().int().nonnegative(),
  /** Whose calls are counted together; `grant` is one client's access to one server. */
  scope: z.literal('grant'),
});
export type Limit = z.infer<typeof Limit>;

export const ToolRule = z.strictObject({
  require: z.array(Predicate).optional(),
  deny_if: z.array(Predicate).optional(),
  limits: z.array(Limit).optional(),
});
export type ToolRule = z.infer<typeof ToolRule>;

/**
 * Rules by tool name. Not `z.record`: that one drops the key `__proto__` without a word, and with it the rule of a
 * tool that a hostile server gave that name.
 */
const rulesByName = z
  .custom<Record<string, unknown>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'expected an object of rules by tool name',
  )
  .transform((rules, context): Record<string, ToolRule> => {
    const parsed = Object.entries(rules).map(([name, rule]): [string, ToolRule] => {
      const result = ToolRule.safeParse(rule);
      if (result.success) return [name, result.data];
      for (const issue of result.error.issues) {
        context.addIssue({ code: 'custom', message: issue.message, path: [name, ...issue.path] });
      }
      return [name, {}];
    });
    return Object.fromEntries(parsed);
  });

export const PolicyDocument = z.strictObject({
  version: z.literal('1'),
  /** What happens to a tool that `tools` does not name. */
  default: z.enum(['allow', 'deny']),
  /** Tools taken out of the list and refused when called; `*` stands for all. */
  hide: z.array(z.string()).optional(),
  all_tools: z.strictObject({ limits: z.array(Limit) }).optional(),
  /** By exact tool name. An empty rule allows the tool. */
  tools: rulesByName.optional(),
});
export type PolicyDocument = z.infer<typeof PolicyDocument>;
