import type { RiskLevel } from '../classifier/contract.ts';
import type { Argument } from './arguments.ts';
import type { Condition, Limit, Predicate, ToolRule } from './contract.ts';
import { CHANGING_SQL, HTTPS, NOT_HTTPS, TRAVERSAL } from './patterns.ts';
import { placeholder } from './placeholder.ts';

/**
 * How a signal shapes the rule of its tool: a table from the signal's id to what it adds. Nothing here loosens a rule.
 * `strict` may leave values to be filled in; `recommended` never does, so that it can be used as it is.
 */

export type Strictness = 'recommended' | 'strict';

export interface ShapedTool {
  name: string;
  description: string;
  risk: RiskLevel;
}

export type Shape =
  | { of: 'tool'; rule(tool: ShapedTool, strictness: Strictness): ToolRule }
  /** Asked for each argument that the finding quotes. */
  | { of: 'argument'; rule(argument: Argument, tool: ShapedTool, strictness: Strictness): ToolRule }
  /** Asked for every argument of a tool on which the signal fires. */
  | { of: 'every-argument'; rule(argument: Argument, tool: ShapedTool, strictness: Strictness): ToolRule };

export const APPROVAL: ToolRule = {
  require_approval: [{ conditions: [], on_deny: 'Requires human approval.' }],
};

const APPROVES: Shape = { of: 'tool', rule: () => APPROVAL };

/** Calls a minute of what reaches many things at once. */
const BULK_CALLS: Record<Strictness, Record<RiskLevel, number>> = {
  recommended: { low: 30, medium: 10, high: 3, critical: 3 },
  strict: { low: 10, medium: 3, high: 1, critical: 1 },
};

const FEWER_CALLS: Shape = {
  of: 'tool',
  rule: ({ name, risk }, strictness) => callsAMinute(name, BULK_CALLS[strictness][risk]),
};

export const SHAPES: Readonly<Record<string, readonly Shape[]>> = {
  admin: [APPROVES],
  bulk: [FEWER_CALLS],
  'code-or-query-input': [{ of: 'argument', rule: shapeCode }],
  'destructive-effect': [APPROVES],
  'financial-effect': [APPROVES, { of: 'every-argument', rule: shapeAmount }],
  'grants-access': [APPROVES],
  minting: [APPROVES],
  'path-input': [{ of: 'argument', rule: shapePath }],
  unbounded: [FEWER_CALLS],
  'url-input': [{ of: 'argument', rule: shapeUrl }],
};

/** A limit on a tool's calls; all of our own share one counter for each tool, so that the lowest holds. */
export function callsAMinute(name: string, max: number): ToolRule {
  return callsIn(name, max, 'minute');
}

/** The same for another window. */
export function callsIn(name: string, max: number, window: Limit['window']): ToolRule {
  return { limits: [{ counter: `${name}_rate`, window, max, scope: 'grant' }] };
}

function shapeUrl(argument: Argument, _tool: ShapedTool, strictness: Strictness): ToolRule {
  const https = isAddress(argument)
    ? mustMatch(argument, HTTPS, NOT_HTTPS, `Only https:// addresses may be given as ${shown(argument)}.`)
    : {};
  if (strictness === 'recommended') return https;
  const hosts = mustBeAmong(
    argument,
    'the addresses that may be reached, as a pattern such as ^https://(docs|api)\\.example\\.com/',
    `The policy does not allow this ${shown(argument)}.`,
  );
  return merged(https, hosts);
}

/** A host or an endpoint alone is not written with https. */
function isAddress({ name, format, description }: Argument): boolean {
  return (
    /ur[il]s?$|href|webhook/i.test(name) ||
    /^(?:uri|url|iri)$/.test(format ?? '') ||
    /\bUR[IL]s?\b/.test(description ?? '')
  );
}

function shapePath(argument: Argument, _tool: ShapedTool, strictness: Strictness): ToolRule {
  const upward = mustNotMatch(argument, TRAVERSAL, `No step to a folder above may be in ${shown(argument)}.`);
  if (strictness === 'recommended') return upward;
  const root = mustBeAmong(
    argument,
    'the folders that paths must lie in, as a pattern such as ^/home/me/project/',
    `The policy does not allow this ${shown(argument)}.`,
  );
  return merged(upward, root);
}

