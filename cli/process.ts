import { homedir, tmpdir } from 'node:os';
import type { Output } from './io.ts';
import { run } from './run.ts';

/** Runs the process's own command line. The only place that reads the process: argv, environment, clock, home. */
export async function main(): Promise<void> {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());
  // A reader that has seen enough, as in `catalogue list | head`, is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  process.exitCode = await run(process.argv.slice(2), {
    env: process.env,
    cwd: process.cwd(),
    home: homedir(),
    platform: process.platform,
    tmp: tmpdir(),
    stdin: process.stdin,
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    now: () => new Date(),
    random: Math.random,
    signal: interrupt.signal,
  });
}

const COLUMNS_WHERE_UNKNOWN = 80;

function output(stream: NodeJS.WriteStream): Output {
  return { stream, isTerminal: stream.isTTY === true, columns: stream.columns ?? COLUMNS_WHERE_UNKNOWN };
}
