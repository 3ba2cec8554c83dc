import { cedarString, likePattern, permit } from '../cedar-text.ts';
import type { Condition } from '../contract.ts';
import { prettyJson } from '../escape.ts';
import { lossesOf, type Means, type StaticDecision, staticDecisions } from '../lower.ts';
import { defineTarget } from '../target.ts';
import { isText, plainKeys, type Side, valuesOf, writableConditions } from '../writable.ts';
import { namedTools, naming, sortedLosses, writtenTools } from '../written-names.ts';

export const target = defineTarget({
  id: 'toolhive-cedar',
  title: 'ToolHive',
  summary: 'The Cedar authorization of ToolHive, with conditions on the texts and flags among the arguments.',
  abilities: { allow: 'yes', ask: 'no', deny: 'yes', hide: 'yes', arguments: 'partly', limits: 'no' },
  newTools: 'denied',
  usage:
    'Give it with `thv run --authz-config authz.json <server>`. Where there is such a file, add the policies to those in it.',
  emit(document, { tools }) {
    const means: Means = {
      ask: false,
      hide: true,
      arguments: writableConditions(document, canWrite),
      limits: false,
    };
    const written = writtenTools(
      staticDecisions(document, namedTools(document, tools), means),
      (tool) => tool,
    );
    const allowed = written.tools.filter(({ decision }) => decision === 'allow');
    const config = {
      version: '1.0',
      type: 'cedarv1',
      cedar: {
        policies: allowed.map((each) => permit(each.tool, conditionsOf(each))),
        entities_json: '[]',
      },
    };
    const missing = allowed.filter(({ keep }) =>
      keep.deny_if.some(({ conditions }) => conditions.some(({ op }) => op === 'exists')),
    );
    const unlisted = allowed.filter(({ keep }) => keep.require.length > 0).map(({ tool }) => tool);
    return {
      fileName: 'authz.json',
      text: prettyJson(config),
      losses: sortedLosses(
        lossesOf(document, written.sure, { newTools: 'denied' }),
        written.losses,
        naming(
          'Left out of the list, which ToolHive filters by the same policies and without arguments',
          unlisted,
        ),
        naming(
          'A list, an object and null count as left out here',
          missing.map(({ tool }) => tool),
        ),
      ),
    };
  },
});

function conditionsOf({ keep }: StaticDecision): string[] {
  const all = (conditions: readonly Condition[]) =>
    conditions.map((each) => write(each) ?? 'false').join(' && ');
  return [
    ...keep.require.map(({ conditions }) => all(conditions)),
    ...keep.deny_if.map(({ conditions }) => `!(${all(conditions)})`),
  ];
}

/**
 * ToolHive gives a policy the arguments themselves and nothing within them: a text, a flag, and a number as a decimal,
 * which is left out where it is large. So a number cannot be compared, and what forbids must not rest on a value that
 * may be left out. A key that ends in `_present` is what it gives in the place of a list, an object and null.
 */
function canWrite(condition: Condition, side: Side): boolean {
  if (write(condition) === undefined) return false;
  switch (condition.op) {
    case 'eq':
    case 'in':
      return true;
    case 'exists':
      return (condition.value !== false) === (side === 'must');
    default:
      return side === 'must';
  }
}

function write(condition: Condition): string | undefined {
  const { path, op, value } = condition;
  const [key, ...deeper] = plainKeys(path) ?? [];
  if (key === undefined || deeper.length > 0 || key.endsWith('_present')) return undefined;
  const name = cedarString(`arg_${key}`);
  const has = `context has ${name}`;
  if (op === 'exists') return value === false ? `!(${has})` : has;
  const pattern = likePattern(condition);
  if (pattern !== undefined) return `(${has} && context[${name}] like ${pattern})`;
  const values = valuesOf(condition);
  if (!['eq', 'neq', 'in', 'not_in'].includes(op) || !values.every(isSimple)) return undefined;
  const equal = values.map((each) => `context[${name}] == ${isText(each) ? cedarString(each) : each}`);
  const any = equal.length === 0 ? 'false' : `(${equal.join(' || ')})`;
  return `(${has} && ${op === 'eq' || op === 'in' ? any : `!${any}`})`;
}

function isSimple(value: unknown): boolean {
  return isText(value) || typeof value === 'boolean';
}
