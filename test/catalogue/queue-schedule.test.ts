import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openQueue } from '../../catalogue/queue.ts';
import { beginDue, removeSchedule, type Schedule, setSchedule } from '../../catalogue/queue-schedule.ts';
import { readQueueStatus } from '../../catalogue/queue-status.ts';
import { createQueuePlace, type QueuePlace, queued } from '../support/queue.ts';

const DAY_MS = 86_400_000;
const SCHEDULE: Schedule = {
  source: 'list',
  ref: '/a.txt',
  everyMs: DAY_MS,
  attempts: 3,
  envNames: ['A'],
  faults: 0,
};

let place: QueuePlace;
beforeEach(async () => {
  place = await createQueuePlace();
  await setSchedule(place.queue, SCHEDULE);
});
afterEach(() => place.remove());

/** As if it had become due so many milliseconds ago. */
async function makeDue(ago = 0): Promise<void> {
  await place.sql`
    update pgboss.job set start_after = now() - ${ago} * interval '1 millisecond' where name = 'catalogue.schedules'`;
}

/** What a worker does, and which sources it read. */
async function work(read: (schedule: Schedule) => Promise<void> = async () => {}, queue = place.queue) {
  const seen: Schedule[] = [];
  const faults: unknown[] = [];
  await beginDue(queue, {
    async read(schedule) {
      seen.push(schedule);
      await read(schedule);
    },
    fault: (_, error) => void faults.push(error),
    now: () => new Date(),
    wait: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => {}),
    stop: new AbortController().signal,
  });
  return { seen, faults };
}

async function schedules() {
  return (await readQueueStatus(place.location))?.schedules ?? [];
}

const MINUTE_MS = 60_000;

/** Milliseconds until the next pass is due, to the minute. */
async function dueIn(): Promise<number> {
  const [next] = await schedules();
  return Math.round((next?.dueInMs ?? Number.NaN) / MINUTE_MS) * MINUTE_MS;
}

describe('a schedule', () => {
  test('is due after its interval, and not before', async () => {
    expect(await dueIn()).toBe(DAY_MS);
    expect(await work()).toEqual({ seen: [], faults: [] });
  });

  test('begins one pass, however many workers there are, and is due again', async () => {
    await makeDue();
    const other = await openQueue(place.location);
    const runs = await Promise.all([work(), work(undefined, other), work(), work(undefined, other)]);
    await other.close();
    expect(runs.flatMap(({ seen }) => seen)).toEqual([SCHEDULE]);
    expect(await dueIn()).toBe(DAY_MS);
  });

  test.each([
    ['a little late', MINUTE_MS, DAY_MS - MINUTE_MS],
    ['days late', 2 * DAY_MS + 3_600_000, DAY_MS - 3_600_000],
  ])('keeps its time of day when it is begun %s', async (_, late, next) => {
    await makeDue(late);
    expect((await work()).seen).toHaveLength(1);
    expect(await dueIn()).toBe(next);
  });

  test('begins no second pass while the first is under way', async () => {
    const { queue } = place;
    const pass = { crawl: 1, source: 'list', ref: '/a.txt' };
    await queue.openPass(pass);
    await queue.add([queued(1, 'a')]);
    await queue.sealPass(pass);
    await makeDue();
    expect((await work()).seen).toEqual([]);
    expect(await dueIn()).toBe(DAY_MS);
  });

  test('goes on with a pass whose source was not read to its end', async () => {
    await place.queue.openPass({ crawl: 1, source: 'list', ref: '/a.txt' });
    await makeDue();
    expect((await work()).seen).toHaveLength(1);
  });

  test('reads a source that cannot be read again soon, later each time, and says why', async () => {
    for (const minutes of [1, 2, 4]) {
      await makeDue();
      const { faults } = await work(() => Promise.reject(new Error('The list is gone.')));
      expect(faults).toHaveLength(1);
      expect(await dueIn()).toBe(minutes * MINUTE_MS);
      expect(await schedules()).toMatchObject([{ lastFault: 'The list is gone.' }]);
    }
    await makeDue();
    await work();
    const times = { nextAt: expect.any(Date), dueInMs: expect.any(Number), isBeingRead: false };
    expect(await schedules()).toEqual([{ ...SCHEDULE, ...times }]);
  });

  test('is replaced by another on the same source, and ends when it is taken away', async () => {
    await setSchedule(place.queue, { ...SCHEDULE, everyMs: 3_600_000 });
    expect(await schedules()).toHaveLength(1);
    expect(await dueIn()).toBe(3_600_000);
    expect(await removeSchedule(place.queue, SCHEDULE)).toBe(true);
    expect(await removeSchedule(place.queue, SCHEDULE)).toBe(false);
    expect(await schedules()).toEqual([]);
  });

  test('that is taken away while its source is being read does not come back', async () => {
    await makeDue();
    await work(async () => {
      expect(await removeSchedule(place.queue, SCHEDULE)).toBe(true);
    });
    expect(await schedules()).toEqual([]);
  });

  test('whose worker died while it read goes to another', async () => {
    await makeDue();
    await place.queue.boss.boss.fetch('catalogue.schedules');
    expect(await schedules()).toMatchObject([{ isBeingRead: true }]);
    await place.sql`update pgboss.job set heartbeat_on = heartbeat_on - interval '1 minute' where state = 'active'`;
    await place.queue.reclaim();
    await makeDue();
    expect((await work()).seen).toHaveLength(1);
  });
});
