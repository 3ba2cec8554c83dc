import type { Evidence } from '../classifier/contract.ts';
import { escapeToken } from './pointer.ts';

/** An argument of a tool, as far as a rule about it needs to know. */
export interface Argument {
  /** As conditions write it: `args.sessions[].url`. A list of texts is written with `[]`, so that each is looked at. */
  path: string;
  /** The last name on the path. */
  name: string;
  /** No valid call leaves it out. */
  required: boolean;
  nullable: boolean;
  /** JSON types that the schema allows, `null` apart; empty when it says nothing, or when the schema is not known. */
  types: readonly string[];
  format?: string;
  description?: string;
}

type Schema = Record<string, unknown>;

/** An argument, and the place where the input schema declares it. */
interface Declared {
  pointer: string;
  /** As the classifier writes it: `sessions[].url`. */
  parameter: string;
  argument: Argument | undefined;
}

const MAX_DEPTH = 12;
const MAX_NODES = 4_000;

/**
 * The argument that a finding is about; undefined where no path can name it for sure: a name with a dot or a bracket
 * in it, a value that may be a text or a list, a place that the schema does not have.
 */
export function argumentOf(
  evidence: Evidence,
  declared: readonly Declared[] | undefined,
): Argument | undefined {
  if (declared === undefined) return guessArgument(evidence);
  const { pointer, parameter } = evidence;
  return declared.find((each) => each.pointer === pointer && each.parameter === parameter)?.argument;
}

/** Every argument that an input schema declares, outer ones first. Bounded; never throws, whatever the schema holds. */
export function declaredArguments(inputSchema: unknown): Declared[] {
  const walk: Walk = { root: inputSchema, found: [], nodes: 0, on: new Set() };
  visit(walk, inputSchema, '/inputSchema', { parameter: '', path: 'args', required: true });
  return walk.found;
}

/** Without a schema, from the pointer alone: nothing is known of the argument but its place. */
function guessArgument({ pointer, parameter }: Evidence): Argument | undefined {
  const tokens = pointer
    .split('/')
    .slice(2)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  let path = 'args';
  let name = '';
  for (let index = 0; index < tokens.length; index++) {
    if (tokens[index] === 'items') path += '[]';
    else if (tokens[index] === 'properties') {
      index++;
      name = tokens[index] ?? '';
      if (!isPlain(name)) return undefined;
      path += `.${name}`;
    } else return undefined;
  }
  return path === `args.${parameter}`
    ? { path, name, required: false, nullable: true, types: [] }
    : undefined;
}

interface Walk {
  root: unknown;
  found: Declared[];
  nodes: number;
  /** Schemas on the way from the root to here, so that one that contains itself ends. */
  on: Set<Schema>;
}

interface Place {
  parameter: string;
  /** Undefined where no path can say it. */
  path: string | undefined;
  required: boolean;
}

function visit(walk: Walk, schema: unknown, pointer: string, place: Place): void {
  if (!isSchema(schema) || walk.on.has(schema) || walk.on.size > MAX_DEPTH || walk.nodes++ > MAX_NODES)
    return;
  walk.on.add(schema);
  const properties = own(schema, 'properties');
  const required = own(schema, 'required');
  for (const [name, property] of isSchema(properties) ? Object.entries(properties) : []) {
    const inner: Place = {
      parameter: place.parameter === '' ? name : `${place.parameter}.${name}`,
      path: place.path === undefined || !isPlain(name) ? undefined : `${place.path}.${name}`,
      required: place.required && Array.isArray(required) && required.includes(name),
    };
    const at = `${pointer}/properties/${escapeToken(name)}`;
    walk.found.push({
      pointer: at,
      parameter: inner.parameter,
      argument: describe(walk, property, name, inner),
    });
    visit(walk, property, at, inner);
  }
  const list = { ...place, parameter: `${place.parameter}[]`, path: place.path && `${place.path}[]` };
  visit(walk, own(schema, 'items'), `${pointer}/items`, list);
  for (const key of ['anyOf', 'oneOf', 'allOf']) {
    const branches = own(schema, key);
    if (!Array.isArray(branches)) continue;
    const branch = { ...place, required: place.required && key === 'allOf' };
    for (const [index, each] of branches.entries()) visit(walk, each, `${pointer}/${key}/${index}`, branch);
  }
  const target = resolve(walk.root, schema);
  if (target !== undefined) visit(walk, target.schema, target.pointer, place);
  walk.on.delete(schema);
}

function describe(
  walk: Walk,
  schema: unknown,
  name: string,
  { path, required }: Place,
): Argument | undefined {
  if (path === undefined) return undefined;
  const parts = partsOf(walk.root, schema);
  const types = [...new Set(parts.flatMap((part) => [own(part, 'type')].flat()))].filter(
    (type) => typeof type === 'string',
  );
  const isList = types.includes('array');
  const others = types.filter((type) => type !== 'array' && type !== 'null');
  if (isList && others.length > 0) return undefined;
  const format = textOf(parts, 'format');
  const description = textOf(parts, 'description');
  return {
    path: isList ? `${path}[]` : path,
    name,
    required,
    nullable: types.length === 0 || types.includes('null'),
    types: isList ? parts.flatMap((part) => partsOf(walk.root, own(part, 'items'))).flatMap(typesOf) : others,
    ...(format !== undefined && { format }),
    ...(description !== undefined && { description }),
  };
}

function typesOf(schema: Schema): string[] {
  return [own(schema, 'type')].flat().filter((type) => typeof type === 'string');
}

/** A schema, what it refers to, and the branches of its unions: where types are stated. */
function partsOf(root: unknown, schema: unknown): Schema[] {
  if (!isSchema(schema)) return [];
  const branches = ['anyOf', 'oneOf', 'allOf'].flatMap((key) => own(schema, key) ?? []);
  return [schema, resolve(root, schema)?.schema, ...branches.slice(0, MAX_DEPTH)].filter(isSchema);
}

function textOf(parts: readonly Schema[], key: string): string | undefined {
  return parts.map((part) => own(part, key)).find((value) => typeof value === 'string');
}

/** Follows a local `$ref`. */
function resolve(root: unknown, schema: Schema): { schema: unknown; pointer: string } | undefined {
  const ref = own(schema, '$ref');
  if (typeof ref !== 'string' || !ref.startsWith('#/')) return undefined;
  let at = root;
  for (const token of ref.slice(2).split('/')) {
    at = isSchema(at) ? own(at, token.replaceAll('~1', '/').replaceAll('~0', '~')) : undefined;
  }
  return { schema: at, pointer: `/inputSchema${ref.slice(1)}` };
}

function isPlain(name: string): boolean {
  return /^[^.[\]]+$/.test(name);
}

function own(schema: Schema, key: string): unknown {
  return Object.hasOwn(schema, key) ? schema[key] : undefined;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
