import { stringify } from 'yaml';
import type { Condition, Limit, PolicyDocument, Predicate, ToolRule } from '../contract.ts';
import { escapeHidden, longEscape, lossComment } from '../escape.ts';
import { lossesOf, type Means, type StaticDecision, staticDecisions } from '../lower.ts';
import { isPlaceholder } from '../placeholder.ts';
import { defineTarget } from '../target.ts';
import { usedUpText } from '../words.ts';
import { escapePattern, isText, plainKeys, valuesOf } from '../writable.ts';
import { namedTools, naming, sortedLosses } from '../written-names.ts';

export const target = defineTarget({
  id: 'intercept-yaml',
  title: 'Intercept',
  summary: 'The YAML of the Intercept proxy: conditions that must hold, calls a minute, hidden tools.',
  abilities: { allow: 'yes', ask: 'no', deny: 'yes', hide: 'yes', arguments: 'partly', limits: 'partly' },
  newTools: 'denied',
  usage:
    'Save it as `policy.yaml`, check it with `intercept validate -c policy.yaml`, and start the server with `intercept -c policy.yaml -- <command>`.',
  emit(document, { tools }) {
    const turned = turnDenials(document);
    const decisions = staticDecisions(
      turned.document,
      namedTools(document, tools),
      meansFor(turned.document),
    );
    const written = decisions.filter(({ tool }) => canName(tool));
    const rules = written
      .filter(({ decision }) => decision !== 'hide')
      .map((each): [string, { rules?: Rule[] }] => [each.tool, toolOf(each)]);
    const hidden = written.filter(({ decision }) => decision === 'hide').map(({ tool }) => tool);
    const policy = {
      version: '1',
      default: 'deny',
      ...(hidden.length > 0 && { hide: hidden }),
      tools: new Map(rules),
    };
    const open = (tool: string) => decisions.some((each) => each.tool === tool && each.decision === 'allow');
    const losses = sortedLosses(
      lossesOf(document, decisions, { newTools: 'denied' }),
      naming(
        'The name cannot be written here, so every call is denied',
        decisions.map(({ tool }) => tool).filter((tool) => !canName(tool) && open(tool)),
      ),
      naming(
        'An argument that a rule forbids a value of may not be left out here',
        turned.tools.filter(open),
      ),
      naming('Intercept takes a text such as "5" for the number', turned.loose.filter(open)),
      naming('Intercept takes null for an argument that is left out', turned.nullable.filter(open)),
      naming('A list is not looked into here', turned.listed.filter(open)),
    );
    const yaml = stringify(policy, {
      defaultStringType: 'QUOTE_DOUBLE',
      defaultKeyType: 'QUOTE_DOUBLE',
      lineWidth: 0,
    });
    return {
      fileName: 'policy.yaml',
      text: `${escapeHidden(yaml, longEscape)}${lossComment('#', losses)}`,
      losses,
    };
  },
});

interface Rule {
  name: string;
  action?: 'evaluate' | 'deny';
  conditions?: Condition[];
  rate_limit?: string;
  on_deny: string;
}

/** `*` is how Intercept writes a rule for all, so nothing can be said of a tool of that name. */
function canName(tool: string): boolean {
  return tool.isWellFormed() && tool !== '*' && tool.trim() !== '';
}

function toolOf({ decision, message, keep }: StaticDecision): { rules?: Rule[] } {
  if (decision !== 'allow') return { rules: [{ name: 'denied', action: 'deny', on_deny: message }] };
  const evaluate = keep.require.map(
    ({ conditions, on_deny }, index): Rule => ({
      name: `require ${index + 1}`,
      action: 'evaluate',
      conditions: conditions.flatMap((condition) => write(condition) ?? []),
      on_deny,
    }),
  );
  // It keeps one counter for each window, so of several limits the lowest stands for all.
  const limits = [...Map.groupBy(keep.limits, ({ window }) => window)].map(([window, same]): Rule => {
    const max = Math.min(...same.map((limit) => limit.max));
    return {
      name: `limit a ${window}`,
      rate_limit: `${max}/${window}`,
      on_deny: usedUpText({ max, window }),
    };
  });
  return evaluate.length + limits.length === 0 ? {} : { rules: [...evaluate, ...limits] };
}

interface Turned {
  document: PolicyDocument;
  /** Tools of which a denial was turned into something that must hold. */
  tools: string[];
  /** Tools with a condition on a number, which Intercept also finds in a text. */
  loose: string[];
  /** Tools with a condition that null could meet. */
  nullable: string[];
  /** Tools with a condition that a list could meet. */
  listed: string[];
}

/**
 * Intercept only knows what must hold. A denial with one condition is turned round where the operator has an opposite:
 * it then also denies a call that leaves the argument out.
 */
