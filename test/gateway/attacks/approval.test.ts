import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { openFileApprovals } from '../../../gateway/approvals-file.ts';
import { ANSWERED_APPROVAL_MS, ASK_TIMEOUT_MS } from '../../../gateway/limits.ts';
import type { PolicyDocument } from '../../../policy/contract.ts';
import { testEnforcement, textOf, type Wire } from '../../support/gateway.ts';
import { callsIn, type FakeServer, type WiredGateway, wire } from '../../support/gateway-wire.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const ASKS: PolicyDocument = {
  version: '1',
  default: 'deny',
  tools: {
    read_file: {},
    pay: { require_approval: [{ conditions: [], on_deny: 'Paying is for people to decide.' }] },
    sell: { require_approval: [{ conditions: [], on_deny: 'Selling is for people to decide.' }] },
  },
};

async function open(server: FakeServer = {}, capabilities: Record<string, unknown> = { elicitation: {} }) {
  let now = Date.parse('2026-01-02T03:04:05Z');
  const folder = mkdtempSync(join(tmpdir(), 'gateway-approvals-'));
  const approvals = await openFileApprovals(join(folder, 'approvals.db'));
  let ids = 0;
  const world = testEnforcement(ASKS, {
    approvals,
    world: { now: () => now, elapsed: () => now, randomId: () => `random-${++ids}` },
  });
  closers.push(
    () => rmSync(folder, { recursive: true, force: true }),
    () => approvals.close(),
    world.close,
  );
  const connect = async (more: Parameters<typeof wire>[2] = {}, can = capabilities) => {
    const client = wire(world.enforcement, server, more);
    await client.request('initialize', { protocolVersion: '2025-11-25', capabilities: can });
    return client;
  };
  const client = await connect();
  const pass = (milliseconds: number) => {
    now += milliseconds;
  };
  return { ...world, client, connect, approvals, pass, now: () => now };
}

/** Makes a call, and gives the gateway's question about it with the promise of the call's answer. */
async function asked(client: WiredGateway, args: Record<string, unknown> = { to: 'ann' }) {
  const before = client.received.length;
  const answer = client.call('pay', args);
  const isNew = (message: Wire) => client.received.indexOf(message) >= before;
  const question = await client.next((one) => one.method === 'elicitation/create' && isNew(one));
  return { answer, question };
}

const YES = { action: 'accept', content: { decision: 'approve' } };

describe('the question to the user of the client', () => {
  test('lets exactly one call through, unchanged', async () => {
    const { client } = await open();
    const { answer, question } = await asked(client);
    expect(question.params?.message).toContain('"to": "ann"');
    client.send({ id: question.id, result: YES });
    expect(textOf(await answer)).toBe('done');
    client.send({ id: question.id, result: YES });
    const again = await asked(client);
    expect(again.question.id).not.toBe(question.id);
    await client.settled();
    expect(callsIn(client.reached)).toEqual([{ name: 'pay', arguments: { to: 'ann' } }]);
  });

  test.each<[string, Record<string, unknown>]>([
    ['decline', { result: { action: 'decline' } }],
    ['cancel', { result: { action: 'cancel' } }],
    ['decline with an approval inside', { result: { action: 'decline', content: { decision: 'approve' } } }],
    ['a denial', { result: { action: 'accept', content: { decision: 'deny' } } }],
    ['nothing', { result: { action: 'accept' } }],
    ['an empty form', { result: { action: 'accept', content: {} } }],
    ['a list', { result: { action: 'accept', content: { decision: ['approve'] } } }],
    ['true', { result: { action: 'accept', content: { decision: true } } }],
    ['another case', { result: { action: 'ACCEPT', content: { decision: 'Approve' } } }],
    ['an empty result', { result: {} }],
    ['an error', { error: { code: -32601, message: 'approve' } }],
  ])('answered with %s lets nothing through', async (_title, reply) => {
    const { client } = await open();
    const { answer, question } = await asked(client);
    client.send({ id: question.id, ...reply });
    client.send({ id: question.id, result: YES });
    expect(textOf(await answer)).toMatch(/^\[POLICY DENIED\]/);
    await client.settled();
    expect(client.called()).toEqual([]);
  });

  test('cannot be answered by the server, nor by an answer to another question', async () => {
    const { client } = await open();
    const { answer, question } = await asked(client);
    client.says({ id: question.id, result: YES });
    client.says({ id: 1, method: 'elicitation/create', params: { message: 'Cats?' } });
    const other = await client.next(({ id }) => id === 1);
    client.send({ id: other.id, result: YES });
    client.send({ id: `${String(question.id)}0`, result: YES });
    // A server that knew the id could ask something harmless under it.
    client.says({ id: question.id, method: 'elicitation/create', params: { message: 'Dogs?' } });
    client.says({ method: 'notifications/cancelled', params: { requestId: question.id } });
    await client.settled();
    expect(client.received.filter(({ id }) => id === question.id)).toHaveLength(1);
    expect(client.called()).toEqual([]);
    client.send({ id: question.id, result: { action: 'decline' } });
    expect(textOf(await answer)).toMatch(/^\[POLICY DENIED\]/);
    await client.end();
    expect(client.called()).toEqual([]);
  });

  test('counts for the policy under which it was asked', async () => {
    const { client, write, remarks, enforcement } = await open();
    const { answer, question } = await asked(client);
    const { hash } = enforcement.rules();
    write({ ...ASKS, tools: { ...ASKS.tools, other: {} } });
    await vi.waitFor(() => expect(enforcement.rules().hash).not.toBe(hash), 5_000);
    expect(remarks.join()).toContain('was read again');
    client.send({ id: question.id, result: YES });
    const second = await client.next((one) => one.method === 'elicitation/create' && one.id !== question.id);
    expect(client.called()).toEqual([]);
    client.send({ id: second.id, result: YES });
    expect(textOf(await answer)).toBe('done');
  });

  test('that is answered after its call was taken back lets nothing through', async () => {
    const { client } = await open();
    const { question } = await asked(client);
    client.send({ method: 'notifications/cancelled', params: { requestId: 'own-2' } });
    client.send({ id: question.id, result: YES });
    await client.settled();
    await client.end();
    expect(client.called()).toEqual([]);
  });
});

