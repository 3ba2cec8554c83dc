import { createHash } from 'node:crypto';
import { and, asc, eq, gt, inArray, lte, type SQL, sql } from 'drizzle-orm';
import {
  ANSWERABLE,
  type Answer,
  type Answered,
  type ApprovalEntry,
  type ApprovalTerms,
  checkFingerprint,
  deciding,
  entryAt,
  tooManyPending,
  unanswerable,
} from '../policy/approval.ts';
import {
  type CountedCaller,
  firstCounted,
  firstOver,
  stepAt,
  stepEnds,
  type Tally,
  tallyCharges,
} from '../policy/counting.ts';
import type { Charge } from '../policy/evaluate.ts';
import { type Database, openDatabase, rowsOf } from './database.ts';
import { CatalogueUnavailable } from './errors.ts';
import { CONNECT_TIMEOUT_S, RESERVES_BETWEEN_PRUNES, STEP_KEPT_MS } from './limits.ts';
import { gatewayApprovals, gatewaySteps } from './schema-gateway.ts';

/** The call that an approval is asked for. */
interface SharedRequest {
  fingerprint: string;
  caller: CountedCaller;
  tool: string;
  args: Record<string, unknown>;
  rule: string;
  message: string;
}

/**
 * Counters and approvals in PostgreSQL, for several gateways, on several machines. They are what `gateway/contract.ts`
 * asks for; the command line ties the two together, because this folder knows nothing of the gateway.
 */
export interface SharedState {
  counters: {
    reserve(
      caller: CountedCaller,
      tool: string,
      charges: readonly Charge[],
      now: number,
    ): Promise<
      { ok: true; reservation: { release(): Promise<void> } } | { ok: false; index: number; used: number }
    >;
    close(): Promise<void>;
  };
  approvals: {
    take(
      request: SharedRequest,
      now: number,
    ): Promise<{ state: 'approved' | 'pending' | 'denied'; id: string }>;
    giveBack(id: string): Promise<void>;
    list(now: number, which?: 'all' | 'live'): Promise<ApprovalEntry[]>;
    approve(id: string, by: string, now: number): Promise<Answered>;
    deny(id: string, by: string, now: number): Promise<Answered>;
    close(): Promise<void>;
  };
}

/**
 * Opens the gateway's tables in the catalogue's database. Throws CatalogueUnavailable when it cannot be reached or has
 * no catalogue in it; its functions throw when it cannot be any more, and a call that could not be counted or approved must not be made.
 * Both parts have one connection, which is closed with the last of them.
 */
export async function openSharedState(
  url: string,
  terms: ApprovalTerms,
  now: () => Date,
): Promise<SharedState> {
  await refuseForeign(url);
  const { db, close } = await openDatabase({ url }, now);
  let open = 2;
  const closeOne = () => {
    let closed = false;
    return async () => {
      if (closed) return;
      closed = true;
      open -= 1;
      if (open === 0) await close();
    };
  };
  return {
    counters: { ...countersIn(db), close: closeOne() },
    approvals: { ...approvalsIn(db, terms), close: closeOne() },
  };
}

/**
 * Throws CatalogueUnavailable for a database without a catalogue. A gateway is often started with the environment of the
 * server behind it, and DATABASE_URL then names that server's data, where nothing of ours may be made.
 */
async function refuseForeign(url: string): Promise<void> {
  const { default: postgres } = await import('postgres');
  const client = postgres(url, { max: 1, onnotice: () => {}, connect_timeout: CONNECT_TIMEOUT_S });
  try {
    const [row] = await client`select to_regclass('tool_versions') is not null as found`;
    if (row?.found === true) return;
  } catch {
    // `openDatabase` meets the same fault, and tells it.
    return;
  } finally {
    await client.end();
  }
  throw new CatalogueUnavailable(
    'The database that DATABASE_URL names has no catalogue in it, and a gateway makes none. ' +
      'Run `catalogue list` with the same DATABASE_URL first, or name a directory with --state.',
  );
}

type Transaction = Pick<Database, 'execute' | 'select' | 'insert' | 'update' | 'delete'>;

