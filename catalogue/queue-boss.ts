import { hostname } from 'node:os';
import type { Db, PgBoss, Queue } from 'pg-boss';
import type { Sql } from 'postgres';
import { CatalogueUnavailable } from './errors.ts';
import {
  CONNECT_TIMEOUT_S,
  DONE_KEPT_S,
  FAULT_DELAY_S,
  FAULT_RETRIES,
  HEARTBEAT_S,
  JOB_EXPIRES_S,
  MAX_QUEUE_CONNECTIONS,
  PASS_KEPT_S,
  WAITING_KEPT_S,
} from './limits.ts';

/**
 * pg-boss with the queues that we use. It has connections of its own, by its own driver: postgres.js 3.4 ends the
 * process when a transaction's connection is lost (porsager/postgres#1208).
 */
export interface Boss {
  boss: PgBoss;
  db: Db;
  /** Runs calls to pg-boss that take a `db`, and statements, in one transaction. */
  transaction<Result>(work: (db: Db) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** A job for each server that waits for its outcome. */
export const SERVERS = 'catalogue.servers';
/** Servers that could not be brought to an outcome, with the reason. Nobody takes from it but `--retry-dead`. */
export const DEAD = 'catalogue.dead';
/** A job for each pass, which nobody takes: it waits until its pass has ended. */
export const PASSES = 'catalogue.passes';
/** A job for each schedule, which becomes due again and again. */
export const SCHEDULES = 'catalogue.schedules';

/** The schema that pg-boss keeps its tables in. */
export const BOSS_SCHEMA = 'pgboss';

/** What the connections of a worker are called in `pg_stat_activity`; the rest is its machine and process. */
export const WORKER_NAME = 'catalogue worker';

/** A schedule must outlast any trouble with its source. */
const ALWAYS = 1_000_000;
const MAX_SCHEDULE_DELAY_S = 3_600;

const shared = { expireInSeconds: JOB_EXPIRES_S, retentionSeconds: WAITING_KEPT_S, retryBackoff: true };

/** In this order: a queue's dead letters need theirs to exist. */
const QUEUES: readonly Queue[] = [
  { ...shared, name: DEAD },
  {
    ...shared,
    name: SERVERS,
    deadLetter: DEAD,
    retryLimit: FAULT_RETRIES,
    retryDelay: FAULT_DELAY_S,
    heartbeatSeconds: HEARTBEAT_S,
    deleteAfterSeconds: DONE_KEPT_S,
  },
  { ...shared, name: PASSES, deleteAfterSeconds: PASS_KEPT_S },
  {
    ...shared,
    name: SCHEDULES,
    retryLimit: ALWAYS,
    retryDelay: FAULT_DELAY_S,
    retryDelayMax: MAX_SCHEDULE_DELAY_S,
    heartbeatSeconds: HEARTBEAT_S,
  },
];

export interface BossOptions {
  /** Whether it tidies up: removes what is done and old. */
  tidies?: boolean;
  /** Shown in `pg_stat_activity`. */
  name?: string;
}

/**
 * Opens the queue, and makes its tables where there are none. Throws CatalogueUnavailable when the database cannot be
 * reached or refuses us.
 */
export async function openBoss(
  { url }: { url: string },
  { tidies = false, name = 'catalogue' }: BossOptions = {},
): Promise<Boss> {
  const { PgBoss } = await import('pg-boss');
  const boss = new PgBoss({
    connectionString: asPgReadsIt(url),
    application_name: name,
    max: MAX_QUEUE_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_S * 1_000,
    schema: BOSS_SCHEMA,
    supervise: tidies,
    schedule: false,
    monitorVacuum: false,
  });
  // What it meets in the background, it meets again; where it matters, our own call fails and tells it.
  boss.on('error', () => {});
  const close = () => boss.stop({ graceful: false });
  try {
    await boss.start();
    const known = new Set(
      (await boss.getQueues(QUEUES.map((queue) => queue.name))).map((queue) => queue.name),
    );
    for (const { name: queue, ...options } of QUEUES) {
      if (!known.has(queue)) await boss.createQueue(queue, options);
    }
  } catch (error) {
    await close().catch(() => {});
    const reason = error instanceof Error ? error.message || String(error) : String(error);
    throw new CatalogueUnavailable(`The queue in the catalogue's database cannot be opened: ${reason}.`, {
      cause: error,
    });
  }
  const db = boss.getDb();
  return { boss, db, transaction: (work) => inTransaction(db, work), close };
}

/** A client that reads how the queue is, without anything being made. */
export async function connectReader({ url }: { url: string }): Promise<Sql> {
  const { default: postgres } = await import('postgres');
  return postgres(url, { max: 1, connect_timeout: CONNECT_TIMEOUT_S, onnotice: () => {} });
}

/** What a worker's connections are called: PostgreSQL keeps 63 bytes of it. */
export function workerName(pid: number): string {
  const MAX_NAME_BYTES = 63;
  const host = hostname().replaceAll(/[^\w.-]/g, '');
  const room = MAX_NAME_BYTES - WORKER_NAME.length - ` ${pid} `.length;
  return `${WORKER_NAME} ${pid} ${host.slice(0, room)}`;
}

/** The address for the other driver, which takes `sslmode=require` for more than libpq and postgres.js do. */
function asPgReadsIt(url: string): string {
  const parsed = URL.parse(url);
  if (!parsed?.searchParams.has('sslmode')) return url;
  parsed.searchParams.set('uselibpqcompat', 'true');
  return parsed.href;
}

async function inTransaction<Result>(db: Db, work: (db: Db) => Promise<Result>): Promise<Result> {
  const transaction = await db.beginTransaction?.();
  if (transaction === undefined) throw new Error('pg-boss has no pool of its own');
  try {
    const result = await work(transaction.db);
    await transaction.commit();
    return result;
  } catch (error) {
    await transaction.rollback();
    throw error;
  }
}
