import type { Agent } from 'undici';
import { exchange } from './http-exchange.ts';
import { MAX_STREAM_RETRY_MS, STREAM_RETRIES, STREAM_RETRY_MS, STREAM_STABLE_MS } from './limits.ts';

interface ListenerPorts {
  agent: Agent;
  url(): URL;
  headers(): Record<string, string>;
  remark(text: string): void;
}

/** The streams on which a server sends by itself, or goes on with an answer that it broke off. */
export interface Listener {
  /** Takes what comes on the stream of the server's own messages. */
  onData: (data: string) => void;
  /** Opens that stream; a server need not have one. */
  start(): void;
  /** Takes up a stream after the event `lastId`, until it is done. `onLost` is called when it cannot be. */
  resume(
    lastId: string,
    stream: { onData(data: string): void; isDone(): boolean },
    onLost: () => void,
  ): () => void;
  stop(): void;
}

/** Streams that break off are taken up again, a few times. */
export function createListener({ agent, url, headers, remark }: ListenerPorts): Listener {
  const running = new Set<() => void>();

  const follow = (
    begin: string | undefined,
    onData: (data: string) => void,
    /** Called when the stream ends or is refused; whether to go on. */
    onEnd: (status: number | undefined) => boolean,
    onLost: () => void,
  ): (() => void) => {
    let lastId = begin;
    let attempts = 0;
    let retryMs = STREAM_RETRY_MS;
    let timer: NodeJS.Timeout | undefined;
    let stopExchange = () => {};
    let stopped = false;
    const stop = () => {
      stopped = true;
      running.delete(stop);
      clearTimeout(timer);
      stopExchange();
    };
    const again = () => {
      const stable = setTimeout(() => {
        attempts = 0;
      }, STREAM_STABLE_MS);
      stable.unref();
      stopExchange = exchange(
        agent,
        {
          method: 'GET',
          url: url(),
          headers: { ...headers(), ...(lastId !== undefined && { 'last-event-id': lastId }) },
          silenceMs: 0,
        },
        {
          onData(data) {
            attempts = 0;
            onData(data);
          },
          onRetry(ms) {
            retryMs = Math.min(ms, MAX_STREAM_RETRY_MS);
          },
          onEnd({ head, lastId: last }) {
            clearTimeout(stable);
            if (stopped) return;
            lastId = last ?? lastId;
            if (!onEnd(head?.status)) return stop();
            attempts += 1;
            if (attempts > STREAM_RETRIES) {
              stop();
              return onLost();
            }
            later();
          },
        },
      );
    };
    const later = () => {
      timer = setTimeout(again, retryMs);
      timer.unref();
    };
    running.add(stop);
    if (begin === undefined) again();
    else later();
    return stop;
  };

  let own: (() => void) | undefined;
  const listener: Listener = {
    onData: () => {},
    start() {
      own?.();
      own = follow(
        undefined,
        (data) => listener.onData(data),
        // A server without such a stream says so with a 405, or with something else that no repetition will change.
        (status) => status === undefined || status < 300 || status >= 500,
        () => remark("the stream of the server's own messages broke off, and is not tried any more"),
      );
    },
    resume(lastId, { onData, isDone }, onLost) {
      return follow(
        lastId,
        onData,
        (status) => {
          if (isDone()) return false;
          if (status === undefined || status < 300 || status >= 500) return true;
          onLost();
          return false;
        },
        onLost,
      );
    },
    stop() {
      for (const stop of [...running]) stop();
    },
  };
  return listener;
}
