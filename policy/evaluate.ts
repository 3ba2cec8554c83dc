import type { Condition, Limit, PolicyDocument, Predicate, ToolRule } from './contract.ts';
import { compilePattern } from './pattern.ts';
import { isPlaceholder } from './placeholder.ts';
import { escapeToken } from './pointer.ts';
import { usedUpText } from './words.ts';

export interface ToolCall {
  tool: string;
  args: Record<string, unknown>;
}

/** What a call adds to a limit's counter once it is let through. */
export interface Charge {
  limit: Limit;
  /** A whole number, 0 or more. */
  amount: number;
}

/**
 * What the policy says of one call. A denial or a question names the rule by JSON pointer into the document; what is
 * allowed, at once or after a person's approval, names what it is to be counted against.
 */
export type Decision =
  | { outcome: 'allow'; charges: Charge[] }
  | { outcome: 'ask'; rule: string; message: string; charges: Charge[] }
  | { outcome: 'deny'; rule: string; message: string };

/** How much the limit's counter already holds in its present window. */
export type CounterReader = (limit: Limit) => number;

/**
 * Decides one call by a document; pure, so the caller keeps the counters. In this order, the first that denies wins:
 * hidden, not named under a default of deny, `require`, `deny_if`, the tool's limits, the limits over all tools. What
 * nothing denies may still need an approval.
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
  const charges: Charge[] = [];
  for (const { limit, pointer } of limits) {
    const amount = amountOf(limit, call.args);
    if (amount === undefined) return deny(pointer, uncountable(limit));
    if (used(limit) + amount > limit.max) return deny(pointer, usedUpText(limit));
    charges.push({ limit, amount });
  }
  for (const [index, predicate] of (rule?.require_approval ?? []).entries()) {
    if (mayHold(predicate, call.args)) {
      return { outcome: 'ask', rule: `${at}/require_approval/${index}`, message: predicate.on_deny, charges };
    }
  }
  return { outcome: 'allow', charges };
}

/** What a call counts for; undefined where the number that it counts by is none that a counter can hold. */
function amountOf({ increment_from }: Limit, args: Record<string, unknown>): number | undefined {
  if (increment_from === undefined) return 1;
  const found = valuesAt(increment_from, args);
  if (found === 'not-a-list') return undefined;
  let sum = 0;
  for (const value of found) {
    if (!Number.isSafeInteger(value) || typeof value !== 'number' || value < 0) return undefined;
    sum += value;
  }
  return found.length > 0 && Number.isSafeInteger(sum) ? sum : undefined;
}

function uncountable({ increment_from }: Limit): string {
  return `${increment_from} must be a whole number of 0 or more, because a limit counts it.`;
}

/** The rule of a tool, by its exact name; undefined where the document does not name it. */
export function ruleFor(document: PolicyDocument, tool: string): ToolRule | undefined {
  const rules = document.tools;
  return rules !== undefined && Object.hasOwn(rules, tool) ? rules[tool] : undefined;
}

function deny(rule: string, message: string): Decision {
  return { outcome: 'deny', rule, message };
}

/** Whether every condition holds, of every element that its path reaches. */
function holds(predicate: Predicate, args: Record<string, unknown>): boolean {
  return predicate.conditions.every((condition) => {
    const found = valuesAt(condition.path, args);
    return found !== 'not-a-list' && outcomes(condition, found).every((outcome) => outcome === true);
  });
}

/**
 * Whether every condition may hold, of some element that its path reaches. A condition that cannot be decided counts
 * as met here: what may have to be denied is denied.
 */
function mayHold(predicate: Predicate, args: Record<string, unknown>): boolean {
  return predicate.conditions.every((condition) => {
    const found = valuesAt(condition.path, args);
    return found === 'not-a-list' || outcomes(condition, found).some((outcome) => outcome !== false);
  });
}

/** What a condition says of each value. A path without a list reaches one, which may be missing. */
function outcomes(condition: Condition, values: readonly unknown[]): (boolean | undefined)[] {
  return values.map((value) => test(condition, value));
}

/** Whether a condition holds of a value; undefined where it asks what cannot be asked of it. */
function test({ op, value }: Condition, actual: unknown): boolean | undefined {
  if (op === 'exists') return (actual !== undefined) === (value !== false);
  if (actual === undefined) return false;
  if (isPlaceholder(value)) return undefined;
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

/**
 * The values that a path such as `args.a.b` or `args.items[].url` names; only keys of the arguments themselves count.
 * What is missing, a whole list too, is `undefined`; an empty list has no values; and where a list was named and
 * something else stands, nothing can be said.
 */
function valuesAt(path: string, args: Record<string, unknown>): unknown[] | 'not-a-list' {
  let values: unknown[] = [args];
  for (const step of path.split('.').slice(1)) {
    const [key = '', ...lists] = step.split('[]');
    values = values.map((value) => memberOf(value, key));
    for (const _ of lists) {
      if (!values.every((value) => value === undefined || Array.isArray(value))) return 'not-a-list';
      values = values.flat();
    }
  }
  return values;
}

function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
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

function matches(actual: unknown, source: unknown): boolean | undefined {
  if (typeof actual !== 'string' || typeof source !== 'string') return undefined;
  const pattern = compilePattern(source);
  return pattern.ok ? pattern.found(actual) : undefined;
}
