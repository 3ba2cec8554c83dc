import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { usageError } from '../crawler/fault.ts';
import { errorText } from '../crawler/text.ts';
import { STATE_LOCK_WAIT_MS } from './limits.ts';

/** What a file of the gateway's state is: told in every error about it, and marked in it. */
export interface StateKind {
  /** For sentences: `The counters in <path> …`. */
  what: string;
  /** What not having it means, as a sentence. */
  without: string;
  /** Kept in the file's `user_version`; a file with another one is not read. */
  version: number;
  schema: string;
  /** Whether every change is to outlive a power cut, which makes each wait for the disk, and not the process alone. */
  powerCutProof: boolean;
}

/** A file of the gateway's state, readable by its owner alone and shared between processes. */
export interface StateFile {
  db: DatabaseSync;
  /**
   * Does work that no other process sees half done, and that is undone when it throws. Throws with one sentence when
   * the file cannot be used.
   */
  exclusively<T>(work: () => T): T;
  /** As `exclusively`, for work that only reads. */
  reading<T>(work: () => T): T;
  close(): void;
}

/**
 * Opens the file, or makes it. Throws a usage error when it cannot be read, written or understood.
 *
 * SQLite with a write-ahead log: what is committed outlives the process, however it ends. A power cut is another
 * matter. It never leaves a broken file, but where the file is not proof against it, what was changed since the last
 * 1,000 pages of the log were put on the disk may be lost.
 */
export function openStateFile(path: string, kind: StateKind): StateFile {
  let db: DatabaseSync | undefined;
  try {
    createPrivate(path);
    db = new DatabaseSync(path, { timeout: STATE_LOCK_WAIT_MS });
    prepare(db, kind);
  } catch (error) {
    db?.close();
    throw usageError(unusable(path, kind, error));
  }
  const file = db;
  const guarded = <T>(begin: string, work: () => T): T => {
    try {
      return inTransaction(file, begin, work);
    } catch (error) {
      throw isSqliteError(error) ? new Error(unusable(path, kind, error), { cause: error }) : error;
    }
  };
  return {
    db: file,
    exclusively: (work) => guarded('begin immediate', work),
    reading: (work) => guarded('begin', work),
    close: () => {
      if (file.isOpen) file.close();
    },
  };
}

/** SQLite gives its other files the mode of the main one. */
function createPrivate(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
}

function prepare(db: DatabaseSync, { version, schema, what, powerCutProof }: StateKind): void {
  db.exec('pragma journal_mode = wal; pragma synchronous = full;');
  inTransaction(db, 'begin immediate', () => {
    const found = db.prepare('pragma user_version').get()?.user_version;
    if (found === version) return;
    if (found !== 0 || db.prepare('select 1 from sqlite_schema').get() !== undefined) {
      throw new Error(`it is not a file of ${what} of this version`);
    }
    db.exec(`${schema}; pragma user_version = ${version};`);
  });
  const faults = db.prepare('pragma quick_check(1)').get()?.quick_check;
  if (faults !== 'ok') throw new Error('the file is damaged');
  // Only now, so that the empty file is on the disk: one of no length would be taken for a new one after a power cut.
  if (!powerCutProof) db.exec('pragma wal_checkpoint(passive); pragma synchronous = normal;');
}

function inTransaction<T>(db: DatabaseSync, begin: string, work: () => T): T {
  db.exec(begin);
  try {
    const result = work();
    db.exec('commit');
    return result;
  } catch (error) {
    // Where the disk is full SQLite has rolled back by itself.
    if (db.isTransaction) db.exec('rollback');
    throw error;
  }
}

function isSqliteError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR';
}

function unusable(path: string, { what, without }: StateKind, error: unknown): string {
  return `The ${what} in ${path} cannot be used: ${errorText(error).split('\n', 1)[0]}. ${without} Repair or remove the file, or name another place for it.`;
}
