import { type ChildProcess, spawn } from 'node:child_process';
import process from 'node:process';
import type { Readable, Writable } from 'node:stream';
import { createHead } from './head.ts';
import { HELPER_OUTPUT_BYTES } from './limits.ts';

/** What to start: already resolved to a file, with the whole environment that the program gets. */
export interface Launch {
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  cwd: string;
  /** Windows only: `args` are one command line, quoted already. */
  verbatim?: boolean;
  /** For a program that starts another one inside a sandbox. */
  inside?: {
    /** What it reads from file descriptor 3. */
    input: string;
    /**
     * Sees to it that nothing inside lives on, once the program itself has ended; gives false when something does.
     * `report` is what it wrote to file descriptor 4.
     */
    gone(report: string): Promise<boolean>;
  };
}

/**
 * Starts a program as the leader of its own process group. What comes back may still fail to start, which the child
 * tells by its `error` event; `insideGone` is to be called when the group has ended.
 */
export function spawnLaunch(
  { command, args, env, cwd, verbatim = false, inside }: Launch,
  stdin: 'pipe' | 'ignore',
): { child: ChildProcess; insideGone: () => Promise<boolean> } {
  const child = spawn(command, args, {
    cwd,
    env,
    stdio: [stdin, 'pipe', 'pipe', ...(inside ? (['pipe', 'pipe'] as const) : [])],
    detached: process.platform !== 'win32',
    windowsHide: true,
    windowsVerbatimArguments: verbatim,
  });
  if (!inside) return { child, insideGone: async () => true };

  const report = createHead(HELPER_OUTPUT_BYTES);
  const [, , , input, output] = child.stdio;
  // A program that ended without reading is EPIPE; its exit is what gets reported.
  for (const stream of [input, output]) stream?.on('error', () => {});
  (input as Writable).end(inside.input);
  (output as Readable).on('data', (chunk: Buffer) => report.add(chunk));
  const insideGone = async () => {
    for (const stream of [input, output]) stream?.destroy();
    return inside.gone(report.text());
  };
  return { child, insideGone };
}
