import { isDeepStrictEqual } from 'node:util';
import { RE2JS } from 're2js';
import { type Branch, type Expr, type Literal, type Module, parseRego } from './rego-parser.ts';

/**
 * A reader and evaluator of the part of Rego that our export is written in, because no compiler of Rego is at hand that
 * a test could run: it lets a test ask the export itself for decisions. It refuses what it does not know, so a change
 * of the export that leaves this part fails, and it keeps to what the manual of OPA says of this part: what is undefined
 * or false fails a body, a call with something undefined is undefined, and a rule with two values is an error.
 */

/** Evaluates a rule of the module, such as `decision`; undefined where it has no value. */
export type Query = (rule: string, input: unknown) => unknown;

/** Reads a module. Throws for anything outside of the part of Rego that is known here. */
export function readRego(source: string): Query {
  const module = parseRego(source);
  return (rule, input) => complete({ module, input, values: new Map() }, rule);
}

type Scope = ReadonlyMap<string, unknown>;

interface World {
  module: Module;
  input: unknown;
  /** Of rules that are no functions, once they are known. */
  values: Map<string, unknown>;
}

const NOTHING: Scope = new Map();

function complete(world: World, rule: string): unknown {
  if (world.values.has(rule)) return world.values.get(rule);
  const definitions = world.module.rules.get(rule) ?? [];
  const values = definitions.flatMap(({ branches }) => outcome(world, branches, NOTHING));
  const value = agreed(rule, values) ?? fallback(world, rule);
  world.values.set(rule, value);
  return value;
}

function fallback(world: World, rule: string): unknown {
  const expr = world.module.defaults.get(rule);
  return expr && evaluate(world, expr, NOTHING);
}

function agreed(rule: string, values: readonly unknown[]): unknown {
  if (!values.every((value) => same(value, values[0]))) throw new Error(`${rule} has two values.`);
  return values[0];
}

/** The value of the first branch whose body holds; none where none does. */
function outcome(world: World, branches: readonly Branch[], scope: Scope): unknown[] {
  for (const { value, body } of branches) {
    const values = [...solutions(world, body, scope)]
      .map((solution) => evaluate(world, value, solution))
      .filter((each) => each !== undefined);
    if (values.length > 0) return values;
  }
  return [];
}

/** Every way in which all of a body holds. */
function* solutions(world: World, [first, ...rest]: readonly Literal[], scope: Scope): Generator<Scope> {
  if (first === undefined) return yield scope;
  switch (first.kind) {
    case 'some':
      for (const item of items(evaluate(world, first.among, scope))) {
        yield* solutions(world, rest, new Map([...scope, [first.name, item]]));
      }
      return;
    case 'every': {
      const among = evaluate(world, first.among, scope);
      if (among === undefined) return;
      const holds = items(among).every((item) =>
        isMet(world, first.body, new Map([...scope, [first.name, item]])),
      );
      if (holds) yield* solutions(world, rest, scope);
      return;
    }
    case 'assign': {
      const value = evaluate(world, first.to, scope);
      if (value !== undefined) yield* solutions(world, rest, new Map([...scope, [first.name, value]]));
      return;
    }
    default: {
      const value = evaluate(world, first.expr, scope);
      const holds = value !== undefined && value !== false;
      if (holds === (first.kind === 'test')) yield* solutions(world, rest, scope);
    }
  }
}

function isMet(world: World, body: readonly Literal[], scope: Scope): boolean {
  return solutions(world, body, scope).next().done !== true;
}

