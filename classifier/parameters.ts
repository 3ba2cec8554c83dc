import { MAX_CHOICES, MAX_PARAMETERS, MAX_SCHEMA_DEPTH, MAX_SCHEMA_NODES, MAX_TEXT_CHARS } from './limits.ts';
import { splitWords } from './text.ts';

/** One parameter of a tool, wherever in the input schema it is declared. */
export interface Parameter {
  /** JSON pointer to the parameter's schema in the wire form; its last token is the name. */
  pointer: string;
  /** Where a caller puts it, as in `sessions[].url`. */
  path: string;
  name: string;
  words: readonly string[];
  /** JSON types that the schema allows; empty when it says nothing. */
  types: readonly string[];
  /** JSON types of its items, for an array. */
  itemTypes: readonly string[];
  format: string | undefined;
  /** The strings that it must be one of, with their pointers; empty when it is free. */
  choices: readonly { value: string; pointer: string }[];
  required: boolean;
  description: string | undefined;
  /** Where its description stands; it may be in a schema that it refers to. */
  descriptionPointer?: string | undefined;
  /** 0 for a parameter at the top level. */
  depth: number;
}

/** Whether a caller can put text there: a string, a list of strings, or anything at all. */
export function takesText({ types, itemTypes }: Parameter): boolean {
  if (types.length === 0 || types.includes('string')) return true;
  return types.includes('array') && (itemTypes.length === 0 || itemTypes.includes('string'));
}

type Schema = Record<string, unknown>;

interface Walk {
  root: Schema;
  found: Parameter[];
  nodes: number;
  /** Schemas on the way from the root to here, so that one that contains itself ends. */
  path: Set<Schema>;
}

/** Every parameter of an input schema, outer ones before those inside them. */
export function readParameters(inputSchema: Schema): Parameter[] {
  const walk: Walk = { root: inputSchema, found: [], nodes: 0, path: new Set() };
  visit(walk, inputSchema, '/inputSchema', '', 0);
  return walk.found;
}

function visit(walk: Walk, schema: Schema, pointer: string, path: string, depth: number): void {
  if (depth > MAX_SCHEMA_DEPTH || walk.nodes >= MAX_SCHEMA_NODES || walk.path.has(schema)) return;
  walk.nodes++;
  walk.path.add(schema);
  const properties = objectAt(schema, 'properties');
  if (properties) visitProperties(walk, schema, properties, `${pointer}/properties`, path, depth);
  const items = objectAt(schema, 'items');
  if (items) visit(walk, items, `${pointer}/items`, `${path}[]`, depth + 1);
  for (const key of UNIONS) {
    const branches = own(schema, key);
    if (!Array.isArray(branches)) continue;
    branches.forEach((branch, index) => {
      if (isSchema(branch)) visit(walk, branch, `${pointer}/${key}/${index}`, path, depth + 1);
    });
  }
  const target = resolve(walk, schema);
  if (target) visit(walk, target.schema, target.pointer, path, depth + 1);
  walk.path.delete(schema);
}

const UNIONS = ['anyOf', 'oneOf', 'allOf'] as const;

function visitProperties(
  walk: Walk,
  owner: Schema,
  properties: Schema,
  pointer: string,
  path: string,
  depth: number,
): void {
  const required = own(owner, 'required');
  const names = Object.keys(properties);
  const inner: [Schema, string, string][] = [];
  for (const name of names) {
    if (walk.found.length >= MAX_PARAMETERS) return;
    const schema = properties[name];
    // A text is no schema; real definitions do not have one here, and there would be nothing to quote.
    if (typeof schema === 'string') continue;
    const at = `${pointer}/${escapeToken(name)}`;
    const place = path === '' ? name : `${path}.${name}`;
    const isRequired = Array.isArray(required) && required.includes(name);
    walk.found.push(parameterOf(walk, isSchema(schema) ? schema : {}, name, at, place, isRequired, depth));
    if (isSchema(schema) && hasInside(schema)) inner.push([schema, at, place]);
  }
  for (const [schema, at, place] of inner) visit(walk, schema, at, place, depth + 1);
}

