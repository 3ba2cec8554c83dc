import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openQueue } from '../../catalogue/queue.ts';
import { queueHealth, readQueueStatus } from '../../catalogue/queue-status.ts';
import { createPostgresDatabase } from '../support/engines.ts';
import { createQueuePlace, type QueuePlace, queued } from '../support/queue.ts';
import { scanOf } from '../support/scans.ts';

let place: QueuePlace;
beforeEach(async () => {
  place = await createQueuePlace();
});
afterEach(() => place.remove());

/** As if the workers that have servers had died a while ago. */
async function killWorkers(): Promise<void> {
  await place.sql`update pgboss.job set heartbeat_on = heartbeat_on - interval '1 minute' where state = 'active'`;
}

/** As if all waits were over. */
async function passTime(): Promise<void> {
  await place.sql`update pgboss.job set start_after = now() where state < 'active'`;
}

async function claimIds(count = 10, perHost = 100): Promise<string[]> {
  const { servers } = await place.queue.claim(count, perHost);
  return servers.map(({ target }) => target.id);
}

async function deadReasons(): Promise<string[]> {
  return (await readQueueStatus(place.location))?.dead.map(({ reason }) => reason) ?? [];
}

describe('servers in the queue', () => {
  test('are there once in their pass, however often they are added, and also after they are done', async () => {
    const { queue } = place;
    expect(await queue.add([queued(1, 'a'), queued(1, 'b'), queued(1, 'a')])).toBe(2);
    expect(await queue.add([queued(1, 'b'), queued(2, 'b')])).toBe(1);
    const { servers } = await queue.claim(10, 10);
    await queue.done(servers.map(({ claim }) => claim));
    expect(await queue.add([queued(1, 'a'), queued(1, 'b')])).toBe(0);
    expect(await claimIds()).toEqual([]);
  });

  test('come out as they went in, whatever their source called them', async () => {
    const odd = queued(1, 'odd \0 \ud800 "\' \u202e \u001b[2J $1 {}', { attempts: 7 });
    await place.queue.add([odd]);
    const { servers } = await place.queue.claim(1, 1);
    const { place: _, ...server } = odd;
    expect(servers).toMatchObject([{ ...server, target: { ...server.target, id: server.target.id } }]);
  });

  test('of one host are few under way, also when two workers ask at the same moment', async () => {
    const { queue, location } = place;
    const other = await openQueue(location);
    const many = (host: string) =>
      Array.from({ length: 20 }, (_, n) =>
        queued(1, `${host}-${n}`, { url: `https://${host}/${n}`, place: n }),
      );
    await queue.add([...many('busy.example'), ...many('other.example')]);
    const taken: string[] = [];
    for (let round = 0; round < 4; round++) {
      const claims = await Promise.all([queue, other, queue, other].map((each) => each.claim(5, 3)));
      taken.push(...claims.flatMap(({ servers }) => servers.map(({ claim }) => claim.group)));
    }
    await other.close();
    expect(taken.toSorted()).toEqual([...Array(3).fill('busy.example'), ...Array(3).fill('other.example')]);
  });

  test('of a busy host do not stand before those of others', async () => {
    const busy = Array.from({ length: 30 }, (_, n) => queued(1, `busy-${n}`, { place: n }));
    await place.queue.add([...busy, queued(1, 'other', { url: 'https://other.example/' })]);
    expect(await claimIds(2)).toContain('other');
  });

  test('that are programs know no limit by host', async () => {
    const programs = Array.from({ length: 5 }, (_, n) => {
      const server = queued(1, `npm:${n}`);
      return { ...server, target: scanOf(String(n), []).crawl.target };
    });
    await place.queue.add(programs);
    expect(await claimIds(5, 1)).toHaveLength(5);
  });

  test('go back after a while for their next attempt, and that is no fault', async () => {
    const { queue } = place;
    await queue.add([queued(1, 'a')]);
    for (const attempt of [1, 2, 3]) {
      const { servers } = await queue.claim(1, 1);
      expect(servers).toMatchObject([{ attempt, claim: { retryCount: 0, retryLimit: 2 } }]);
      for (const server of servers) await queue.tryLater(server, 60_000);
      expect(await claimIds()).toEqual([]);
      await passTime();
    }
  });

  test('that are given back are there at once, and it costs them nothing', async () => {
    const { queue } = place;
    await queue.add([queued(1, 'a')]);
    const first = await queue.claim(1, 1);
    await queue.giveBack(first.servers);
    const second = await queue.claim(1, 1);
    expect(second).toEqual(first);
  });

  test('of a dead worker go to another, and the dead one can settle them no more', async () => {
    const { queue } = place;
    await queue.add([queued(1, 'a')]);
    const { servers: lost } = await queue.claim(1, 1);
    await queue.reclaim();
    await passTime();
    expect(await claimIds()).toEqual([]);
    await killWorkers();
    await queue.reclaim();
    await passTime();
    const { servers: taken } = await queue.claim(1, 1);
    expect(taken).toHaveLength(1);
    await queue.done(lost.map(({ claim }) => claim));
    await queue.giveBack(lost);
    await queue.reclaim();
    expect(await queueHealth(place.location)).toMatchObject({ active: 1, waiting: 0 });
    await queue.done(taken.map(({ claim }) => claim));
    expect(await queueHealth(place.location)).toMatchObject({ active: 0, waiting: 0 });
  });

  test('stay with a worker that says that it lives', async () => {
    const { queue } = place;
    await queue.add([queued(1, 'a')]);
    const { servers } = await queue.claim(1, 1);
    await killWorkers();
    await queue.touch(servers.map(({ claim }) => claim));
    await queue.reclaim();
    expect(await queueHealth(place.location)).toMatchObject({ active: 1 });
  });

  test('that meet our faults again and again are dead letters, with the reason, and can be put back', async () => {
    const { queue } = place;
    await queue.add([queued(1, 'a')]);
    for (const reason of ['first', 'second', 'third \0']) {
      const { servers } = await queue.claim(1, 1);
      for (const { claim } of servers) await queue.fault(claim, reason);
      await passTime();
    }
    expect(await claimIds()).toEqual([]);
    expect(await deadReasons()).toEqual(['third \u2400']);
    expect(await queue.retryDead()).toBe(1);
    expect(await deadReasons()).toEqual([]);
    expect(await claimIds()).toEqual(['a']);
  });

  test('that take their worker down each time are dead letters', async () => {
    const { queue } = place;
    await queue.add([queued(1, 'a')]);
    for (let worker = 0; worker < 3; worker++) {
      expect(await claimIds()).toEqual(['a']);
      await killWorkers();
      await queue.reclaim();
      await passTime();
    }
    expect(await deadReasons()).toEqual([expect.stringContaining('ended without a word')]);
  });

  test('that another version put there are no dead end', async () => {
    const { queue } = place;
    await queue.boss.boss.insert('catalogue.servers', [
      { data: { crawl: 1, unheardOf: true }, group: { id: 'x' }, retryLimit: 0 },
    ]);
    expect(await queue.claim(1, 1)).toEqual({ servers: [], unreadable: 1 });
    expect(await deadReasons()).toEqual([expect.stringContaining('another version')]);
  });
});

