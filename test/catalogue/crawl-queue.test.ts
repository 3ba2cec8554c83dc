import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type CrawlLimits, crawlAll, retryDelay } from '../../catalogue/crawl-queue.ts';
import type { CrawlFailure, CrawlResult } from '../../crawler/contract.ts';
import type { SourcedTarget } from '../../crawler/source.ts';
import { failedScanOf, scanOf } from '../support/scans.ts';

function remote(id: string, host = 'a.example'): SourcedTarget {
  const url = `https://${host}/${id}`;
  return {
    target: {
      id,
      label: id,
      transport: { kind: 'http', url, headerNames: [] },
      origin: { source: 'list', ref: id },
    },
  };
}

async function* from(targets: readonly SourcedTarget[]): AsyncGenerator<SourcedTarget> {
  yield* targets;
}

function failure(more: Partial<CrawlFailure>): CrawlResult {
  const { crawl } = failedScanOf('x');
  if (crawl.status !== 'failed') throw new Error('not a failure');
  return { ...crawl, failure: { code: 'unreachable', message: 'x is overloaded.', ...more } };
}

const LISTED = scanOf('x', []).crawl;
const LIMITS: CrawlLimits = { concurrency: 4, perHost: 2, attempts: 3 };

interface Log {
  outcomes: [id: string, status: string, attempts: number][];
  again: string[];
  waits: number[];
  most: Record<string, number>;
}

/** Runs a crawl whose attempts are answered by `attempt`, and gives what happened. */
async function run(
  targets: readonly SourcedTarget[],
  attempt: (target: SourcedTarget, free: () => void) => Promise<CrawlResult>,
  { limits = LIMITS, done = new Set<string>(), signal = new AbortController().signal } = {},
): Promise<Log> {
  const log: Log = { outcomes: [], again: [], waits: [], most: {} };
  const running = new Map<string, number>();
  const count = (key: string, change: number) => {
    const now = (running.get(key) ?? 0) + change;
    running.set(key, now);
    log.most[key] = Math.max(log.most[key] ?? 0, now);
  };
  await crawlAll(
    from(targets),
    done,
    {
      async attempt(target, free) {
        const { transport } = target.target;
        const host = transport.kind === 'http' ? new URL(transport.url).host : 'local';
        for (const key of ['all', host]) count(key, 1);
        let isFree = false;
        const leave = () => {
          if (isFree) return;
          isFree = true;
          for (const key of ['all', host]) count(key, -1);
        };
        const result = await attempt(target, () => {
          leave();
          free();
        });
        leave();
        return result;
      },
      outcome: async ({ target }, result, attempts) =>
        void log.outcomes.push([target.id, result.status, attempts]),
      again: async ({ target }) => void log.again.push(target.id),
      wait: async (ms) => void log.waits.push(ms),
      random: () => 0,
    },
    limits,
    signal,
  );
  return log;
}

describe('a crawl', () => {
  test('brings every server to one outcome, and one that is named again is not asked again', async () => {
    const targets = [remote('a'), remote('b'), remote('a', 'other.example'), remote('c')];
    const log = await run(targets, async () => LISTED, { done: new Set(['c']) });
    expect(log.outcomes.toSorted()).toEqual([
      ['a', 'complete', 1],
      ['b', 'complete', 1],
    ]);
    expect(log.again).toEqual(['a', 'c']);
  });

  test('keeps to its limits, of one host and in all, and a busy host does not hold up the others', async () => {
    const busy = Array.from({ length: 12 }, (_, n) => remote(`busy-${n}`, 'busy.example'));
    const others = Array.from({ length: 12 }, (_, n) => remote(`other-${n}`, `host-${n}.example`));
    const order: string[] = [];
    const log = await run([...busy, ...others], async ({ target }) => {
      await sleep(5);
      order.push(target.id);
      return LISTED;
    });
    expect(log.outcomes).toHaveLength(24);
    expect(log.most['busy.example']).toBe(2);
    expect(log.most.all).toBe(4);
    expect(order.indexOf('other-0')).toBeLessThan(order.indexOf('busy-11'));
  });

  test('gives a place away while a server is closing', async () => {
    const log = await run(
      [remote('slow'), remote('next')],
      async ({ target }, free) => {
        free();
        if (target.id === 'slow') await sleep(50);
        return LISTED;
      },
      { limits: { concurrency: 1, perHost: 1, attempts: 1 } },
    );
    expect(log.outcomes.map(([id]) => id)).toEqual(['next', 'slow']);
  });

  test.each([
    ['a timeout', { code: 'timeout' as const }, 3],
    ['an overloaded server', { transient: true }, 3],
    ['a server that is not there', {}, 1],
    ['a server that wants a login', { code: 'auth-required' as const }, 1],
  ])('%s', async (_, more, attempts) => {
    const log = await run([remote('a')], async () => failure(more));
    expect(log.outcomes).toEqual([['a', 'failed', attempts]]);
    expect(log.waits).toHaveLength(attempts - 1);
  });

  test('a server that recovers is listed', async () => {
    let tries = 0;
    const log = await run([remote('a')], async () => (++tries < 2 ? failure({ transient: true }) : LISTED));
    expect(log.outcomes).toEqual([['a', 'complete', 2]]);
  });

  test('a stop begins nothing new', async () => {
    const stop = new AbortController();
    const targets = Array.from({ length: 50 }, (_, n) => remote(String(n), `${n}.example`));
    const log = await run(
      targets,
      async () => {
        stop.abort();
        return LISTED;
      },
      { signal: stop.signal },
    );
    expect(log.outcomes.length).toBeLessThan(10);
  });

  test('a fault of our own ends it, after what was under way', async () => {
    const fault = new Error('ours');
    await expect(run([remote('a')], () => Promise.reject(fault))).rejects.toBe(fault);
  });
});

describe('the wait before a retry', () => {
  const later: CrawlFailure = { code: 'unreachable', message: '' };

  test.each([
    [1, 0, 500],
    [1, 1, 1_000],
    [3, 0, 2_000],
    [20, 1, 60_000],
  ])('after attempt %i with jitter %d is %i ms', (attempt, random, delay) => {
    expect(retryDelay(later, attempt, random)).toBe(delay);
  });

  test('is as long as the server asks for, within reason', () => {
    expect(retryDelay({ ...later, retryAfterMs: 7_000 }, 1, 0)).toBe(7_000);
    expect(retryDelay({ ...later, retryAfterMs: 86_400_000 }, 1, 0)).toBe(60_000);
  });
});
