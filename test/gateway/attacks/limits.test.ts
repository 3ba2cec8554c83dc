import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { openAuditFile } from '../../../gateway/audit-file.ts';
import type { AuditRecord, Counters } from '../../../gateway/contract.ts';
import { openFileCounters } from '../../../gateway/counters-file.ts';
import type { Limit, PolicyDocument } from '../../../policy/contract.ts';
import { testEnforcement, textOf, type Wire } from '../../support/gateway.ts';
import { errorTo, type FakeServer, wire } from '../../support/gateway-wire.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const HOURLY: Limit = { counter: 'calls', window: 'hour', max: 2, scope: 'grant' };
const LIMITED: PolicyDocument = {
  version: '1',
  default: 'deny',
  tools: { pay: { limits: [HOURLY] }, read_file: {} },
};

/** Counters in a file, as they are in use, and a clock that the test turns. */
async function open(server: FakeServer = {}, policy: PolicyDocument = LIMITED, dryRun = false) {
  let now = Date.parse('2026-01-02T03:04:05Z');
  const folder = mkdtempSync(join(tmpdir(), 'gateway-limits-'));
  const counters = await openFileCounters(join(folder, 'counters.db'));
  let ids = 0;
  const world = testEnforcement(policy, {
    counters,
    dryRun,
    world: { now: () => now, elapsed: () => now, randomId: () => `random-${++ids}` },
  });
  closers.push(
    () => rmSync(folder, { recursive: true, force: true }),
    () => counters.close(),
    world.close,
  );
  const pass = (milliseconds: number) => {
    now += milliseconds;
  };
  const connect = (caller: Parameters<typeof wire>[2] = {}) => wire(world.enforcement, server, caller);
  return { ...world, pass, connect, client: connect() };
}

const calls = (message: Wire) => message.method === 'tools/call';

test('of calls at once for the last place one gets it, over all connections of a grant', async () => {
  const { client, connect } = await open();
  const other = connect({ session: 's2' });
  await client.call('pay');
  const answers = await Promise.all([1, 2, 3, 4].flatMap(() => [client.call('pay'), other.call('pay')]));
  expect(answers.filter((answer) => textOf(answer) === 'done')).toHaveLength(1);
  expect([...client.called(), ...other.called()]).toEqual(['pay', 'pay']);
});

test('a new id, name of a tool, session or spelling of the arguments is no new limit', async () => {
  const { client, connect } = await open();
  for (const id of [1, '1']) client.send({ id, method: 'tools/call', params: { name: 'pay' } });
  await client.settled();
  await client.call('pay', { a: 1 }, { _meta: { progressToken: 7 } });
  await client.call('Pay');
  client.send({ id: 9, method: 'tools/call', params: { name: 'pay', task: { ttl: 1 } } });
  await connect({ session: 's3' }).call('pay');
  await client.settled();
  expect(client.called()).toEqual(['pay', 'pay']);
});

test('the window slides: what was called last within the hour counts, and a clock that goes back frees nothing', async () => {
  const { client, pass } = await open();
  await client.call('pay');
  pass(59 * 60_000);
  await client.call('pay');
  pass(-30 * 60_000);
  expect((await client.call('pay')).result?.isError).toBe(true);
  pass(32 * 60_000 + 30_000);
  expect(textOf(await client.call('pay'))).toBe('done');
  expect((await client.call('pay')).result?.isError).toBe(true);
});

test.each<[string, FakeServer, boolean]>([
  ['the server is gone', { isGone: calls }, true],
  [
    'the server knows no such method',
    { reply: (one) => (calls(one) ? [errorTo(one, -32601)] : undefined) },
    true,
  ],
  [
    'the server calls the parameters invalid',
    { reply: (one) => (calls(one) ? [errorTo(one, -32602)] : undefined) },
    false,
  ],
  ['the server breaks', { reply: (one) => (calls(one) ? [errorTo(one, -32603)] : undefined) }, false],
  [
    'the server has an error of its own',
    { reply: (one) => (calls(one) ? [errorTo(one, -32000)] : undefined) },
    false,
  ],
])('where %s the place is given back: %#', async (_title, server, givenBack) => {
  const { client } = await open(server);
  for (const _ of [1, 2]) await client.call('pay');
  const third = await client.call('pay');
  expect(third.result?.isError === true).toBe(!givenBack);
});

test('a call that is taken back, or never answered, stays counted', async () => {
  const { client } = await open({ reply: (one) => (calls(one) ? [] : undefined) });
  for (const id of [1, 2]) {
    client.send({ id, method: 'tools/call', params: { name: 'pay' } });
    await client.settled();
    client.send({ method: 'notifications/cancelled', params: { requestId: id } });
  }
  expect((await client.call('pay')).result?.isError).toBe(true);
  expect(client.called()).toEqual(['pay', 'pay']);
});

