import { isObject } from '../crawler/json.ts';
import { errorText } from '../crawler/text.ts';
import type { Caller } from './contract.ts';
import type { Definitions } from './definitions.ts';
import { type Enforcement, tell } from './enforcement.ts';
import { visiblePage } from './filter.ts';
import { isLenient, stopAtGate } from './gate.ts';
import { MAX_IN_FLIGHT, MAX_REMARKS } from './limits.ts';
import {
  type Answer,
  CODE,
  errorAnswer,
  isId,
  type Message,
  type Notification,
  type Request,
  type RequestId,
} from './message.ts';
import { deniedInput, withoutDenied } from './methods.ts';
import type { OwnRequests } from './own-requests.ts';
import { readServerMessages } from './server-message.ts';
import type { Pending } from './session.ts';

/** The half of a session that takes what the server sends. */
export interface ServerSide {
  receive(text: string, related: RequestId | undefined): void;
  /** Whether the client's answer is one that the server waits for. It counts once. */
  takeClientAnswer(answer: Answer): boolean;
  /** Tells the client that its list of tools may have changed, where the server has said that it may. */
  listChanged(): void;
}

interface Desk {
  enforcement: Enforcement;
  caller: Caller;
  definitions: Definitions;
  pending: Map<RequestId, Pending>;
  /** The gateway's own requests to the server. */
  ownOfServer: OwnRequests;
  /** Whether the client was asked something under this id by the gateway. */
  isOwn(id: RequestId): boolean;
  /** Whether an answer is to a request of the client that was given up. It counts once. */
  isLate(id: RequestId): boolean;
  /** Gives up a request of the client that the server has: the client gets an error. */
  giveUp(id: RequestId, message: string): void;
  toClient(message: Message, related?: RequestId): void;
  toServer(message: Message): void;
}

/**
 * Errors that say that a request was not carried out: JSON-RPC's "parse error", "invalid request" and "method not
 * found". Any other may have come in the middle of the work, and "invalid params" after it: so the official SDK tells
 * that what a tool gave does not fit the tool's output schema.
 */
const UNTOUCHED_CODES: ReadonlySet<number> = new Set([CODE.parse, CODE.invalid, CODE.unknownMethod]);