function turnDenials(document: PolicyDocument): Turned {
  const tools: string[] = [];
  const loose: string[] = [];
  const nullable: string[] = [];
  const listed: string[] = [];
  const turn = (tool: string, rule: ToolRule): ToolRule => {
    const turned: Predicate[] = [];
    const kept = (rule.deny_if ?? []).filter((predicate) => {
      const [condition, ...others] = predicate.conditions;
      const opposite = condition && others.length === 0 ? oppositeOf(condition) : undefined;
      if (opposite === undefined || write(opposite) === undefined) return true;
      turned.push({ conditions: [opposite], on_deny: predicate.on_deny });
      return false;
    });
    const require = [...(rule.require ?? []), ...turned];
    if (turned.some(({ conditions: [first] }) => first?.op !== 'exists')) tools.push(tool);
    if (require.some(({ conditions }) => conditions.some(isLoose))) loose.push(tool);
    if (require.some(({ conditions }) => conditions.some(takesNull))) nullable.push(tool);
    if (require.some(({ conditions }) => conditions.some(({ op }) => op === 'contains'))) listed.push(tool);
    return { ...rule, require, deny_if: kept };
  };
  const rules = Object.entries(document.tools ?? {}).map(([tool, rule]): [string, ToolRule] => [
    tool,
    turn(tool, rule),
  ]);
  return {
    document: { ...document, ...(document.tools && { tools: Object.fromEntries(rules) }) },
    tools,
    loose,
    nullable,
    listed,
  };
}

const OPPOSITES: Partial<Record<Condition['op'], Condition['op']>> = {
  eq: 'neq',
  neq: 'eq',
  lt: 'gte',
  gte: 'lt',
  lte: 'gt',
  gt: 'lte',
  in: 'not_in',
  not_in: 'in',
};

function oppositeOf(condition: Condition): Condition | undefined {
  if (condition.op === 'exists') return { ...condition, value: condition.value === false };
  const op = OPPOSITES[condition.op];
  // Nothing is one of no values, so what would have to be is a denial of every call.
  const isNone = Array.isArray(condition.value) && condition.value.length === 0;
  return op === undefined || isNone || isPlaceholder(condition.value) ? undefined : { ...condition, op };
}

function isLoose(condition: Condition): boolean {
  const isCompared = !['exists', 'regex', 'contains'].includes(condition.op);
  return isCompared && !valuesOf(condition).every(isText);
}

function takesNull({ op }: Condition): boolean {
  return ['neq', 'not_in', 'exists'].includes(op);
}

/**
 * The condition as Intercept has it, where it lets no more through than ours; undefined where it cannot. It compares a
 * number with a text of it as equal, so a text is compared by a pattern, which only a text meets. It takes null for
 * missing.
 */
function write(condition: Condition): Condition | undefined {
  const { path, op, value } = condition;
  if (plainKeys(path) === undefined || isPlaceholder(value)) return undefined;
  const values = valuesOf(condition);
  const isSimple = values.every(
    (each) => isText(each) || typeof each === 'number' || typeof each === 'boolean',
  );
  switch (op) {
    case 'exists':
      return value === true ? { path, op, value } : undefined;
    case 'eq':
    case 'in':
      if (values.length > 0 && values.every(isText)) return { path, op: 'regex', value: anyOf(values) };
      return isSimple ? { path, op, value } : undefined;
    case 'contains':
      // In a list it compares loosely as well, so only a text is looked into.
      return isText(value) ? { path, op: 'regex', value: escapePattern(value) } : undefined;
    case 'regex':
      return isText(value) ? { path, op, value } : undefined;
    default:
      return isSimple ? { path, op, value } : undefined;
  }
}

function anyOf(texts: readonly string[]): string {
  return `\\A(?:${texts.map(escapePattern).join('|')})\\z`;
}

/**
 * A condition can be written where it must hold; denials that are left cannot be turned round. Of limits those on calls
 * can that one tool alone counts with; a name with a dot would break the path of its counter. Those over all tools
 * cannot, because their key `*` would allow a tool of that name.
 */
function meansFor(document: PolicyDocument): Means {
  const rules = Object.entries(document.tools ?? {});
  const denials = new Set(
    rules.flatMap(([, { deny_if = [], require_approval = [] }]) =>
      [...deny_if, ...require_approval].flatMap(({ conditions }) => conditions),
    ),
  );
  const counted = rules.flatMap(([tool, { limits = [] }]) => limits.map((limit) => ({ tool, limit })));
  const shared = new Set(document.all_tools?.limits.map(counterOf));
  const alone = [...Map.groupBy(counted, ({ limit }) => counterOf(limit))]
    .filter(([counter, by]) => !shared.has(counter) && new Set(by.map(({ tool }) => tool)).size === 1)
    .flatMap(([, by]) => by);
  const writable = new Set(
    alone.filter(({ tool, limit }) => canCount(limit) && !tool.includes('.')).map(({ limit }) => limit),
  );
  return {
    ask: false,
    hide: true,
    arguments: (condition) => !denials.has(condition) && write(condition) !== undefined,
    limits: (limit) => writable.has(limit),
  };
}

function counterOf({ counter, window, scope }: Limit): string {
  return JSON.stringify([counter, window, scope]);
}

/** Its counters belong to one proxy, which a client or a session has for itself. */
function canCount({ scope, increment_from, max }: Limit): boolean {
  return (scope === 'grant' || scope === 'session') && increment_from === undefined && max > 0;
}