test('a server that answers with two errors gives one place back', async () => {
  const { client } = await open({
    reply: (one) => (calls(one) ? [errorTo(one, -32601), errorTo(one, -32601)] : undefined),
  });
  await client.call('pay');
  await client.settled();
  expect(client.called()).toEqual(['pay']);
  for (const _ of [1, 2, 3]) await client.call('pay');
  expect(client.called()).toHaveLength(4);
});

test('a policy that changes while a place is looked for decides about the call', async () => {
  const opened = await open();
  const { enforcement, write, client } = opened;
  const { hash } = enforcement.rules();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const { promise: free, resolve: letGo } = Promise.withResolvers<void>();
  const slow: Counters = {
    ...enforcement.counters,
    async reserve(...request) {
      begin();
      await free;
      return enforcement.counters.reserve(...request);
    },
  };
  const other = wire({ ...enforcement, counters: slow });
  const answer = other.call('pay');
  await begun;
  write({ ...LIMITED, tools: { read_file: {}, pay: { deny_if: [{ conditions: [], on_deny: 'Never.' }] } } });
  await vi.waitFor(() => expect(enforcement.rules().hash).not.toBe(hash), 5_000);
  letGo();
  expect(textOf(await answer)).toContain('Never.');
  write(LIMITED);
  await vi.waitFor(() => expect(enforcement.rules().hash).toBe(hash), 5_000);
  for (const _ of [1, 2]) expect(textOf(await client.call('pay'))).toBe('done');
  expect([...other.called(), ...client.called()]).toEqual(['pay', 'pay']);
});

test('counters that cannot be kept allow nothing', async () => {
  const { enforcement, connect } = await open();
  await enforcement.counters.close();
  const client = connect();
  expect((await client.call('pay')).result?.isError).toBe(true);
  expect(textOf(await client.call('read_file'))).toBe('done');
  expect(client.called()).toEqual(['read_file']);
});

test('a dry run forwards all, and says what it would have denied', async () => {
  const { client, records } = await open(
    {},
    { ...LIMITED, hide: ['secret'], methods: { resources: 'deny' } },
    true,
  );
  for (const name of ['pay', 'pay', 'pay', 'secret', 'unheard_of']) await client.call(name);
  await client.request('resources/read', { uri: 'a' });
  expect(client.called()).toEqual(['pay', 'pay', 'pay', 'secret', 'unheard_of']);
  expect(records.map(({ decision }) => decision)).toEqual([
    'allow',
    'allow',
    'would-deny',
    'would-deny',
    'would-deny',
    'would-deny',
  ]);
});

test('a line of the audit log is one line of plain text, without secrets, whatever is called', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-audit-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'audit.jsonl');
  const audit = await openAuditFile({ path, maxBytes: 1e6, keep: 1, logValues: true, report: () => {} });
  const world = testEnforcement(LIMITED, { audit });
  closers.push(world.close);
  const client = wire(world.enforcement);
  const evil = 'x\n{"time":"2026-01-01T00:00:00Z","decision":"allow"}\r\u001b[2J\u009b31m\u2028\u202e\u0007';
  const secret = `ghp_${'a1B2'.repeat(9)}`;
  await client.call(evil, { [evil]: 1, token: secret, text: `Authorization: Bearer ${secret}`, note: evil });
  await client.call('read_file', { password: 'hunter2hunter2', url: `https://ann:${secret}@ok.example/` });
  await client.request(`vendor/${evil}`, {});
  client.raw(`{"jsonrpc":"2.0","id":1,"method":"ping","${JSON.stringify(evil).slice(1, -1)}":1}`);
  client.raw(`{"jsonrpc":"2.0","id":1,"method":"ping","params":{"${'k'.repeat(100_000)}":{"a":1,"a":2}}}`);
  await client.settled();
  await audit.close();
  const text = readFileSync(path, 'utf8');
  const lines = text.split('\n').slice(0, -1);
  expect(text).toMatch(/^[\n\u0020-\u007e]*$/);
  expect(lines.map((line) => JSON.parse(line).decision)).toEqual(['deny', 'allow', 'refused', 'refused']);
  expect(text).not.toContain(secret);
  expect(text).not.toContain('hunter2');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(8_000);
  // What the client is told is bounded as well.
  expect(Math.max(...client.received.map((message) => JSON.stringify(message).length))).toBeLessThan(2_000);
});

test('a part of the gateway that fails lets nothing through, leaves nobody waiting and ends nothing', async () => {
  const write = (record: AuditRecord) => {
    if (record.decision === 'deny') throw new Error('broken');
  };
  const world = testEnforcement(LIMITED, { audit: { write, close: async () => {} } });
  closers.push(world.close);
  const client = wire(world.enforcement);
  expect((await client.call('delete_file')).error?.code).toBe(-32603);
  expect(textOf(await client.call('read_file'))).toBe('done');
  expect(client.called()).toEqual(['read_file']);
});
