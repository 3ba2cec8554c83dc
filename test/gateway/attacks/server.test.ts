import { afterEach, describe, expect, test } from 'vitest';
import { textOf } from '../../support/gateway.ts';
import { answerTo, DEEP, tool, wiresFor } from '../../support/gateway-wire.ts';
import { CLOSED, OPEN, STRICT } from './policy.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const open = wiresFor(closers);

describe('a server that asks', () => {
  test.each([
    ['sampling/createMessage', { error: { code: -32010 } }],
    ['elicitation/create', { result: { action: 'decline' } }],
  ])('%s does not reach a client whose policy denies it', async (method, answer) => {
    const { client } = open(STRICT);
    client.says({ id: 1, method, params: { message: 'x' } });
    await client.settled();
    expect(client.received.filter((message) => message.method !== undefined)).toEqual([]);
    expect(client.reached.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({
        id: 1,
        ...('error' in answer ? { error: expect.objectContaining(answer.error) } : answer),
      }),
    );
  });

  test('gets its answer where the policy lets it ask, and only once', async () => {
    const { client } = open(CLOSED);
    client.says({ id: 1, method: 'sampling/createMessage', params: { messages: [] } });
    await client.next(({ method }) => method === 'sampling/createMessage');
    for (const text of ['yes', 'again']) client.send({ id: 1, result: { text } });
    await client.settled();
    expect(client.reached.map((line) => JSON.parse(line)).filter(({ result }) => result)).toEqual([
      { jsonrpc: '2.0', id: 1, result: { text: 'yes' } },
    ]);
  });

  test.each([
    'tools/call',
    'tools/list',
    'initialize',
    'resources/read',
    'Sampling/createMessage',
    'vendor/ask',
  ])('the client for %s is refused or passed as the policy says, and calls nothing', async (method) => {
    const { client } = open(STRICT);
    client.says({ id: 1, method, params: { name: 'delete_file' } });
    await client.settled();
    expect(client.received.filter((message) => message.method !== undefined)).toEqual([]);
    expect(client.reached.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ id: 1, error: expect.anything() }),
    );
  });

  test.each([
    ['a denied request', { a: { method: 'sampling/createMessage', params: {} } }],
    [
      'a denied request behind a roots list',
      { a: { method: 'roots/list' }, b: { method: 'elicitation/create' } },
    ],
    ['a list of requests', [{ method: 'elicitation/create' }]],
    ['a request in another case', { a: { method: 'Elicitation/Create' } }],
    ['a request without a method', { a: { Method: 'elicitation/create' } }],
  ])('by its result, with %s, is not heard', async (_title, inputRequests) => {
    const { client } = open(STRICT, {
      reply: (message) =>
        message.method === 'tools/call'
          ? [answerTo(message, { resultType: 'input_required', inputRequests, requestState: 's' })]
          : undefined,
    });
    const answer = await client.call('read_file');
    expect(answer.result).toBeUndefined();
    expect(answer.error?.code).toBe(-32010);
  });

  test('more than it may have open is told so, and the client is left alone', async () => {
    const { client } = open(CLOSED);
    for (let id = 0; id < 3_000; id++) client.says({ id, method: 'roots/list' });
    await client.settled();
    expect(client.received.filter(({ method }) => method === 'roots/list').length).toBeLessThanOrEqual(2_000);
    expect(textOf(await client.call('read_file'))).toBe('done');
  });
});

