import { firstCounted, firstOver, stepAt, stepEnds, tallyCharges } from '../policy/counting.ts';
import type { Counters, Reservation } from './contract.ts';
import { openStateFile, type StateFile, type StateKind } from './state-file.ts';

const KIND: StateKind = {
  what: 'counters',
  without: 'Without them no limit can be kept, so no call is let through.',
  version: 1,
  // No call waits for the disk.
  powerCutProof: false,
  schema: `
    create table steps (
      counter text not null,
      step integer not null,
      amount integer not null,
      ends integer not null,
      primary key (counter, step)
    ) strict, without rowid;
    create index steps_by_end on steps (ends)`,
};

/** Milliseconds between two looks for what is over. */
const PRUNE_MS = 1_000;

/** Nothing was set aside, or nothing is left to give back. */
const NOTHING: Reservation = { release: async () => {} };

/**
 * Counters in one small file that any number of processes may share. How they count is told in
 * `policy/counting.ts`. A charge is in the file when `reserve` gives its answer, and stays there whatever happens to
 * the process. Throws a usage error when the file cannot be used; so does `reserve`, with an Error, when it cannot be
 * any more, and a call whose charges were not set aside must not be made.
 */
export async function openFileCounters(path: string): Promise<Counters> {
  const file = openStateFile(path, KIND);
  const prune = file.db.prepare('delete from steps where ends <= ?');
  const held = file.db.prepare(
    'select coalesce(sum(amount), 0) as used, max(step) as newest from steps where counter = ? and step >= ?',
  );
  const add = file.db.prepare(
    `insert into steps (counter, step, amount, ends) values (?, ?, ?, ?)
     on conflict (counter, step) do update set amount = amount + excluded.amount`,
  );
  const takeBack = file.db.prepare(
    'update steps set amount = amount - ? where counter = ? and step = ? and amount >= ?',
  );

  let prunedAt = Number.NEGATIVE_INFINITY;
  const together = inGroups(file.exclusively);

  return {
    async reserve(caller, tool, charges, now) {
      const tallies = tallyCharges(caller, tool, charges);
      if (tallies.length === 0) return { ok: true, reservation: NOTHING };
      return together.add(() => {
        // What is over is not counted anyway, whether or not it is still in the file.
        if (Math.abs(now - prunedAt) >= PRUNE_MS) {
          prune.run(now);
          prunedAt = now;
        }
        const counted = tallies.map((tally) => {
          const step = stepAt(now, tally);
          const { used, newest } = held.get(tally.counter, firstCounted(step)) ?? {};
          // Counted from the newest charge on, where the clock went back: else it would leave the window too early.
          return { ...tally, used: Number(used), step: Math.max(step, Number(newest ?? step)) };
        });
        const over = firstOver(
          tallies,
          counted.map(({ used }) => used),
        );
        if (over !== undefined) return { ok: false, ...over };
        const charged = counted.filter(({ amount }) => amount > 0);
        for (const tally of charged) {
          add.run(tally.counter, tally.step, tally.amount, stepEnds(tally.step, tally));
        }
        let released = false;
        const release = async () => {
          if (released) return;
          released = true;
          file.exclusively(() => {
            for (const { counter, step, amount } of charged) takeBack.run(amount, counter, step, amount);
          });
        };
        return { ok: true, reservation: { release } };
      });
    },
    async close() {
      together.run();
      file.close();
    },
  };
}

/**
 * Does at once what is asked for first in a turn of the event loop, and in one go at its end what is asked for after
 * that: most of what a piece of work costs is its transaction. Each is settled when its transaction is.
 */
function inGroups(exclusively: StateFile['exclusively']) {
  let group: { work(): void; done(): void; failed(error: unknown): void }[] = [];
  let turn = false;
  const run = () => {
    turn = false;
    const these = group;
    group = [];
    if (these.length === 0) return;
    try {
      exclusively(() => {
        for (const { work } of these) work();
      });
    } catch (error) {
      for (const { failed } of these) failed(error);
      return;
    }
    for (const { done } of these) done();
  };
  return {
    run,
    async add<T>(work: () => T): Promise<T> {
      if (!turn) {
        turn = true;
        setImmediate(run);
        return exclusively(work);
      }
      return new Promise((resolve, reject) => {
        let result: T;
        const keep = () => {
          result = work();
        };
        group.push({ work: keep, done: () => resolve(result), failed: reject });
      });
    },
  };
}
