import type { Sql } from 'postgres';
import type { DatabaseLocation } from './database.ts';
import { CatalogueUnavailable } from './errors.ts';
import { HEARTBEAT_S, MAX_DEAD_LISTED, MAX_PASSES_LISTED, RATE_SPAN_MS, WORKER_SILENT_MS } from './limits.ts';
import { storedLabel } from './queue.ts';
import { BOSS_SCHEMA, connectReader, DEAD, PASSES, SCHEDULES, SERVERS, WORKER_NAME } from './queue-boss.ts';
import { PassData } from './queue-rows.ts';
import { Schedule } from './queue-schedule.ts';

/** How far a pass is. */
export interface PassStatus {
  crawl: number;
  source: string;
  ref: string;
  /** `filling`: the source has not been read to its end. */
  state: 'filling' | 'under way' | 'ended';
  begunAt: Date;
  endedAt?: Date;
  /** Servers that nobody has; those among them that wait for another attempt; those that a worker has. */
  waiting: number;
  later: number;
  active: number;
  dead: number;
  cancelled: number;
  /** Outcomes a minute, of late. */
  perMinute: number;
  /** Milliseconds until it is done at this rate; absent where that cannot be said. */
  leftMs?: number;
}

interface WorkerStatus {
  /** Process and machine. */
  name: string;
  since: Date;
}

interface DeadLetter {
  crawl: number;
  /** What the server is called, as its source has it. */
  label: string;
  reason: string;
  /** How often it was taken up. */
  tries: number;
  at: Date;
}

interface ScheduleStatus extends Schedule {
  nextAt: Date;
  /** Milliseconds until then by the clock of the database; negative when it is late. */
  dueInMs: number;
  isBeingRead: boolean;
}

/** How far everything in the queue is. */
export interface QueueStatus {
  passes: PassStatus[];
  workers: WorkerStatus[];
  schedules: ScheduleStatus[];
  dead: DeadLetter[];
  deadCount: number;
}

/** What somebody needs to know who asks whether the queue is stuck. */
export interface QueueHealth {
  /** Servers that nobody has, and those that a worker has. */
  waiting: number;
  active: number;
  /** Milliseconds since when the oldest that could be taken waits; absent when none does. */
  oldestWaitingMs?: number;
  /** Servers whose worker has not been heard of for so long that they should have gone to another. */
  lostHeartbeats: number;
  dead: number;
  /** When the last server was done; absent when none was in the last hour. */
  lastDoneAt?: Date;
  /** Workers that are alive. */
  workers: number;
}

/**
 * How the queue is: nothing but reading, and nothing is made. Undefined where there is no queue, as in every embedded
 * catalogue and wherever nothing has been put into a queue. Rejects when the database cannot be reached.
 */
export async function queueHealth(location: DatabaseLocation): Promise<QueueHealth | undefined> {
  return withQueue(location, async (sql) => {
    const job = sql(`${BOSS_SCHEMA}.job`);
    const [row] = await sql<
      {
        waiting: number;
        active: number;
        oldest: number | null;
        lost: number;
        dead: number;
        last: Date | null;
      }[]
    >`
      select count(*) filter (where name = ${SERVERS} and state < 'active')::int as waiting,
        count(*) filter (where name = ${SERVERS} and state = 'active')::int as active,
        (extract(epoch from now() - min(greatest(created_on, start_after)) filter (
          where name = ${SERVERS} and state < 'active' and start_after <= now())) * 1000)::float8 as oldest,
        count(*) filter (where name in (${SERVERS}, ${SCHEDULES}) and state = 'active'
          and heartbeat_on < now() - ${2 * HEARTBEAT_S} * interval '1 second')::int as lost,
        count(*) filter (where name = ${DEAD} and state < 'active')::int as dead,
        max(completed_on) filter (where name = ${SERVERS} and state = 'completed') as last
      from ${job}`;
    if (row === undefined) throw new Error('the queue was not counted');
    return {
      waiting: row.waiting,
      active: row.active,
      ...(row.oldest !== null && { oldestWaitingMs: Math.round(row.oldest) }),
      lostHeartbeats: row.lost,
      dead: row.dead,
      ...(row.last !== null && { lastDoneAt: row.last }),
      workers: (await readWorkers(sql)).length,
    };
  });
}

/** How far everything in the queue is; undefined where there is no queue. Rejects as `queueHealth` does. */
export async function readQueueStatus(location: DatabaseLocation): Promise<QueueStatus | undefined> {
  return withQueue(location, async (sql) => {
    const dead = await readDead(sql);
    return {
      passes: await readPasses(sql),
      workers: await readWorkers(sql),
      schedules: await readSchedules(sql),
      ...dead,
    };
  });
}

async function withQueue<Result>(
  location: DatabaseLocation,
  read: (sql: Sql) => Promise<Result>,
): Promise<Result | undefined> {
  if (!('url' in location)) return undefined;
  const sql = await connectReader(location);
  try {
    const [row] = await sql`select to_regclass(${`${BOSS_SCHEMA}.job`}) is not null as found`;
    return row?.found === true ? await read(sql) : undefined;
  } catch (error) {
    if (!isForbidden(error)) throw error;
    throw new CatalogueUnavailable(
      `The queue cannot be read: ${error.message}. Ask as the role that the workers have.`,
      { cause: error },
    );
  } finally {
    await sql.end({ timeout: 1 });
  }
}