function hasInside(schema: Schema): boolean {
  return (
    'properties' in schema || 'items' in schema || '$ref' in schema || UNIONS.some((key) => key in schema)
  );
}

function parameterOf(
  walk: Walk,
  schema: Schema,
  name: string,
  pointer: string,
  path: string,
  required: boolean,
  depth: number,
): Parameter {
  const types: string[] = [];
  const choices: { value: string; pointer: string }[] = [];
  let itemTypes: string[] = [];
  let format = stringAt(schema, 'format');
  let description: string | undefined;
  let descriptionPointer: string | undefined;
  for (const part of parts(walk, schema, pointer)) {
    addTypes(types, own(part.schema, 'type'));
    format ??= stringAt(part.schema, 'format');
    if (description === undefined) {
      description = stringAt(part.schema, 'description');
      if (description !== undefined) descriptionPointer = `${part.pointer}/description`;
    }
    addChoices(choices, part.schema, part.pointer);
    const items = objectAt(part.schema, 'items');
    if (items) {
      itemTypes = [];
      addTypes(itemTypes, own(items, 'type'));
      format ??= stringAt(items, 'format');
      addChoices(choices, items, `${part.pointer}/items`);
    }
  }
  const words = splitWords(name, 'identifier').map((word) => word.text);
  description = description?.slice(0, MAX_TEXT_CHARS);
  return {
    pointer,
    path,
    name,
    words,
    types,
    itemTypes,
    format,
    choices,
    required,
    description,
    descriptionPointer,
    depth,
  };
}

/** A schema, the schema that it refers to, and the branches of its unions: one level, where types are stated. */
function parts(walk: Walk, schema: Schema, pointer: string): { schema: Schema; pointer: string }[] {
  const found = [{ schema, pointer }];
  const target = resolve(walk, schema);
  if (target) found.push(target);
  for (const key of UNIONS) {
    const branches = own(schema, key);
    if (!Array.isArray(branches)) continue;
    branches.slice(0, MAX_CHOICES).forEach((branch, index) => {
      if (isSchema(branch)) found.push({ schema: branch, pointer: `${pointer}/${key}/${index}` });
    });
  }
  return found;
}

function addTypes(types: string[], type: unknown): void {
  for (const one of Array.isArray(type) ? type.slice(0, MAX_CHOICES) : [type]) {
    if (typeof one === 'string' && !types.includes(one)) types.push(one);
  }
}

function addChoices(choices: { value: string; pointer: string }[], schema: Schema, pointer: string): void {
  const single = own(schema, 'const');
  if (typeof single === 'string') choices.push({ value: single, pointer: `${pointer}/const` });
  const many = own(schema, 'enum');
  if (!Array.isArray(many)) return;
  many.slice(0, MAX_CHOICES).forEach((value, index) => {
    if (typeof value === 'string') choices.push({ value, pointer: `${pointer}/enum/${index}` });
  });
}

/** Follows a local `$ref`; a reference elsewhere is not fetched. */
function resolve(walk: Walk, schema: Schema): { schema: Schema; pointer: string } | undefined {
  const ref = own(schema, '$ref');
  if (typeof ref !== 'string' || !ref.startsWith('#/')) return undefined;
  let at: unknown = walk.root;
  for (const token of ref.slice(2).split('/')) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = own(at as Schema, token.replaceAll('~1', '/').replaceAll('~0', '~'));
  }
  return isSchema(at) ? { schema: at, pointer: `/inputSchema${ref.slice(1)}` } : undefined;
}

function own(schema: Schema, key: string): unknown {
  return Object.hasOwn(schema, key) ? schema[key] : undefined;
}

function objectAt(schema: Schema, key: string): Schema | undefined {
  const value = own(schema, key);
  return isSchema(value) ? value : undefined;
}

function stringAt(schema: Schema, key: string): string | undefined {
  const value = own(schema, key);
  return typeof value === 'string' ? value : undefined;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One token of a JSON pointer, as RFC 6901 escapes it. */
function escapeToken(token: string): string {
  return token.includes('~') || token.includes('/')
    ? token.replaceAll('~', '~0').replaceAll('/', '~1')
    : token;
}
