import { z } from 'zod';
import { compilePattern } from './pattern.ts';
import { isPlaceholder } from './placeholder.ts';

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

/** Into the call's arguments: `args.field`, deeper with dots, into every element of a list with `[]`. */
const ArgumentPath = z
  .string()
  .regex(
    /^args(\.[^.[\]]+(\[\])*)+$/,
    'is no path into the arguments. Write it as args.url, args.a.b or args.items[].url.',
  );

/** What an operator compares with: JSON types, none for all, and words for whoever wrote something else. */
export const OPERANDS: Record<Operator, { types: readonly string[]; words: string }> = {
  eq: { types: [], words: 'any value' },
  neq: { types: [], words: 'any value' },
  lt: { types: ['number'], words: 'a number' },
  lte: { types: ['number'], words: 'a number' },
  gt: { types: ['number'], words: 'a number' },
  gte: { types: ['number'], words: 'a number' },
  in: { types: ['array'], words: 'a list of values' },
  not_in: { types: ['array'], words: 'a list of values' },
  exists: { types: ['boolean'], words: 'true or false' },
  regex: { types: ['string'], words: 'a regular expression in the syntax of RE2' },
  contains: { types: ['string', 'number', 'boolean'], words: 'a text, a number, true or false' },
};

export const Condition = z
  .strictObject({
    /** In `require` every element that a path with `[]` reaches must meet the condition; elsewhere one is enough. */
    path: ArgumentPath,
    op: Operator,
    /** A text that begins with `FILL IN:` stands for a value that is still to be chosen; nothing passes it. */
    value: z.unknown(),
  })
  .superRefine(({ op, value }, context) => {
    const message = operandFault(op, value);
    if (message !== undefined) context.addIssue({ code: 'custom', path: ['value'], message });
  });
export type Condition = z.infer<typeof Condition>;

function operandFault(op: Operator, value: unknown): string | undefined {
  if (value === undefined) return `is missing. Give "${op}" ${OPERANDS[op].words}.`;
  if (op !== 'exists' && isPlaceholder(value)) return undefined;
  if (!isOf(value, OPERANDS[op].types))
    return `is not what "${op}" compares with. Give it ${OPERANDS[op].words}.`;
  if (op !== 'regex' || typeof value !== 'string') return undefined;
  const pattern = compilePattern(value);
  if (pattern.ok) return undefined;
  return `is no pattern that can be used: ${pattern.reason}. RE2 has no lookahead, lookbehind or backreferences; keep it short and its counts small.`;
}

function isOf(value: unknown, types: readonly string[]): boolean {
  return types.length === 0 || types.includes(Array.isArray(value) ? 'array' : typeof value);
}

export const Predicate = z.strictObject({
  /** All must hold; none at all always holds. */
  conditions: z.array(Condition),
  /** Told to the caller when the predicate denies. */
  on_deny: z.string(),
});
export type Predicate = z.infer<typeof Predicate>;

export const Limit = z.strictObject({
  /** Limits that name the same counter, window and scope share one count. */
  counter: z.string(),
  /** It slides: what counts is the time up to the call, not the clock's hour or day. */
  window: z.enum(['minute', 'hour', 'day']),
  max: z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER),
  /**
   * Whose calls are counted together: `grant` one client's access to the server, `session` one connection of it,
   * `server` all clients of the server, `tool` all clients of this one tool.
   */
  scope: z.enum(['grant', 'session', 'server', 'tool']),
  /** Counts the number at this path and not the call; it must be a whole number and not negative. */
  increment_from: ArgumentPath.optional(),
});
export type Limit = z.infer<typeof Limit>;

export const ToolRule = z.strictObject({
  require: z.array(Predicate).optional(),
  deny_if: z.array(Predicate).optional(),
  /** A call that one of these holds for waits until a person approves that very call. */
  require_approval: z.array(Predicate).optional(),
  limits: z.array(Limit).optional(),
});
export type ToolRule = z.infer<typeof ToolRule>;

/**
 * Rules by tool name. Not `z.record`: that one drops the key `__proto__` without a word, and with it the rule of a
 * tool that a hostile server gave that name. A fault of a rule is passed on whole, as `params.issue`.
 */
const rulesByName = z
  .custom<Record<string, unknown>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'is not an object of rules by tool name. Write { "<tool>": {} }.',
  )
  .transform((rules, context): Record<string, ToolRule> => {
    const parsed = Object.entries(rules).map(([name, rule]): [string, ToolRule] => {
      const result = ToolRule.safeParse(rule);
      if (result.success) return [name, result.data];
      for (const issue of result.error.issues) {
        const path = [name, ...issue.path];
        context.addIssue({ code: 'custom', message: issue.message, path, params: { issue } });
      }
      return [name, {}];
    });
    return Object.fromEntries(parsed);
  });

/** What else passes between a client and a server, each `allow` unless denied here. */
export const MethodRules = z.strictObject({
  resources: z.enum(['allow', 'deny']).optional(),
  prompts: z.enum(['allow', 'deny']).optional(),
  /** The server asks the client's model. */
  sampling: z.enum(['allow', 'deny']).optional(),
  /** The server asks the client's user. */
  elicitation: z.enum(['allow', 'deny']).optional(),
  /** Methods that the protocol's revisions known here do not have. */
  unknown: z.enum(['allow', 'deny']).optional(),
});
export type MethodRules = z.infer<typeof MethodRules>;

export const PolicyDocument = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal('1'),
  /** What happens to a tool that `tools` does not name. */
  default: z.enum(['allow', 'deny']),
  /** Tools taken out of the list and refused when called; `*` stands for all. */
  hide: z.array(z.string()).optional(),
  all_tools: z.strictObject({ limits: z.array(Limit) }).optional(),
  methods: MethodRules.optional(),
  /** By exact tool name. An empty rule allows the tool. */
  tools: rulesByName.optional(),
});
export type PolicyDocument = z.infer<typeof PolicyDocument>;
