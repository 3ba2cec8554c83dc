import { RE2JS } from 're2js';
import { parse } from 'yaml';
import { z } from 'zod';
import type { EnforcedCall, Outcome } from './enforcers.ts';

/**
 * The Intercept proxy as its documentation and source say: hidden, then the default, then the tool's own rules, then
 * those of `*`. Conditions say what must be so; a missing path, or null, fails all of them but `exists`.
 */

const Condition = z.strictObject({ path: z.string(), op: z.string(), value: z.unknown() });

const Rule = z.strictObject({
  name: z.string().min(1),
  action: z.enum(['evaluate', 'deny']).optional(),
  conditions: z.array(Condition).min(1).optional(),
  rate_limit: z
    .string()
    .regex(/^[1-9]\d*\/(?:minute|hour|day)$/)
    .optional(),
  on_deny: z.string(),
});

const Policy = z.strictObject({
  version: z.literal('1'),
  default: z.enum(['allow', 'deny']),
  hide: z.array(z.string().min(1)).optional(),
  tools: z.map(z.string(), z.strictObject({ rules: z.array(Rule).optional() })),
});

/** Decides calls by a file for Intercept, with nothing counted yet. Throws for a file that it would refuse. */
export function interceptDecision(text: string): (call: EnforcedCall) => Outcome {
  const raw: Map<string, unknown> = parse(text, { mapAsMap: true });
  const tools: Map<string, unknown> = asMap(raw.get('tools'));
  const policy = Policy.parse({
    ...Object.fromEntries(raw),
    tools: new Map([...tools].map(([tool, rule]) => [tool, plain(rule)])),
  });
  return ({ tool, args }) => {
    if (policy.hide?.some((name) => name === '*' || name === tool)) return 'deny';
    const own = policy.tools.get(tool);
    if (own === undefined && policy.default === 'deny') return 'deny';
    const rules = [...(own?.rules ?? []), ...(policy.tools.get('*')?.rules ?? [])];
    const isDenied = rules.some(
      ({ action, conditions = [] }) => action === 'deny' || !conditions.every((each) => holds(each, args)),
    );
    return isDenied ? 'deny' : 'allow';
  };
}

function holds({ path, op, value }: z.infer<typeof Condition>, args: Record<string, unknown>): boolean {
  const keys = path.split('.').slice(1);
  const actual = keys.reduce((at: unknown, key) => memberOf(at, key), args);
  const isThere = actual !== undefined && actual !== null;
  if (op === 'exists') return isThere === value;
  if (!isThere) return false;
  switch (op) {
    case 'eq':
      return same(actual, value);
    case 'neq':
      return !same(actual, value);
    case 'in':
      return asList(value).some((each) => same(actual, each));
    case 'not_in':
      return !asList(value).some((each) => same(actual, each));
    case 'regex':
      return typeof actual === 'string' && RE2JS.compile(String(value)).test(actual);
    case 'lt':
      return numberOf(actual) < numberOf(value);
    case 'lte':
      return numberOf(actual) <= numberOf(value);
    case 'gt':
      return numberOf(actual) > numberOf(value);
    case 'gte':
      return numberOf(actual) >= numberOf(value);
    default:
      throw new Error(`The export has an operator that is not expected: ${op}.`);
  }
}

/** As numbers where both are, a text of a number included; else as texts. */
function same(a: unknown, b: unknown): boolean {
  const [x, y] = [numberOf(a), numberOf(b)];
  return Number.isNaN(x) || Number.isNaN(y) ? textOf(a) === textOf(b) : x === y;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function numberOf(value: unknown): number {
  const isNumeric = typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
  return isNumeric ? Number(value) : Number.NaN;
}

function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}

function asList(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new Error('A list was expected.');
  return value;
}

function asMap(value: unknown): Map<string, unknown> {
  if (!(value instanceof Map)) throw new Error('An object was expected.');
  return value;
}

function plain(value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, each]) => [key, plain(each)]));
  return Array.isArray(value) ? value.map(plain) : value;
}