function countersIn(db: Database): Omit<SharedState['counters'], 'close'> {
  let reserves = 0;
  return {
    async reserve(caller, tool, charges, now) {
      const tallies = tallyCharges(caller, tool, charges);
      if (tallies.length === 0) return { ok: true, reservation: { release: async () => {} } };
      if (reserves++ % RESERVES_BETWEEN_PRUNES === 0) await prune(db, now);
      return db.transaction(async (tx) => {
        await lockAll(
          tx,
          tallies.map(({ counter }) => counter),
        );
        const counted = await countAll(tx, tallies, now);
        const over = firstOver(
          tallies,
          counted.map(({ used }) => used),
        );
        if (over !== undefined) return { ok: false, ...over };
        const charged = counted.filter(({ amount }) => amount > 0);
        await addAll(tx, charged);
        let released = false;
        const release = async () => {
          if (released) return;
          released = true;
          await takeBack(db, charged);
        };
        return { ok: true, reservation: { release } };
      });
    },
  };
}

interface CountedTally extends Tally {
  step: number;
  used: number;
}

/** Holds back whoever else counts on one of these, to the end of the transaction. One order, so that none waits for another in a ring. */
async function lockAll(tx: Transaction, names: readonly string[]): Promise<void> {
  await tx.execute(sql`
    select pg_advisory_xact_lock(lock) from (
      select distinct hashtextextended(name, ${LOCK_SEED}) as lock from unnest(${list(names)}::text[]) as name order by lock
    ) as locks`);
}

/** Any number that no other program is likely to use for its locks on the same server. */
const LOCK_SEED = 7_260_113;

/** A list as PostgreSQL's text form of an array: the two drivers disagree on arrays as parameters. Elements have no quotes. */
function list(values: readonly (string | number)[]): string {
  return `{${values.join(',')}}`;
}

async function countAll(tx: Transaction, tallies: readonly Tally[], now: number): Promise<CountedTally[]> {
  const counters = list(tallies.map(({ counter }) => counter));
  const first = list(tallies.map((tally) => firstCounted(stepAt(now, tally))));
  const rows = await rowsOf<{ counter: string; used: string; newest: string | null }>(
    tx,
    sql`select asked.counter, coalesce(sum(steps.amount), 0)::text as used, max(steps.step)::text as newest
      from unnest(${counters}::text[], ${first}::bigint[]) as asked (counter, first)
      left join ${gatewaySteps} as steps on steps.counter = asked.counter and steps.step >= asked.first
      group by asked.counter`,
  );
  const found = new Map(rows.map((row) => [row.counter, row]));
  return tallies.map((tally) => {
    const { used, newest } = found.get(tally.counter) ?? { used: 'NaN', newest: null };
    const step = stepAt(now, tally);
    // Counted from the newest charge on, where this machine's clock is behind: else it would leave too early.
    return { ...tally, used: Number(used), step: Math.max(step, Number(newest ?? step)) };
  });
}

async function addAll(tx: Transaction, charged: readonly CountedTally[]): Promise<void> {
  if (charged.length === 0) return;
  await tx
    .insert(gatewaySteps)
    .values(
      charged.map((tally) => ({
        counter: tally.counter,
        step: tally.step,
        amount: tally.amount,
        ends: stepEnds(tally.step, tally),
      })),
    )
    .onConflictDoUpdate({
      target: [gatewaySteps.counter, gatewaySteps.step],
      set: { amount: sql`${gatewaySteps.amount} + excluded.amount` },
    });
}

async function takeBack(db: Database, charged: readonly CountedTally[]): Promise<void> {
  if (charged.length === 0) return;
  await db.transaction(async (tx) => {
    await lockAll(
      tx,
      charged.map(({ counter }) => counter),
    );
    for (const { counter, step, amount } of charged) {
      await tx
        .update(gatewaySteps)
        .set({ amount: sql`${gatewaySteps.amount} - ${amount}` })
        .where(
          and(
            eq(gatewaySteps.counter, counter),
            eq(gatewaySteps.step, step),
            sql`${gatewaySteps.amount} >= ${amount}`,
          ),
        );
    }
  });
}

/** Removes what counts no more by any gateway's clock, and leaves what others are at. */
async function prune(db: Database, now: number): Promise<void> {
  await db.execute(sql`
    delete from ${gatewaySteps} where ctid in (
      select ctid from ${gatewaySteps} where ${lte(gatewaySteps.ends, now - STEP_KEPT_MS)} for update skip locked
    )`);
}

