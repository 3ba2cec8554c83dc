import type { Condition, Limit, PolicyDocument, Predicate } from './contract.ts';
import { type Means, type StaticDecision, staticDecision } from './lower.ts';
import { compareText } from './order.ts';
import { limitText, predicateText } from './words.ts';

/**
 * How a rule changed. `looser` and `stricter` are proven, for every call and every state of the counters; `changed`
 * is what is neither for sure: looser for some calls, stricter for others, or different in a way that the comparison
 * of rules cannot decide.
 */
type Direction = 'looser' | 'stricter' | 'changed';

export interface PolicyChange {
  /** Undefined for what is not about one tool: any tool that neither document names, or a method. */
  tool: string | undefined;
  direction: Direction;
  /** What changed, in words. */
  changes: string[];
}

const ALL: Means = { ask: true, hide: true, arguments: true, limits: true };

/** What a new document changes of an old one, for each tool that one of them names, in the order of their names. */
export function comparePolicies(before: PolicyDocument, after: PolicyDocument): PolicyChange[] {
  const names = new Set(
    [before, after].flatMap(({ tools, hide }) => [...Object.keys(tools ?? {}), ...(hide ?? [])]),
  );
  // A tool called `*` and the sign for all tools cannot be told apart; what holds for all is the last entry.
  names.delete('*');
  const tools = [...names].sort(compareText).flatMap((tool) => compareTool(before, after, tool, tool));
  return [
    ...tools,
    ...compareTool(before, after, unnamed(names), undefined),
    ...compareMethods(before, after),
  ];
}

function unnamed(names: ReadonlySet<string>): string {
  let name = 'a tool that came later';
  while (names.has(name)) name += ' ';
  return name;
}

function compareTool(
  before: PolicyDocument,
  after: PolicyDocument,
  name: string,
  tool: string | undefined,
): PolicyChange[] {
  const [a, b] = [staticDecision(before, name, ALL), staticDecision(after, name, ALL)];
  const changes = changesOf(a, b);
  if (changes.length === 0) return [];
  const [stricter, looser] = [isAtLeast(b, a), isAtLeast(a, b)];
  if (stricter === looser) return [{ tool, direction: 'changed', changes }];
  return [{ tool, direction: stricter ? 'stricter' : 'looser', changes }];
}

function compareMethods(
  { methods: before = {} }: PolicyDocument,
  { methods: after = {} }: PolicyDocument,
): PolicyChange[] {
  const names = ['resources', 'prompts', 'sampling', 'elicitation', 'unknown'] as const;
  return names.flatMap((name): PolicyChange[] => {
    const [was, is] = [before[name] ?? 'allow', after[name] ?? 'allow'];
    if (was === is) return [];
    const direction = is === 'deny' ? 'stricter' : 'looser';
    return [{ tool: undefined, direction, changes: [`${name}: was ${PAST[was]}, now ${PAST[is]}`] }];
  });
}

const PAST = { allow: 'allowed', ask: 'asked about', deny: 'denied', hide: 'hidden' } as const;

function changesOf(a: StaticDecision, b: StaticDecision): string[] {
  const changes: string[] = [];
  if (a.decision !== b.decision) changes.push(`was ${PAST[a.decision]}, now ${PAST[b.decision]}`);
  // Where nothing passes any more, rules that are gone with it would read like something let through.
  if (isDenied(b)) return changes;
  for (const [key, words] of PREDICATE_WORDS) {
    const [was, is] = [a.keep[key].map(predicateText), b.keep[key].map(predicateText)];
    changes.push(...is.filter((text) => !was.includes(text)).map((text) => `now ${words}: ${text}`));
    changes.push(...was.filter((text) => !is.includes(text)).map((text) => `no longer ${words}: ${text}`));
  }
  return [...changes, ...limitChanges(a.keep.limits, b.keep.limits)];
}

const PREDICATE_WORDS = [
  ['require', 'required'],
  ['deny_if', 'denied'],
  ['require_approval', 'asked about'],
] as const;

function limitChanges(before: readonly Limit[], after: readonly Limit[]): string[] {
  const isKnown = (all: readonly Limit[], limit: Limit) => all.some((each) => isSame(each, limit));
  return [
    ...after.filter((limit) => !isKnown(before, limit)).map((limit) => `now at most ${limitText(limit)}`),
    ...before
      .filter((limit) => !isKnown(after, limit))
      .map((limit) => `no longer at most ${limitText(limit)}`),
  ];
}

function isSame(a: Limit, b: Limit): boolean {
  return a.max === b.max && sharesCount(a, b);
}

function sharesCount(a: Limit, b: Limit): boolean {
  return (
    a.counter === b.counter &&
    a.window === b.window &&
    a.scope === b.scope &&
    a.increment_from === b.increment_from
  );
}

/** Whether `x` denies whatever `y` denies, and lets through unasked nothing that `y` asks about: true only if proven. */
function isAtLeast(x: StaticDecision, y: StaticDecision): boolean {
  if (isDenied(x)) return true;
  if (isDenied(y)) return false;
  const denies = (p: Predicate) => x.keep.deny_if.some((q) => implies(p, q));
  const asks = (p: Predicate) => x.decision === 'ask' || x.keep.require_approval.some((q) => implies(p, q));
  return (
    (y.decision !== 'ask' || x.decision === 'ask') &&
    y.keep.require.every((p) => x.keep.require.some((q) => implies(q, p))) &&
    y.keep.deny_if.every(denies) &&
    y.keep.require_approval.every((p) => asks(p) || denies(p)) &&
    y.keep.limits.every((p) => x.keep.limits.some((q) => sharesCount(p, q) && q.max <= p.max))
  );
}

function isDenied({ decision }: StaticDecision): boolean {
  return decision === 'deny' || decision === 'hide';
}

/** Whether whatever meets `p` meets `q`, undecided conditions included. */
function implies(p: Predicate, q: Predicate): boolean {
  return q.conditions.every((c) => p.conditions.some((d) => conditionImplies(d, c)));
}

function conditionImplies(d: Condition, c: Condition): boolean {
  if (d.path !== c.path) return false;
  const [have, want] = [JSON.stringify(d.value), JSON.stringify(c.value)];
  if (d.op === c.op && have === want) return true;
  if (c.op === 'exists') return c.value !== false && d.op !== 'exists';
  if (Array.isArray(d.value) && Array.isArray(c.value)) {
    const isSubset = (a: readonly unknown[], b: readonly unknown[]) =>
      a.every((value) => b.some((other) => JSON.stringify(value) === JSON.stringify(other)));
    if (d.op === 'in' && c.op === 'in') return isSubset(d.value, c.value);
    if (d.op === 'not_in' && c.op === 'not_in') return isSubset(c.value, d.value);
  }
  if (typeof d.value !== 'number' || typeof c.value !== 'number') return false;
  return boundImplies(d.op, d.value, c.op, c.value);
}

function boundImplies(have: Condition['op'], a: number, want: Condition['op'], b: number): boolean {
  if (have === 'lt') return (want === 'lt' || want === 'lte') && a <= b;
  if (have === 'lte') return (want === 'lte' && a <= b) || (want === 'lt' && a < b);
  if (have === 'gt') return (want === 'gt' || want === 'gte') && a >= b;
  if (have === 'gte') return (want === 'gte' && a >= b) || (want === 'gt' && a > b);
  return false;
}
