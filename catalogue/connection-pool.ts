import type { ReservedSql, Sql, TransactionSql } from 'postgres';
import { CLOSE_TIMEOUT_S, CONNECT_TIMEOUT_S } from './limits.ts';

/** What a client of postgres.js is to tell of its one connection, and when to let go of it. */
export interface ConnectionLife {
  onclose(): void;
  /** Called when the server has let us in. */
  onparameter(): void;
  /** Fires when the connection is given up. postgres.js may still open it anew, which must fail then. */
  signal: AbortSignal;
}

/** One connection, for one life. */
interface Slot {
  client: Sql;
  load: number;
  lost: boolean;
  /** Settles when the connection has been used. */
  used?: Promise<unknown>;
}

/**
 * Several connections behind one postgres.js client.
 *
 * postgres.js 3.4 has a pool of its own, which is not used, because it does not survive the loss of a connection inside
 * a transaction: it sends the ROLLBACK to the connection that is gone, which ends the process, or to the one opened in
 * its place, where it undoes a transaction of somebody else. Here a connection that is lost is never opened again, and
 * what is left of its transaction gets nothing but errors.
 *
 * The client has `unsafe`, `begin` and template queries, all with postgres.js's own results, cursors and streams.
 */
export function createPool(
  connect: (life: ConnectionLife) => Sql,
  max: number,
): { sql: Sql; close(): Promise<void> } {
  const slots = new Set<Slot>();

  const openSlot = (): Slot => {
    const life = new AbortController();
    const drop = (reason?: Error) => {
      clearTimeout(deadline);
      slot.lost = true;
      slots.delete(slot);
      life.abort(reason);
      void slot.client.end({ timeout: 0 });
    };
    // postgres.js would try for ever where a server takes connections and closes them at once.
    const deadline = setTimeout(() => drop(noAnswer()), CONNECT_TIMEOUT_S * 1000);
    deadline.unref();
    const client = connect({
      onclose: () => drop(),
      onparameter: () => clearTimeout(deadline),
      signal: life.signal,
    });
    const slot: Slot = { client, load: 0, lost: false };
    slots.add(slot);
    return slot;
  };

  const leastLoaded = (): Slot => {
    const [best] = [...slots].toSorted((a, b) => a.load - b.load);
    return best === undefined || (best.load > 0 && slots.size < max) ? openSlot() : best;
  };

  const unsafe: Sql['unsafe'] = (...query) => {
    const slot = leastLoaded();
    const pending = slot.client.unsafe(...query);
    slot.load += 1;
    const done = () => {
      slot.load -= 1;
    };
    // The query's own `then` would send it.
    void Promise.prototype.then.call(pending, done, done);
    return pending as never;
  };

  const begin = async <T>(work: (tx: TransactionSql) => Promise<T>): Promise<T> => {
    const slot = leastLoaded();
    slot.load += 1;
    try {
      // postgres.js never grants a connection that is opened for the one who reserves it.
      slot.used ??= slot.client.unsafe('select 1').execute();
      await slot.used;
      const reserved = await slot.client.reserve();
      try {
        return await transact(reserved, () => slot.lost, work);
      } finally {
        if (!slot.lost) reserved.release();
      }
    } finally {
      slot.load -= 1;
    }
  };

  const template = (...query: Parameters<Sql>) => leastLoaded().client(...query);
  // drizzle enters its parsers here; the connections have theirs from `connect`.
  const options = { parsers: {}, serializers: {} };
  return {
    sql: Object.assign(template, { unsafe, begin, options }) as unknown as Sql,
    async close() {
      await Promise.all([...slots].map(({ client }) => client.end({ timeout: CLOSE_TIMEOUT_S })));
    },
  };
}

async function transact<T>(
  reserved: ReservedSql,
  isLost: () => boolean,
  work: (tx: TransactionSql) => Promise<T>,
): Promise<T> {
  await reserved.unsafe('begin');
  try {
    const result = await work(transactionOn(reserved, isLost));
    requireLive(isLost);
    const { command } = await reserved.unsafe('commit');
    // PostgreSQL's answer where a statement failed and nobody minded.
    if (command === 'ROLLBACK')
      throw new Error('a statement of the transaction failed, and nothing of it is kept');
    return result;
  } catch (error) {
    if (!isLost()) await reserved.unsafe('rollback').catch(() => {});
    throw error;
  }
}

function transactionOn(reserved: ReservedSql, isLost: () => boolean): TransactionSql {
  let savepoints = 0;
  const unsafe: Sql['unsafe'] = (...query) => {
    requireLive(isLost);
    return reserved.unsafe(...query) as never;
  };
  const template = (...query: Parameters<Sql>) => {
    requireLive(isLost);
    return reserved(...query);
  };
  const tx = Object.assign(template, {
    unsafe,
    async savepoint<T>(work: (sql: TransactionSql) => Promise<T>): Promise<T> {
      const name = `s${savepoints++}`;
      await unsafe(`savepoint ${name}`);
      try {
        return await work(tx);
      } catch (error) {
        if (!isLost()) await unsafe(`rollback to ${name}`);
        throw error;
      }
    },
  }) as unknown as TransactionSql;
  return tx;
}

/** As postgres.js has it for a server that takes a connection and says nothing. */
function noAnswer(): Error {
  const message = `no answer within ${CONNECT_TIMEOUT_S} seconds`;
  return Object.assign(new Error(message), { code: 'CONNECT_TIMEOUT' });
}

/** Throws what postgres.js throws for a query under way when its connection is lost. */
function requireLive(isLost: () => boolean): void {
  if (isLost()) throw Object.assign(new Error('the connection was lost'), { code: 'CONNECTION_CLOSED' });
}