describe('a pass', () => {
  const pass = { crawl: 1, source: 'list', ref: 'a.txt' };

  async function end(): Promise<number[]> {
    const ended: number[] = [];
    await place.queue.endPasses(async (crawl) => void ended.push(crawl));
    return ended;
  }

  test.each<[how: string, settle: () => Promise<unknown>]>([
    [
      'is done',
      async () => {
        const { servers } = await place.queue.claim(1, 1);
        await place.queue.done(servers.map(({ claim }) => claim));
      },
    ],
    [
      'is a dead letter',
      async () => {
        const { servers } = await place.queue.claim(1, 1);
        for (const { claim } of servers) await place.queue.fault(claim, 'ours');
      },
    ],
    [
      'was cancelled',
      async () => {
        await place.sql`update pgboss.job set state = 'cancelled' where name = 'catalogue.servers'`;
      },
    ],
  ])('ends when it is sealed and its last server %s, and only once', async (_, settle) => {
    const { queue } = place;
    await queue.openPass(pass);
    await queue.add([queued(1, 'a', { faultRetries: 0 }), queued(2, 'b')]);
    await queue.sealPass(pass);
    expect(await end()).toEqual([]);
    expect(await queue.isUnderWay('list', 'a.txt')).toBe(true);
    await settle();
    expect(await end()).toEqual([1]);
    expect(await end()).toEqual([]);
    expect(await queue.isUnderWay('list', 'a.txt')).toBe(false);
  });

  test('does not end while it is being filled, for the first time or again', async () => {
    const { queue } = place;
    await queue.openPass(pass);
    expect(await end()).toEqual([]);
    await queue.sealPass(pass);
    await queue.openPass(pass);
    expect(await end()).toEqual([]);
    await queue.sealPass(pass);
    expect(await end()).toEqual([1]);
  });

  test('is filled by one process at a time', async () => {
    const other = await openQueue(place.location);
    const lock = await place.queue.lockSource('list', 'a.txt');
    expect(await other.lockSource('list', 'a.txt')).toBeUndefined();
    const elsewhere = await other.lockSource('list', 'b.txt');
    expect(elsewhere).toBeDefined();
    await lock?.release();
    const next = await other.lockSource('list', 'a.txt');
    expect(next).toBeDefined();
    await Promise.all([elsewhere, next].map((each) => each?.release()));
    await other.close();
  });

  test('is counted: what waits, what is under way, what came of it', async () => {
    const { queue, catalogue, location } = place;
    const { id: crawl } = await catalogue.beginCrawl('list', 'a.txt');
    await queue.openPass({ ...pass, crawl });
    await queue.add(['a', 'b', 'c'].map((id) => queued(crawl, id)));
    const { servers } = await queue.claim(2, 2);
    await catalogue.saveInCrawl([scanOf('x', [])], crawl);
    await queue.done(servers.slice(0, 1).map(({ claim }) => claim));
    const status = await readQueueStatus(location);
    expect(status?.passes).toMatchObject([{ crawl, state: 'filling', waiting: 1, active: 1, dead: 0 }]);
    expect(status?.passes[0]?.perMinute).toBeGreaterThan(0);
    expect(await catalogue.outcomesOf([crawl])).toEqual([{ crawl, done: 1, failed: 0, failures: [] }]);
  });
});

