import { isObject } from '../crawler/json.ts';
import { canShowForm, fingerprintOf, isApproval, questionAbout } from './ask.ts';
import { type CallDesk, handleCall, type Outcome } from './call.ts';
import type { Caller } from './contract.ts';
import { createDefinitions, type Definitions } from './definitions.ts';
import { type Enforcement, tell } from './enforcement.ts';
import { isLenient, stopAtGate } from './gate.ts';
import {
  ANSWER_TIMEOUT_MS,
  ASK_TIMEOUT_MS,
  MAX_GIVEN_UP,
  MAX_IN_FLIGHT,
  OWN_REQUEST_TIMEOUT_MS,
  SWEEP_MS,
} from './limits.ts';
import {
  type Answer,
  CODE,
  errorAnswer,
  type Message,
  type Notification,
  type Params,
  type Refusal,
  type Request,
  type RequestId,
} from './message.ts';
import { withoutDenied } from './methods.ts';
import { createOwnRequests } from './own-requests.ts';
import { createServerSide } from './server-side.ts';
import type { Connect } from './upstream.ts';

/** One client's connection to one server, with the policy in between. */
export interface Session {
  /** Takes one message of the client. */
  accept(message: Message): void;
  /** Takes note of what the client sent and nobody could read, and answers those who wait for it. */
  refuse(refusal: Refusal): void;
  /** Tells the server that the client has lost interest in a request. */
  abandon(id: RequestId): void;
  /** Requests without an answer yet. */
  busy(): number;
  /** The client sends nothing more. Settles when everything that was taken has been decided. */
  finish(): Promise<void>;
  /** Ends the connection to the server; what that still answers is passed on. */
  close(): Promise<void>;
}

export interface SessionPorts {
  connect: Connect;
  /** `related` names the client's request that a message belongs to, where that is known. */
  toClient(message: Message, related?: RequestId): void;
  /** A request that was taken back will not be answered. */
  unanswered(id: RequestId): void;
  /** The server has ended the connection. */
  ended(reason: string): void;
}

/** A request of the client that the server has. */
export interface Pending {
  method: string;
  params: Params | undefined;
  /** `elapsed` of its last sign of life. */
  alive: number;
  settle?(outcome: Outcome): void;
}

/** Knowledge of a server that sessions without a connection of their own share. */
export interface Shared {
  definitions: Definitions;
}

