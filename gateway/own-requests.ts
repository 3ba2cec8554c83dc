import type { Answer, Message, RequestId } from './message.ts';

/** Requests that the gateway itself makes, of the server or of the client. */
export interface OwnRequests {
  /** Sends a request and gives its result; `related` names the request that it is about. Rejects with an error answer's message, at the deadline, and at the end. */
  send(
    method: string,
    params: Record<string, unknown>,
    timeoutMs: number,
    related?: RequestId,
  ): { id: RequestId; result: Promise<unknown> };
  /** Takes an answer to one of them; false when it is none. */
  take(answer: Answer): boolean;
  /** Whether one of them is without an answer. */
  waits(id: RequestId): boolean;
  /** Gives one up. */
  drop(id: RequestId, reason: string): void;
  /** Gives all up. */
  close(reason: string): void;
}

/** `prefix` is not to be guessed, so that no other request has the same id. */
export function createOwnRequests(
  prefix: string,
  deliver: (message: Message, related: RequestId | undefined) => void,
): OwnRequests {
  const waiting = new Map<
    RequestId,
    { resolve(value: unknown): void; reject(error: Error): void; timer: NodeJS.Timeout }
  >();
  let last = 0;

  const settle = (id: RequestId, how: { result: unknown } | { error: string }) => {
    const one = waiting.get(id);
    if (one === undefined) return false;
    waiting.delete(id);
    clearTimeout(one.timer);
    if ('result' in how) one.resolve(how.result);
    else one.reject(new Error(how.error));
    return true;
  };

  return {
    send(method, params, timeoutMs, related) {
      last += 1;
      const id = `${prefix}-${last}`;
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      const timer = setTimeout(() => settle(id, { error: `there was no answer to ${method}` }), timeoutMs);
      timer.unref();
      waiting.set(id, { resolve, reject, timer });
      deliver({ kind: 'request', id, method, params }, related);
      return { id, result: promise };
    },
    take(answer) {
      if (answer.id === null) return false;
      return settle(
        answer.id,
        answer.kind === 'result' ? { result: answer.result } : { error: answer.error.message },
      );
    },
    waits: (id) => waiting.has(id),
    drop: (id, reason) => void settle(id, { error: reason }),
    close(reason) {
      for (const id of [...waiting.keys()]) settle(id, { error: reason });
    },
  };
}