describe('the health of the queue', () => {
  test('is unknown where there is none, and asking makes none', async () => {
    const { location, remove } = await createPostgresDatabase();
    expect(await queueHealth(location)).toBeUndefined();
    expect(await readQueueStatus(location)).toBeUndefined();
    expect(await queueHealth({ directory: '/nowhere' })).toBeUndefined();
    await remove();
  });

  test('says what waits, since when, what is lost and what is dead', async () => {
    const { queue, sql, location } = place;
    expect(await queueHealth(location)).toEqual({
      waiting: 0,
      active: 0,
      lostHeartbeats: 0,
      dead: 0,
      workers: 0,
    });
    await queue.add(['a', 'b', 'c', 'd'].map((id) => queued(1, id, { faultRetries: 0 })));
    const { servers } = await queue.claim(3, 3);
    await killWorkers();
    for (const { claim } of servers.slice(0, 1)) await queue.fault(claim, 'ours');
    await queue.done(servers.slice(1, 2).map(({ claim }) => claim));
    await sql`update pgboss.job set created_on = now() - interval '1 hour', start_after = now() - interval '1 hour' where state = 'created' and name = 'catalogue.servers'`;
    const health = await queueHealth(location);
    expect(health).toMatchObject({ waiting: 1, active: 1, lostHeartbeats: 1, dead: 1, workers: 0 });
    expect(health?.oldestWaitingMs).toBeGreaterThanOrEqual(3_600_000);
    expect(health?.lastDoneAt).toBeInstanceOf(Date);
    const worker = await openQueue(location, { pid: 4_711 });
    expect(await queueHealth(location)).toMatchObject({ workers: 1 });
    expect((await readQueueStatus(location))?.workers).toMatchObject([
      { name: expect.stringMatching(/^4711 /) },
    ]);
    await worker.close();
  });
});