/** A server's answers, requests and notifications on their way to the client. */
export function createServerSide(desk: Desk): ServerSide {
  const { enforcement, caller, definitions, pending, ownOfServer, toClient, toServer } = desk;
  /** Requests of the server that the client has. */
  const asked = new Set<RequestId>();
  let remarks = 0;
  let tellsChanges = false;

  const remark = (text: string) => {
    remarks += 1;
    if (remarks <= MAX_REMARKS) enforcement.remark(text);
  };

  const refused = (method: string, rule: string, message: string) =>
    tell(enforcement, caller, { method, decision: 'refused', rule, message });

  const onAnswer = (answer: Answer) => {
    if (ownOfServer.take(answer)) return;
    const id = answer.id;
    const found = id === null ? undefined : pending.get(id);
    if (id === null || found === undefined) {
      if (id !== null && desk.isLate(id)) return;
      remark('the server answered a request that is not waiting for an answer; the answer was dropped');
      return;
    }
    pending.delete(id);
    if (answer.kind === 'error') {
      found.settle?.(UNTOUCHED_CODES.has(answer.error.code) ? 'untouched' : 'error');
      return toClient(answer, id);
    }
    found.settle?.(isObject(answer.result) && answer.result.isError === true ? 'error' : 'ok');
    toClient(screened(id, found, answer.result), id);
  };

  /** The result as the client may have it. */
  const screened = (id: RequestId, { method, params }: Pending, result: unknown): Message => {
    const rules = enforcement.rules();
    const lenient = isLenient(enforcement);
    const input = deniedInput(rules.document, result);
    if (input.outcome !== 'allow') {
      const { rule, message } = input;
      tell(enforcement, caller, { method, decision: lenient ? 'would-deny' : 'deny', rule, message });
      if (!lenient || input.outcome === 'refuse')
        return errorAnswer(id, CODE.denied, `[POLICY DENIED] ${message}`);
    }
    if (method === 'tools/list') {
      const page = visiblePage(result, rules, definitions.check);
      if (page === undefined) {
        refused(method, '(unreadable list)', 'The server sent no list of tools.');
        return errorAnswer(
          id,
          CODE.unreadableAnswer,
          'The list of tools that the server sent cannot be read.',
        );
      }
      definitions.observe(page.names, params?.cursor === undefined);
      return { kind: 'result', id, result: lenient ? result : page.page };
    }
    if (method !== 'initialize' && method !== 'server/discover') return { kind: 'result', id, result };
    if (!isObject(result)) return { kind: 'result', id, result };
    const { capabilities } = result;
    tellsChanges =
      isObject(capabilities) && isObject(capabilities.tools) && capabilities.tools.listChanged === true;
    if (lenient || !isObject(capabilities)) return { kind: 'result', id, result };
    return {
      kind: 'result',
      id,
      result: { ...result, capabilities: withoutDenied(capabilities, rules.document) },
    };
  };

  const onRequest = (request: Request, related: RequestId | undefined) => {
    const { id, method } = request;
    if (asked.has(id) || desk.isOwn(id))
      return refused(method, '(id)', 'The server used the id of a request that is not answered yet.');
    if (asked.size >= MAX_IN_FLIGHT) {
      const message = 'Too many requests of the server wait for an answer.';
      refused(method, '(too many)', message);
      return toServer(errorAnswer(id, CODE.overloaded, message));
    }
    const stopped = stopAtGate(enforcement, caller, request, 'server');
    if (stopped === undefined) {
      asked.add(id);
      return toClient(request, related);
    }
    // A user who declines is what the protocol has for it; a server need not know why.
    if (method === 'elicitation/create' && !stopped.refused)
      return toServer({ kind: 'result', id, result: { action: 'decline' } });
    const code = stopped.refused ? CODE.unknownMethod : CODE.denied;
    toServer(errorAnswer(id, code, 'The request was not passed on to the client.'));
  };

  const onNotification = (message: Notification, related: RequestId | undefined) => {
    if (stopAtGate(enforcement, caller, message, 'server') !== undefined) return;
    const { method, params } = message;
    if (method === 'notifications/tools/list_changed') definitions.markStale();
    if (method === 'notifications/cancelled' && !takesBack(params?.requestId)) return;
    toClient(
      message,
      related ?? (method === 'notifications/progress' ? ownerOf(params?.progressToken) : undefined),
    );
  };

  /**
   * Whether the client is told that something is taken back: a request of the server, or a subscription, which either
   * side may end. Any other request is the client's to take back; where the server will not answer it, that is said.
   */
  const takesBack = (id: unknown): boolean => {
    if (!isId(id)) return false;
    if (asked.delete(id)) return true;
    const found = pending.get(id);
    if (found === undefined) return false;
    if (found.method === 'subscriptions/listen') return pending.delete(id);
    desk.giveUp(id, 'The server has given the request up.');
    return false;
  };

  /** The request that a sign of progress belongs to, which thereby stays alive. */
  const ownerOf = (token: unknown): RequestId | undefined => {
    if (token === undefined) return undefined;
    for (const [id, one] of pending) {
      const meta = one.params?._meta;
      if (!isObject(meta) || meta.progressToken !== token) continue;
      one.alive = enforcement.world.elapsed();
      return id;
    }
    return undefined;
  };

  const take = (message: Message, related: RequestId | undefined) => {
    if (message.kind === 'request') onRequest(message, related);
    else if (message.kind === 'notification') onNotification(message, related);
    else onAnswer(message);
  };

  return {
    receive(text, related) {
      if (text.trim() === '') return;
      const messages = readServerMessages(text);
      if (messages.length === 0)
        remark(`the server wrote something that is no message: ${text.slice(0, 200)}`);
      for (const message of messages) {
        try {
          take(message, related);
        } catch (error) {
          // One message must not end what others use as well.
          remark(`a message of the server could not be dealt with: ${errorText(error)}`);
        }
      }
    },
    takeClientAnswer: ({ id }) => id !== null && asked.delete(id),
    listChanged() {
      if (tellsChanges)
        toClient({ kind: 'notification', method: 'notifications/tools/list_changed', params: undefined });
    },
  };
}
