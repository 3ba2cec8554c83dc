import { cedarString, likePattern, permit } from '../cedar-text.ts';
import type { Condition, Predicate } from '../contract.ts';
import { commentLines, lossComment } from '../escape.ts';
import { lossesOf, type Means, type StaticDecision, staticDecisions } from '../lower.ts';
import { defineTarget } from '../target.ts';
import { isText, plainKeys, valuesOf } from '../writable.ts';
import { namedTools, sortedLosses, writtenTools } from '../written-names.ts';

const MEANS: Means = {
  ask: false,
  hide: false,
  arguments: (condition) => write(condition, 'surely') !== undefined,
  limits: false,
};

export const target = defineTarget({
  id: 'cedar',
  title: 'Cedar',
  summary:
    'Cedar policies over a small schema of our own, which says how the arguments of a call are given to them.',
  abilities: { allow: 'yes', ask: 'no', deny: 'yes', hide: 'no', arguments: 'partly', limits: 'no' },
  newTools: 'denied',
  usage:
    'Load the policies with the schema that stands above them, one set for each server, and give each call as that schema says. ' +
    'Refuse what Cedar does not permit, and a call that it cannot be asked about.',
  emit(document, { tools }) {
    const written = writtenTools(
      staticDecisions(document, namedTools(document, tools), MEANS),
      (tool) => tool,
    );
    const losses = sortedLosses(lossesOf(document, written.sure, { newTools: 'denied' }), written.losses);
    const policies = written.tools
      .filter(({ decision }) => decision === 'allow')
      .map((each) => `${permit(each.tool, conditionsOf(each))}\n`);
    return {
      fileName: 'policy.cedar',
      text: `${HEAD}\n${policies.join('\n')}${lossComment('//', losses)}`,
      losses,
    };
  },
});

/**
 * Cedar's schema of a call. Tags, because a tool's arguments are not known to the schema; and an entry for each type
 * that a value may have, so that a policy can ask for the type and never fails on it.
 */
export const CEDAR_SCHEMA = `entity Client;
entity Tool;
type Value = {
  text?: String,
  flag?: Bool,
  number?: { floor: Long, ceil: Long },
  texts?: Set<String>,
};
entity Arguments tags Value;
action "call_tool" appliesTo {
  principal: Client,
  resource: Tool,
  context: { arguments: Arguments },
};
`;

const HEAD = commentLines('//', [
  'The schema:',
  '',
  ...CEDAR_SCHEMA.trimEnd()
    .split('\n')
    .map((line) => `  ${line}`),
  '',
  'context.arguments has a tag for each value among the arguments, named by the keys that lead to it, joined by dots.',
  'A key with a dot in it leads to none, and neither does an element of a list. A text gives `text`, true and false',
  '`flag`, a number within 64 bits `number` with the whole numbers below and above it, a list `texts` with those of its',
  'elements that are texts. Anything else gives an empty record.',
]);

function conditionsOf({ keep }: StaticDecision): string[] {
  const all = ({ conditions }: Predicate, how: 'surely' | 'perhaps') =>
    conditions.map((condition) => write(condition, how) ?? 'false').join(' && ');
  return [
    ...keep.require.map((predicate) => all(predicate, 'surely')),
    ...keep.deny_if.map((predicate) => `!(${all(predicate, 'perhaps')})`),
  ];
}

/**
 * A condition, as an expression that holds where it surely holds, or where it may: undefined where Cedar cannot say it.
 * The validator wants every entry asked for before it is read.
 */
function write(condition: Condition, how: 'surely' | 'perhaps'): string | undefined {
  const keys = plainKeys(condition.path);
  if (keys === undefined) return undefined;
  const tag = cedarString(keys.join('.'));
  const has = `context.arguments.hasTag(${tag})`;
  if (condition.op === 'exists') return condition.value === false ? `!${has}` : has;
  const test = writeTest(condition, `context.arguments.getTag(${tag})`);
  if (test === undefined) return undefined;
  const isOther = test.types.length === 0 ? [] : [`!(${test.types.join(' || ')})`];
  const parts = how === 'surely' ? [test.holds] : [...isOther, test.holds];
  return `(${has} && (${parts.join(' || ')}))`;
}

/** A test of a value that is there, and the types of which it can be asked; none where it can be asked of all. */
interface Test {
  holds: string;
  types: string[];
}

const ORDER = { lt: 'floor <', lte: 'ceil <=', gt: 'ceil >', gte: 'floor >=' } as const;

function writeTest(condition: Condition, at: string): Test | undefined {
  const { op, value } = condition;
  const hasText = `${at} has text`;
  switch (op) {
    case 'eq':
    case 'neq':
    case 'in':
    case 'not_in': {
      const equal = valuesOf(condition).map((each) => writeEqual(each, at));
      if (!equal.every((each) => each !== undefined)) return undefined;
      const any = equal.length === 0 ? 'false' : equal.join(' || ');
      return { holds: op === 'eq' || op === 'in' ? any : `!(${any})`, types: [] };
    }
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte': {
      if (!Number.isSafeInteger(value)) return undefined;
      const has = `${at} has number`;
      return { holds: `(${has} && ${at}.number.${ORDER[op]} ${value})`, types: [has] };
    }
    case 'contains':
    case 'regex': {
      const pattern = likePattern(condition);
      if (pattern === undefined) return undefined;
      const inText = `(${hasText} && ${at}.text like ${pattern})`;
      if (op === 'regex') return { holds: inText, types: [hasText] };
      const hasTexts = `${at} has texts`;
      const inList = `(${hasTexts} && ${at}.texts.contains(${cedarString(String(value))}))`;
      return { holds: `${inText} || ${inList}`, types: [hasText, hasTexts] };
    }
    default:
      return undefined;
  }
}

function writeEqual(value: unknown, at: string): string | undefined {
  if (isText(value)) return `(${at} has text && ${at}.text == ${cedarString(value)})`;
  if (typeof value === 'boolean') return `(${at} has flag && ${at}.flag == ${value})`;
  if (!Number.isSafeInteger(value)) return undefined;
  return `(${at} has number && ${at}.number.floor == ${value} && ${at}.number.ceil == ${value})`;
}
