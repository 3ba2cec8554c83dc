import { isDeepStrictEqual } from 'node:util';
import { canonicalJson } from '../crawler/canonical.ts';
import { isObject } from '../crawler/json.ts';
import { compareText } from '../policy/order.ts';
import type { DefinitionDiff, SchemaChange } from './contract.ts';
import { MAX_SCHEMA_CHANGES, MAX_TEXTS_COMPARED, MAX_VALUE_CHARS } from './limits.ts';
import { diffTexts } from './text-diff.ts';

type Json = Record<string, unknown>;

/** What a definition became: both as the server sent them. Nothing that changed is left unsaid, however odd it is. */
export function diffDefinitions(before: Json, after: Json): DefinitionDiff {
  const schema: SchemaChange[] = [];
  const other: DefinitionDiff['other'] = [];
  const texts: Pick<DefinitionDiff, 'title' | 'description'> = {};
  const compared = { left: MAX_TEXTS_COMPARED };
  for (const key of keysOf(before, after)) {
    const [was, is] = [own(before, key), own(after, key)];
    if (isSame(was, is)) continue;
    if ((key === 'title' || key === 'description') && isText(was) && isText(is)) {
      texts[key] = diffTexts(was ?? '', is ?? '');
      // An empty text and none are two definitions, and the same to whoever reads them.
      if ((was ?? '') === (is ?? '')) other.push({ key, ...values(was, is) });
    } else if ((key === 'inputSchema' || key === 'outputSchema') && isSchema(was) && isSchema(is)) {
      const walk: Walk = {
        schema: key === 'inputSchema' ? 'input' : 'output',
        found: schema,
        texts: compared,
      };
      if (was === undefined || is === undefined) other.push({ key, ...presence(was, is) });
      compareSchemas(walk, was ?? {}, is ?? {}, '', was === undefined || is === undefined);
    } else if (key === 'annotations' && isObject(was ?? {}) && isObject(is ?? {})) {
      other.push(...annotationChanges(key, was, is));
    } else {
      other.push({ key, ...values(was, is) });
    }
  }
  const told = schema.slice(0, MAX_SCHEMA_CHANGES);
  return { ...texts, schema: told, moreSchemaChanges: schema.length - told.length, other };
}

function annotationChanges(key: string, was: unknown, is: unknown): DefinitionDiff['other'] {
  const [before, after] = [isObject(was) ? was : {}, isObject(is) ? is : {}];
  const changes = keysOf(before, after)
    .filter((hint) => !isSame(own(before, hint), own(after, hint)))
    .map((hint) => ({ key: `${key}.${hint}`, ...values(own(before, hint), own(after, hint)) }));
  return changes.length > 0 ? changes : [{ key, ...values(was, is) }];
}

interface Walk {
  schema: SchemaChange['schema'];
  found: SchemaChange[];
  /** How many more descriptions are compared word by word. */
  texts: { left: number };
}

/**
 * Compares two schemas that stand at one place. The crawler bounds how deep they are. `typeTold`: that the type is
 * another one was said of the schema around them.
 */
function compareSchemas(walk: Walk, before: Json, after: Json, path: string, typeTold = false): void {
  const { schema, found } = walk;
  const [typeBefore, typeAfter] = [typeText(before), typeText(after)];
  const isOtherType = typeBefore !== typeAfter;
  if (isOtherType && !typeTold) {
    found.push({ change: 'type', schema, path, before: typeBefore, after: typeAfter });
  }
  const place = { path, before, after, typeTold: typeTold || isOtherType };
  for (const key of keysOf(before, after)) {
    const [was, is] = [own(before, key), own(after, key)];
    if (isSame(was, is) || compareKey(walk, key, was, is, place)) continue;
    if (isOtherType && TYPE_KEYS.has(key)) continue;
    found.push({ change: 'other', schema, path, key, ...values(was, is) });
  }
}

const TYPE_KEYS: ReadonlySet<string> = new Set(['type', 'anyOf', 'oneOf', 'items', '$ref', 'const']);
const BRANCHES: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems']);
const DEFINITIONS: ReadonlySet<string> = new Set(['$defs', 'definitions', 'patternProperties']);

interface Place {
  path: string;
  before: Json;
  after: Json;
  typeTold: boolean;
}

/** Gives false where it has no better words than the values themselves. */
function compareKey(walk: Walk, key: string, was: unknown, is: unknown, place: Place): boolean {
  const { schema, found } = walk;
  const { path, typeTold } = place;
  if (key === 'properties' && isSchema(was) && isSchema(is)) {
    return compareProperties(walk, was ?? {}, is ?? {}, place);
  }
  if (key === 'required') return compareRequired(walk, place);
  if (key === 'description' && isText(was) && isText(is) && (was ?? '') !== (is ?? '')) {
    if (walk.texts.left-- <= 0) return false;
    found.push({ change: 'description', schema, path, text: diffTexts(was ?? '', is ?? '') });
    return true;
  }
  if (key === 'enum' && Array.isArray(was) && Array.isArray(is)) {
    return compareChoices(walk, was.map(valueText), is.map(valueText), path);
  }
  if (key === 'items' && isObject(was) && isObject(is)) {
    compareSchemas(walk, was, is, `${path}[]`, typeTold);
    return true;
  }
  if (BRANCHES.has(key) && Array.isArray(was) && Array.isArray(is) && was.length === is.length) {
    for (const [index, branch] of was.entries()) {
      const other: unknown = is[index];
      if (isObject(branch) && isObject(other)) compareSchemas(walk, branch, other, path, typeTold);
      else if (!isSame(branch, other)) {
        found.push({ change: 'other', schema, path, key: `${key}/${index}`, ...values(branch, other) });
      }
    }
    return true;
  }
  if (DEFINITIONS.has(key) && isSchema(was) && isSchema(is)) {
    const inside = { ...place, path: join(path, key), before: {}, after: {} };
    return compareProperties(walk, was ?? {}, is ?? {}, inside);
  }
  return false;
}

