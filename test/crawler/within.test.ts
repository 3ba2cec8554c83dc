import { expect, test } from 'vitest';
import { isTimeUp, within } from '../../crawler/within.ts';

test('work that is done in time gives its result, or throws its own error', () => {
  expect(within(1_000, () => undefined)).toBeUndefined();
  expect(within(1_000, () => ({ a: 1 }))).toEqual({ a: 1 });
  const own = new RangeError('mine');
  expect(() =>
    within(1_000, () => {
      throw own;
    }),
  ).toThrow(own);
});

test.each([
  [
    'a loop',
    () => {
      for (;;);
    },
  ],
  ['a pattern', () => /^(a+)+$/.test(`${'a'.repeat(40)}b`)],
])('%s without end is stopped', (_, work) => {
  try {
    within(20, work);
    expect.unreachable();
  } catch (error) {
    expect(isTimeUp(error)).toBe(true);
  }
});
