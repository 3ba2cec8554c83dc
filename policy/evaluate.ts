import { RE2JS } from 're2js';
import type { Condition, Limit, PolicyDocument, Predicate } from './contract.ts';
import { escapeToken } from './pointer.ts';

export interface ToolCall {
  tool: string;
  args: Record<string, unknown>;
}

/**
 * What the policy says of one call. A denial names the rule by JSON pointer into the document; an allowed call names
 * the limits that it is to be counted against.
 */
export type Decision =
  | { outcome: 'allow'; charges: Limit[] }
  | { outcome: 'deny'; rule: string; message: string };

/** How many calls the limit's counter already holds in its present window. */
export type CounterReader = (limit: Limit) => number;

/**
 * Decides one call by a document; pure, so the caller keeps the counters. In this order, the first that denies wins:
 * hidden, not named under a default of deny, `require`, `deny_if`, the tool's limits, the limits over all tools.
 */
export function evaluate(document: PolicyDocument, call: ToolCall, used: CounterReader): Decision {
  if (document.hide?.some((name) => name === '*' || name === call.tool)) {
    return deny('/hide', `The tool is hidden by policy.`);
  }
  const rule = ruleFor(document, call.tool);
  if (rule === undefined && document.default === 'deny') {
    return deny('/default', `The tool is not named in the policy, which denies what it does not name.`);
  }

  const at = `/tools/${escapeToken(call.tool)}`;
  for (const [index, predicate] of (rule?.require ?? []).entries()) {
    if (!holds(predicate, call.args)) return deny(`${at}/require/${index}`, predicate.on_deny);
  }
  for (const [index, predicate] of (rule?.deny_if ?? []).entries()) {
    if (mayHold(predicate, call.args)) return deny(`${at}/deny_if/${index}`, predicate.on_deny);
  }

  const limits = [
    ...(rule?.limits ?? []).map((limit, index) => ({ limit, pointer: `${at}/limits/${index}` })),
    ...(document.all_tools?.limits ?? []).map((limit, index) => ({
      limit,
      pointer: `/all_tools/limits/${index}`,
    })),
  ];
  for (const { limit, pointer } of limits) {
    if (used(limit) >= limit.max) return deny(pointer, limitMessage(limit));
  }
  return { outcome: 'allow', charges: limits.map(({ limit }) => limit) };
}

function ruleFor(document: PolicyDocument, tool: string) {
  const rules = document.tools;
  return rules !== undefined && Object.hasOwn(rules, tool) ? rules[tool] : undefined;
}

function deny(rule: string, message: string): Decision {
  return { outcome: 'deny', rule, message };
}

function limitMessage(limit: Limit): string {
  return `The limit of ${limit.max} calls a ${limit.window} is used up. Try again later.`;
}

function holds(predicate: Predicate, args: Record<string, unknown>): boolean {
  return predicate.conditions.every((condition) => test(condition, args) === true);
}

/** A condition that cannot be decided counts as met here: what may have to be denied is denied. */
function mayHold(predicate: Predicate, args: Record<string, unknown>): boolean {
  return predicate.conditions.every((condition) => test(condition, args) !== false);
}

/** Whether a condition holds; undefined where it asks what cannot be asked of these values. */
function test({ path, op, value }: Condition, args: Record<string, unknown>): boolean | undefined {
  const actual = lookUp(path, args);
  if (op === 'exists') return (actual !== undefined) === (value !== false);
  if (actual === undefined) return false;
  switch (op) {
    case 'eq':
      return same(actual, value);
    case 'neq':
      return !same(actual, value);
    case 'in':
      return Array.isArray(value) ? value.some((item) => same(actual, item)) : undefined;
    case 'not_in':
      return Array.isArray(value) ? !value.some((item) => same(actual, item)) : undefined;
    case 'lt':
      return ordered(actual, value, (a, b) => a < b);
    case 'lte':
      return ordered(actual, value, (a, b) => a <= b);
    case 'gt':
      return ordered(actual, value, (a, b) => a > b);
    case 'gte':
      return ordered(actual, value, (a, b) => a >= b);
    case 'contains':
      return contains(actual, value);
    case 'regex':
      return matches(actual, value);
  }
}

/** The argument that a path such as `args.a.b` names; only keys of the arguments themselves count. */
function lookUp(path: string, args: Record<string, unknown>): unknown {
  let value: unknown = args;
  for (const key of path.split('.').slice(1)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

function same(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && same(Reflect.get(a, key), Reflect.get(b, key)))
  );
}

function ordered(a: unknown, b: unknown, compare: (a: number, b: number) => boolean): boolean | undefined {
  return typeof a === 'number' && typeof b === 'number' ? compare(a, b) : undefined;
}

function contains(actual: unknown, value: unknown): boolean | undefined {
  if (Array.isArray(actual)) return actual.some((item) => same(item, value));
  return typeof actual === 'string' && typeof value === 'string' ? actual.includes(value) : undefined;
}

/** RE2, not JavaScript's own engine: a document's pattern must not be able to run for ever on a caller's text. */
function matches(actual: unknown, pattern: unknown): boolean | undefined {
  if (typeof actual !== 'string' || typeof pattern !== 'string') return undefined;
  try {
    return RE2JS.compile(pattern).matcher(actual).find();
  } catch {
    return undefined;
  }
}
