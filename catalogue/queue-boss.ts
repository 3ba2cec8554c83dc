import { hostname } from 'node:os';
import type { Db, PgBoss, Queue } from 'pg-boss';
import type { Sql } from 'postgres';
import type { DatabaseLocation } from './database.ts';
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

/** pg-boss on our own client of the catalogue's PostgreSQL, with the queues that we use. */
export interface Boss {
  boss: PgBoss;
  sql: Sql;
  /** Runs calls to pg-boss that take a `db` in one transaction. */
  transaction<Result>(work: (db: Db, sql: Sql) => Promise<Result>): Promise<Result>;
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
  location: Extract<DatabaseLocation, { url: string }>,
  { tidies = false, name = 'catalogue' }: BossOptions = {},
): Promise<Boss> {
  const { PgBoss } = await import('pg-boss');
  const sql = await connectQueue(location, name);
  const boss = new PgBoss({
    db: executor(sql),
    schema: BOSS_SCHEMA,
    supervise: tidies,
    schedule: false,
    monitorVacuum: false,
  });
  // What it meets in the background, it meets again; where it matters, our own call fails and tells it.
  boss.on('error', () => {});
  const close = async () => {
    await boss.stop({ graceful: false, close: false });
    await sql.end({ timeout: 1 });
  };
  try {
    await boss.start();
    const known = new Set((await boss.getQueues(QUEUES.map((queue) => queue.name))).map((queue) => queue.name));
    for (const { name: queue, ...options } of QUEUES) {
      if (!known.has(queue)) await boss.createQueue(queue, options);
    }
  } catch (error) {
    await close().catch(() => {});
    const reason = error instanceof Error ? error.message || String(error) : String(error);
    throw new CatalogueUnavailable(`The queue in the catalogue's database cannot be opened: ${reason}.`);
  }
  return {
    boss,
    sql,
    transaction: (work) => inTransaction(sql, work),
    close,
  };
}

/** A client for the queue alone: its types must be as pg-boss expects them. */
export async function connectQueue({ url }: { url: string }, name = 'catalogue'): Promise<Sql> {
  const { default: postgres } = await import('postgres');
  return postgres(url, {
    max: MAX_QUEUE_CONNECTIONS,
    connect_timeout: CONNECT_TIMEOUT_S,
    onnotice: () => {},
    connection: {
      application_name: name,
      // A machine that drops off the network must not keep the others from claiming.
      idle_in_transaction_session_timeout: HEARTBEAT_S * 1_000,
    },
    types: {
      json: {
        to: 3802,
        from: [114, 3802],
        serialize: (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)),
        parse: (text: string) => JSON.parse(text),
      },
    },
  });
}

/** What a worker's connections are called: PostgreSQL keeps 63 bytes of it. */
export function workerName(pid: number): string {
  const MAX_NAME_BYTES = 63;
  const host = hostname().replaceAll(/[^\w.-]/g, '');
  const room = MAX_NAME_BYTES - WORKER_NAME.length - ` ${pid} `.length;
  return `${WORKER_NAME} ${pid} ${host.slice(0, room)}`;
}

async function inTransaction<Result>(
  sql: Sql,
  work: (db: Db, sql: Sql) => Promise<Result>,
): Promise<Result> {
  const reserved = await sql.reserve();
  try {
    await reserved`begin`;
    try {
      const result = await work(executor(reserved), reserved);
      await reserved`commit`;
      return result;
    } catch (error) {
      await reserved`rollback`.catch(() => {});
      throw error;
    }
  } finally {
    reserved.release();
  }
}

/** Runs pg-boss's statements, several of them at once among them, which may be a transaction of their own. */
function executor(sql: Sql): Db {
  const run = async (on: Sql, text: string, values: unknown[]) => {
    const rows: unknown[] = [...(await on.unsafe(text, values as never[]))];
    return { rows: rows.flat() };
  };
  return {
    async executeSql(text, values = []) {
      if (!/^\s*BEGIN\b/.test(text)) return run(sql, text, values);
      const reserved = await sql.reserve();
      try {
        return await run(reserved, text, values);
      } catch (error) {
        await reserved`rollback`.catch(() => {});
        throw error;
      } finally {
        reserved.release();
      }
    },
  };
}
