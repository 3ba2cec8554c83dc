import { describe, expect, test } from 'vitest';
import { isAway, persist } from '../../catalogue/queue-retry.ts';

function coded(code: string): Error {
  return Object.assign(new Error(code), { code });
}

async function run(errors: readonly Error[], signal = new AbortController().signal) {
  const waits: number[] = [];
  const left = [...errors];
  const work = async () => {
    const error = left.shift();
    if (error !== undefined) throw error;
    return 'done';
  };
  const wait = async (ms: number) => void waits.push(ms);
  return { result: await persist(work, { wait, random: () => 1, signal }), waits };
}

describe('work with a database that may be away', () => {
  test('is done again, after longer and longer waits', async () => {
    const errors = Array.from({ length: 6 }, () => coded('ECONNREFUSED'));
    expect(await run(errors)).toEqual({
      result: 'done',
      waits: [1_000, 2_000, 4_000, 8_000, 10_000, 10_000],
    });
  });

  test('is not done again when it was refused', async () => {
    await expect(run([coded('42501')])).rejects.toThrow('42501');
  });

  test('is not done again when there is no more time', async () => {
    await expect(run([coded('CONNECTION_CLOSED')], AbortSignal.abort())).rejects.toThrow('CONNECTION_CLOSED');
  });

  test.each([
    ['a lost connection', coded('CONNECTION_CLOSED'), true],
    ['the same in the words of pg', new Error('Connection terminated unexpectedly'), true],
    ['a server that is shutting down', coded('57P01'), true],
    ['a query that failed for a lost connection', new Error('query', { cause: coded('ECONNRESET') }), true],
    ['a name with two addresses', new AggregateError([coded('ECONNREFUSED')]), true],
    ['a wrong password', coded('28P01'), false],
    ['a fault of ours', new TypeError('x is not a function'), false],
    ['something else', 'text', false],
  ])('%s', (_, error, away) => {
    expect(isAway(error)).toBe(away);
  });
});
