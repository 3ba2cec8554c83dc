import { Client, type Transport } from '@modelcontextprotocol/client';

/** The official SDK's second client, which speaks protocol version 2026-07-28, and what it has seen. */
export interface NewerPeer {
  client: Client;
  received: { method: string; params: unknown }[];
  asked: { method: string; params: unknown }[];
  came(method: string): Promise<unknown>;
  call(name: string, args?: Record<string, unknown>): Promise<unknown>;
}

export interface NewerFeature {
  feature: string;
  run(peer: NewerPeer): Promise<unknown>;
  shows: RegExp;
}

const VERSION = '2026-07-28';

export async function connectNewerPeer(transport: Transport): Promise<NewerPeer> {
  const client = new Client(
    { name: 'newer-test', version: '1.0.0' },
    {
      capabilities: { roots: {}, sampling: {}, elicitation: { form: {} } },
      versionNegotiation: { mode: { pin: VERSION } },
    },
  );
  const received: NewerPeer['received'] = [];
  const asked: NewerPeer['asked'] = [];
  const watchers = new Set<() => void>();
  const note = ({ method, params }: { method: string; params?: unknown }) => {
    received.push({ method, params });
    for (const watcher of watchers) watcher();
  };
  client.setNotificationHandler('notifications/message', note);
  client.setNotificationHandler('notifications/tools/list_changed', note);
  client.setNotificationHandler('notifications/resources/updated', note);
  client.setRequestHandler('elicitation/create', ({ method, params }) => {
    asked.push({ method, params });
    return { action: 'accept', content: { name: 'Ada' } };
  });
  client.setRequestHandler('sampling/createMessage', ({ method, params }) => {
    asked.push({ method, params });
    return { model: 'a-model', role: 'assistant', content: { type: 'text', text: 'the answer' } };
  });
  client.setRequestHandler('roots/list', ({ method, params }) => {
    asked.push({ method, params });
    return { roots: [{ uri: 'file:///tmp/one' }] };
  });
  await client.connect(transport);
  return {
    client,
    received,
    asked,
    came: (method) =>
      new Promise((resolve) => {
        const look = () => {
          const found = received.find((one) => one.method === method);
          if (found === undefined) return;
          watchers.delete(look);
          resolve(found.params);
        };
        watchers.add(look);
        look();
      }),
    call: (name, args = {}) => client.callTool({ name, arguments: args }),
  };
}

/** What the server of both generations can do for a client of the newer one. */
export const NEWER: readonly NewerFeature[] = [
  {
    feature: 'the greeting',
    run: async ({ client }) => [
      client.getNegotiatedProtocolVersion(),
      client.getServerCapabilities(),
      client.getServerVersion(),
      client.getInstructions(),
    ],
    shows: /2026-07-28.*Read this first/s,
  },
  { feature: 'tools', run: ({ client }) => client.listTools(), shows: /"readOnlyHint": true/ },
  {
    feature: 'a call',
    run: ({ call }) => call('echo', { message: 'hello ü' }),
    shows: /example.com\/kept.*hello ü/s,
  },
  { feature: 'a call that fails', run: ({ call }) => call('fails'), shows: /"isError": true/ },
  {
    feature: 'many calls at once',
    run: ({ call }) =>
      Promise.all(Array.from({ length: 100 }, (_, one) => call('echo', { message: `number ${one}` }))),
    shows: /number 99/,
  },
  {
    feature: 'progress',
    async run({ client }) {
      const progress: unknown[] = [];
      // The client drops a step that it reads together with the result, so the last one is not looked at.
      const result = await client.callTool(
        { name: 'steps', arguments: { count: 3 } },
        { onprogress: (step) => progress.push(step) },
      );
      return { progress: progress.slice(0, 2), result };
    },
    shows: /"progress": 2.*all steps done/s,
  },
  {
    feature: 'cancellation, which reaches the server',
    async run({ client, call }) {
      const aborter = new AbortController();
      const waiting = client.callTool({ name: 'waits', arguments: {} }, { signal: aborter.signal });
      setTimeout(() => aborter.abort('enough'), 50);
      const failed = await waiting.catch((error: unknown) => String(error));
      // The news of it travels on its own.
      for (let times = 0; times < 100; times++) {
        const said = JSON.stringify(await call('cancelled'));
        if (!said.includes('0 cancelled')) return { failed, said };
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return 'never';
    },
    shows: /enough.*1 cancelled/s,
  },
  {
    feature: 'log messages of one call, from a level on',
    async run({ client, came, received }) {
      const _meta = { 'io.modelcontextprotocol/logLevel': 'warning' };
      await client.callTool({ name: 'logs', arguments: {}, _meta });
      await came('notifications/message');
      return received.filter(({ method }) => method === 'notifications/message');
    },
    shows: /a large thing/,
  },
  {
    feature: 'questions to user and model, and roots, in the way of this generation',
    async run({ call, asked }) {
      const result = await call('asks', { what: 'the work' });
      return { result, asked: asked.toSorted((a, b) => a.method.localeCompare(b.method)) };
    },
    shows: /the work by Ada, state-1.*elicitation\/create.*roots\/list.*sampling\/createMessage/s,
  },
  {
    feature: 'news of changes, on a stream',
    async run({ client, call, came }) {
      const stream = await client.listen({ toolsListChanged: true, resourceSubscriptions: ['test://one'] });
      await call('changes');
      const news = [
        await came('notifications/tools/list_changed'),
        await came('notifications/resources/updated'),
      ];
      await stream.close();
      return { honored: stream.honoredFilter, news: JSON.stringify(news).replaceAll(/"\d+"|:\d+/g, '(id)') };
    },
    shows: /test:\/\/one/,
  },
  {
    feature: 'resources',
    run: ({ client }) => client.readResource({ uri: 'test://one' }),
    shows: /the first/,
  },
  {
    feature: 'prompts',
    run: ({ client }) => client.getPrompt({ name: 'greet', arguments: { name: 'Ada' } }),
    shows: /Greet Ada/,
  },
  {
    feature: 'a result of megabytes',
    run: async ({ call }) => JSON.stringify(await call('large', { chars: 6_000_000 })).length,
    shows: /^6000\d{3}$/,
  },
];
