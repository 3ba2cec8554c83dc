import { DatabaseSync } from 'node:sqlite';

/** Kept here from the garbage collector, which would close what nobody refers to, and with it give up the lock. */
const held = new Set<DatabaseSync>();

/**
 * Takes a file for this process alone, until the function is called that comes back, or the process is gone; undefined
 * where another process, or another part of this one, has it. The lock is SQLite's, on an empty file: the operating
 * system holds it, so that a killed process leaves nothing behind to be judged stale.
 */
export function lockFile(file: string): (() => void) | undefined {
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
  held.add(lock);
  return () => {
    if (held.delete(lock)) lock.close();
  };
}

function isBusy(error: unknown): boolean {
  const SQLITE_BUSY = 5;
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}