function compareChoices({ schema, found }: Walk, was: string[], is: string[], path: string): boolean {
  const added = [...new Set(is).difference(new Set(was))];
  const removed = [...new Set(was).difference(new Set(is))];
  if (added.length + removed.length === 0) return false;
  found.push({ change: 'choices', schema, path, added, removed });
  return true;
}

function compareProperties(walk: Walk, was: Json, is: Json, { path, before, after }: Place): boolean {
  const { schema, found } = walk;
  for (const name of keysOf(was, is)) {
    const at = join(path, name);
    const [old, now] = [own(was, name), own(is, name)];
    if (isSame(old, now)) continue;
    if (now === undefined) {
      found.push({ change: 'removed', schema, path: at, ...parameterOf(old, requiredIn(before).has(name)) });
    } else if (old === undefined) {
      found.push({ change: 'added', schema, path: at, ...parameterOf(now, requiredIn(after).has(name)) });
    } else if (isObject(old) && isObject(now)) {
      compareSchemas(walk, old, now, at);
    } else {
      found.push({ change: 'type', schema, path: at, before: valueText(old), after: valueText(now) });
    }
  }
  return keysOf(was, is).length > 0;
}

/** Of a parameter that is new or gone, whether it was required is told with it. */
function compareRequired({ schema, found }: Walk, { path, before, after }: Place): boolean {
  const [was, is] = [requiredIn(before), requiredIn(after)];
  const names = [...was.symmetricDifference(is)].toSorted(compareText);
  for (const name of names) {
    if (hasProperty(before, name) !== hasProperty(after, name)) continue;
    found.push({ change: is.has(name) ? 'required' : 'optional', schema, path: join(path, name) });
  }
  return names.length > 0;
}

function hasProperty(schema: Json, name: string): boolean {
  const properties = own(schema, 'properties');
  return isObject(properties) && Object.hasOwn(properties, name);
}

function requiredIn(schema: Json): Set<string> {
  const required = own(schema, 'required');
  return new Set(Array.isArray(required) ? required.filter((name) => typeof name === 'string') : []);
}

function parameterOf(schema: unknown, required: boolean) {
  if (!isObject(schema)) return { type: valueText(schema), required };
  const description = own(schema, 'description');
  return {
    type: typeText(schema),
    required,
    ...(typeof description === 'string' && { description: clip(description) }),
  };
}

/** `string`, `array of string`, `string | null`, `Point`; `any` where the schema says nothing. */
function typeText(schema: Json, depth = 0): string {
  if (depth > MAX_TYPE_DEPTH) return '…';
  const [type, items, ref] = [own(schema, 'type'), own(schema, 'items'), own(schema, '$ref')];
  const union = own(schema, 'anyOf') ?? own(schema, 'oneOf');
  if (typeof ref === 'string') return clip(ref.split('/').at(-1) ?? ref);
  if (Array.isArray(union)) return alternatives(union, depth);
  if (Object.hasOwn(schema, 'const')) return valueText(schema.const);
  const names = (Array.isArray(type) ? type : [type]).filter((name) => typeof name === 'string');
  if (names.length === 0) return 'any';
  const texts = names.map((name) =>
    name === 'array' && isObject(items) ? `array of ${typeText(items, depth + 1)}` : name,
  );
  return clip(texts.join(' | '));
}

function alternatives(branches: readonly unknown[], depth: number): string {
  const texts = branches
    .slice(0, MAX_ALTERNATIVES)
    .map((branch) => (isObject(branch) ? typeText(branch, depth + 1) : valueText(branch)));
  const more = branches.length > MAX_ALTERNATIVES ? ['…'] : [];
  return clip([...new Set([...texts, ...more])].join(' | '));
}

const MAX_TYPE_DEPTH = 4;
const MAX_ALTERNATIVES = 10;

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function values(before: unknown, after: unknown): { before?: string; after?: string } {
  return {
    ...(before !== undefined && { before: valueText(before) }),
    ...(after !== undefined && { after: valueText(after) }),
  };
}

function presence(before: unknown, after: unknown): { before?: string; after?: string } {
  return {
    ...(before !== undefined && { before: 'a schema' }),
    ...(after !== undefined && { after: 'a schema' }),
  };
}

/** As JSON text with sorted keys, cut. */
function valueText(value: unknown): string {
  return clip(canonicalJson(value));
}

function clip(text: string): string {
  return text.length <= MAX_VALUE_CHARS
    ? text
    : `${text.slice(0, MAX_VALUE_CHARS).replace(/[\ud800-\udbff]$/, '')}…`;
}

function keysOf(a: Json, b: Json): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].toSorted(compareText);
}

function own(value: Json, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || isDeepStrictEqual(a, b);
}

function isText(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}

function isSchema(value: unknown): value is Json | undefined {
  return value === undefined || isObject(value);
}
