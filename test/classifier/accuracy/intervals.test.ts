import fc from 'fast-check';
import { expect, test } from 'vitest';
import { serverMean, shareOf } from '../../../classifier/accuracy/intervals.ts';

// Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
test.each([
  { count: 81, of: 263, low: 0.2553, high: 0.3662 },
  { count: 15, of: 148, low: 0.0624, high: 0.1605 },
  { count: 0, of: 20, low: 0, high: 0.1611 },
  { count: 1, of: 29, low: 0.0061, high: 0.1718 },
])('$count of $of has the Wilson interval of the literature', ({ count, of, low, high }) => {
  expect(shareOf(count, of)).toEqual({ count, of, value: Number((count / of).toFixed(4)), low, high });
});

test('of nothing there is no share', () => {
  expect(shareOf(0, 0)).toEqual({ count: 0, of: 0, value: null, low: null, high: null });
});

test('the mean over servers lies in its interval, within 0 and 1, and is the same every time', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 12 }),
      (shares) => {
        const { value, low, high } = serverMean(shares);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(value).toBeGreaterThanOrEqual(low ?? 1);
        expect(value).toBeLessThanOrEqual(high ?? 0);
        expect(serverMean(shares)).toEqual({ servers: shares.length, value, low, high });
      },
    ),
    { numRuns: 30, seed: 1 },
  );
});

test('the interval over servers is near the normal one where there are many, and missing for one', () => {
  const shares = Array.from({ length: 400 }, (_, index) => (index % 4 === 0 ? 0 : 1));
  const { value, low, high } = serverMean(shares);
  const spread = 1.96 * Math.sqrt((0.75 * 0.25) / 400);
  expect(value).toBe(0.75);
  expect(low).toBeCloseTo(0.75 - spread, 2);
  expect(high).toBeCloseTo(0.75 + spread, 2);
  expect(serverMean([0.5])).toEqual({ servers: 1, value: 0.5, low: null, high: null });
});
