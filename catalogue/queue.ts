import { createHash } from 'node:crypto';
import type { JobWithMetadata } from 'pg-boss';
import { z } from 'zod';
import { ServerTarget } from '../crawler/contract.ts';
import { ADVISORY_LOCKS } from './advisory-locks.ts';
import type { DatabaseLocation } from './database.ts';
import { CatalogueUnavailable } from './errors.ts';
import { FAULT_RETRIES, HEARTBEAT_S, JOBS_TOGETHER, MAX_REASON_CHARS } from './limits.ts';
import {
  BOSS_SCHEMA,
  type Boss,
  DEAD,
  openBoss,
  PASSES,
  SCHEDULES,
  SERVERS,
  workerName,
} from './queue-boss.ts';
import { affected, open } from './queue-rows.ts';

/** A server that waits for its outcome in a pass: all that a worker on any machine needs, and no value of a secret. */
interface QueuedServer {
  crawl: number;
  target: ServerTarget;
  /** Which attempt this is, from 1. */
  attempt: number;
  /** How often it is tried if its failure may pass. */
  attempts: number;
}

/** Kept as text, because `jsonb` refuses the NUL character that a stranger's directory can hold. */
const StoredServer = z.object({
  crawl: z.number().int(),
  target: z.string(),
  attempt: z.number().int().min(1),
  attempts: z.number().int().min(1),
});

/** A server that a worker has claimed, and the claim. */
export interface ClaimedServer extends QueuedServer {
  claim: Claim;
}

/** A claim ends when it is settled, or when nobody says for a while that its worker lives. */
export interface Claim {
  id: string;
  retryCount: number;
  retryLimit: number;
  priority: number;
  group: string;
}

/** A pass whose servers go through the queue. */
export interface QueuedPass {
  crawl: number;
  source: string;
  ref: string;
}

/** The queue as those see it who fill it and who empty it. Every call may fail when the connection is lost. */
export interface WorkQueue {
  boss: Boss;
  /** Keeps everybody else from reading this source into the queue; undefined when somebody does. */
  lockSource(source: string, ref: string): Promise<{ release(): Promise<void> } | undefined>;
  /** Notes that a pass is being filled: it does not end before it is sealed. */
  openPass(pass: QueuedPass): Promise<void>;
  /** Notes that all servers of the pass are in the queue or have their outcome. */
  sealPass(pass: QueuedPass): Promise<void>;
  /** Whether a pass over the source is sealed and has not ended. */
  isUnderWay(source: string, ref: string): Promise<boolean>;
  /** Adds servers, each once in its pass however often it is added, and gives how many are new. */
  add(servers: readonly PlacedServer[]): Promise<number>;
  /** Takes servers that nobody has, the least of each host first, so that no host has more than `perHost` under way. */
  claim(count: number, perHost: number): Promise<{ servers: ClaimedServer[]; unreadable: number }>;
  /** Says that the worker lives that has these. */
  touch(claims: readonly Claim[]): Promise<void>;
  /** Settles servers that have their outcome. */
  done(claims: readonly Claim[]): Promise<void>;
  /** Puts a server back for its next attempt after so many milliseconds. */
  tryLater(server: ClaimedServer, delayMs: number): Promise<void>;
  /** Puts servers back as if they had never been taken. */
  giveBack(servers: readonly ClaimedServer[]): Promise<void>;
  /** Notes a fault of ours. After some of them the server is a dead letter, with the last one's reason. */
  fault(claim: Claim, reason: string): Promise<void>;
  /** Takes from dead workers what they had. */
  reclaim(): Promise<void>;
  /** Puts all dead letters back, with all their retries, and gives how many. */
  retryDead(): Promise<number>;
  /** Ends the sealed passes of which no server is in the queue any more. */
  endPasses(end: (crawl: number) => Promise<void>): Promise<QueuedPass[]>;
  /** Whether nothing waits, is under way or is being filled. */
  isEmpty(): Promise<boolean>;
  close(): Promise<void>;
}

/** A server, and how many of its host were added before it. */
export interface PlacedServer extends QueuedServer {
  place: number;
  /** Fewer faults before it is given up, where a caller wants that. */
  faultRetries?: number;
}

/** What became of a server whose worker died. */
const DIED = 'The worker that had it ended without a word, or lost its connection.';