/** Opens a session. `shared` is given where each request is a session of its own. */
export function openSession(
  enforcement: Enforcement,
  caller: Caller,
  ports: SessionPorts,
  shared?: Shared,
): Session {
  const { world } = enforcement;
  const definitions = shared?.definitions ?? createDefinitions(enforcement.lock, world.now);
  const pending = new Map<RequestId, Pending>();
  /** Calls that are being decided, and whether they were taken back meanwhile. */
  const deciding = new Map<RequestId, { cancelled: boolean; question?: RequestId }>();
  /** Requests that were given up: what still answers one of them must not pass for the answer to another request. */
  const givenUp = new Set<RequestId>();
  const work = new Set<Promise<void>>();
  let capabilities: unknown;
  let closing = false;

  const toClient = ports.toClient;
  // Neither side can know the ids that are used with the other, and pass a request of its own off under one of them.
  const ownId = () => `catalogue-gateway-${world.randomId()}`;
  const ownOfClient = createOwnRequests(ownId(), toClient);
  const ownOfServer = createOwnRequests(ownId(), (message) => void upstream.send(message));

  const fail = (id: RequestId, message: string, outcome: Outcome) => {
    const found = pending.get(id);
    if (found === undefined) return;
    pending.delete(id);
    found.settle?.(outcome);
    toClient(errorAnswer(id, CODE.gone, message), id);
  };

  const giveUp = (id: RequestId) => {
    givenUp.add(id);
    const [oldest] = givenUp;
    if (givenUp.size > MAX_GIVEN_UP && oldest !== undefined) givenUp.delete(oldest);
  };

  const server = createServerSide({
    enforcement,
    caller,
    definitions,
    pending,
    ownOfServer,
    isOwn: (id) => ownOfClient.waits(id),
    isLate: (id) => givenUp.delete(id),
    giveUp(id, message) {
      giveUp(id);
      fail(id, message, 'error');
    },
    toClient,
    toServer: (message) => void upstream.send(message),
  });
  const upstream = ports.connect({
    received: (text, related) => server.receive(text, related),
    failed(id, { untouched, message }) {
      ownOfServer.drop(id, message);
      fail(id, message, untouched ? 'untouched' : 'error');
    },
    waits: (id) => pending.has(id) || ownOfServer.waits(id),
    ended(reason) {
      for (const id of [...pending.keys()]) fail(id, reason, 'error');
      ownOfServer.close(reason);
      ports.ended(reason);
    },
  });

  const sweep = setInterval(() => {
    const oldest = world.elapsed() - ANSWER_TIMEOUT_MS;
    for (const [id, { alive, method }] of pending) {
      if (alive >= oldest || method === 'subscriptions/listen') continue;
      giveUp(id);
      fail(id, 'The server did not answer in time.', 'error');
    }
  }, SWEEP_MS);
  sweep.unref();
  const forget = enforcement.onChange(() => server.listChanged());

  const forward = (request: Request, settle?: Pending['settle']) => {
    const { id, method, params } = request;
    const alive = world.elapsed();
    pending.set(id, { method, params, alive, ...(settle && { settle }) });
    if (upstream.send(request) === 'gone') fail(id, 'The server is not running.', 'untouched');
  };

  const refuseRequest = ({ id, method }: Request, code: number, rule: string, message: string) => {
    tell(enforcement, caller, { method, decision: 'refused', rule, message });
    toClient(errorAnswer(id, code, message), id);
  };

  const ask: CallDesk['ask'] = (request, call, rules, reason) => {
    const meta = request.params?._meta;
    const own = isObject(meta) ? meta['io.modelcontextprotocol/clientCapabilities'] : undefined;
    if (own !== undefined) {
      if (!canShowForm(own)) return undefined;
      const fingerprint = fingerprintOf(call, rules.hash, caller);
      toClient(
        enforcement.questions.ask(request, call, { fingerprint, server: caller.server, reason }),
        request.id,
      );
      return 'asked';
    }
    if (!canShowForm(capabilities)) return undefined;
    return askNow(request, questionAbout(call, caller.server, reason));
  };

  const askNow = async (request: Request, question: Params): Promise<boolean> => {
    const sent = ownOfClient.send('elicitation/create', question, ASK_TIMEOUT_MS, request.id);
    const state = deciding.get(request.id);
    if (state) state.question = sent.id;
    try {
      return isApproval(await sent.result);
    } catch {
      // Nobody asks for the answer any more: at the deadline, or because the call was taken back.
      const params = { requestId: sent.id, reason: 'no longer needed' };
      toClient({ kind: 'notification', method: 'notifications/cancelled', params }, request.id);
      return false;
    } finally {
      if (state) delete state.question;
    }
  };

  const handleToolCall = (request: Request) => {
    const { id } = request;
    const state: { cancelled: boolean; question?: RequestId } = { cancelled: false };
    deciding.set(id, state);
    const waiting = handleCall(
      {
        enforcement,
        caller,
        definitions,
        fetchPage: async (cursor) => {
          const meta = request.params?._meta;
          const params = {
            ...(isObject(meta) && { _meta: ofProtocol(meta) }),
            ...(cursor !== undefined && { cursor }),
          };
          const result = await ownOfServer.send('tools/list', params, OWN_REQUEST_TIMEOUT_MS).result;
          return isObject(result) ? result : {};
        },
        forward: (judged, settle) => {
          deciding.delete(id);
          forward(judged, settle);
        },
        answer: (message) => toClient(message, id),
        refuse: refuseRequest,
        ask,
        isCancelled: () => state.cancelled || closing,
        tell: (told) => tell(enforcement, caller, told),
      },
      request,
    );
    if (waiting === undefined) {
      deciding.delete(id);
      return;
    }
    const done = waiting
      .catch((error: unknown) => {
        enforcement.remark(`a call could not be decided: ${String(error)}`);
        toClient(errorAnswer(id, CODE.internal, UNDECIDED), id);
      })
      .finally(() => {
        work.delete(done);
        if (deciding.get(id) === state) deciding.delete(id);
        if (state.cancelled) ports.unanswered(id);
      });
    work.add(done);
  };

  const mayPass = (message: Request | Notification): boolean => {
    const stopped = stopAtGate(enforcement, caller, message, 'client');
    if (stopped !== undefined && message.kind === 'request') {
      const code = stopped.refused ? CODE.unknownMethod : CODE.denied;
      toClient(errorAnswer(message.id, code, stopped.message), message.id);
    }
    return stopped === undefined;
  };

  const isWaiting = (id: RequestId) => pending.has(id) || deciding.has(id);

  const onRequest = (request: Request) => {
    const { id, method } = request;
    if (isWaiting(id)) {
      const message = 'The id belongs to a request that is not answered yet.';
      tell(enforcement, caller, { method, decision: 'refused', rule: '(id)', message });
      // Under its own id this would pass for the answer to the other request.
      return toClient(errorAnswer(null, CODE.invalid, message), undefined);
    }
    if (ownOfServer.waits(id))
      return refuseRequest(request, CODE.invalid, '(id)', 'The id belongs to a request of the gateway.');
    if (givenUp.has(id))
      return refuseRequest(
        request,
        CODE.invalid,
        '(id)',
        'The id belonged to a request that was given up. Use another one.',
      );
    if (pending.size + deciding.size >= MAX_IN_FLIGHT)
      return refuseRequest(request, CODE.overloaded, '(too many)', 'Too many requests wait for an answer.');
    if (!mayPass(request)) return;
    if (method === 'tools/call') return handleToolCall(request);
    if (method !== 'initialize') return forward(request);
    capabilities = request.params?.capabilities;
    return forward({ ...request, params: greetingFor(enforcement, request.params) });
  };

  const takeBack = (id: unknown, forwardIt: () => void) => {
    const state = deciding.get(id as RequestId);
    if (state !== undefined) {
      state.cancelled = true;
      if (state.question !== undefined) ownOfClient.drop(state.question, 'cancelled');
      return;
    }
    const found = pending.get(id as RequestId);
    if (found === undefined) return;
    pending.delete(id as RequestId);
    giveUp(id as RequestId);
    found.settle?.('error');
    forwardIt();
    ports.unanswered(id as RequestId);
  };

  const onNotification = (message: Notification) => {
    if (!mayPass(message)) return;
    if (message.method === 'notifications/cancelled')
      takeBack(message.params?.requestId, () => void upstream.send(message));
    else upstream.send(message);
  };

  const onAnswer = (answer: Answer) => {
    if (ownOfClient.take(answer)) return;
    if (server.takeClientAnswer(answer)) upstream.send(answer);
    else {
      const message = 'The client answered a request that nobody made.';
      tell(enforcement, caller, {
        method: '(answer)',
        decision: 'refused',
        rule: '(unknown answer)',
        message,
      });
    }
  };

  const take = (message: Message) => {
    if (message.kind === 'request') onRequest(message);
    else if (message.kind === 'notification') onNotification(message);
    else onAnswer(message);
  };

  return {
    accept(message) {
      if (closing) return;
      try {
        take(message);
      } catch (error) {
        // One message must not end what others use as well.
        enforcement.remark(`a message of the client could not be dealt with: ${String(error)}`);
        if (message.kind !== 'request') return;
        deciding.delete(message.id);
        if (pending.has(message.id)) fail(message.id, UNDECIDED, 'error');
        else toClient(errorAnswer(message.id, CODE.internal, UNDECIDED), message.id);
      }
    },
    refuse({ code, rule, message, ids, method = '(unreadable)' }) {
      tell(enforcement, caller, { method, decision: 'refused', rule, message });
      const answered = ids.filter((id) => !isWaiting(id));
      for (const id of answered.length > 0 ? answered : [null])
        toClient(errorAnswer(id, code, message), id ?? undefined);
    },
    abandon(id) {
      const params = { requestId: id, reason: 'the client has gone' };
      takeBack(
        id,
        () => void upstream.send({ kind: 'notification', method: 'notifications/cancelled', params }),
      );
    },
    busy: () => pending.size + deciding.size,
    async finish() {
      ownOfClient.close('the client has gone');
      while (work.size > 0) await Promise.all(work);
    },
    async close() {
      closing = true;
      clearInterval(sweep);
      forget();
      ownOfClient.close('the session has ended');
      ownOfServer.close('the session has ended');
      await upstream.close();
      for (const { settle } of pending.values()) settle?.('error');
      pending.clear();
    },
  };
}

const UNDECIDED = 'The gateway could not decide about the request.';

/** What protocol version 2026-07-28 asks of every request; nothing else of a client goes into a list for all. */
function ofProtocol(meta: Params): Params {
  return Object.fromEntries(
    Object.entries(meta).filter(([key]) => key.startsWith('io.modelcontextprotocol/')),
  );
}

/** What the server is told of the client: nothing that the policy would deny it anyway. */
function greetingFor(enforcement: Enforcement, params: Params | undefined): Params | undefined {
  if (params === undefined || isLenient(enforcement)) return params;
  return { ...params, capabilities: withoutDenied(params.capabilities, enforcement.rules().document) };
}
