import type { ServerResponse } from 'node:http';
import { isObject } from '../crawler/json.ts';
import type { Caller } from './contract.ts';
import type { Enforcement } from './enforcement.ts';
import { createReply, type Reply } from './http-reply.ts';
import type { Backend } from './http-session.ts';
import { isStatelessError, SUBSCRIPTION_ID } from './http-wire.ts';
import {
  CODE,
  errorAnswer,
  type Message,
  type Notification,
  type Params,
  type Request,
  type RequestId,
} from './message.ts';
import { openSession } from './session.ts';
import { textSafely } from './stdio.ts';

/** All requests of one grant to one server in the versions from 2026-07-28, which know no sessions. */
export interface StatelessClient {
  /** Takes a request; the answer goes to `response`. */
  request(message: Request, response: ServerResponse): void;
  isIdle(): boolean;
  close(reason: string): Promise<void>;
}

interface Waiting {
  id: RequestId;
  method: string;
  progressToken: unknown;
  /** It has asked to be told when the list of tools changes. */
  followsTools: boolean;
  reply: Reply;
}

/**
 * The requests of clients that know nothing of each other go to the server over one connection, each under a number of
 * ours: their own ids and progress tokens may be the same.
 */
export function openStatelessClient(
  enforcement: Enforcement,
  caller: Caller,
  backend: Backend,
  onOver: () => void,
): StatelessClient {
  const waiting = new Map<RequestId, Waiting>();
  let last = 0;
  let closing: Promise<void> | undefined;

  const answer = (message: Extract<Message, { kind: 'result' | 'error' }>) => {
    const one = message.id === null ? undefined : waiting.get(message.id);
    if (one === undefined || message.id === null) return;
    waiting.delete(message.id);
    const text = textSafely({ ...message, id: one.id }) ?? '';
    one.reply.answer(text, message.kind === 'error' ? statusOf(message.error.code, one.method) : 200);
  };

  const toClient = (message: Message, related: RequestId | undefined) => {
    if (message.kind === 'result' || message.kind === 'error') return answer(message);
    if (message.kind === 'request') {
      // In these versions a server asks in its answers, and clients take no requests.
      return session.accept(errorAnswer(message.id, CODE.unknownMethod, 'The client takes no requests.'));
    }
    const owner = ownerOf(message.params) ?? related;
    if (owner === undefined && message.method === 'notifications/tools/list_changed') {
      for (const one of waiting.values()) if (one.followsTools) pass(message, one);
      return;
    }
    const one = waiting.get(owner ?? onlyOne(waiting) ?? '');
    if (one !== undefined) pass(message, one);
  };

  const pass = (message: Notification, one: Waiting) => {
    const { _meta, ...rest } = message.params ?? {};
    const subscribed = one.method === 'subscriptions/listen' && { [SUBSCRIPTION_ID]: one.id };
    const meta = { ...(isObject(_meta) && _meta), ...subscribed };
    const params = {
      ...rest,
      ...(rest.progressToken !== undefined && { progressToken: one.progressToken }),
      ...(Object.keys(meta).length > 0 && { _meta: meta }),
    };
    const text = textSafely({ ...message, params });
    if (text !== undefined) one.reply.event(text);
  };

  const session = openSession(enforcement, caller, {
    connect: backend.connect,
    toClient,
    unanswered(id) {
      waiting.get(id)?.reply.end();
      waiting.delete(id);
    },
    ended(reason) {
      onOver();
      void close(reason);
    },
  });

  const ownerOf = (params: Params | undefined): RequestId | undefined => {
    const meta = params?._meta;
    const named = [isObject(meta) ? meta[SUBSCRIPTION_ID] : undefined, params?.progressToken];
    return named.find((each): each is number => typeof each === 'number' && waiting.has(each));
  };

  const close = (reason: string): Promise<void> => {
    closing ??= (async () => {
      for (const one of waiting.values()) {
        one.reply.answer(textSafely(errorAnswer(one.id, CODE.gone, reason)) ?? '');
      }
      waiting.clear();
      await session.close();
    })();
    return closing;
  };

  return {
    request(message, response) {
      last += 1;
      const own = last;
      const meta = message.params?._meta;
      const progressToken = isObject(meta) ? meta.progressToken : undefined;
      const reply = createReply(
        response,
        () => undefined,
        () => session.abandon(own),
      );
      if (closing !== undefined)
        return reply.answer(textSafely(errorAnswer(message.id, CODE.gone, 'The server has ended.')) ?? '');
      const { id, method } = message;
      waiting.set(own, { id, method, progressToken, followsTools: followsTools(message), reply });
      const params =
        isObject(meta) && progressToken !== undefined
          ? { ...message.params, _meta: { ...meta, progressToken: own } }
          : message.params;
      session.accept({ ...message, id: own, params });
    },
    isIdle: () => session.busy() === 0,
    close,
  };
}

function onlyOne(waiting: Map<RequestId, Waiting>): RequestId | undefined {
  const [first, second] = waiting.keys();
  return second === undefined ? first : undefined;
}

/** Whether a request is one to be told of changes of the list of tools. */
function followsTools({ method, params }: Request): boolean {
  const wanted = params?.notifications;
  return method === 'subscriptions/listen' && isObject(wanted) && wanted.toolsListChanged === true;
}

/**
 * The status that goes with an error (2026-07-28, Streamable HTTP). What a client asks first must not look like an
 * answer of that version when the server is an older one, so that the client tries `initialize`.
 */
function statusOf(code: number, method: string): number {
  if (code === CODE.unknownMethod) return 404;
  if (isStatelessError(code) || method === 'server/discover') return 400;
  return 200;
}
