import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Launch, spawnLaunch } from '../crawler/launch.ts';
import { EXIT_DRAIN_MS, STDIN_GRACE_MS } from '../crawler/limits.ts';
import { endGroup, trackGroup } from '../crawler/process-group.ts';
import { MAX_SERVER_BYTES } from './limits.ts';
import { createLines } from './lines.ts';
import { textOf } from './message.ts';
import type { Connect, Upstream } from './upstream.ts';

/** How a server's process ended. */
interface Exit {
  code: number | null;
  signal: string | null;
}

/** A server that runs as a child of ours. */
export interface StdioServer {
  pid: number;
  connect: Connect;
  /** Settles when the process has ended and its output has been read. */
  exited: Promise<Exit>;
  /** Where its input goes; a sender waits while it is full. */
  input: Writable;
  /** Its output is not read while the reader is behind. */
  output: Readable;
  close(): Promise<void>;
}

/**
 * Starts a server as the leader of its own process group. What it writes to stderr is handed to `onStderr`. Rejects
 * with the system's error when it cannot be started.
 */
export async function startStdioServer(
  launch: Launch,
  onStderr: (chunk: Buffer) => void,
): Promise<StdioServer> {
  const { child, insideGone } = spawnLaunch(launch, 'pipe');
  await once(child, 'spawn');
  const { stdin, stdout, stderr, pid } = child;
  if (!stdin || !stdout || !stderr || pid === undefined) throw new Error('the child process has no pipes');
  const untrack = trackGroup(pid);
  // Writing to a server that has gone is EPIPE; its exit is what gets reported.
  for (const stream of [stdin, stdout, stderr]) stream.on('error', () => {});
  child.on('error', () => {});
  stderr.on('data', onStderr);
  let closing: Promise<void> | undefined;

  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      // A grandchild may hold the pipe for ever after what the server itself wrote has been read.
      void Promise.race([closed, sleep(EXIT_DRAIN_MS)]).then(() => resolve({ code, signal }));
    });
  });

  const shutDown = async () => {
    stdin.end();
    await Promise.race([exited, sleep(STDIN_GRACE_MS, undefined, { ref: false })]);
    if (await endGroup(pid)) untrack();
    await insideGone();
    for (const stream of [stdin, stdout, stderr]) stream.destroy();
  };
  const close = () => {
    closing ??= shutDown();
    return closing;
  };

  const connect: Connect = (events): Upstream => {
    const lines = createLines(
      MAX_SERVER_BYTES,
      (line) => events.received(line.toString('utf8')),
      () => {
        events.ended(`The server sent a message longer than ${MAX_SERVER_BYTES} bytes.`);
        void close();
      },
    );
    stdout.on('data', lines.push);
    void exited.then(() => {
      lines.end();
      events.ended('The server has ended.');
    });
    return {
      send(message) {
        if (!stdin.writable || child.exitCode !== null || child.signalCode !== null) return 'gone';
        stdin.write(`${textOf(message)}\n`);
        return 'sent';
      },
      close,
    };
  };
  return { pid, connect, exited, input: stdin, output: stdout, close };
}