const SQL =
  /\bsql\b|sql\b|postgres|sqlite|mariadb|snowflake|bigquery|redshift|clickhouse|duckdb|oracle database/i;

function shapeCode(argument: Argument, tool: ShapedTool, strictness: Strictness): ToolRule {
  const isSql = SQL.test([argument.name, argument.description ?? '', tool.name, tool.description].join(' '));
  if (!isSql) return strictness === 'strict' ? APPROVAL : {};
  return mustNotMatch(
    argument,
    CHANGING_SQL,
    `Only SQL that changes nothing may be given as ${shown(argument)}.`,
  );
}

const AMOUNT =
  /(?:^|[^a-z])(?:amounts?|prices?|totals?|sum|values?|qty|quantity|quantities|budgets?|cost|fee|limit_?price|size|stake|lamports|wei|sats|cents|usd|eur|notional)$/i;

function shapeAmount(argument: Argument, _tool: ShapedTool, strictness: Strictness): ToolRule {
  const words = argument.name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2');
  if (strictness === 'recommended' || !AMOUNT.test(words)) return {};
  const message = `The policy does not allow this ${shown(argument)}.`;
  const isNumber =
    argument.types.length > 0 && argument.types.every((type) => type === 'number' || type === 'integer');
  if (!isNumber)
    return mustBeAmong(argument, 'the amounts that may be given, as a pattern such as ^[0-9]{1,2}$', message);
  const what = placeholder(`the largest ${shown(argument)} that one call may have, as a number`);
  return isAlwaysGiven(argument)
    ? { require: [predicate(message, { path: argument.path, op: 'lte', value: what })] }
    : {
        deny_if: [
          predicate(message, ...unlessNull(argument), { path: argument.path, op: 'gt', value: what }),
        ],
      };
}

/**
 * `require` denies a call that leaves the argument out, so an argument that may be left out is forbidden what does not
 * match; `never` matches exactly what `pattern` does not.
 */
function mustMatch(argument: Argument, pattern: string, never: string, message: string): ToolRule {
  if (!isAlwaysGiven(argument)) return mustNotMatch(argument, never, message);
  return { require: [predicate(message, { path: argument.path, op: 'regex', value: pattern })] };
}

function mustNotMatch(argument: Argument, pattern: string, message: string): ToolRule {
  const condition: Condition = { path: argument.path, op: 'regex', value: pattern };
  return { deny_if: [predicate(message, ...unlessNull(argument), condition)] };
}

/** What a person has to fill in: a pattern, or, where the argument may be left out, the list of what may be given. */
function mustBeAmong(argument: Argument, what: string, message: string): ToolRule {
  const { path } = argument;
  if (isAlwaysGiven(argument)) {
    return { require: [predicate(message, { path, op: 'regex', value: placeholder(what) })] };
  }
  const list = placeholder(`a list of the values that may be given; or, in a require, ${what}`);
  return { deny_if: [predicate(message, ...unlessNull(argument), { path, op: 'not_in', value: list })] };
}

function isAlwaysGiven({ required, nullable }: Argument): boolean {
  return required && !nullable;
}

/** Some clients send `null` for what they leave out. */
function unlessNull({ path, nullable }: Argument): Condition[] {
  return nullable ? [{ path, op: 'neq', value: null }] : [];
}

const MAX_NAME_CHARS = 60;

/** The server chose the name, and the message goes to an agent. */
function shown({ name }: Argument): string {
  return name.length > MAX_NAME_CHARS ? `${name.slice(0, MAX_NAME_CHARS)}…` : name;
}

function predicate(message: string, ...conditions: Condition[]): Predicate {
  return { conditions, on_deny: message };
}

function merged(a: ToolRule, b: ToolRule): ToolRule {
  return {
    require: [...(a.require ?? []), ...(b.require ?? [])],
    deny_if: [...(a.deny_if ?? []), ...(b.deny_if ?? [])],
  };
}
