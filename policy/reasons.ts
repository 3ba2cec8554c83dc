import type { Evidence } from '../classifier/contract.ts';
import type { Limit, ToolRule } from './contract.ts';

/** A finding that led to a rule: the signal, or the risk, and where in the definition it rests. */
export interface Because extends Evidence {
  signal: string;
}

/** Why a piece of a document is there. The pointer of a tool itself stands for its being named at all. */
export interface Reason {
  pointer: string;
  tool: string;
  because: Because[];
}

/** A rule that is being put together, and what each piece of it rests on. */
export interface BuiltRule {
  rule: ToolRule;
  reasons: Reason[];
}

const PREDICATES = ['require', 'deny_if', 'require_approval'] as const;

interface Growing extends BuiltRule {
  at: string;
  tool: string;
}

/** A rule with nothing in it yet, at a pointer of the document. */
export function newRule(at: string, tool: string): Growing {
  return { at, tool, rule: {}, reasons: [] };
}

/**
 * Adds what a finding asks for. What the rule has already gets one more reason, and of two limits on one count the
 * lower stays: what is added can only make the rule stricter.
 */
export function addPiece(growing: Growing, piece: ToolRule, because: Because[]): void {
  for (const key of PREDICATES) {
    for (const predicate of piece[key] ?? []) {
      const all = growing.rule[key] ?? [];
      growing.rule[key] = all;
      const text = JSON.stringify(predicate);
      const known = all.findIndex((each) => JSON.stringify(each) === text);
      note(growing, `/${key}/${known < 0 ? all.push(predicate) - 1 : known}`, because);
    }
  }
  for (const limit of piece.limits ?? []) {
    const all = growing.rule.limits ?? [];
    growing.rule.limits = all;
    const known = all.findIndex((each) => sameCount(each, limit));
    const other = all[known];
    if (other === undefined) all.push(limit);
    else if (limit.max < other.max) all[known] = limit;
    note(growing, `/limits/${other === undefined ? all.length - 1 : known}`, because);
  }
  if (Object.keys(growing.rule).length === 0) note(growing, '', because);
  growing.rule = inOrder(growing.rule);
}

/** The keys in the order of the schema, whichever piece came first: the same rule is the same text. */
function inOrder({ require, deny_if, require_approval, limits }: ToolRule): ToolRule {
  return {
    ...(require && { require }),
    ...(deny_if && { deny_if }),
    ...(require_approval && { require_approval }),
    ...(limits && { limits }),
  };
}

function sameCount(a: Limit, b: Limit): boolean {
  return JSON.stringify({ ...a, max: 0 }) === JSON.stringify({ ...b, max: 0 });
}

function note({ at, tool, reasons }: Growing, below: string, because: Because[]): void {
  const pointer = `${at}${below}`;
  const known = reasons.find((reason) => reason.pointer === pointer);
  if (known === undefined) reasons.push({ pointer, tool, because: [...because] });
  else known.because.push(...because.filter((each) => !known.because.some((other) => isSame(each, other))));
}

function isSame(a: Because, b: Because): boolean {
  return a.signal === b.signal && a.pointer === b.pointer && a.quote === b.quote;
}
