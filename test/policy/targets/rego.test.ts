import { describe, expect, test } from 'vitest';
import { target } from '../../../policy/targets/rego.ts';
import { readRego } from '../../support/rego.ts';

const HEAD = 'package mcp.policy\n\nimport rego.v1\n\n';

/** The reader of the tests has to be right itself: what OPA's manual says of each piece of Rego that the export uses. */
describe('the reader of Rego', () => {
  const RULES: [string, rules: string, input: unknown, expected: unknown][] = [
    ['a default', 'default a := "no"\na := "yes" if input.x == 1\n', { x: 2 }, 'no'],
    ['a rule over its default', 'default a := "no"\na := "yes" if input.x == 1\n', { x: 1 }, 'yes'],
    ['a rule without a value', 'a if input.x == 1\n', { x: 1 }, true],
    ['what is undefined', 'a if input.x == 1\n', {}, undefined],
    ['not of what is undefined', 'a if not input.x\n', {}, true],
    ['not of an empty list, which is not false', 'a if not input.x\n', { x: [] }, undefined],
    ['every of an empty list', 'a if every e in input.x { e == 1 }\n', { x: [] }, true],
    ['every of what is undefined', 'a if every e in input.x { e == 1 }\n', {}, undefined],
    ['some of several', 'a if {\n\tsome e in input.x\n\te > 1\n}\n', { x: [1, 2] }, true],
    ['a list made of another', 'a := [e.v | some e in input.x]\n', { x: [{ v: 1 }, {}] }, [1]],
    [
      'the first branch that holds',
      'f(x) := 1 if { x == 1 } else := 2 if x == 2 else := 3\na := f(2)\n',
      {},
      2,
    ],
    ['a function by its argument', 'f("x", a) if a == 1\nf("y", a) if a == 2\na if f("y", 2)\n', {}, true],
    ['a call with what is undefined', 'f(x) := 1\na := f(input.x)\n', {}, undefined],
    ['a value of another type', 'a if 1 == "1"\n', {}, undefined],
    ['objects', 'a if input == {"x": 1}\n', { x: 1 }, true],
    ['a value deep in an object', 'a := object.get(input, ["x", "y"], 0)\n', { x: { y: 5 } }, 5],
    ['a value that is not there', 'a := object.get(input, ["x", "y"], 0)\n', { x: 1 }, 0],
    ['data in a raw string', 'a := json.unmarshal(`{"x": ["\\u0060"]}`)["x"][0]\n', {}, undefined],
  ];

  test.each(RULES)('%s', (_, rules, input, expected) => {
    expect(readRego(HEAD + rules)('a', input)).toEqual(expected);
  });

  test.each([
    ['another package', 'package other\n\nimport rego.v1\n\n'],
    ['a function that OPA has and the export does not use', `${HEAD}a := time.now_ns()\n`],
    ['a name of nothing', `${HEAD}a := b\n`],
    ['a sum', `${HEAD}a := 1 + 1\n`],
    ['a partial rule', `${HEAD}a contains 1 if true\n`],
    ['with', `${HEAD}a if input.x with input as {}\n`],
    ['an unfinished text', `${HEAD}a := "x\n`],
    ['an unfinished body', `${HEAD}a if { true\n`],
    ['two values of one rule', `${HEAD}a := 1\na := 2\n`],
  ])('refuses %s', (_, text) => {
    expect(() => readRego(text)('a', {})).toThrow();
  });
});

test('the module answers hide for a hidden tool, and deny for what it knows nothing of', () => {
  const { text } = target.emit(
    { version: '1', default: 'deny', hide: ['wipe'], tools: { list: {} } },
    { serverName: 'notes', tools: ['wipe', 'list'] },
  );
  const ask = readRego(text);
  const decision = (input: unknown) => ask('decision', input);
  expect(decision({ server: 'notes', tool: 'wipe', arguments: {} })).toBe('hide');
  expect(decision({ server: 'notes', tool: 'list', arguments: {} })).toBe('allow');
  for (const input of [{}, null, { server: 'other', tool: 'list' }, { server: 'notes', tool: ['list'] }]) {
    expect(decision(input)).toBe('deny');
  }
});

test('a backtick in a name does not end the data', () => {
  const tool = '`) default decision := "allow"';
  const { text } = target.emit(
    { version: '1', default: 'deny', tools: { [tool]: {} } },
    { serverName: '`', tools: [tool] },
  );
  expect(readRego(text)('decision', { server: '`', tool, arguments: {} })).toBe('allow');
  expect(readRego(text)('decision', { server: '`', tool: 'other', arguments: {} })).toBe('deny');
});
