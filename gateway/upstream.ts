import type { Message, RequestId } from './message.ts';

/** The way to one server, for one session. */
export interface Upstream {
  /**
   * Sends one message. `gone`: nothing of it can have reached the server. What becomes of it later is told to
   * `UpstreamEvents`.
   */
  send(message: Message): 'sent' | 'gone';
  /** Ends the connection, and a process with all that it started. */
  close(): Promise<void>;
}

export interface UpstreamEvents {
  /** One text of the server, unread. `related` names the client's request with whose answer it came. */
  received(text: string, related?: RequestId): void;
  /** A request will get no answer. `untouched`: it failed before the server can have done anything. */
  failed(id: RequestId, failure: { untouched: boolean; message: string }): void;
  /** Whether anybody still waits for the answer to a request, where that is known. */
  waits?(id: RequestId): boolean;
  /** The connection has ended by itself; nothing more will come. */
  ended(reason: string): void;
}

export type Connect = (events: UpstreamEvents) => Upstream;
