import { setTimeout as sleep } from 'node:timers/promises';
import { createHead } from './head.ts';
import { type Launch, spawnLaunch } from './launch.ts';
import { HELPER_OUTPUT_BYTES, KILL_WAIT_MS } from './limits.ts';
import { groupGone, signalGroup, trackGroup } from './process-group.ts';
import { errorText } from './text.ts';

/** How a helper program ended. */
export interface CommandEnd {
  /** `timeout` and `stopped`: it was killed, with every process of its group. `missing`: it could not be started. */
  how: 'exit' | 'timeout' | 'stopped' | 'missing';
  /** Exit code; null when a signal ended it. */
  code: number | null;
  /** The heads of its outputs; for one that could not be started, why. */
  stdout: string;
  stderr: string;
}

/**
 * Runs a helper program, without input, to its end, or for `timeoutMs` milliseconds, or until `signal` says stop.
 * When it settles, no process of its group is left. Never rejects.
 */
export async function runCommand(
  launch: Launch,
  { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal },
): Promise<CommandEnd> {
  const stdout = createHead(HELPER_OUTPUT_BYTES);
  const stderr = createHead(HELPER_OUTPUT_BYTES);
  const ended = (how: CommandEnd['how'], code: number | null): CommandEnd => {
    return { how, code, stdout: stdout.text(), stderr: stderr.text() };
  };
  if (signal?.aborted) return ended('stopped', null);

  const { child, insideGone } = spawnLaunch(launch, 'ignore');
  child.stdout?.on('data', (chunk: Buffer) => stdout.add(chunk));
  child.stderr?.on('data', (chunk: Buffer) => stderr.add(chunk));
  const untrack = child.pid === undefined ? () => {} : trackGroup(child.pid);
  const over = new AbortController();
  try {
    return await Promise.race([
      new Promise<CommandEnd>((resolve) => {
        child.once('error', (error) => resolve({ ...ended('missing', null), stderr: errorText(error) }));
        child.once('close', (code) => resolve(ended('exit', code)));
        signal?.addEventListener('abort', () => resolve(ended('stopped', null)), { signal: over.signal });
      }),
      sleep(timeoutMs, undefined, { signal: over.signal }).then(() => ended('timeout', null)),
    ]);
  } finally {
    over.abort();
    if (child.pid !== undefined) {
      signalGroup(child.pid, 'SIGKILL');
      if (await groupGone(child.pid, KILL_WAIT_MS)) untrack();
      await insideGone();
    }
  }
}
