import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { PolicyDocument } from '../../policy/contract.ts';
import { rawClient, testEnforcement, textOf } from '../support/gateway.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function open(policy: PolicyDocument | string, more: Parameters<typeof testEnforcement>[1] = {}) {
  const world = testEnforcement(policy, more);
  closers.push(world.close);
  const client = await rawClient(world.enforcement, world.folder);
  closers.push(client.end);
  return { ...world, client };
}

const LIMITED: PolicyDocument = {
  version: '1',
  default: 'deny',
  hide: ['secret'],
  tools: {
    read_file: {},
    limited: { limits: [{ counter: 'l', window: 'hour', max: 2, scope: 'grant' }] },
    unknown: { limits: [{ counter: 'k', window: 'hour', max: 1, scope: 'grant' }] },
    invalid: { limits: [{ counter: 'i', window: 'hour', max: 1, scope: 'grant' }] },
    internal: { limits: [{ counter: 'n', window: 'hour', max: 1, scope: 'grant' }] },
    unhappy: { limits: [{ counter: 'u', window: 'hour', max: 1, scope: 'grant' }] },
  },
};

test('an allowed call reaches the server, and a denied one is a result that says why', async () => {
  const { client, records } = await open(LIMITED);
  expect(textOf(await client.call('read_file', { path: 'a' }))).toBe('done');
  const denied = await client.call('delete_file', { path: 'a' });
  expect(denied.result?.isError).toBe(true);
  expect(textOf(denied)).toBe(
    '[POLICY DENIED] The tool is not named in the policy, which denies what it does not name.',
  );
  expect(client.reached().map((line) => JSON.parse(line).params.name)).toEqual(['read_file']);
  expect(records).toMatchObject([
    { decision: 'allow', tool: 'read_file', argumentKeys: ['path'], upstream: 'ok', method: 'tools/call' },
    { decision: 'deny', tool: 'delete_file', rule: '/default', argumentKeys: ['path'] },
  ]);
  expect(records[1]).not.toHaveProperty('upstreamMs');
});

test('a list loses its hidden tools and nothing else', async () => {
  const { client, folder } = await open(LIMITED);
  const tools = [
    { name: 'secret', inputSchema: {} },
    {
      name: 'delete_file',
      inputSchema: { type: 'object' },
      icons: [{ src: 'x' }],
      _meta: { a: 1.5 },
      odd: [null],
    },
    { inputSchema: {} },
    { name: 'read_file', inputSchema: { type: 'object', properties: { n: { maximum: 5 } } } },
  ];
  writeFileSync(
    join(folder, 'tools.json'),
    JSON.stringify({ tools, nextCursor: '', ttlMs: 5, _meta: { b: 2 } }),
  );
  const { result } = await client.request('tools/list', {});
  expect(result).toEqual({ tools: [tools[1], tools[3]], nextCursor: '', ttlMs: 5, _meta: { b: 2 } });
});

test.each([['{"tools":"none"}'], ['{"tools":{"a":{}}}'], ['{"items":[]}']])(
  'a list that cannot be read is not passed on: %s',
  async (text) => {
    const { client, folder } = await open(LIMITED);
    writeFileSync(join(folder, 'tools.json'), text);
    const answer = await client.request('tools/list', {});
    expect(answer.result).toBeUndefined();
    expect(answer.error?.message).toContain('cannot be read');
  },
);

test('a limit is kept, and given back only when the server did nothing', async () => {
  const { client, counters } = await open(LIMITED);
  for (const _ of [1, 2]) expect(textOf(await client.call('limited'))).toBe('done');
  expect(textOf(await client.call('limited'))).toBe(
    '[POLICY DENIED] The limit of 2 calls an hour is used up. Try again later.',
  );
  expect((await client.call('unknown')).error?.code).toBe(-32601);
  // The official SDK says so too of what a tool that has run gives back.
  expect((await client.call('invalid')).error?.code).toBe(-32602);
  expect((await client.call('internal')).error?.code).toBe(-32603);
  expect((await client.call('unhappy')).result?.isError).toBe(true);
  expect(['k', 'i', 'n', 'u'].map(counters.used)).toEqual([0, 1, 1, 1]);
});

test('200 calls at once never pass a limit', async () => {
  const { client } = await open(LIMITED);
  const answers = await Promise.all(Array.from({ length: 200 }, () => client.call('limited')));
  expect(answers.filter((answer) => textOf(answer) === 'done')).toHaveLength(2);
});

test('the end of stdin lets the server finish, and then ends it', async () => {
  const { client } = await open(LIMITED);
  client.send({ id: 1, method: 'tools/call', params: { name: 'limited' } });
  expect(await client.end()).toBe('client');
  expect(client.received).toMatchObject([{ id: 1, result: {} }]);
  expect(() => process.kill(client.pid, 0)).toThrow();
});

test('a server that dies leaves no request waiting, and a call that may have begun stays counted', async () => {
  const limits = [{ counter: 'd', window: 'hour', max: 5, scope: 'grant' }] as const;
  const { client, counters } = await open({
    version: '1',
    default: 'deny',
    tools: { dies: { limits: [...limits] } },
  });
  const answer = await client.call('dies');
  expect(answer.error?.message).toBe('The server has ended.');
  expect(await client.over).toBe('server');
  expect(counters.used('d')).toBe(1);
});

test('stderr of the server is passed on as it is', async () => {
  const { client } = await open(LIMITED);
  await client.settled();
  expect(client.stderr()).toContain('the recorder is ready\n');
});

test('numbers of a result keep every digit', async () => {
  const { client } = await open({ version: '1', default: 'allow' });
  const text = '{"jsonrpc":"2.0","id":"raw","result":{"a":12345678901234567890,"b":1.0,"c":-0,"d":1e400}}';
  client.send({ id: 'raw', method: 'tools/call', params: { name: 'raw', arguments: { text } } });
  await client.next(({ id }) => id === 'raw');
  // The client above is JavaScript and cannot hold these numbers, so the text is what counts.
  expect(client.received.at(-1)?.result).toEqual(JSON.parse(text).result);
});

test('a result of 10 MB arrives whole', async () => {
  const { client } = await open({ version: '1', default: 'allow' });
  expect(textOf(await client.call('large', { chars: 10_000_000 }))).toHaveLength(10_000_000);
});

test('a dry run lets everything through and writes down what it would have denied', async () => {
  const policy: PolicyDocument = {
    version: '1',
    default: 'deny',
    hide: ['secret'],
    methods: { resources: 'deny' },
    tools: {
      limited: { limits: [{ counter: 'l', window: 'hour', max: 1, scope: 'grant' }] },
      guarded: { require_approval: [{ conditions: [], on_deny: 'ask' }] },
    },
  };
  const { client, records } = await open(policy, { dryRun: true });
  for (const name of ['secret', 'limited', 'limited', 'guarded', 'Limited']) {
    expect(textOf(await client.call(name))).toBe('done');
  }
  expect((await client.request('resources/read', { uri: 'a' })).error).toBeUndefined();
  const list = await client.request('tools/list');
  expect(JSON.stringify(list)).toContain('"secret"');
  expect(records.map(({ decision, rule }) => [decision, rule])).toEqual([
    ['would-deny', '/hide'],
    ['allow', undefined],
    ['would-deny', '/tools/limited/limits/0'],
    ['would-ask', '/tools/guarded/require_approval/0'],
    ['would-deny', '(look-alike)'],
    ['would-deny', '/methods/resources'],
  ]);
});