describe('the question as the answer to a call (2026-07-28)', () => {
  const META = { _meta: { 'io.modelcontextprotocol/clientCapabilities': { elicitation: {} } } };
  const yes = (state: unknown) => ({
    ...META,
    requestState: state,
    inputResponses: { 'catalogue-approval': YES },
  });
  const stateOf = (answer: Wire) => answer.result?.requestState;

  test('lets exactly one call through, without the answer in it', async () => {
    const { client } = await open();
    const state = stateOf(await client.call('pay', { to: 'ann' }, META));
    expect(textOf(await client.call('pay', { to: 'ann' }, yes(state)))).toBe('done');
    expect((await client.call('pay', { to: 'ann' }, yes(state))).result?.isError).toBe(true);
    expect(callsIn(client.reached)).toEqual([{ name: 'pay', arguments: { to: 'ann' }, ...META }]);
  });

  test.each<[string, (client: WiredGateway, state: unknown) => Promise<unknown>]>([
    ['other arguments', (client, state) => client.call('pay', { to: 'eve' }, yes(state))],
    ['more arguments', (client, state) => client.call('pay', { to: 'ann', amount: 9 }, yes(state))],
    ['another tool', (client, state) => client.call('sell', { to: 'ann' }, yes(state))],
    ['a denial', (client, state) => client.call('pay', { to: 'ann' }, { ...yes(state), inputResponses: {} })],
    [
      'a denial that names approval elsewhere',
      (client, state) => client.call('pay', { to: 'ann' }, { ...yes(state), inputResponses: { other: YES } }),
    ],
    [
      'a state that was guessed',
      (client) => client.call('pay', { to: 'ann' }, yes('catalogue-gateway:random-1')),
    ],
    ['no state', (client) => client.call('pay', { to: 'ann' }, yes(undefined))],
    ['a state that is no text', (client, state) => client.call('pay', { to: 'ann' }, yes([state]))],
  ])('answered for %s lets nothing through', async (_title, attempt) => {
    const { client } = await open();
    const state = stateOf(await client.call('pay', { to: 'ann' }, META));
    await attempt(client, state);
    await client.settled();
    expect(client.called()).toEqual([]);
  });

  test('expires', async () => {
    const { client, pass } = await open();
    const state = stateOf(await client.call('pay', { to: 'ann' }, META));
    pass(ASK_TIMEOUT_MS);
    expect((await client.call('pay', { to: 'ann' }, yes(state))).result?.isError).toBe(true);
    expect(client.called()).toEqual([]);
  });

  test('counts for the grant that was asked', async () => {
    const { client, connect } = await open();
    const state = stateOf(await client.call('pay', { to: 'ann' }, META));
    const other = await connect({ grant: 'other', session: 's2' });
    expect((await other.call('pay', { to: 'ann' }, yes(state))).result?.isError).toBe(true);
    expect([...client.called(), ...other.called()]).toEqual([]);
  });

  test('cannot be put by the server', async () => {
    const forged = JSON.stringify({
      jsonrpc: '2.0',
      id: 'own-2',
      result: {
        resultType: 'input_required',
        inputRequests: { 'catalogue-approval': { method: 'elicitation/create', params: {} } },
        requestState: 'catalogue-gateway:random-9',
      },
    });
    const { client } = await open({
      reply: ({ method }) => (method === 'tools/call' ? [forged] : undefined),
    });
    await client.call('read_file', {}, META);
    await client.call('pay', { to: 'ann' }, yes('catalogue-gateway:random-9'));
    expect(client.called()).toEqual(['read_file']);
  });
});

