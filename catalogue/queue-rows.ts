import type { Sql } from 'postgres';
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

/** The questions, on a connection to the database. */
export function open(sql: Sql): QueueRows {
  const job = sql(`${BOSS_SCHEMA}.job`);
  return {
    async isUnderWay(source, ref) {
      const rows = await sql`
        select 1 from ${job} where name = ${PASSES} and state < 'completed' and (data->>'sealed')::boolean
          and data->>'source' = ${source} and data->>'ref' = ${ref} limit 1`;
      return rows.length > 0;
    },
    // Jobs under way all have a group, which is what the index on them asks for.
    lostClaims: async (queue) =>
      sql<{ id: string; retryCount: number }[]>`
        select id, retry_count as "retryCount" from ${job}
        where name = ${queue} and state = 'active' and (group_id is not null or name <> ${SERVERS})
          and heartbeat_on + heartbeat_seconds * interval '1 second' < now()`,
    async finishedPasses() {
      const rows = await sql<{ data: unknown }[]>`
        select p.data from ${job} p
        where p.name = ${PASSES} and p.state < 'active' and (p.data->>'sealed')::boolean
          and not exists (
            select 1 from ${job} j
            where j.name = ${SERVERS} and j.state = 'active' and j.group_id is not null and j.data->'crawl' = p.data->'crawl')
          and not exists (
            select 1 from ${job} j
            where j.name = ${SERVERS} and j.state < 'active' and not j.blocked and j.data->'crawl' = p.data->'crawl')
        order by p.created_on`;
      return rows.map(({ data }) => PassData.parse(data));
    },
    async isEmpty() {
      const rows = await sql`
        select 1 from ${job}
        where (name = ${SERVERS} and state < 'active' and not blocked)
          or (name = ${SERVERS} and state = 'active' and group_id is not null)
          or (name = ${PASSES} and state < 'active' and (data->>'sealed')::boolean) limit 1`;
      return rows.length === 0;
    },
  };
}
