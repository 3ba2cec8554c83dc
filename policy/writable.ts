import type { Condition, PolicyDocument, Predicate } from './contract.ts';

/** On which side of a rule a condition stands: it must hold, or it forbids or asks where it holds. */
export type Side = 'must' | 'forbids';

/**
 * The conditions of a document that a target can write, for `Means.arguments`. A condition that stands on both sides
 * has to be writable on both. What lowering puts in the place of an unfilled value is not among them, so such a rule
 * is dropped to the strict side.
 */
export function writableConditions(
  document: PolicyDocument,
  canWrite: (condition: Condition, side: Side) => boolean,
): (condition: Condition) => boolean {
  const seen = new Map<Condition, boolean>();
  const visit = (predicates: readonly Predicate[] | undefined, side: Side) => {
    for (const condition of (predicates ?? []).flatMap(({ conditions }) => conditions)) {
      seen.set(condition, canWrite(condition, side) && seen.get(condition) !== false);
    }
  };
  for (const rule of Object.values(document.tools ?? {})) {
    visit(rule.require, 'must');
    visit(rule.deny_if, 'forbids');
    visit(rule.require_approval, 'forbids');
  }
  return (condition) => seen.get(condition) === true;
}

/**
 * The keys of a path into objects, such as `['a', 'b']` of `args.a.b`; undefined for a path into lists, and for one
 * that JavaScript reads from a list as well (`args.a.0`, `args.a.length`), which no other language does.
 */
export function plainKeys(path: string): string[] | undefined {
  if (path.includes('[]')) return undefined;
  const keys = path.split('.').slice(1);
  return keys.every(isPlainKey) ? keys : undefined;
}

/** Whether a key is one of an object for sure, and can be written as UTF-8. */
export function isPlainKey(key: string): boolean {
  return key.isWellFormed() && !/^(?:\d+|length)$/.test(key);
}

/** A pattern for a text itself, in the syntax that RE2, Go, Rust and JavaScript share. */
export function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** What a condition compares with: the choices of `in` and `not_in`; for the rest the value, which may be a list. */
export function valuesOf({ op, value }: Condition): unknown[] {
  return (op === 'in' || op === 'not_in') && Array.isArray(value) ? value : [value];
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.isWellFormed();
}

/** A pattern that is a text and no more, and which ends of what it is looked for in it is bound to. */
export interface LiteralPattern {
  text: string;
  atStart: boolean;
  atEnd: boolean;
}

/** Reads a pattern such as `^https://`; undefined where it is more than a text. */
export function literalPattern(source: unknown): LiteralPattern | undefined {
  if (!isText(source)) return undefined;
  const [, start, text, end] = /^(\^?)((?:[^\\^$.*+?()[\]{}|]|\\[^A-Za-z0-9])*)(\$?)$/.exec(source) ?? [];
  if (text === undefined) return undefined;
  return { text: text.replace(/\\(.)/gs, '$1'), atStart: start === '^', atEnd: end === '$' };
}