function approvalsIn(db: Database, terms: ApprovalTerms): Omit<SharedState['approvals'], 'close'> {
  const answer = (id: string, given: Answer, by: string, now: number) =>
    db.transaction((tx) => answerIn(tx, terms, { id, given, by, now }));
  return {
    take(request, now) {
      checkFingerprint(request.fingerprint);
      return db.transaction(async (tx) => {
        await lockAll(tx, [request.fingerprint]);
        const rows = await tx
          .select({ id: gatewayApprovals.id, state: gatewayApprovals.state })
          .from(gatewayApprovals)
          .where(
            and(
              eq(gatewayApprovals.fingerprint, request.fingerprint),
              gt(gatewayApprovals.expiresAt, now),
              inArray(gatewayApprovals.state, ['pending', 'approved', 'denied']),
            ),
          )
          // Held against whoever answers at this moment.
          .for('update');
        const found = deciding(rows);
        if (found === undefined) return { state: 'pending', id: await ask(tx, terms, request, now) };
        if (found.state === 'approved') await setState(tx, found.id, 'approved', 'used');
        return { id: found.id, state: found.state === 'used' ? 'denied' : found.state };
      });
    },
    giveBack: (id) => setState(db, id, 'used', 'approved'),
    async list(now, which = 'all') {
      const rows = await db.select().from(gatewayApprovals).orderBy(asc(gatewayApprovals.number));
      const entries = rows.map((row) => entryAt(entryOf(row), now));
      return which === 'all'
        ? entries
        : entries.filter(({ state }) => state === 'pending' || state === 'approved');
    },
    approve: (id, by, now) => answer(id, 'approved', by, now),
    deny: (id, by, now) => answer(id, 'denied', by, now),
  };
}

async function setState(tx: Transaction, id: string, from: 'approved' | 'used', to: 'approved' | 'used') {
  await tx
    .update(gatewayApprovals)
    .set({ state: to })
    .where(and(eq(gatewayApprovals.id, id), eq(gatewayApprovals.state, from)));
}

async function ask(
  tx: Transaction,
  terms: ApprovalTerms,
  { fingerprint, caller, tool, args, rule, message }: SharedRequest,
  now: number,
): Promise<string> {
  const number = await numberFrom(tx, sql`nextval(pg_get_serial_sequence('gateway_approvals', 'number'))`);
  const pending = sql`select count(*) as number from ${gatewayApprovals}
    where state = 'pending' and ${gt(gatewayApprovals.expiresAt, now)}`;
  if ((await numberFrom(tx, sql`(${pending})`)) >= terms.maxPending) throw tooManyPending(terms);
  await tx.delete(gatewayApprovals).where(lte(gatewayApprovals.number, number - terms.maxKept));
  // Short enough to be typed; unique by the number. It is a name and no secret.
  const id = `a${number}-${createHash('sha256').update(`${fingerprint} ${number} ${now}`).digest('hex').slice(0, 6)}`;
  const { text, cut } = terms.show(args);
  await tx.insert(gatewayApprovals).values({
    number,
    id,
    state: 'pending',
    fingerprint,
    server: storable(caller.server),
    grant: storable(caller.grant),
    session: storable(caller.session),
    tool: storable(tool),
    arguments: text,
    cut,
    rule: storable(rule),
    message: storable(message),
    askedAt: now,
    expiresAt: now + terms.pendingMs,
  });
  return id;
}

/** PostgreSQL refuses the NUL character, which a hostile name can have; these texts are for looking at only. */
function storable(text: string): string {
  return text.replaceAll('\0', '\ufffd').toWellFormed();
}

async function numberFrom(tx: Transaction, value: SQL): Promise<number> {
  const [row] = await rowsOf<{ number: string }>(tx, sql`select ${value}::text as number`);
  return Number(row?.number);
}

async function answerIn(
  tx: Transaction,
  terms: ApprovalTerms,
  { id, given, by, now }: { id: string; given: Answer; by: string; now: number },
): Promise<Answered> {
  const rows = await tx
    .select()
    .from(gatewayApprovals)
    .where(eq(gatewayApprovals.id, storable(id)))
    .for('update');
  const [entry] = rows.map((row) => entryAt(entryOf(row), now));
  if (entry === undefined || !ANSWERABLE[given].includes(entry.state)) {
    return { ok: false, message: unanswerable(id, entry, given) };
  }
  const answer = {
    state: given,
    answeredAt: now,
    answeredBy: storable(by),
    expiresAt: now + terms.answeredMs,
  };
  await tx.update(gatewayApprovals).set(answer).where(eq(gatewayApprovals.id, entry.id));
  return { ok: true, entry: { ...entry, ...answer } };
}

function entryOf(row: typeof gatewayApprovals.$inferSelect): ApprovalEntry {
  const { number: _, answeredAt, answeredBy, ...rest } = row;
  return {
    ...rest,
    ...(answeredAt !== null && { answeredAt }),
    ...(answeredBy !== null && { answeredBy }),
  };
}
