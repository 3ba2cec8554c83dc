import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { createHead } from './head.ts';
import { readMessages } from './json-rpc.ts';
import { type Launch, spawnLaunch } from './launch.ts';
import {
  EXIT_DRAIN_MS,
  MAX_MESSAGE_BYTES,
  MAX_SERVER_BYTES,
  MAX_SERVER_MESSAGES,
  STDERR_HEAD_BYTES,
  STDIN_GRACE_MS,
} from './limits.ts';
import { createLineReader } from './line-reader.ts';
import { endGroup, trackGroup } from './process-group.ts';

/** How much a server may send; a member that is left out has the crawler's own bound, Infinity takes it away. */
export interface StdioBudget {
  messageBytes?: number;
  totalBytes?: number;
  messages?: number;
}

export interface StdioEvents {
  /** The server ended by itself and its output has been read. */
  onExit?(exit: { code: number | null; signal: string | null }): void;
  /** The server sent more than its budget; nothing of it is read any more. `excess` names what was too much. */
  onLimit?(excess: string): void;
}

export interface StdioServer {
  /** For the SDK's `Client`. */
  transport: Transport;
  /** The start of what the server wrote to stderr. */
  stderrHead(): string;
  /** Lines on stdout that are not the protocol: how many, and the start of them. */
  noise(): { lines: number; head: string };
  /** Version agreed on in `initialize`. */
  protocolVersion(): string | undefined;
  /**
   * Ends the server and every process of its group: end of stdin, then SIGTERM, then SIGKILL. Takes at most about
   * three seconds; gives false when a process would not die. Calling it again gives the same answer.
   */
  close(): Promise<boolean>;
}

/**
 * Starts a server as the leader of its own process group. Rejects with the system's error when it cannot be started;
 * nothing is read from it until the transport is.
 */
export async function startServer(
  launch: Launch,
  events: StdioEvents = {},
  budget: StdioBudget = {},
): Promise<StdioServer> {
  const { child, insideGone } = spawnLaunch(launch, 'pipe');
  await once(child, 'spawn');
  return serverOf(child, insideGone, events, budget);
}

function serverOf(
  child: ChildProcess,
  insideGone: () => Promise<boolean>,
  events: StdioEvents,
  budget: StdioBudget,
): StdioServer {
  const { stdin, stdout, stderr, pid } = child;
  if (!stdin || !stdout || !stderr || pid === undefined) throw new Error('the child process has no pipes');
  const untrack = trackGroup(pid);
  const errors = createHead(STDERR_HEAD_BYTES);
  const noise = createHead(STDERR_HEAD_BYTES);
  const allowed = {
    bytes: budget.totalBytes ?? MAX_SERVER_BYTES,
    lines: budget.messages ?? MAX_SERVER_MESSAGES,
  };
  let noiseLines = 0;
  let bytes = 0;
  let lines = 0;
  let version: string | undefined;
  let closing: Promise<boolean> | undefined;

  // Writing to a server that has gone is EPIPE; its exit is what gets reported.
  stdin.on('error', () => {});
  stdout.on('error', () => {});
  stderr.on('error', () => {});
  stderr.on('data', (chunk: Buffer) => errors.add(chunk));
  child.on('error', () => {});
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const drained = new Promise<void>((resolve) => child.once('close', () => resolve()));
  exited.then(async () => {
    await Promise.race([drained, sleep(EXIT_DRAIN_MS)]);
    if (!closing) events.onExit?.({ code: child.exitCode, signal: child.signalCode });
  });

  const stopReading = (excess: string) => {
    stdout.removeAllListeners('data');
    stdout.resume();
    events.onLimit?.(excess);
  };

  const read = createLineReader(
    budget.messageBytes ?? MAX_MESSAGE_BYTES,
    (line) => {
      if (line.trim() === '' || closing) return;
      lines += 1;
      if (lines > allowed.lines) {
        if (lines === allowed.lines + 1) stopReading(`more than ${allowed.lines} messages`);
        return;
      }
      const messages = readMessages(line);
      if (messages.length === 0) {
        noiseLines += 1;
        noise.add(Buffer.from(`${line}\n`));
      }
      for (const message of messages) transport.onmessage?.(message);
    },
    () => stopReading(`a line longer than ${budget.messageBytes ?? MAX_MESSAGE_BYTES} bytes`),
  );

  const transport: Transport = {
    async start() {
      stdout.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > allowed.bytes) stopReading(`more than ${allowed.bytes} bytes`);
        else read(chunk);
      });
    },
    // Does not wait for the write: a server that never reads its stdin would hold us up.
    async send(message: JSONRPCMessage) {
      if (stdin.writable) stdin.write(`${JSON.stringify(message)}\n`);
    },
    async close() {
      await close();
    },
    setProtocolVersion(negotiated) {
      version = negotiated;
    },
  };

  const close = () => {
    closing ??= shutDown();
    return closing;
  };

  const shutDown = async () => {
    // A server that is blocked on a full pipe does not see the end of its stdin.
    stdout.resume();
    stdin.end();
    await Promise.race([exited, sleep(STDIN_GRACE_MS, undefined, { ref: false })]);
    const ended = await endGroup(pid);
    if (ended) untrack();
    const gone = (await insideGone()) && ended;
    for (const stream of [stdin, stdout, stderr]) stream.destroy();
    transport.onclose?.();
    return gone;
  };

  return {
    transport,
    stderrHead: () => errors.text(),
    noise: () => ({ lines: noiseLines, head: noise.text() }),
    protocolVersion: () => version,
    close,
  };
}
