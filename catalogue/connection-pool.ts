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

/** What is awaited from a connection, and how to end the waiting. */
interface Awaited {
  reject(error: Error): void;
}

/** One connection, for one life. */
interface Slot {
  client: Sql;
  load: number;
  lost: boolean;
  /** What nobody else ends when the connection is lost: postgres.js forgets a query that is sent just then. */
  awaited: Set<Awaited>;
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
      for (const each of slot.awaited) each.reject(reason ?? lostConnection());
    };
    // postgres.js would try for ever where a server takes connections and closes them at once.
    const deadline = setTimeout(() => drop(noAnswer()), CONNECT_TIMEOUT_S * 1000);
    deadline.unref();
    const client = connect({
      onclose: () => drop(),
      onparameter: () => clearTimeout(deadline),
      signal: life.signal,
    });
    const slot: Slot = { client, load: 0, lost: false, awaited: new Set() };
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
    onSettled(pending, () => {
      slot.load -= 1;
    });
    return expect(slot, pending) as never;
  };

  const begin = async <T>(work: (tx: TransactionSql) => Promise<T>): Promise<T> => {
    const slot = leastLoaded();
    slot.load += 1;
    try {
      // postgres.js never grants a connection that is opened for the one who reserves it.
      slot.used ??= expect(slot, slot.client.unsafe('select 1')).execute();
      await slot.used;
      const reserved = await unlessLost(slot, slot.client.reserve());
      try {
        return await transact(slot, reserved, work);
      } finally {
        if (!slot.lost) reserved.release();
      }
    } finally {
      slot.load -= 1;
    }
  };

  const template = (...query: Parameters<Sql>) => {
    const slot = leastLoaded();
    return expect(slot, slot.client(...query));
  };
  // drizzle enters its parsers here; the connections have theirs from `connect`.
  const options = { parsers: {}, serializers: {} };
  return {
    sql: Object.assign(template, { unsafe, begin, options }) as unknown as Sql,
    async close() {
      await Promise.all([...slots].map(({ client }) => client.end({ timeout: CLOSE_TIMEOUT_S })));
    },
  };
}

/** Sees to it that the query fails when its connection is lost, and gives it back. */
function expect<Query extends PromiseLike<unknown>>(slot: Slot, query: Query): Query {
  // Looked up when it is needed: whoever waits for a stream puts a function of his own there.
  const awaited: Awaited = { reject: (error) => (query as Query & Awaited).reject(error) };
  slot.awaited.add(awaited);
  onSettled(query, () => slot.awaited.delete(awaited));
  return query;
}

/** The query's own `then` would send it. */
function onSettled(query: PromiseLike<unknown>, done: () => void): void {
  void Promise.prototype.then.call(query, done, done);
}

function unlessLost<T>(slot: Slot, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const awaited: Awaited = { reject };
    slot.awaited.add(awaited);
    work.then(resolve, reject).finally(() => slot.awaited.delete(awaited));
  });
}

async function transact<T>(
  slot: Slot,
  reserved: ReservedSql,
  work: (tx: TransactionSql) => Promise<T>,
): Promise<T> {
  const send = (text: string) => {
    requireLive(slot);
    return expect(slot, reserved.unsafe(text));
  };
  await send('begin');
  try {
    const result = await work(transactionOn(slot, reserved));
    const { command } = await send('commit');
    // PostgreSQL's answer where a statement failed and nobody minded.
    if (command === 'ROLLBACK')
      throw new Error('a statement of the transaction failed, and nothing of it is kept');
    return result;
  } catch (error) {
    if (!slot.lost) await send('rollback').catch(() => {});
    throw error;
  }
}

function transactionOn(slot: Slot, reserved: ReservedSql): TransactionSql {
  let savepoints = 0;
  const unsafe: Sql['unsafe'] = (...query) => {
    requireLive(slot);
    return expect(slot, reserved.unsafe(...query)) as never;
  };
  const template = (...query: Parameters<Sql>) => {
    requireLive(slot);
    return expect(slot, reserved(...query));
  };
  const tx = Object.assign(template, {
    unsafe,
    async savepoint<T>(work: (sql: TransactionSql) => Promise<T>): Promise<T> {
      const name = `s${savepoints++}`;
      await unsafe(`savepoint ${name}`);
      try {
        return await work(tx);
      } catch (error) {
        if (!slot.lost) await unsafe(`rollback to ${name}`);
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

/** What postgres.js has for a query under way when its connection is lost. */
function lostConnection(): Error {
  return Object.assign(new Error('the connection was lost'), { code: 'CONNECTION_CLOSED' });
}

function requireLive({ lost }: Slot): void {
  if (lost) throw lostConnection();
}
