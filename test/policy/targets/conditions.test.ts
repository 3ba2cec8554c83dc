import { describe, expect, test } from 'vitest';
import type { Condition, PolicyDocument, ToolRule } from '../../../policy/contract.ts';
import { evaluate } from '../../../policy/evaluate.ts';
import { targets } from '../../../policy/targets/index.generated.ts';
import { enforced, namedIn } from '../../support/enforced.ts';

/** Each condition by itself, where a random document would lose it for the sake of another in the same rule. */

const OPERANDS: [Condition['op'], unknown[]][] = [
  ['eq', [1, 0.5, '1', 'x', '', true, null, ['x'], { k: 1 }]],
  ['neq', [1, 'x', false, null, ['x']]],
  ['lt', [0, 1, 1.5]],
  ['lte', [0, 1, -1]],
  ['gt', [0, 1, 0.5]],
  ['gte', [0, 1, 2]],
  ['in', [[], ['1'], [1, 'x'], ['x', 'https://a'], [true, 'a'], [null], [['x']]]],
  ['not_in', [[], [1, 'x'], ['x'], [false], [null]]],
  ['exists', [true, false]],
  ['regex', ['^https://', 'x', '^$', '^x$', 'x|y', '(?i)X', '\\d', '^a.c']],
  ['contains', ['x', 'a', '*', 1, true]],
];
const PATHS: [path: string, at: (value: unknown) => Record<string, unknown>][] = [
  ['args.a', (a) => ({ a })],
  ['args.b.c', (c) => ({ b: { c } })],
  ['args.b.c', (b) => ({ b })],
  ['args.list[]', (list) => ({ list })],
  ['args.items[].url', (url) => ({ items: [{ url }, { url: 'https://a' }] })],
  ['args.a.length', (a) => ({ a })],
  ['args.a.0', (a) => ({ a })],
  ['args.a_present', (a) => ({ a, a_present: a })],
];
const VALUES: unknown[] = [
  ...[
    0,
    1,
    2,
    0.5,
    -1,
    1.5,
    1e12,
    'x',
    '',
    'xa',
    'https://a',
    'http://a',
    '*',
    'X',
    '٣',
    'a\nc',
    '1',
    true,
    false,
  ],
  ...[null, [], ['x'], [1, 'x'], [[1]], {}, { k: 1 }, { c: 'x' }],
];
const SIDES = ['require', 'deny_if', 'require_approval'] as const;

/** A tool for every operator with every operand on every side of a rule, and the calls that tell them apart. */
const SINGLE = PATHS.flatMap(([path, at]) =>
  OPERANDS.flatMap(([op, values]) =>
    values.flatMap((value) =>
      SIDES.map((side) => ({ side, condition: { path, op, value }, calls: [{}, ...VALUES.map(at)] })),
    ),
  ),
).map((each, index) => ({ ...each, tool: `c${index}` }));

describe.each(targets)('$id', (target) => {
  test('is never looser but where it says so, and the same where nothing is lost', () => {
    const wrong: string[] = [];
    let kept = 0;
    // A document for each path and operator: one of all of them would be slow to ask.
    for (const group of Map.groupBy(SINGLE, ({ condition: { path, op } }) => `${path} ${op}`).values()) {
      const rules = group.map(({ tool, side, condition }): [string, ToolRule] => [
        tool,
        { [side]: [{ conditions: [condition], on_deny: 'No.' }] },
      ]);
      const document: PolicyDocument = { version: '1', default: 'deny', tools: Object.fromEntries(rules) };
      const { losses, decide } = enforced(target, document, Object.keys(document.tools ?? {}));
      const lost = new Set(losses.flatMap(namedIn));
      const takesTexts = new Set(
        losses.filter((loss) => loss.startsWith('Intercept takes a text')).flatMap(namedIn),
      );
      for (const { tool, side, condition, calls } of group) {
        if (!lost.has(tool)) kept++;
        for (const args of calls) {
          const { outcome } = evaluate(document, { tool, args }, () => 0);
          const got = decide(tool, args);
          const isStated = takesTexts.has(tool) && JSON.stringify(args).includes('"1"');
          const isLooser = got === 'allow' && outcome !== 'allow' && !isStated;
          if (isLooser || (!lost.has(tool) && got !== outcome)) {
            wrong.push(
              `${side} ${JSON.stringify(condition)} of ${JSON.stringify(args)}: ${got}, not ${outcome}`,
            );
          }
        }
      }
    }
    expect(wrong).toEqual([]);
    if (target.abilities.arguments !== 'no') expect(kept, 'conditions that are kept').toBeGreaterThan(10);
  });
});
