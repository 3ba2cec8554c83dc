import type { Condition, Predicate } from '../contract.ts';
import { lineOfJson, lossComment } from '../escape.ts';
import { lossesOf, type Means, type StaticDecision, staticDecisions } from '../lower.ts';
import { defineTarget } from '../target.ts';
import { isPlainKey } from '../writable.ts';
import { isOpen, namedTools, naming, sortedLosses } from '../written-names.ts';

const MEANS: Means = {
  ask: true,
  hide: true,
  arguments: ({ path, value }) => regoPath(path) !== undefined && isWritable(value),
  limits: false,
};

export const target = defineTarget({
  id: 'rego',
  title: 'OPA Rego',
  summary: 'A module for the Open Policy Agent: fixed rules, and the policy as data in their last one.',
  abilities: { allow: 'yes', ask: 'yes', deny: 'yes', hide: 'yes', arguments: 'partly', limits: 'no' },
  newTools: 'denied',
  usage:
    'Load it into OPA 1.0 or newer and ask for `data.mcp.policy.decision` with the input `{"server", "tool", "arguments"}`. ' +
    'Only the answers `allow` and `ask` let a call through; `hide` also takes the tool out of the list.',
  emit(document, { serverName, tools }) {
    const decisions = staticDecisions(document, namedTools(document, tools), MEANS);
    const written = decisions.filter(({ tool }) => tool.isWellFormed());
    const unwritten = decisions.filter((each) => isOpen(each) && !each.tool.isWellFormed());
    const losses = sortedLosses(
      lossesOf(document, decisions, { newTools: 'denied' }),
      naming(
        'The name cannot be written here, so every call is denied',
        unwritten.map(({ tool }) => tool),
      ),
    );
    return {
      fileName: 'policy.rego',
      text: `${MODULE}\n${dataOf(serverName, written)}${lossComment('#', losses)}`,
      losses,
    };
  },
});

/** Every rule says what is surely so, and what is not sure never lets a call through. */
const MODULE = `package mcp.policy

import rego.v1

default decision := "deny"

decision := "hide" if rule.decision == "hide"

decision := "ask" if {
	permitted
	not undisturbed
}

decision := "allow" if {
	permitted
	undisturbed
}

rule := policy[input.server][input.tool]

permitted if {
	rule.decision in {"allow", "ask"}
	every predicate in rule.require { holds(predicate) }
	every predicate in rule.deny_if { fails(predicate) }
}

undisturbed if {
	rule.decision == "allow"
	every predicate in rule.require_approval { fails(predicate) }
}

holds(conditions) if {
	every condition in conditions {
		places := places_of(condition)
		every spot in places { surely(condition, spot) }
	}
}

fails(conditions) if {
	some condition in conditions
	places := places_of(condition)
	every spot in places { surely_not(condition, spot) }
}

# Where a path leads to: one place, or one for each element of a list. A place has a value, or none.
places_of(condition) := [place(input.arguments, condition.path)] if not condition.each

places_of(condition) := [{}] if {
	condition.each
	place(input.arguments, condition.path) == {}
}

places_of(condition) := [place(element, condition.each) | some element in found.value] if {
	condition.each
	found := place(input.arguments, condition.path)
	is_array(found.value)
}

# Two different defaults tell a missing value from any that is there.
place(from, path) := {"value": value} if {
	is_object(from)
	value := object.get(from, path, 0)
	value == object.get(from, path, 1)
} else := {"value": from} if {
	count(path) == 0
} else := {}

surely(condition, spot) if {
	condition.op == "exists"
	condition.value
	spot != {}
}

surely(condition, spot) if {
	condition.op == "exists"
	not condition.value
	spot == {}
}

surely(condition, spot) if yes(condition.op, spot.value, condition.value)

surely_not(condition, spot) if {
	condition.op == "exists"
	condition.value
	spot == {}
}

surely_not(condition, spot) if {
	condition.op == "exists"
	not condition.value
	spot != {}
}

surely_not(condition, spot) if {
	condition.op != "exists"
	spot == {}
}

surely_not(condition, spot) if yes(opposites[condition.op], spot.value, condition.value)

opposites := {
	"eq": "neq", "neq": "eq", "in": "not_in", "not_in": "in",
	"lt": "gte", "gte": "lt", "gt": "lte", "lte": "gt",
	"contains": "lacks", "regex": "unlike",
}

yes("eq", a, b) if a == b

yes("neq", a, b) if a != b

yes("in", a, b) if a in b

yes("not_in", a, b) if not a in b

yes("lt", a, b) if { is_number(a); a < b }

yes("lte", a, b) if { is_number(a); a <= b }

yes("gt", a, b) if { is_number(a); a > b }

yes("gte", a, b) if { is_number(a); a >= b }

yes("contains", a, b) if { is_string(a); is_string(b); contains(a, b) }

yes("contains", a, b) if { is_array(a); b in a }

yes("lacks", a, b) if { is_string(a); is_string(b); not contains(a, b) }

yes("lacks", a, b) if { is_array(a); not b in a }

yes("regex", a, b) if { is_string(a); regex.match(b, a) }

yes("unlike", a, b) if { is_string(a); not regex.match(b, a) }
`;

/**
 * The one rule that an export writes: tools by server, as JSON in a raw string, which only a backtick ends. Read while
 * it runs, because OPA would otherwise refuse the fixed rules where no tool has what they ask for.
 */
function dataOf(server: string, decisions: readonly StaticDecision[]): string {
  const lines = decisions.map((each) => `  ${lineOfJson(each.tool)}: ${lineOfJson(ruleOf(each))}`);
  const json = `{${lineOfJson(server)}: {\n${lines.join(',\n')}\n}}`;
  return `policy := json.unmarshal(\`${json.replaceAll('`', '\\u0060')}\`)\n`;
}

function ruleOf({ decision, keep }: StaticDecision) {
  const write = (predicates: readonly Predicate[]) =>
    predicates.map(({ conditions }) => conditions.map(conditionOf));
  return isOpen({ decision })
    ? {
        decision,
        require: write(keep.require),
        deny_if: write(keep.deny_if),
        require_approval: write(keep.require_approval),
      }
    : { decision };
}

function conditionOf({ path, op, value }: Condition) {
  return { ...regoPath(path), op, value: op === 'exists' ? value !== false : value };
}

/** The keys to a value, or to a list and from there to the value in each of its elements; lists in lists are none. */
function regoPath(path: string): { path: string[]; each?: string[] } | undefined {
  const [before = '', after, ...more] = path.split('[]');
  const keys = before.split('.').slice(1);
  const each = after?.split('.').slice(1);
  const isPlain = [...keys, ...(each ?? [])].every(isPlainKey);
  if (!isPlain || more.length > 0) return undefined;
  return { path: keys, ...(each && { each }) };
}

/** Half of a surrogate pair is no text that JSON can bring to OPA. */
function isWritable(value: unknown): boolean {
  return !/\\ud[89a-f]/.test(JSON.stringify(value) ?? '');
}
