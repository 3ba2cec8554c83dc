import type { Readable, Writable } from 'node:stream';
import type { Caller } from './contract.ts';
import type { Enforcement } from './enforcement.ts';
import { MAX_CLIENT_BYTES } from './limits.ts';
import { createLines } from './lines.ts';
import { CODE, errorAnswer, type Message, readClientMessage, textOf } from './message.ts';
import { openSession } from './session.ts';
import type { Connect } from './upstream.ts';

export interface StdioFront {
  stdin: Readable;
  stdout: Writable;
  /** Ends the connection, as the end of stdin does, but without waiting for what is on its way. */
  signal: AbortSignal;
}

/** The other side of a connection over stdio, with what is needed to hold it back. */
export interface StdioBack {
  connect: Connect;
  /** Where a process of ours takes its input and gives its output; a server at an address has neither. */
  pipes?: { input: Writable; output: Readable };
}

/**
 * Stands between one client on stdio and one server, until either ends. Gives who ended it; the server has been closed
 * by then, and all that was decided has been written.
 */
export async function serveStdio(
  enforcement: Enforcement,
  caller: Caller,
  front: StdioFront,
  back: StdioBack,
): Promise<'client' | 'server' | 'signal'> {
  const { stdin, stdout, signal } = front;
  const { promise: over, resolve: end } = Promise.withResolvers<'client' | 'server' | 'signal'>();

  const session = openSession(enforcement, caller, {
    connect: back.connect,
    toClient: (message) => send(stdout, message, back.pipes?.output),
    unanswered: () => {},
    ended: () => end('server'),
  });
  const lines = createLines(
    MAX_CLIENT_BYTES,
    (line) => {
      const read = readClientMessage(line);
      if (read.ok) session.accept(read.message);
      else session.refuse(read.refusal);
      holdBack(stdin, back.pipes?.input);
    },
    () => {
      const message = `The message is longer than ${MAX_CLIENT_BYTES} bytes.`;
      session.refuse({ code: CODE.invalid, rule: '(too large)', message, ids: [] });
    },
  );
  const onEnd = () => {
    lines.end();
    // What was asked before the end is still decided, and the server still gets it.
    void session.finish().then(() => end('client'));
  };
  stdin.on('data', lines.push);
  stdin.once('end', onEnd);
  stdin.once('error', onEnd);
  stdout.once('error', () => end('client'));
  const onAbort = () => end('signal');
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });

  const who = await over;
  stdin.off('data', lines.push);
  stdin.pause();
  signal.removeEventListener('abort', onAbort);
  await session.close();
  return who;
}

function send(stdout: Writable, message: Message, output: Readable | undefined): void {
  if (!stdout.writable) return;
  const text = textSafely(message);
  if (text === undefined) return;
  const room = stdout.write(`${text}\n`);
  if (room || output === undefined || output.isPaused()) return;
  output.pause();
  stdout.once('drain', () => output.resume());
}

/**
 * What is nested deeper than the stack allows cannot be written. A request of the client must not wait for ever for
 * it; anything else is left out.
 */
export function textSafely(message: Message): string | undefined {
  try {
    return textOf(message);
  } catch {
    if (message.kind !== 'result' && message.kind !== 'error') return undefined;
    const text = 'The answer of the server is nested too deeply.';
    return textOf(errorAnswer(message.id, CODE.unreadableAnswer, text));
  }
}

/** A server that does not read must not fill our memory. */
function holdBack(stdin: Readable, input: Writable | undefined): void {
  if (!input?.writableNeedDrain || stdin.isPaused()) return;
  stdin.pause();
  const resume = () => {
    input.off('drain', resume);
    input.off('close', resume);
    stdin.resume();
  };
  input.on('drain', resume);
  input.on('close', resume);
}