describe('a server that answers', () => {
  test('what nobody asked, or in the wrong type of id, answers nobody', async () => {
    const { client } = open(CLOSED, { reply: ({ id }) => (id === 1 ? [] : undefined) });
    client.send({ id: 1, method: 'tools/call', params: { name: 'read_file' } });
    for (const id of [99, '1', null, 1.5, [1]]) client.says({ id, result: { content: [] } });
    client.says({ result: { content: [] } });
    await client.settled();
    expect(client.received.filter(({ id }) => id !== 'own-1' && id !== 'own-2')).toEqual([]);
    client.says('{"jsonrpc":"2.0","id":1.0,"result":{"content":[{"text":"late"}]}}');
    expect(textOf(await client.next(({ id }) => id === 1))).toBe('late');
  });

  test('twice is heard once', async () => {
    const { client } = open(CLOSED, {
      reply: (message) =>
        message.method === 'tools/call'
          ? ['first', 'second'].map((text) => answerTo(message, { text }))
          : undefined,
    });
    expect((await client.call('read_file')).result).toEqual({ text: 'first' });
    await client.settled();
    expect(client.received.filter(({ result }) => result && 'text' in result)).toHaveLength(1);
  });

  test('a request that was taken back does not answer a later one under its id', async () => {
    const list = { tools: [tool('secret'), tool('read_file')] };
    const { client } = open(OPEN, { reply: ({ id }) => (id === 7 ? [] : undefined) });
    client.send({ id: 7, method: 'tools/list' });
    client.send({ method: 'notifications/cancelled', params: { requestId: 7 } });
    client.send({ id: 7, method: 'tools/call', params: { name: 'read_file' } });
    await client.settled();
    client.says({ id: 7, result: list });
    await client.settled();
    expect(JSON.stringify(client.received)).not.toContain('secret');
    expect(client.called()).toEqual([]);
  });

  test("that it takes a request back under an id of its own leaves the client's alone", async () => {
    const { client, records } = open(CLOSED, { reply: ({ id }) => (id === 1 ? [] : undefined) });
    client.send({ id: 1, method: 'tools/call', params: { name: 'read_file' } });
    client.says({ id: 1, method: 'roots/list' });
    client.says({ method: 'notifications/cancelled', params: { requestId: 1 } });
    client.says({ id: 1, result: { content: [{ type: 'text', text: 'done' }] } });
    expect(textOf(await client.next(({ id, method }) => id === 1 && method === undefined))).toBe('done');
    expect(records).toMatchObject([{ decision: 'allow', upstream: 'ok' }]);
  });

  test("that it gives the client's request up leaves nobody waiting", async () => {
    const { client, counters } = open(CLOSED, { reply: ({ id }) => (id === 1 ? [] : undefined) });
    client.send({ id: 1, method: 'tools/call', params: { name: 'pay', arguments: { amount: 60 } } });
    await client.settled();
    client.says({ method: 'notifications/cancelled', params: { requestId: 1 } });
    expect((await client.next(({ id }) => id === 1)).error).toBeDefined();
    expect(counters.used('paid')).toBe(60);
  });

  test.each([
    ['log lines', 'Server listening on port 8080'],
    ['half a message', '{"jsonrpc":"2.0","id":1,"res'],
    ['an array of garbage', '[1,"a",null]'],
    ['nothing but brackets', '['.repeat(100_000)],
    ['brackets with an odd number', `${'['.repeat(100_000)}1.0${']'.repeat(100_000)}`],
    ['a deep notification', `{"jsonrpc":"2.0","method":"notifications/message","params":{"data":${DEEP}}}`],
    ['a deep request', `{"jsonrpc":"2.0","id":5,"method":"roots/list","params":{"data":${DEEP}}}`],
    ['another version', '{"jsonrpc":"1.0","method":"notifications/message"}'],
    ['a request and an answer in one', '{"jsonrpc":"2.0","id":"own-1","method":"ping","result":{}}'],
  ])('with %s ends nothing', async (_title, text) => {
    const { client, remarks } = open(CLOSED);
    client.says(text);
    expect(textOf(await client.call('read_file'))).toBe('done');
    for (const message of client.received) expect(message).toHaveProperty('jsonrpc', '2.0');
    expect(remarks.join().length).toBeLessThan(2_000);
  });

  test.each([
    ['a call', 'tools/call', `{"content":[],"structuredContent":{"a":${DEEP}}}`],
    ['a list', 'tools/list', `{"tools":[{"name":"a","inputSchema":{"a":${DEEP},"b":1.0}}]}`],
  ])('%s with a depth that cannot be written gets an error', async (_title, method, result) => {
    const { client } = open(OPEN, {
      reply: (message) =>
        message.method === method
          ? [`{"jsonrpc":"2.0","id":${JSON.stringify(message.id)},"result":${result}}`]
          : undefined,
    });
    expect((await client.request(method, { name: 'read_file' })).error?.code).toBe(-32013);
    expect(
      textOf(
        await client.call('read_file', {}, {}).then(() => ({ result: { content: [{ text: 'alive' }] } })),
      ),
    ).toBe('alive');
  });
});

describe('a list', () => {
  test('is without hidden tools and what looks like them, on each of its pages', async () => {
    const names = ['secret', 'Secret', 'se\u0441ret', 'secret\u200b', 'read_file'];
    const { client } = open(OPEN, {
      reply: (message) =>
        message.method === 'tools/list'
          ? [answerTo(message, { tools: names.map((name) => tool(name)), nextCursor: 'more' })]
          : undefined,
    });
    for (const params of [
      undefined,
      {},
      { cursor: 'x' },
      { cursor: '' },
      { cursor: null },
      { cursor: { a: 1 } },
    ]) {
      const { result } = await client.request('tools/list', params);
      expect(result).toEqual({ tools: [tool('read_file')], nextCursor: 'more' });
    }
  });

  test('with everything hidden is empty, and no call gets through', async () => {
    const { client } = open({ ...OPEN, hide: ['*'] }, { tools: [tool('read_file')] });
    expect((await client.request('tools/list')).result).toEqual({ tools: [] });
    expect((await client.call('read_file')).result?.isError).toBe(true);
    expect(client.called()).toEqual([]);
  });

  test('as a task, or that is no list, is not passed on', async () => {
    const { client } = open(OPEN, {
      reply: (message) =>
        message.method === 'tools/list'
          ? [answerTo(message, { task: { taskId: 't' }, Tools: [tool('secret')] })]
          : undefined,
    });
    expect((await client.request('tools/list', { task: {} })).error).toBeDefined();
    expect(JSON.stringify(client.received)).not.toContain('secret');
  });

  test('decides about names that look like a listed one', async () => {
    const { client } = open({ version: '1', default: 'allow' }, { tools: [tool('transfer')] });
    await client.request('tools/list');
    for (const name of ['Transfer', 'transf\u0435r', 'trans-fer', 'transfer ']) {
      expect((await client.call(name)).result?.isError).toBe(true);
    }
    await client.call('transfer');
    expect(client.called()).toEqual(['transfer']);
  });
});