/** Opens the queue for filling it, or as a worker, of which `pid` is shown. Throws CatalogueUnavailable. */
export async function openQueue(location: DatabaseLocation, worker?: { pid: number }): Promise<WorkQueue> {
  if (!('url' in location)) throw new CatalogueUnavailable('An embedded catalogue has no queue.');
  const boss = await openBoss(location, worker && { tidies: true, name: workerName(worker.pid) });
  const rows = open(boss.db);
  const analyze = await analyzer(boss);
  let [added, analyzed] = [0, 0];
  return {
    boss,
    lockSource: (source, ref) => lockSource(boss, source, ref),
    async openPass(pass) {
      const id = passId(pass.crawl);
      await boss.boss.insert(PASSES, [{ id, data: { ...pass, sealed: false } }]);
      await boss.boss.update(PASSES, { ...pass, sealed: false }, { id });
    },
    async sealPass(pass) {
      await boss.boss.update(PASSES, { ...pass, sealed: true }, { id: passId(pass.crawl) });
      await analyze();
    },
    isUnderWay: rows.isUnderWay,
    async add(servers) {
      const fresh = await add(boss, servers);
      added += fresh;
      if (added > 2 * analyzed + JOBS_TOGETHER) {
        analyzed = added;
        await analyze();
      }
      return fresh;
    },
    claim: (count, perHost) => claim(boss, count, perHost),
    async touch(claims) {
      if (claims.length > 0) await boss.boss.touch(SERVERS, [...claims]);
    },
    async done(claims) {
      if (claims.length > 0) await boss.boss.complete(SERVERS, [...claims]);
    },
    tryLater: (server, delayMs) => replace(boss, { ...server, attempt: server.attempt + 1 }, delayMs),
    async giveBack(servers) {
      for (const server of servers) await replace(boss, server, 0);
    },
    async fault(taken, reason) {
      await boss.boss.fail(SERVERS, taken, { message: storable(reason).slice(0, MAX_REASON_CHARS) });
    },
    async reclaim() {
      for (const queue of [SERVERS, SCHEDULES]) {
        const lost = await rows.lostClaims(queue);
        if (lost.length > 0) await boss.boss.fail(queue, lost, { message: DIED });
      }
    },
    async endPasses(end) {
      const over = await rows.finishedPasses();
      for (const { crawl } of over) {
        await end(crawl);
        await boss.boss.complete(PASSES, passId(crawl), null, { includeQueued: true });
      }
      return over;
    },
    async retryDead() {
      let moved = 0;
      for (let more = -1; more !== 0; moved += more) more = await boss.boss.redrive(DEAD);
      return moved;
    },
    isEmpty: rows.isEmpty,
    close: boss.close,
  };
}

