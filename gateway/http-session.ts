import type { ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import type { Caller } from './contract.ts';
import { type Enforcement, tell } from './enforcement.ts';
import { createReply, type Reply, startStream, writeEvent } from './http-reply.ts';
import { MAX_UNDELIVERED } from './limits.ts';
import { CODE, errorAnswer, type Message, type Request, type RequestId } from './message.ts';
import { openSession } from './session.ts';
import { textSafely } from './stdio.ts';
import type { Connect } from './upstream.ts';

/** The server's side of one session. */
export interface Backend {
  connect: Connect;
  /** Where a process of ours takes its input. */
  input?: Writable;
}

/** One client's session in the versions up to 2025-11-25. */
export interface HttpSession {
  /** Takes a request; the answer goes to `response`. */
  request(message: Request, response: ServerResponse): void;
  /** Takes a message that has no answer. */
  take(message: Message): void;
  /** Makes `response` the stream of what belongs to no request, in the place of the one before. */
  listen(response: ServerResponse): void;
  /** Whether nothing is under way and nobody listens. */
  isIdle(): boolean;
  /** Ends it and the server's side of it. */
  close(reason: string): Promise<void>;
}

/**
 * Opens a session. `id` is the name that the client gets for it, with the answer to `initialize`. `onOver` is called
 * when it has ended by itself.
 */
export function openHttpSession(
  enforcement: Enforcement,
  caller: Caller,
  id: string,
  backend: Backend,
  onOver: () => void,
): HttpSession {
  /** Requests without an answer. Those of clients that have gone stay: the server still has them. */
  const replies = new Map<RequestId, Reply>();
  const undelivered: string[] = [];
  let stream: { response: ServerResponse; keepAlive: NodeJS.Timeout } | undefined;
  /** The request that is being taken. */
  let current: Reply | undefined;
  /** The id of `initialize`, which a later request may have again. */
  let greeting: RequestId | undefined;
  let isGreeted = false;
  let isRefused = false;
  let closing: Promise<void> | undefined;

  const answer = (message: Extract<Message, { kind: 'result' | 'error' }>, text: string) => {
    const reply = message.id === null ? current : replies.get(message.id);
    if (message.id !== null) replies.delete(message.id);
    // Nobody comes back to a session that the server has refused.
    const failed = message.kind === 'error' && message.id === greeting && !isGreeted;
    if (message.id === greeting) isGreeted = true;
    if (failed) isRefused = true;
    reply?.answer(text);
    if (!failed) return;
    onOver();
    void close('The server did not begin the session.');
  };

  const toClient = (message: Message, related: RequestId | undefined) => {
    const text = textSafely(message);
    if (text === undefined) return;
    if (message.kind === 'result' || message.kind === 'error') return answer(message, text);
    const own = related === undefined ? undefined : replies.get(related);
    if (own?.isOpen()) return own.event(text);
    if (stream !== undefined) return writeEvent(stream.response, text);
    // A client need not listen: then what belongs to no request goes along with the newest one.
    const open = [...replies.values()].findLast((reply) => reply.isOpen());
    if (open !== undefined) return open.event(text);
    undelivered.push(text);
    if (undelivered.length > MAX_UNDELIVERED) undelivered.shift();
  };

  const session = openSession(enforcement, caller, {
    connect: backend.connect,
    toClient,
    unanswered(request) {
      replies.get(request)?.end();
      replies.delete(request);
    },
    ended(reason) {
      onOver();
      void close(reason);
    },
  });

  const stopListening = () => {
    if (stream === undefined) return;
    clearInterval(stream.keepAlive);
    stream.response.end();
    stream = undefined;
  };

  const close = (reason: string): Promise<void> => {
    closing ??= (async () => {
      for (const [request, reply] of replies) {
        reply.answer(textSafely(errorAnswer(request, CODE.gone, reason)) ?? '');
      }
      replies.clear();
      stopListening();
      await session.close();
    })();
    return closing;
  };

  return {
    request(message, response) {
      const greets = message.method === 'initialize';
      const reply = createReply(
        response,
        () => (greets && !isRefused ? { 'mcp-session-id': id } : undefined),
        () => {},
      );
      if (closing !== undefined)
        return reply.answer(textSafely(errorAnswer(message.id, CODE.gone, 'The session has ended.')) ?? '');
      const wrong = greets && greeting !== undefined ? 'The session has begun already.' : undefined;
      const twice = replies.has(message.id)
        ? 'The id belongs to a request without an answer yet.'
        : undefined;
      const refused = wrong ?? twice;
      if (refused !== undefined) {
        const rule = wrong === undefined ? '(id)' : '(session)';
        tell(enforcement, caller, {
          method: message.method,
          decision: 'refused',
          rule,
          message: refused,
        });
        return reply.answer(textSafely(errorAnswer(message.id, CODE.invalid, refused)) ?? '', 400);
      }
      if (greets) greeting = message.id;
      replies.set(message.id, reply);
      current = reply;
      session.accept(message);
      current = undefined;
    },
    take: (message) => session.accept(message),
    listen(response) {
      stopListening();
      const own = { response, keepAlive: startStream(response) };
      stream = own;
      response.flushHeaders();
      for (const text of undelivered.splice(0)) writeEvent(response, text);
      response.once('close', () => {
        clearInterval(own.keepAlive);
        if (stream === own) stream = undefined;
      });
    },
    isIdle: () => stream === undefined && session.busy() === 0,
    close,
  };
}