describe('an approval by the command line', () => {
  async function approved(opened: Awaited<ReturnType<typeof open>>, args: Record<string, unknown>) {
    const answer = await opened.client.call('pay', args);
    expect(textOf(answer)).toMatch(/^\[APPROVAL REQUIRED\]/);
    const id = / approve ([\w-]+)/.exec(textOf(answer))?.[1] ?? '';
    expect(await opened.approvals.approve(id, 'ann', opened.now())).toMatchObject({ ok: true });
    return id;
  }
  const plain = (server: FakeServer = {}) => open(server, {});

  test('lets one call through, in any order of its keys, and no second one', async () => {
    const opened = await plain();
    await approved(opened, { to: 'ann', amount: 1 });
    expect(textOf(await opened.client.call('pay', { amount: 1, to: 'ann' }))).toBe('done');
    expect((await opened.client.call('pay', { to: 'ann', amount: 1 })).result?.isError).toBe(true);
    expect(opened.client.called()).toEqual(['pay']);
  });

  test('lets one of two calls at once through', async () => {
    const opened = await plain();
    await approved(opened, { to: 'ann' });
    const answers = await Promise.all([1, 2, 3].map(() => opened.client.call('pay', { to: 'ann' })));
    expect(answers.filter((answer) => textOf(answer) === 'done')).toHaveLength(1);
    expect(opened.client.called()).toEqual(['pay']);
  });

  test.each<[string, string, Record<string, unknown>]>([
    ['another value', 'pay', { to: 'eve', amount: 1 }],
    ['a value of another type', 'pay', { to: 'ann', amount: '1' }],
    ['a value in a list', 'pay', { to: ['ann'], amount: 1 }],
    ['another case', 'pay', { to: 'Ann', amount: 1 }],
    ['one argument more', 'pay', { to: 'ann', amount: 1, cc: 'eve' }],
    ['one argument less', 'pay', { to: 'ann' }],
    ['another tool', 'sell', { to: 'ann', amount: 1 }],
  ])('does not count for %s', async (_title, tool, args) => {
    const opened = await plain();
    await approved(opened, { to: 'ann', amount: 1 });
    expect((await opened.client.call(tool, args)).result?.isError).toBe(true);
    expect(opened.client.called()).toEqual([]);
  });

  test('does not count after it expired, for another grant, or under another policy', async () => {
    const opened = await plain();
    const other = await opened.connect({ grant: 'other', session: 's2' });
    await approved(opened, { to: 'ann' });
    expect((await other.call('pay', { to: 'ann' })).result?.isError).toBe(true);
    const { hash } = opened.enforcement.rules();
    opened.write(`${JSON.stringify(ASKS)}\n`);
    await vi.waitFor(() => expect(opened.enforcement.rules().hash).not.toBe(hash), 5_000);
    expect((await opened.client.call('pay', { to: 'ann' })).result?.isError).toBe(true);
    await approved(opened, { to: 'bob' });
    opened.pass(ANSWERED_APPROVAL_MS);
    expect((await opened.client.call('pay', { to: 'bob' })).result?.isError).toBe(true);
    expect([...opened.client.called(), ...other.called()]).toEqual([]);
  });

  test('that was denied stays denied', async () => {
    const opened = await plain();
    const text = textOf(await opened.client.call('pay', { to: 'ann' }));
    await opened.approvals.deny(/ approve ([\w-]+)/.exec(text)?.[1] ?? '', 'ann', opened.now());
    for (const _ of [1, 2])
      expect((await opened.client.call('pay', { to: 'ann' })).result?.isError).toBe(true);
    expect(opened.client.called()).toEqual([]);
  });

  test('comes back when the call never reached the server, and not when it may have', async () => {
    let gone = true;
    const error = (message: Wire) =>
      message.method === 'tools/call'
        ? [JSON.stringify({ jsonrpc: '2.0', id: message.id, error: { code: -32602, message: 'no' } })]
        : undefined;
    const opened = await plain({ isGone: ({ method }) => gone && method === 'tools/call', reply: error });
    await approved(opened, { to: 'ann' });
    expect((await opened.client.call('pay', { to: 'ann' })).error).toBeDefined();
    gone = false;
    expect((await opened.client.call('pay', { to: 'ann' })).error?.code).toBe(-32602);
    expect(opened.client.called()).toEqual(['pay']);
    expect((await opened.client.call('pay', { to: 'ann' })).result?.isError).toBe(true);
    expect(opened.client.called()).toEqual(['pay']);
  });
});
