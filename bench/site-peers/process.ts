import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What one run of a generator took, and what it left behind. */
export interface PeerRun {
  /** From start to exit. */
  ms: number;
  /** The most that the program and all it started held in memory. */
  peakMb: number;
  files: number;
  bytes: number;
}

const POLL_MS = 100;
const MAX_ERROR_CHARS = 4_000;

/** Runs a program to its end and counts what it wrote into `out`. Throws when it fails, with the end of what it said. */
export async function measured(
  command: string,
  args: readonly string[],
  { cwd, out, env = {} }: { cwd: string; out: string; env?: Record<string, string> },
): Promise<PeerRun> {
  const start = performance.now();
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const hear = (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-MAX_ERROR_CHARS);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  let peakKb = 0;
  const poll = setInterval(() => {
    if (child.pid !== undefined) peakKb = Math.max(peakKb, treeKb(child.pid));
  }, POLL_MS);
  const code = await new Promise<number | string | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit, signal) => resolve(signal ?? exit));
  }).finally(() => clearInterval(poll));
  const ms = performance.now() - start;
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${said}`);
  return { ms, peakMb: Math.round(peakKb / 1024), ...(await counted(out)) };
}

/**
 * The most memory that each process of a tree has held so far, added up. Their peaks need not be at one time, so for a
 * tree of several it is the upper bound.
 */
function treeKb(root: number): number {
  let sum = 0;
  const left = [root];
  for (let pid = left.pop(); pid !== undefined; pid = left.pop()) {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      sum += Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
      for (const thread of readdirSync(`/proc/${pid}/task`)) {
        const children = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8');
        left.push(...children.split(' ').filter(Boolean).map(Number));
      }
    } catch {
      // It ended while it was looked at.
    }
  }
  return sum;
}

async function counted(folder: string): Promise<{ files: number; bytes: number }> {
  let [files, bytes] = [0, 0];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const inside = entry.isDirectory() ? await counted(path) : { files: 1, bytes: (await stat(path)).size };
    files += inside.files;
    bytes += inside.bytes;
  }
  return { files, bytes };
}
