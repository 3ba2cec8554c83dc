import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { KILL_WAIT_MS, TERM_GRACE_MS } from './limits.ts';

const POLL_MS = 10;

/** Leaders of the groups that this process has started and not yet ended. */
const live = new Set<number>();

/** Makes sure that the group led by `pid` is killed when this process exits. Returns what takes that back. */
export function trackGroup(pid: number): () => void {
  if (live.size === 0) process.on('exit', killLiveGroups);
  live.add(pid);
  return () => {
    live.delete(pid);
    if (live.size === 0) process.off('exit', killLiveGroups);
  };
}

function killLiveGroups(): void {
  for (const pid of live) signalGroup(pid, 'SIGKILL');
}

/**
 * Sends a signal to every process of the group. A group that is gone is no error. Windows has no groups: there the
 * tree is ended at once, because it can only be walked while its root lives.
 */
export function signalGroup(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true });
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // ESRCH: nobody is left. EPERM (macOS): only zombies are left.
  }
}

/** Waits until no process of the group is alive. Gives false when some still are after `withinMs`. */
export async function groupGone(pid: number, withinMs: number): Promise<boolean> {
  return isGone(() => groupAlive(pid), withinMs);
}

/** Ends whatever is left of a group, politely first. Gives false when something is left even then. */
export async function endGroup(pid: number): Promise<boolean> {
  if (await groupGone(pid, 0)) return true;
  signalGroup(pid, 'SIGTERM');
  if (await groupGone(pid, TERM_GRACE_MS)) return true;
  signalGroup(pid, 'SIGKILL');
  return groupGone(pid, KILL_WAIT_MS);
}

/**
 * Waits until one process is not alive. Gives false when it still is after `withinMs`. The first process of a
 * namespace stays until all others in it are dead (pid_namespaces(7)). Nothing is awaited without a number.
 */
export async function processGone(pid: number | undefined, withinMs: number): Promise<boolean> {
  return pid === undefined || isGone(() => /^[^ZX]/.test(statFields(String(pid))[0] ?? ''), withinMs);
}

async function isGone(alive: () => boolean, withinMs: number): Promise<boolean> {
  const attempts = Math.ceil(withinMs / POLL_MS);
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (!alive()) return true;
    await sleep(POLL_MS);
  }
  return !alive();
}

/** Whether any process of the group is alive; one that has ended and was not collected by its parent is not. */
function groupAlive(pid: number): boolean {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 0);
  } catch {
    return false;
  }
  return process.platform !== 'linux' || hasLivingMember(pid);
}

/**
 * In a container without an init process orphans stay zombies for ever, and signal 0 still finds them. The fields of
 * /proc/<pid>/stat are counted from the last parenthesis, because a command name may hold anything (proc(5)).
 */
function hasLivingMember(group: number): boolean {
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const [state, , processGroup] = statFields(entry);
    if (Number(processGroup) === group && state !== 'Z' && state !== 'X') return true;
  }
  return false;
}

function statFields(pid: string): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    // The process ended between the listing and the reading.
    return [];
  }
}