function isForbidden(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === '42501';
}

interface PassRow {
  data: unknown;
  begunAt: Date;
  endedAt: Date | null;
  ageMs: number;
  waiting: number;
  later: number;
  active: number;
  cancelled: number;
  recent: number;
  dead: number;
}

async function readPasses(sql: Sql): Promise<PassStatus[]> {
  const job = sql(`${BOSS_SCHEMA}.job`);
  const rows = await sql<PassRow[]>`
    with passes as (
      select data, created_on, completed_on,
        row_number() over (partition by completed_on is null order by created_on desc) as place
      from ${job} where name = ${PASSES}
    ), counted as (
      select data->'crawl' as crawl,
        count(*) filter (where name = ${SERVERS} and state < 'active')::int as waiting,
        count(*) filter (where name = ${SERVERS} and state < 'active' and start_after > now())::int as later,
        count(*) filter (where name = ${SERVERS} and state = 'active')::int as active,
        count(*) filter (where name = ${SERVERS} and state = 'cancelled')::int as cancelled,
        count(*) filter (where name = ${SERVERS} and state = 'completed'
          and completed_on > now() - ${RATE_SPAN_MS} * interval '1 millisecond')::int as recent,
        count(*) filter (where name = ${DEAD} and state < 'active')::int as dead
      from ${job} where name in (${SERVERS}, ${DEAD}) group by 1
    )
    select data, created_on as "begunAt", completed_on as "endedAt",
      (extract(epoch from now() - created_on) * 1000)::float8 as "ageMs",
      coalesce(waiting, 0) as waiting, coalesce(later, 0) as later, coalesce(active, 0) as active,
      coalesce(cancelled, 0) as cancelled, coalesce(recent, 0) as recent, coalesce(dead, 0) as dead
    from passes left join counted on crawl = data->'crawl'
    where completed_on is null or place <= ${MAX_PASSES_LISTED}
    order by completed_on is not null, created_on desc`;
  return rows.map(passStatus);
}

function passStatus(row: PassRow): PassStatus {
  const { crawl, source, ref, sealed } = PassData.parse(row.data);
  const { waiting, later, active, dead, cancelled, begunAt } = row;
  const MS_PER_MINUTE = 60_000;
  const perMinute = (row.recent * MS_PER_MINUTE) / Math.min(RATE_SPAN_MS, Math.max(1, row.ageMs));
  const isEnded = row.endedAt !== null;
  return {
    crawl,
    source,
    ref,
    state: isEnded ? 'ended' : sealed ? 'under way' : 'filling',
    begunAt,
    ...(row.endedAt !== null && { endedAt: row.endedAt }),
    waiting,
    later,
    active,
    dead,
    cancelled,
    perMinute: isEnded ? 0 : perMinute,
    ...(!isEnded && sealed && perMinute > 0 && { leftMs: ((waiting + active) / perMinute) * MS_PER_MINUTE }),
  };
}

/**
 * A worker is alive while PostgreSQL has its connections and it uses them. So there is no list of workers to be kept,
 * and none that could be wrong after a crash.
 */
async function readWorkers(sql: Sql): Promise<WorkerStatus[]> {
  return sql<WorkerStatus[]>`
    select substr(application_name, ${WORKER_NAME.length + 2}) as name, min(backend_start) as since
    from pg_stat_activity
    where datname = current_database() and application_name like ${`${WORKER_NAME} %`}
    group by application_name
    having max(state_change) > now() - ${WORKER_SILENT_MS} * interval '1 millisecond'
    order by min(backend_start), application_name`;
}

async function readSchedules(sql: Sql): Promise<ScheduleStatus[]> {
  const rows = await sql<{ data: unknown; nextAt: Date; dueInMs: number; isBeingRead: boolean }[]>`
    select data, start_after as "nextAt", state = 'active' as "isBeingRead",
      (extract(epoch from start_after - now()) * 1000)::float8 as "dueInMs"
    from ${sql(`${BOSS_SCHEMA}.job`)}
    where name = ${SCHEDULES} and state <= 'active' order by start_after, id`;
  return rows.map(({ data, ...times }) => ({ ...Schedule.parse(data), ...times }));
}

/** The newest first. */
async function readDead(sql: Sql): Promise<Pick<QueueStatus, 'dead' | 'deadCount'>> {
  const rows = await sql<
    {
      data: unknown;
      crawl: number | null;
      reason: string | null;
      tries: number | null;
      at: Date;
      count: number;
    }[]
  >`
    select data, (data->>'crawl')::int as crawl, source_retry_count + 1 as tries, created_on as at,
      coalesce(source_output->>'message', source_output->'value'->>'message') as reason,
      (count(*) over ())::int as count
    from ${sql(`${BOSS_SCHEMA}.job`)}
    where name = ${DEAD} and state < 'active' order by created_on desc, id limit ${MAX_DEAD_LISTED}`;
  return {
    dead: rows.map(({ data, crawl, reason, tries, at }) => ({
      crawl: crawl ?? 0,
      label: storedLabel(data),
      reason: reason ?? 'unknown',
      tries: tries ?? 1,
      at,
    })),
    deadCount: rows[0]?.count ?? 0,
  };
}
