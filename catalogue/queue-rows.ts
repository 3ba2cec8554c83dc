import type { Db } from 'pg-boss';
import { z } from 'zod';
import { BOSS_SCHEMA, PASSES, SERVERS } from './queue-boss.ts';

/**
 * What we read of pg-boss's tables, for which it has no call. Nothing is written past it. Its documentation names the
 * table `job` and the columns as its own for reading.
 */
export interface QueueRows {
  isUnderWay(source: string, ref: string): Promise<boolean>;
  /** Claims of which nobody has said for a while that their worker lives. */
  lostClaims(queue: string): Promise<{ id: string; retryCount: number }[]>;
  finishedPasses(): Promise<{ crawl: number; source: string; ref: string }[]>;
  isEmpty(): Promise<boolean>;
}

/** What a job of a pass holds. */
export const PassData = z.object({
  crawl: z.number().int(),
  source: z.string(),
  ref: z.string(),
  sealed: z.boolean(),
});

const Affected = z.object({ affected: z.number() });

/** How many jobs a call of pg-boss changed; its types leave that out. */
export function affected(response: unknown): number {
  return Affected.parse(response).affected;
}

const Claims = z.array(z.object({ id: z.string(), retryCount: z.number().int() }));
const Passes = z.array(z.object({ data: PassData }));

/** Jobs under way all have a group, which is what the index on them asks for. */
const ACTIVE = `name = '${SERVERS}' and state = 'active' and group_id is not null`;
const WAITING = `name = '${SERVERS}' and state < 'active' and not blocked`;
const OPEN_PASS = `name = '${PASSES}' and state < 'active' and (data->>'sealed')::boolean`;
const JOB = `${BOSS_SCHEMA}.job`;

/** The questions, on a connection to the database. */
export function open(db: Db): QueueRows {
  const rowsOf = async (text: string, values: unknown[] = []) => (await db.executeSql(text, values)).rows;
  return {
    async isUnderWay(source, ref) {
      const same = "data->>'source' = $1 and data->>'ref' = $2";
      return (
        (await rowsOf(`select 1 from ${JOB} where ${OPEN_PASS} and ${same} limit 1`, [source, ref])).length >
        0
      );
    },
    async lostClaims(queue) {
      const active = queue === SERVERS ? ACTIVE : `name = '${queue}' and state = 'active'`;
      return Claims.parse(
        await rowsOf(`
          select id, retry_count as "retryCount" from ${JOB}
          where ${active} and heartbeat_on + heartbeat_seconds * interval '1 second' < now()`),
      );
    },
    async finishedPasses() {
      // Written so that each search ends at the first server that it finds, of which there are mostly thousands.
      const open = (which: string) =>
        `(select true from ${JOB} j where ${which} and j.data->'crawl' = pass.data->'crawl' limit 1)`;
      const rows = await rowsOf(`
        select data from (select data, created_on from ${JOB} where ${OPEN_PASS}) pass
        where ${open(ACTIVE)} is null and ${open(WAITING)} is null order by created_on`);
      return Passes.parse(rows).map(({ data }) => data);
    },
    async isEmpty() {
      const rows = await rowsOf(
        `select 1 from ${JOB} where (${WAITING}) or (${ACTIVE}) or (${OPEN_PASS}) limit 1`,
      );
      return rows.length === 0;
    },
  };
}
