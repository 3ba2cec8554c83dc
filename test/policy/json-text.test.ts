import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placeOf, readJson } from '../../policy/json-text.ts';

const REFUSED: [string, text: string, pointer: string, line: number, column: number][] = [
  ['a key twice', '{"a":1,\n "a":2}', '', 2, 2],
  ['a key twice, once escaped', '{"x":{"a":1,"\\u0061":2}}', '/x', 1, 13],
  ['a key twice inside a list', '[{},{"a/b":[{"k":1,"k":1}]}]', '/1/a~1b/0', 1, 20],
  ['`__proto__` twice', '{"__proto__":1,"__proto__":2}', '', 1, 16],
  ['an integer that a double rounds', '{"n":9007199254740993}', '/n', 1, 6],
  ['a number too large', '[1e400]', '/0', 1, 2],
  ['a number too small', '[1e-400]', '/0', 1, 2],
  ['a fraction with too many digits', '[0.1000000000000000055511]', '/0', 1, 2],
  ['half of a surrogate pair, escaped', '{"a":"\\ud800"}', '/a', 1, 6],
  ['half of a surrogate pair in a key', '{"\\udc00":1}', '', 1, 2],
  ['half of a surrogate pair as it is', '["\ud800"]', '/0', 1, 2],
  ['a comma too many', '[1,]', '/1', 1, 4],
  ['a comment', '{} // no', '', 1, 4],
  ['single quotes', "{'a':1}", '', 1, 2],
  ['a leading zero', '[01]', '', 1, 3],
  ['a plus sign', '[+1]', '/0', 1, 2],
  ['NaN', '[NaN]', '/0', 1, 2],
  ['a line break in a string', '["a\nb"]', '/0', 1, 2],
  ['an escape that JSON has not', '["\\x41"]', '/0', 1, 2],
  ['text cut off', '{"a":', '/a', 1, 6],
  ['nothing', '  ', '', 1, 3],
  ['two values', '{}{}', '', 1, 3],
  ['a byte order mark', '\ufeff{}', '', 1, 1],
];

describe('readJson', () => {
  test.each(REFUSED)('refuses %s', (_, text, pointer, line, column) => {
    const read = readJson(text);
    expect(read.ok ? read.value : read.fault).toMatchObject({ pointer, line, column });
    expect(read.ok || read.fault.remedy).toMatch(/\.$/);
  });

  test.each([
    '1.0',
    '100',
    '-0',
    '0.1',
    '0.10000000000000001',
    '1e3',
    '1.5E+300',
    '9007199254740992',
    '5e-324',
    '1e23',
  ])('reads %s as JSON.parse does', (text) =>
    expect(readJson(text)).toEqual({ ok: true, value: JSON.parse(text) }),
  );

  test('what nests too deeply is a fault and no stack overflow, within the bound it is read', () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    expect(readJson(nested(64)).ok).toBe(true);
    expect(readJson(nested(65))).toMatchObject({ ok: false, fault: { message: 'is nested too deeply' } });
    expect(readJson('[{"a":'.repeat(100_000)).ok).toBe(false);
    expect(readJson('[1]', { maxChars: 2, maxDepth: 9 })).toMatchObject({
      fault: { message: 'is too long' },
    });
  });

  test('a long string is read, and one that does not end is refused, at once', () => {
    const long = 'a\\n'.repeat(1_000_000);
    expect(readJson(`"${long}"`).ok).toBe(true);
    expect(readJson(`"${long}`).ok).toBe(false);
  });

  test('gives what JSON.parse gives, for whatever can be written', () => {
    const value = fc.jsonValue({ stringUnit: 'grapheme' });
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 2, '\t'), (written, indent) => {
        const text = JSON.stringify(written, undefined, indent);
        expect(readJson(text)).toEqual({ ok: true, value: JSON.parse(text) });
      }),
      { numRuns: 1_000 },
    );
  });

  test('reads nothing that JSON.parse refuses', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '"a"',
      '1',
      '-',
      '0',
      '.',
      'e',
      '\\',
      'null',
      ' ',
      '\n',
      '\u0001',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join('');
        const read = readJson(text);
        if (read.ok) expect(read.value).toEqual(JSON.parse(text));
      }),
      { numRuns: 20_000 },
    );
  });
});

test('placeOf gives line and column of a value, or of the nearest around it', () => {
  const text = '{\n  "a": [1,\n    {"b": 2}]\n}';
  expect(placeOf(text, ['a', 1, 'b'])).toEqual({ line: 3, column: 11 });
  expect(placeOf(text, ['a', 1, 'c'])).toEqual({ line: 3, column: 5 });
  expect(placeOf(text, [])).toEqual({ line: 1, column: 1 });
});

test('half of a surrogate pair may be let pass as an escape, never as it is', () => {
  const bounds = { maxChars: 99, maxDepth: 9, halfPairs: true };
  expect(readJson('"\\ud800"', bounds)).toEqual({ ok: true, value: '\ud800' });
  expect(readJson('"\ud800"', bounds).ok).toBe(false);
});