/** The id of a job is made from what it is about, so that it cannot be there twice. */
export function jobId(...about: readonly (string | number)[]): string {
  const hash = createHash('sha256').update(JSON.stringify(about)).digest('hex');
  // Version 8 of RFC 9562: bits of our own, and the two fields that say so.
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `a${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-');
}

function passId(crawl: number): string {
  return jobId('pass', crawl);
}

/** The lock is a transaction's, which is open for as long as the source is read: a dead process holds none. */
async function lockSource(
  { db }: Boss,
  source: string,
  ref: string,
): Promise<{ release(): Promise<void> } | undefined> {
  const transaction = await db.beginTransaction?.();
  const key = Number.parseInt(jobId(source, ref).slice(0, 7), 16);
  try {
    const found = await transaction?.db.executeSql('select pg_try_advisory_xact_lock($1, $2) as taken', [
      ADVISORY_LOCKS.source,
      key,
    ]);
    if (transaction !== undefined && found?.rows[0]?.taken === true) {
      return { release: () => transaction.rollback() };
    }
  } catch (error) {
    await transaction?.rollback();
    throw error;
  }
  await transaction?.rollback();
  return undefined;
}

/**
 * Tells PostgreSQL how many jobs there are. Of a table that has just been filled it believes that there are none, and
 * then a claim among 43,000 takes a hundred times as long; by itself it looks again after a minute.
 */
async function analyzer({ boss, db }: Boss): Promise<() => Promise<void>> {
  const table = (await boss.getQueue(SERVERS))?.table ?? 'job';
  return async () => {
    await db.executeSql(`analyze ${BOSS_SCHEMA}.${table}`);
  };
}

async function add({ boss }: Boss, servers: readonly PlacedServer[]): Promise<number> {
  let added = 0;
  for (let from = 0; from < servers.length; from += JOBS_TOGETHER) {
    const jobs = new Map(
      servers.slice(from, from + JOBS_TOGETHER).map(({ place, faultRetries = FAULT_RETRIES, ...server }) => {
        const id = jobId('server', server.crawl, server.target.id);
        // The first of each host come first, so that a host with thousands never stands before all others.
        const job = { id, priority: -place, retryLimit: faultRetries, group: { id: groupOf(server, id) } };
        return [id, { ...job, data: stored(server) }];
      }),
    );
    added += (await boss.insert(SERVERS, [...jobs.values()], { returnId: true }))?.length ?? 0;
  }
  return added;
}

/** The host, of which few are asked at a time; a program that runs here is a group by itself, and so without limit. */
function groupOf({ target: { transport } }: QueuedServer, id: string): string {
  return transport.kind === 'http' ? (URL.parse(transport.url)?.host ?? 'nowhere') : `program ${id}`;
}

function stored({ crawl, target, attempt, attempts }: QueuedServer): z.infer<typeof StoredServer> {
  return { crawl, target: JSON.stringify(target), attempt, attempts };
}

/**
 * pg-boss counts what is under way of each host and takes jobs in one statement, which two workers may do at once:
 * each would fill the same places. One at a time, the limit holds.
 */
async function claim(
  { boss, transaction }: Boss,
  batchSize: number,
  groupConcurrency: number,
): Promise<{ servers: ClaimedServer[]; unreadable: number }> {
  const jobs = await transaction(async (db) => {
    // A machine that drops off the network must not keep the others from claiming.
    await db.executeSql(
      "select set_config('idle_in_transaction_session_timeout', $1, true), pg_advisory_xact_lock($2)",
      [String(HEARTBEAT_S * 1_000), ADVISORY_LOCKS.claim],
    );
    return boss.fetch<unknown>(SERVERS, { batchSize, groupConcurrency, includeMetadata: true, db });
  });
  const read = jobs.map((job) => ({ job, server: readJob(job) }));
  const servers = read.flatMap(({ server }) => (server === undefined ? [] : [server]));
  const unreadable = read.flatMap(({ job, server }) => (server === undefined ? [job] : []));
  if (unreadable.length > 0) {
    await boss.fail(SERVERS, unreadable, {
      message: 'This version of the program cannot read it. Is another version at work on the same queue?',
    });
  }
  return { servers, unreadable: unreadable.length };
}

function readJob(job: JobWithMetadata<unknown>): ClaimedServer | undefined {
  const data = StoredServer.safeParse(job.data).data;
  const target = data && ServerTarget.safeParse(parsed(data.target)).data;
  if (data === undefined || target === undefined) return undefined;
  const { id, retryCount, retryLimit, priority, groupId } = job;
  return { ...data, target, claim: { id, retryCount, retryLimit, priority, group: groupId ?? '' } };
}

/** What a stored server is called; a remark where that cannot be read. */
export function storedLabel(data: unknown): string {
  const text = StoredServer.safeParse(data).data?.target;
  return ServerTarget.safeParse(text === undefined ? undefined : parsed(text)).data?.label ?? '(unreadable)';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * pg-boss counts each claim against a job's retries. These are for faults alone, so that a job that goes back for
 * another reason is replaced by itself, with the retries that it had left.
 */
async function replace({ boss, transaction }: Boss, server: ClaimedServer, delayMs: number): Promise<void> {
  const { claim } = server;
  await transaction(async (db) => {
    // Only while the claim is ours: else another worker has it by now.
    if (affected(await boss.deleteJob(SERVERS, claim, { db })) === 0) return;
    const job = {
      id: claim.id,
      data: stored(server),
      priority: claim.priority,
      group: { id: claim.group },
      retryLimit: Math.max(0, claim.retryLimit - claim.retryCount),
      startAfter: delayMs / 1_000,
    };
    await boss.insert(SERVERS, [job], { db });
  });
}

/** Text that `jsonb` takes. */
export function storable(text: string): string {
  return text.replaceAll('\0', '\u2400').toWellFormed();
}
