import type { z } from 'zod';
import { Condition, Limit, MethodRules, PolicyDocument, Predicate, ToolRule } from './contract.ts';
import { JSON_BOUNDS, placeOf, readJson } from './json-text.ts';
import { nearest } from './nearest.ts';
import { isPlaceholder } from './placeholder.ts';
import { pointerOf } from './pointer.ts';

/** Something in a text, and what to do about it. */
export interface PolicyFault {
  /** JSON pointer (RFC 6901); empty for the document as a whole. */
  pointer: string;
  /** From 1; the column in UTF-16 code units. */
  line: number;
  column: number;
  /** Follows the place, as in `has the key "a" twice`. */
  message: string;
  remedy: string;
}

/** A document, or everything that is wrong with it. */
export type ParsedPolicy = { ok: true; document: PolicyDocument } | { ok: false; faults: PolicyFault[] };

/** A hostile server may call a tool by half of a surrogate pair, and the rule for it must be readable. */
const BOUNDS = { ...JSON_BOUNDS, halfPairs: true };

/** So many faults of one text are told; more help nobody. */
const MAX_FAULTS = 100;

/** Reads the text of a policy document. Never throws on what the text holds. */
export function parsePolicy(text: string): ParsedPolicy {
  const body = withoutMark(text);
  const json = readJson(body, BOUNDS);
  if (!json.ok) return { ok: false, faults: [json.fault] };
  const result = PolicyDocument.safeParse(json.value);
  if (result.success) return { ok: true, document: result.data };
  const faults = result.error.issues
    .slice(0, MAX_FAULTS)
    .flatMap((issue) => faultsOf(body, json.value, issue, issue.path));
  // A number that is too large is so in two ways.
  return { ok: false, faults: [...new Map(faults.map((fault) => [faultText(fault), fault])).values()] };
}

/** A fault in one line: `3:5 /tools/t: has the key "limit", which is not known here. Did you mean "limits"?` */
export function faultText({ pointer, line, column, message, remedy }: PolicyFault): string {
  return `${line}:${column} ${pointer === '' ? 'the document' : pointer} ${message}. ${remedy}`;
}

type Path = readonly PropertyKey[];

function faultsOf(text: string, json: unknown, issue: z.core.$ZodIssue, path: Path): PolicyFault[] {
  const inner = issue.code === 'custom' ? (issue.params?.issue as z.core.$ZodIssue | undefined) : undefined;
  if (inner !== undefined) return faultsOf(text, json, inner, path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: pointerOf(path),
      ...placeOf(text, [...path, key]),
      message: `has the key ${JSON.stringify(key)}, which means nothing here`,
      remedy: keyRemedy(key, keysAt(path)),
    }));
  }
  return [{ pointer: pointerOf(path), ...placeOf(text, path), ...explain(issue, valueAt(json, path)) }];
}

function explain(issue: z.core.$ZodIssue, value: unknown): Pick<PolicyFault, 'message' | 'remedy'> {
  switch (issue.code) {
    case 'invalid_value':
      return oneOf(issue.values.map(String), value);
    case 'invalid_type': {
      const message = value === undefined ? 'is missing' : 'is of the wrong type';
      return { message, remedy: `Give ${TYPES[issue.expected] ?? issue.expected}.` };
    }
    case 'too_small':
      return { message: 'is too small', remedy: `Give ${issue.minimum} or more.` };
    case 'too_big':
      return { message: 'is too large', remedy: `Give ${issue.maximum} or less.` };
    default:
      return sentences(issue.message);
  }
}

const TYPES: Record<string, string> = {
  array: 'a list: [ ]',
  object: 'an object: { }',
  string: 'a text in double quotes',
  int: 'a whole number',
  number: 'a number',
};

function oneOf(values: readonly string[], value: unknown): Pick<PolicyFault, 'message' | 'remedy'> {
  const known = values.map((each) => JSON.stringify(each));
  const choice = known.length === 1 ? `Give ${known[0]}.` : `Give one of ${known.join(', ')}.`;
  if (value === undefined) return { message: 'is missing', remedy: choice };
  const near = typeof value === 'string' ? nearest(value, values) : undefined;
  return {
    message: 'has a value that is not known',
    remedy: near === undefined ? choice : `Did you mean ${JSON.stringify(near)}? ${choice}`,
  };
}

/** A message of our own contract: what, and then what to do. */
function sentences(message: string): Pick<PolicyFault, 'message' | 'remedy'> {
  const end = message.indexOf('. ');
  if (end < 0) return { message, remedy: 'Compare it with policy.schema.json.' };
  return { message: message.slice(0, end), remedy: message.slice(end + 2) };
}

function keyRemedy(key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  if (near !== undefined) return `Did you mean ${JSON.stringify(near)}?`;
  return `Remove it; known here are ${known.join(', ')}.`;
}

/** The keys that the object at a path may have. */
function keysAt(path: Path): string[] {
  const [last, before] = [path.at(-1), path.at(-2)];
  if (path.length === 0) return Object.keys(PolicyDocument.shape);
  if (path.length === 1 && last === 'all_tools') return ['limits'];
  if (path.length === 1 && last === 'methods') return Object.keys(MethodRules.shape);
  if (path.length === 2) return Object.keys(ToolRule.shape);
  if (before === 'conditions') return Object.keys(Condition.shape);
  return Object.keys((before === 'limits' ? Limit : Predicate).shape);
}

function valueAt(json: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? Reflect.get(value, key)
        : undefined,
    json,
  );
}

/**
 * The values of a readable document that a recommendation left to its reader. The document can be used as it is: what
 * they stand for is denied.
 */
export function unfilledValues(text: string): PolicyFault[] {
  const body = withoutMark(text);
  const json = readJson(body, BOUNDS);
  const found: PolicyFault[] = [];
  const visit = (value: unknown, path: Path) => {
    if (typeof value !== 'object' || value === null) return;
    if (path.at(-2) === 'conditions' && 'value' in value && isPlaceholder(value.value)) {
      const at = [...path, 'value'];
      const message = 'must be filled in, and nothing passes until then';
      const remedy = `Replace ${JSON.stringify(value.value)}.`;
      found.push({ pointer: pointerOf(at), ...placeOf(body, at), message, remedy });
      return;
    }
    for (const [key, inner] of Object.entries(value)) visit(inner, [...path, key]);
  };
  if (json.ok) visit(json.value, []);
  return found;
}

/** Some editors begin every file with a byte order mark. */
function withoutMark(text: string): string {
  return text.replace(/^\ufeff/, '');
}
