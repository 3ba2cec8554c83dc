import { runInNewContext } from 'node:vm';
import { isObject } from './json.ts';

/**
 * Does work that never waits, and throws when it takes longer than `ms` milliseconds. The engine stops the work
 * wherever it is; only its script runner can, so the work is called from one. Nothing of others is run as a script.
 */
export function within<T>(ms: number, work: () => T): T {
  const done: T[] = [];
  runInNewContext('work()', { work: () => void done.push(work()) }, { timeout: ms });
  const [result] = done;
  return result as T;
}

/** Whether something thrown says that the time was up. It is no `Error` of ours, but one of the script's world. */
export function isTimeUp(error: unknown): boolean {
  return isObject(error) && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
