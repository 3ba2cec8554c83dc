import { createHash } from 'node:crypto';
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
import type { Approvals } from './contract.ts';
import {
  ANSWERED_APPROVAL_MS,
  MAX_KEPT_APPROVALS,
  MAX_PENDING_APPROVALS,
  MAX_SHOWN_CHARS,
  PENDING_APPROVAL_MS,
} from './limits.ts';
import { redact } from './redact.ts';
import { openStateFile, type StateFile, type StateKind } from './state-file.ts';

/** Approvals, with what a person needs to answer them. */
export interface AnswerableApprovals extends Approvals {
  /** Newest last: all that are kept, or those that wait for an answer or for their call. */
  list(now: number, which?: 'all' | 'live'): Promise<ApprovalEntry[]>;
  /** Lets the call through once, until the answer expires. `by` names the person, for the record. */
  approve(id: string, by: string, now: number): Promise<Answered>;
  /** Refuses the call until the answer expires; takes an approval back that was not used yet. */
  deny(id: string, by: string, now: number): Promise<Answered>;
}

/** How approvals are kept unless a caller says otherwise; see `limits.ts`. */
export const APPROVAL_TERMS: ApprovalTerms = {
  pendingMs: PENDING_APPROVAL_MS,
  answeredMs: ANSWERED_APPROVAL_MS,
  maxPending: MAX_PENDING_APPROVALS,
  maxKept: MAX_KEPT_APPROVALS,
  show(args) {
    const { value, cut } = redact(args, MAX_SHOWN_CHARS);
    return { text: JSON.stringify(value), cut };
  },
};

const KIND: StateKind = {
  what: 'approvals',
  without: 'Without them no call that needs an approval is let through.',
  version: 1,
  // They are few, and one that was used must not come back.
  powerCutProof: true,
  schema: `
    create table approvals (
      number integer primary key autoincrement,
      id text not null unique,
      state text not null,
      fingerprint text not null,
      server text not null,
      "grant" text not null,
      session text not null,
      tool text not null,
      arguments text not null,
      cut integer not null,
      rule text not null,
      message text not null,
      asked_at integer not null,
      expires_at integer not null,
      answered_at integer,
      answered_by text
    ) strict;
    create index approvals_by_fingerprint on approvals (fingerprint);
    create index approvals_by_state on approvals (state, expires_at)`,
};

const COLUMNS = `id, state, fingerprint, server, "grant", session, tool, arguments, cut, rule, message,
  asked_at as askedAt, expires_at as expiresAt, answered_at as answeredAt, answered_by as answeredBy`;

/**
 * Approvals in one file that any number of processes may share: of two that ask for the same approval one gets it.
 * Throws a usage error when the file cannot be used; its functions throw an Error when it cannot be any more, and a
 * call whose approval could not be taken must not be made.
 */
export async function openFileApprovals(
  path: string,
  terms: ApprovalTerms = APPROVAL_TERMS,
): Promise<AnswerableApprovals> {
  const file = openStateFile(path, KIND);
  const { db } = file;
  const live = db.prepare(
    `select id, state from approvals where fingerprint = ? and expires_at > ? and state in ('pending', 'approved', 'denied')`,
  );
  const use = db.prepare(`update approvals set state = 'used' where id = ? and state = 'approved'`);
  const giveBack = db.prepare(`update approvals set state = 'approved' where id = ? and state = 'used'`);
  const all = db.prepare(`select ${COLUMNS} from approvals order by number`);
  const ask = askWith(file, terms);
  const answer = answerWith(file, terms);

  return {
    async take(request, now) {
      checkFingerprint(request.fingerprint);
      return file.exclusively(() => {
        const found = deciding(live.all(request.fingerprint, now) as unknown as LiveRow[]);
        if (found === undefined) return { state: 'pending', id: ask(request, now) };
        if (found.state === 'approved') use.run(found.id);
        return found;
      });
    },
    async giveBack(id) {
      file.exclusively(() => giveBack.run(id));
    },
    async list(now, which = 'all') {
      const entries = file.reading(() => all.all()).map((row) => entryAt(entryOf(row), now));
      return which === 'all'
        ? entries
        : entries.filter(({ state }) => state === 'pending' || state === 'approved');
    },
    approve: async (id, by, now) => answer(id, 'approved', by, now),
    deny: async (id, by, now) => answer(id, 'denied', by, now),
    async close() {
      file.close();
    },
  };
}

interface LiveRow {
  id: string;
  state: 'pending' | 'approved' | 'denied';
}

function askWith({ db }: StateFile, terms: ApprovalTerms) {
  const pending = db.prepare(
    `select count(*) as count from approvals where state = 'pending' and expires_at > ?`,
  );
  const newest = db.prepare('select coalesce(max(number), 0) as number from approvals');
  const prune = db.prepare('delete from approvals where number <= ?');
  const insert = db.prepare(
    `insert into approvals (id, state, fingerprint, server, "grant", session, tool, arguments, cut, rule, message,
       asked_at, expires_at)
     values (?, 'pending', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return (
    { fingerprint, caller, tool, args, rule, message }: Parameters<Approvals['take']>[0],
    now: number,
  ): string => {
    if (Number(pending.get(now)?.count) >= terms.maxPending) throw tooManyPending(terms);
    const number = Number(newest.get()?.number);
    prune.run(number - terms.maxKept);
    // Short enough to be typed; unique by the number. It is a name and no secret: answering takes access to the file.
    const id = `a${number + 1}-${createHash('sha256').update(`${fingerprint} ${number} ${now}`).digest('hex').slice(0, 6)}`;
    const { text, cut } = terms.show(args);
    const { server, grant, session } = caller;
    const expires = now + terms.pendingMs;
    insert.run(id, fingerprint, server, grant, session, tool, text, cut ? 1 : 0, rule, message, now, expires);
    return id;
  };
}

function answerWith(file: StateFile, terms: ApprovalTerms) {
  const find = file.db.prepare(`select ${COLUMNS} from approvals where id = ?`);
  const update = file.db.prepare(
    'update approvals set state = ?, answered_at = ?, answered_by = ?, expires_at = ? where id = ?',
  );
  return (id: string, answer: Answer, by: string, now: number): Answered =>
    file.exclusively(() => {
      const row = find.get(id);
      const entry = row && entryAt(entryOf(row), now);
      if (entry === undefined || !ANSWERABLE[answer].includes(entry.state)) {
        return { ok: false, message: unanswerable(id, entry, answer) };
      }
      const expiresAt = now + terms.answeredMs;
      update.run(answer, now, by, expiresAt, id);
      return { ok: true, entry: { ...entry, state: answer, answeredAt: now, answeredBy: by, expiresAt } };
    });
}

function entryOf(row: Record<string, unknown>): ApprovalEntry {
  const { cut, answeredAt, answeredBy, ...rest } = row as unknown as Omit<ApprovalEntry, 'cut'> & {
    cut: number;
  };
  return {
    ...rest,
    cut: cut === 1,
    ...(answeredAt !== null && { answeredAt }),
    ...(answeredBy !== null && { answeredBy }),
  } as ApprovalEntry;
}
