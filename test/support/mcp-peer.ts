import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTaskStore } from '@modelcontextprotocol/sdk/experimental/tasks';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  type ClientCapabilities,
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  ResultSchema,
} from '@modelcontextprotocol/sdk/types.js';

/** The official SDK's client, with all that a client can do, and what it has seen. */
export interface Peer {
  client: Client;
  /** Notifications of the server, oldest first. */
  received: { method: string; params: unknown }[];
  /** Requests of the server that the client has answered, oldest first. */
  asked: { method: string; params: unknown }[];
  /** What the client found odd. */
  errors: string[];
  roots: { uri: string; name: string }[];
  /** Settles when `count` notifications of a method have come, with their parameters. */
  came(method: string, count?: number): Promise<unknown[]>;
  /** A request as it is, without what the client's own methods make of the answer. */
  request(method: string, params?: Record<string, unknown>): Promise<Record<string, unknown>>;
  call(name: string, args?: Record<string, unknown>): Promise<Record<string, unknown>>;
}

/** One thing that works without a gateway: what it gives is compared with what it gives through one. */
export interface Feature {
  feature: string;
  run(peer: Peer): Promise<unknown>;
  /** What the result must hold, as JSON, so that two empty results are not taken for a feature that works. */
  shows: RegExp;
}

export const ALL_CAPABILITIES: ClientCapabilities = {
  roots: { listChanged: true },
  sampling: {},
  elicitation: { form: {}, url: {} },
  tasks: { list: {}, cancel: {}, requests: { sampling: { createMessage: {} }, elicitation: { create: {} } } },
};

const ANSWER = {
  model: 'a-model',
  role: 'assistant',
  content: { type: 'text', text: 'the answer' },
} as const;

/** Connects a client; `capabilities` are those that it declares, `roots` its folders. */
export async function connectPeer(
  transport: Transport,
  capabilities: ClientCapabilities = ALL_CAPABILITIES,
  roots = [{ uri: 'file:///tmp/one', name: 'one' }],
): Promise<Peer> {
  const client = new Client(
    { name: 'feature-test', version: '1.0.0', title: 'Features' },
    { capabilities, taskStore: new InMemoryTaskStore() },
  );
  const received: Peer['received'] = [];
  const asked: Peer['asked'] = [];
  const errors: string[] = [];
  const watchers = new Set<() => void>();

  client.onerror = (error) => errors.push(error.message);
  client.fallbackNotificationHandler = async ({ method, params }) => {
    received.push({ method, params });
    for (const watcher of watchers) watcher();
  };
  if (capabilities.roots) {
    client.setRequestHandler(ListRootsRequestSchema, async ({ method, params }) => {
      asked.push({ method, params });
      return { roots };
    });
  }
  if (capabilities.sampling) {
    client.setRequestHandler(CreateMessageRequestSchema, async ({ method, params }, { taskStore }) => {
      asked.push({ method, params });
      if (params.task === undefined || taskStore === undefined) return ANSWER;
      const task = await taskStore.createTask({ ttl: params.task.ttl ?? null, pollInterval: 10 });
      await taskStore.storeTaskResult(task.taskId, 'completed', ANSWER);
      return { task };
    });
  }
  if (capabilities.elicitation) {
    client.setRequestHandler(ElicitRequestSchema, async ({ method, params }) => {
      asked.push({ method, params });
      return { action: 'accept', content: { name: 'Ada', interpretation: 'technical', check: true } };
    });
  }
  await client.connect(transport);

  const request: Peer['request'] = (method, params) =>
    client.request({ method, ...(params && { params }) }, ResultSchema);
  return {
    client,
    received,
    asked,
    errors,
    roots,
    came: (method, count = 1) =>
      new Promise((resolve) => {
        const look = () => {
          const all = received.filter((one) => one.method === method);
          if (all.length < count) return;
          watchers.delete(look);
          resolve(all.map(({ params }) => params));
        };
        watchers.add(look);
        look();
      }),
    request,
    call: (name, args = {}) => client.callTool({ name, arguments: args }),
  };
}

/** What went wrong, as a client sees it. */
export async function failure(
  work: Promise<unknown>,
): Promise<{ message: string; code: unknown; data: unknown }> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error('it did not fail');
  const { message } = error;
  const { code, data } = error as Error & { code?: unknown; data?: unknown };
  return { message, code, data };
}

const NOT_THE_SAME: readonly [RegExp, string][] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '(uuid)'],
  [/\b[0-9a-f]{32}\b/g, '(hex)'],
  [/\b\d{4}-\d\d-\d\dT[\d:.-]+Z/g, '(time)'],
  [/\b\d{1,2}:\d\d:\d\d [AP]M\b/g, '(time)'],
];

/** A result as JSON, without what two runs of a server never have in common: random names, and the time. */
export function comparable(result: unknown): string {
  const text = JSON.stringify(result, undefined, 1) ?? 'undefined';
  return NOT_THE_SAME.reduce((rest, [pattern, name]) => rest.replaceAll(pattern, name), text);
}
