import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Caller, Counters } from '../../gateway/contract.ts';
import type { Limit } from '../../policy/contract.ts';
import type { Charge } from '../../policy/evaluate.ts';
import { race, STORES, type StatePlace } from '../support/gateway-stores.ts';

const MINUTE = 60_000;
/** By how much a charge may stay longer than its window: see docs/gateway-state.md. */
const STEP = MINUTE / 600;
const START = Date.parse('2026-01-02T03:04:05.678Z');
const ME: Caller = { grant: 'me', session: 's1', server: 'files' };

function limit(change: Partial<Limit> = {}): Limit {
  return { counter: 'calls', window: 'minute', max: 2, scope: 'grant', ...change };
}

function charge(amount = 1, change: Partial<Limit> = {}): Charge {
  return { limit: limit(change), amount };
}

describe.each(STORES)('counters in $store', ({ store, create }) => {
  let place: StatePlace;
  let counters: Counters;
  beforeAll(async () => {
    place = await create();
    counters = await place.counters();
  });
  afterAll(async () => {
    await counters.close();
    await place.remove();
  });

  let names = 0;
  /** A counter that no other test has used. */
  const fresh = () => `counter ${++names}`;
  const reserve = (charges: Charge[], now = START, caller = ME, tool = 'read') =>
    counters.reserve(caller, tool, charges, now);

  test('let through as many as the limit says, and tell which limit is full and how full', async () => {
    const counter = fresh();
    expect(await reserve([charge(1, { counter })])).toMatchObject({ ok: true });
    expect(await reserve([charge(1, { counter })])).toMatchObject({ ok: true });
    const wide = charge(1, { counter: fresh(), max: 10 });
    expect(await reserve([wide, charge(1, { counter })])).toEqual({ ok: false, index: 1, used: 2 });
  });

  test('take all charges of a call or none', async () => {
    const [wide, full] = [fresh(), fresh()];
    const both = [charge(1, { counter: wide, max: 3 }), charge(1, { counter: full, max: 1 })];
    await reserve(both);
    for (const _ of [1, 2, 3]) expect(await reserve(both)).toMatchObject({ ok: false, index: 1 });
    expect(await reserve([charge(2, { counter: wide, max: 3 })])).toMatchObject({ ok: true });
  });

  test('give back what was reserved, once', async () => {
    const counter = fresh();
    await reserve([charge(1, { counter })]);
    const second = await reserve([charge(1, { counter })]);
    if (!second.ok) throw new Error('the second call was refused');
    await second.reservation.release();
    await second.reservation.release();
    expect(await reserve([charge(2, { counter })])).toMatchObject({ ok: false, used: 1 });
    expect(await reserve([charge(1, { counter })])).toMatchObject({ ok: true });
  });

  test('a call is counted once on a counter that two of its limits share, by the tighter of them', async () => {
    const counter = fresh();
    const both = [charge(1, { counter, max: 10 }), charge(1, { counter, max: 3 })];
    for (const _ of [1, 2, 3]) expect(await reserve(both)).toMatchObject({ ok: true });
    expect(await reserve(both)).toEqual({ ok: false, index: 1, used: 3 });
  });

  test('different numbers of a call add up on a counter that they share', async () => {
    const counter = fresh();
    const charges = [
      charge(3, { counter, max: 10, increment_from: 'args.fee' }),
      charge(4, { counter, max: 10, increment_from: 'args.amount' }),
    ];
    expect(await reserve(charges)).toMatchObject({ ok: true });
    expect(await reserve(charges)).toEqual({ ok: false, index: 0, used: 7 });
  });

  test.each<[Limit['scope'], Partial<Caller & { tool: string }>, boolean]>([
    ['grant', { session: 's2', tool: 'write' }, true],
    ['grant', { grant: 'you' }, false],
    ['grant', { server: 'mail' }, false],
    ['session', { tool: 'write' }, true],
    ['session', { session: 's2' }, false],
    ['server', { grant: 'you', session: 's2', tool: 'write' }, true],
    ['server', { server: 'mail' }, false],
    ['tool', { grant: 'you', session: 's2' }, true],
    ['tool', { tool: 'write' }, false],
    ['tool', { server: 'mail' }, false],
  ])(
    'of scope %s and a call that differs in %o share: %s',
    async (scope, { tool = 'read', ...change }, shared) => {
      const charges = [charge(1, { counter: fresh(), scope, max: 1 })];
      expect(await reserve(charges)).toMatchObject({ ok: true });
      expect(await reserve(charges, START, { ...ME, ...change }, tool)).toMatchObject({ ok: !shared });
    },
  );

  test('names that strangers choose are never mixed up', async () => {
    const counter = fresh();
    const odd = ['a","b', 'a', '\0', '\ud800', '__proto__', `'; drop table steps; --`, 'x'.repeat(100_000)];
    for (const tool of odd) {
      const charges = [charge(1, { counter, scope: 'tool', max: 1 })];
      expect(await reserve(charges, START, ME, tool)).toMatchObject({ ok: true });
      expect(await reserve(charges, START, ME, tool)).toMatchObject({ ok: false });
    }
  });

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
    'an amount of %d moves nothing',
    async (amount) => {
      const counter = fresh();
      await expect(reserve([charge(1, { counter }), charge(amount, { counter })])).rejects.toThrow(
        /whole number/,
      );
      expect(await reserve([charge(2, { counter })])).toMatchObject({ ok: true });
    },
  );

  test('the largest number that is exact fits once, and nothing beside it', async () => {
    const wide = { counter: fresh(), max: Number.MAX_SAFE_INTEGER };
    expect(await reserve([charge(Number.MAX_SAFE_INTEGER, wide)])).toMatchObject({ ok: true });
    expect(await reserve([charge(1, wide)])).toEqual({ ok: false, index: 0, used: Number.MAX_SAFE_INTEGER });
  });

  test('a clock that goes back frees nothing, also not when it is put right again', async () => {
    const charges = [charge(1, { counter: fresh() })];
    await reserve(charges, START);
    const past = START - 60 * MINUTE;
    expect(await reserve(charges, past)).toMatchObject({ ok: true });
    expect(await reserve(charges, past)).toMatchObject({ ok: false });
    expect(await reserve(charges, past + 10 * MINUTE)).toMatchObject({ ok: false });
    expect(await reserve(charges, START + MINUTE / 2)).toMatchObject({ ok: false });
    expect(await reserve(charges, START + MINUTE + STEP)).toMatchObject({ ok: true });
  });

  test('never let more than the maximum through in any window, and refuse only what comes close to that', async () => {
    const call = fc.record({
      afterMs: fc.oneof(
        fc.constant(0),
        fc.integer({ min: 0, max: 200 }),
        fc.integer({ min: MINUTE - 300, max: MINUTE + 300 }),
        fc.integer({ min: 0, max: 40_000 }),
      ),
      amount: fc.integer({ min: 0, max: 4 }),
      released: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(call, { maxLength: 40 }),
        fc.integer({ min: 1, max: 8 }),
        async (calls, max) => {
          const counter = fresh();
          let now = START;
          const made: { at: number; amount: number }[] = [];
          const within = (ms: number) =>
            made.filter(({ at }) => at > now - ms).reduce((sum, { amount }) => sum + amount, 0);
          for (const { afterMs, amount, released } of calls) {
            now += afterMs;
            const result = await reserve([charge(amount, { counter, max })], now);
            if (result.ok) expect(within(MINUTE) + amount).toBeLessThanOrEqual(max);
            else expect(within(MINUTE + STEP) + amount).toBeGreaterThan(max);
            if (result.ok && released) await result.reservation.release();
            if (result.ok && !released) made.push({ at: now, amount });
          }
        },
      ),
      { numRuns: store === 'file' ? 200 : 10 },
    );
  });

  test('two processes at once never take more than there is', async () => {
    const MAX = 100;
    const outputs = await race(`${place.program}
      await ready();
      const charges = [${JSON.stringify(charge(1, { counter: fresh(), max: MAX }))},
        ${JSON.stringify(charge(1, { counter: fresh(), max: 10 * MAX, scope: 'server' }))}];
      const asked = Array.from({ length: 150 }, (_, call) =>
        counters.reserve(${JSON.stringify(ME)}, 'read', call % 2 ? charges : charges.toReversed(), ${START} + call));
      const taken = (await Promise.all(asked)).filter(({ ok }) => ok).length;
      process.stdout.write(String(taken));
      await counters.close();
      await approvals.close();`);
    expect(outputs.map(Number).reduce((a, b) => a + b)).toBe(MAX);
  });

  test('a process that is killed leaves what it was told that it had taken, and at most one call more', async () => {
    const own = charge(1, { counter: fresh(), window: 'day', max: 1_000_000 });
    const child = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `${place.program}
        for (let call = 0; ; call++) {
          await counters.reserve(${JSON.stringify(ME)}, 'read', [${JSON.stringify(own)}], ${START} + call);
          process.stdout.write('.\\n');
        }`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let told = 0;
    for await (const _ of createInterface({ input: child.stdout })) {
      told += 1;
      if (told === 50) child.kill('SIGKILL');
    }
    const over = await reserve([{ ...own, amount: 1_000_000 }], START + 1_000);
    if (over.ok) throw new Error('nothing was counted');
    expect(over.used - told).toBeOneOf([0, 1]);
  });
});