function evaluate(world: World, expr: Expr, scope: Scope): unknown {
  switch (expr.kind) {
    case 'value':
      return expr.value;
    case 'variable':
      if (scope.has(expr.name)) return scope.get(expr.name);
      if (expr.name === 'input') return world.input;
      if (!world.module.rules.has(expr.name)) throw new Error(`Nothing is called ${expr.name}.`);
      return complete(world, expr.name);
    case 'member':
      return member(evaluate(world, expr.of, scope), evaluate(world, expr.key, scope));
    case 'list':
    case 'set':
      return all(world, expr.items, scope);
    case 'object': {
      const keys = all(
        world,
        expr.entries.map(([key]) => key),
        scope,
      );
      const values = all(
        world,
        expr.entries.map(([, value]) => value),
        scope,
      );
      if (keys === undefined || values === undefined) return undefined;
      return Object.fromEntries(keys.map((key, index) => [asText(key), values[index]]));
    }
    case 'collect':
      return [...solutions(world, expr.body, scope)]
        .map((solution) => evaluate(world, expr.item, solution))
        .filter((each) => each !== undefined);
    case 'infix':
      return infix(expr.op, evaluate(world, expr.left, scope), evaluate(world, expr.right, scope));
    case 'call':
      return call(world, expr.name, all(world, expr.args, scope));
  }
}

function all(world: World, exprs: readonly Expr[], scope: Scope): unknown[] | undefined {
  const values = exprs.map((each) => evaluate(world, each, scope));
  return values.includes(undefined) ? undefined : values;
}

function call(world: World, name: string, args: unknown[] | undefined): unknown {
  const builtIn = Object.hasOwn(BUILT_IN, name) ? BUILT_IN[name] : undefined;
  const definitions = world.module.rules.get(name);
  if (builtIn === undefined && definitions === undefined) throw new Error(`Nothing is called ${name}.`);
  if (args === undefined) return undefined;
  if (builtIn !== undefined) return builtIn(...args);
  const values = (definitions ?? []).flatMap(({ params = [], branches }) => {
    if (params.length !== args.length) throw new Error(`${name} takes ${params.length} arguments.`);
    const fits = params.every(
      (each, index) => each.kind === 'variable' || (each.kind === 'value' && each.value === args[index]),
    );
    if (!fits) return [];
    const bound = params.flatMap((each, index): [string, unknown][] =>
      each.kind === 'variable' ? [[each.name, args[index]]] : [],
    );
    return outcome(world, branches, new Map(bound));
  });
  return agreed(name, values);
}

const BUILT_IN: Record<string, (...args: unknown[]) => unknown> = {
  is_array: (value) => Array.isArray(value),
  is_object: isObject,
  is_string: (value) => typeof value === 'string',
  is_number: (value) => typeof value === 'number',
  count: (value) => items(value).length,
  contains: (text, part) => asText(text).includes(asText(part)),
  'regex.match': (pattern, text) => RE2JS.compile(asText(pattern)).test(asText(text)),
  'json.unmarshal': (text) => JSON.parse(asText(text)),
  'object.get': (from, path, fallback) => {
    if (!isObject(from)) throw new Error('object.get takes an object.');
    const found = items(path).reduce((at, key) => member(at, key), from);
    return found === undefined ? fallback : found;
  },
};

function infix(op: string, left: unknown, right: unknown): unknown {
  if (left === undefined || right === undefined) return undefined;
  switch (op) {
    case '==':
      return same(left, right);
    case '!=':
      return !same(left, right);
    case 'in':
      return items(right).some((item) => same(item, left));
    default: {
      if (typeof left !== 'number' || typeof right !== 'number')
        throw new Error(`${op} is for numbers here.`);
      return op === '<'
        ? left < right
        : op === '<='
          ? left <= right
          : op === '>'
            ? left > right
            : left >= right;
    }
  }
}

/** Zero has one value in Rego. */
function same(a: unknown, b: unknown): boolean {
  return a === b || isDeepStrictEqual(a, b);
}

function member(of: unknown, key: unknown): unknown {
  return isObject(of) && typeof key === 'string' && Object.hasOwn(of, key) ? of[key] : undefined;
}

function items(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (value === undefined) return [];
  throw new Error('Only lists and sets have elements here.');
}

function asText(value: unknown): string {
  if (typeof value !== 'string') throw new Error('A text was expected.');
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
