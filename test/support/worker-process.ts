import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from './sources.ts';

const CATALOGUE = join(ROOT, 'dist/catalogue.cjs');

/** A line that a worker prints with `--events`. */
interface WorkerEvent {
  event: string;
  id?: string;
  server?: string;
  status?: string;
  code?: string;
  attempts?: number;
  [key: string]: unknown;
}

/** A `catalogue worker` in a process of its own. */
export interface WorkerProcess {
  pid: number;
  events: WorkerEvent[];
  kill(signal: NodeJS.Signals): void;
  /** Settles once an event is there that is looked for, or rejects when the worker ends without one. */
  until(is: (event: WorkerEvent) => boolean): Promise<void>;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; stderr: string }>;
}

const running = new Set<{ kill(signal: NodeJS.Signals): void }>();

/** Ends the workers that a test has left behind, as one that failed does. */
export function endWorkers(): void {
  for (const worker of running) worker.kill('SIGKILL');
}

/** Starts the bundled command on a database; it may go to loopback addresses and prints its events. */
export function startWorker(
  url: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): WorkerProcess {
  const child = spawn(process.execPath, [CATALOGUE, 'worker', '--allow-private', '--events', ...args], {
    env: { ...process.env, ...env, DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const events: WorkerEvent[] = [];
  const looking = new Set<() => void>();
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    events.push(JSON.parse(line));
    for (const look of [...looking]) look();
  });
  const ended = Promise.all([once(child, 'exit'), once(lines, 'close')]).then(([[code, signal]]) => {
    for (const look of [...looking]) look();
    return { code, signal, stderr };
  });
  let hasEnded = false;
  void ended.then(() => {
    hasEnded = true;
    running.delete(child);
    for (const look of [...looking]) look();
  });
  return {
    pid: child.pid ?? 0,
    events,
    kill: (signal) => void child.kill(signal),
    until: (is) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const isThere = events.some(is);
          if (!isThere && !hasEnded) return;
          looking.delete(look);
          if (isThere) resolve();
          else reject(new Error(`the worker ended: ${stderr}`));
        };
        looking.add(look);
        look();
      }),
    ended,
  };
}
