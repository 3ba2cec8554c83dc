import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { type Feature, failure, type Peer } from './mcp-peer.ts';

const MEGABYTE = 1_000_000;
const DOCUMENT = 'demo://resource/static/document/features.md';
const TEXT = 'demo://resource/dynamic/text/7';

/** What server-everything can do, in an order in which nothing changes what a later one gives. */
export const EVERYTHING: readonly Feature[] = [
  {
    feature: 'the greeting',
    run: async ({ client }) => [
      client.getServerCapabilities(),
      client.getServerVersion(),
      client.getInstructions(),
    ],
    shows: /"listChanged": true.*Everything Reference Server/s,
  },
  {
    feature: 'changes of the list of tools',
    // One for each tool that the server adds for what this client can do; it adds at least six.
    run: async ({ came }) => (await came('notifications/tools/list_changed', 6))[0] ?? 'no parameters',
    shows: /no parameters/,
  },
  {
    feature: 'tools',
    run: ({ request }) => request('tools/list'),
    shows: /trigger-elicitation-request.*"taskSupport": "required"/s,
  },
  { feature: 'a call', run: ({ call }) => call('echo', { message: 'hello' }), shows: /Echo: hello/ },
  {
    feature: 'numbers',
    run: ({ call }) => call('get-sum', { a: 0.1, b: 2 ** 53 }),
    shows: /9007199254740992/,
  },
  { feature: 'an image', run: ({ call }) => call('get-tiny-image'), shows: /"mimeType": "image\/png"/ },
  {
    feature: 'annotations',
    run: ({ call }) => call('get-annotated-message', { messageType: 'error', includeImage: true }),
    shows: /"priority": 0.5/,
  },
  {
    feature: 'structured content',
    run: ({ call }) => call('get-structured-content', { location: 'Chicago' }),
    shows: /"structuredContent": \{\s+"temperature": 36/,
  },
  {
    feature: 'links to resources',
    run: ({ call }) => call('get-resource-links', { count: 4 }),
    shows: /"resource_link"/,
  },
  {
    feature: 'embedded resources',
    run: ({ call }) => call('get-resource-reference', { resourceType: 'Blob', resourceId: 3 }),
    shows: /"blob"/,
  },
  {
    feature: 'a call with wrong arguments',
    run: ({ call }) => call('get-sum', { a: 'one' }),
    shows: /"isError": true/,
  },
  { feature: 'a call of no tool', run: ({ call }) => call('no-such-tool'), shows: /no-such-tool/ },
  {
    feature: 'an unknown method',
    run: ({ request }) => failure(request('no/such/method')),
    shows: /"code": -32601/,
  },
  { feature: 'ping', run: ({ client }) => client.ping(), shows: /^\{\}$/ },
  {
    feature: 'progress',
    async run({ client }) {
      const progress: unknown[] = [];
      // The SDK's client drops a step that it reads together with the result, so the last one is not looked at.
      const result = await client.callTool(
        { name: 'trigger-long-running-operation', arguments: { duration: 0.2, steps: 4 } },
        CallToolResultSchema,
        { onprogress: (step) => progress.push(step) },
      );
      return { progress: progress.slice(0, 3), result };
    },
    shows: /"progress": 3.*Steps: 4/s,
  },
  {
    feature: 'cancellation',
    async run({ client, call, errors }) {
      const aborter = new AbortController();
      const long = client.callTool(
        { name: 'trigger-long-running-operation', arguments: { duration: 0.3, steps: 1 } },
        CallToolResultSchema,
        { signal: aborter.signal },
      );
      setTimeout(() => aborter.abort('enough'), 50);
      const failed = await failure(long);
      // Long enough for an answer that nobody waits for to arrive, were there one.
      const later = await call('trigger-long-running-operation', { duration: 0.5, steps: 1 });
      return { failed, later, odd: errors.filter((error) => !error.includes('progress')) };
    },
    shows: /enough.*Steps: 1.*"odd": \[\]/s,
  },
  {
    feature: 'many calls at once',
    run: ({ call }) =>
      Promise.all(Array.from({ length: 100 }, (_, one) => call('echo', { message: `number ${one}` }))),
    shows: /number 99/,
  },
  {
    feature: 'megabytes there and back',
    async run({ call }) {
      const message = 'ü"\\\n'.repeat(MEGABYTE / 4);
      const { content } = await call('echo', { message });
      const [{ text }] = content as [{ text: string }];
      return [text.length, text === `Echo: ${message}`];
    },
    shows: /1000006,\s+true/,
  },
  { feature: 'resources', run: ({ request }) => request('resources/list'), shows: /features\.md/ },
  {
    feature: 'templates of resources',
    run: ({ request }) => request('resources/templates/list'),
    shows: /\{resourceId\}/,
  },
  {
    feature: 'a document',
    run: ({ client }) => client.readResource({ uri: DOCUMENT }),
    shows: /text\/markdown/,
  },
  {
    feature: 'a resource made from a template',
    run: ({ client }) => client.readResource({ uri: TEXT }),
    shows: /Resource 7/,
  },
  {
    feature: 'a resource that is not there',
    run: ({ client }) => failure(client.readResource({ uri: 'demo://nothing' })),
    shows: /"code": -32/,
  },
  {
    feature: 'a change of the list of resources',
    async run({ call, came, client, request }) {
      const link = await call('gzip-file-as-resource', { name: 'new.gz', data: 'data:text/plain,hello' });
      const changes = await came('notifications/resources/list_changed');
      const { contents } = await client.readResource({ uri: 'demo://resource/session/new.gz' });
      const { resources } = (await request('resources/list')) as { resources: { name: string }[] };
      return { link, changes: changes.length, contents, names: resources.map(({ name }) => name) };
    },
    shows: /"changes": 1.*"blob": "H4sI.*"new.gz"/s,
  },
  {
    feature: 'updates of resources that were subscribed to',
    async run({ client, call, came }) {
      await client.subscribeResource({ uri: TEXT });
      await call('toggle-subscriber-updates');
      const [first] = await came('notifications/resources/updated');
      await call('toggle-subscriber-updates');
      return { first, after: await client.unsubscribeResource({ uri: TEXT }) };
    },
    shows: /dynamic\/text\/7/,
  },
  {
    feature: 'log messages, from a level on',
    async run({ client, received, came }) {
      const logs = () => received.filter(({ method }) => method === 'notifications/message').length;
      await client.setLoggingLevel('error');
      const before = logs();
      await client.subscribeResource({ uri: DOCUMENT });
      await client.ping();
      const silent = logs() - before;
      await client.setLoggingLevel('debug');
      await client.unsubscribeResource({ uri: DOCUMENT });
      return { silent, last: (await came('notifications/message', before + 1)).at(-1) };
    },
    shows: /"silent": 0.*Received Unsubscribe Resource request/s,
  },
  { feature: 'prompts', run: ({ request }) => request('prompts/list'), shows: /completable-prompt/ },
  {
    feature: 'a prompt',
    run: ({ client }) => client.getPrompt({ name: 'args-prompt', arguments: { city: 'Aachen' } }),
    shows: /Aachen/,
  },
  {
    feature: 'a prompt with a resource',
    run: ({ client }) =>
      client.getPrompt({ name: 'resource-prompt', arguments: { resourceType: 'Text', resourceId: '5' } }),
    shows: /dynamic\/text\/5/,
  },
  {
    feature: 'a prompt without its argument',
    run: ({ client }) => failure(client.getPrompt({ name: 'args-prompt' })),
    shows: /"code": -32602/,
  },
  {
    feature: 'completion of an argument of a prompt',
    run: ({ client }) =>
      client.complete({
        ref: { type: 'ref/prompt', name: 'completable-prompt' },
        argument: { name: 'name', value: 'D' },
        context: { arguments: { department: 'Sales' } },
      }),
    shows: /"David"/,
  },
  {
    feature: 'completion of an argument of a template',
    run: ({ client }) =>
      client.complete({
        ref: { type: 'ref/resource', uri: 'demo://resource/dynamic/text/{resourceId}' },
        argument: { name: 'resourceId', value: '12' },
      }),
    shows: /"12"/,
  },
  {
    feature: 'roots, and their change',
    async run({ client, call, asked, roots, came }) {
      const before = await call('get-roots-list');
      const logs = await came('notifications/message');
      roots.push({ uri: 'file:///tmp/two', name: 'two' });
      await client.sendRootsListChanged();
      await came('notifications/message', logs.length + 1);
      const after = await call('get-roots-list');
      // How often it asks depends on how soon it takes note of the change.
      return { before, after, asked: asked.find(({ method }) => method === 'roots/list') };
    },
    shows: /1 total.*2 total.*roots\/list/s,
  },
  {
    feature: 'a question to the model',
    run: (peer) => withQuestions(peer, () => peer.call('trigger-sampling-request', { prompt: 'what?' })),
    shows: /the answer.*sampling\/createMessage/s,
  },
  {
    feature: 'a question to the model, as a task',
    run: (peer) =>
      withQuestions(peer, () => peer.call('trigger-sampling-request-async', { prompt: 'what?' })),
    shows: /the answer.*"ttl": 300000/s,
  },
  {
    feature: 'a question to the user',
    run: (peer) => withQuestions(peer, () => peer.call('trigger-elicitation-request')),
    shows: /Ada.*requestedSchema/s,
  },
  {
    feature: 'an address for the user to open',
    run: (peer) =>
      withQuestions(peer, () =>
        peer.call('trigger-url-elicitation', { url: 'https://example.com/a', elicitationId: 'e1' }),
      ),
    shows: /User completed.*"mode": "url"/s,
  },
  {
    feature: 'an error that tells an address to open first',
    run: ({ call }) =>
      failure(call('trigger-url-elicitation', { url: 'https://example.com/b', errorPath: true })),
    shows: /"code": -32042.*"elicitations"/s,
  },
  {
    feature: 'a task, with a question to the user in its middle',
    run: (peer) =>
      withQuestions(peer, async () => {
        // The client makes tasks only of tools of which it has read that they are.
        await peer.client.listTools();
        const stream = peer.client.experimental.tasks.callToolStream({
          name: 'simulate-research-query',
          arguments: { topic: 'python', ambiguous: true },
        });
        const messages: unknown[] = [];
        for await (const message of stream) {
          // How often the client looked is a matter of milliseconds.
          if (message.type !== 'taskStatus') messages.push(message);
        }
        return messages;
      }),
    shows: /taskCreated.*Research Report: python \(technical\).*elicitation\/create/s,
  },
];

/** What the work gives, and what the server asked last: at an address it asks again what was answered before. */
async function withQuestions(peer: Peer, work: () => Promise<unknown>): Promise<unknown> {
  return { result: await work(), asked: peer.asked.at(-1) };
}
