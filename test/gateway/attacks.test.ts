import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { PolicyDocument } from '../../policy/contract.ts';
import { readJson } from '../../policy/json-text.ts';
import { rawClient, testEnforcement, textOf, type Wire } from '../support/gateway.ts';
import { callsIn, wire } from '../support/gateway-wire.ts';
import { ARGUMENT_ATTACKS, ARGUMENT_CONTROLS, OVERDRAWN } from './attacks/arguments.ts';
import { BYTE_ATTACKS, BYTE_CONTROLS } from './attacks/bytes.ts';
import { METHOD_ATTACKS, METHOD_CONTROLS, NAME_ATTACKS } from './attacks/names.ts';
import { type Attack, CLOSED, callText, OPEN } from './attacks/policy.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

function open(policy: PolicyDocument) {
  const world = testEnforcement(policy);
  closers.push(world.close);
  const client = wire(world.enforcement);
  return { ...world, client };
}

/** A call that passes under every policy here: a gateway that refuses all, or has died, does not let it through. */
const CONTROL = { name: 'read_file', arguments: { path: 'control' } };

async function run({ policy, send, reached = [], answers = [], methods = [] }: Attack) {
  const { client } = open(policy);
  for (const line of send) client.raw(line);
  const control = await client.call(CONTROL.name, CONTROL.arguments);
  expect(textOf(control)).toBe('done');
  await client.end();
  for (const line of client.reached) {
    expect(readJson(line).ok, line).toBe(true);
    expect(line).not.toMatch(/[\r\n\u0085\u2028\u2029]/);
  }
  expect(sorted(callsIn(client.reached))).toEqual(sorted([...reached, CONTROL]));
  const others = client.reached
    .map((line) => (JSON.parse(line) as Wire).method)
    .filter((method) => method !== 'tools/call');
  expect(others).toEqual(methods);
  for (const answer of answers) {
    const given = client.received.filter(({ id }) => id === answer.id);
    expect(given).toHaveLength(1);
    expect(given[0]).toMatchObject(answer);
  }
}

/** A call whose limits are looked up may be overtaken by another. */
function sorted(calls: readonly Record<string, unknown>[]) {
  return calls.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

const ATTACKS = [...BYTE_ATTACKS, ...NAME_ATTACKS, ...METHOD_ATTACKS, ...ARGUMENT_ATTACKS];

const cases = (attacks: readonly Attack[]) =>
  attacks.map((attack) => ({ attack, title: attack.title.slice(0, 150) }));

describe('no forbidden call gets through', () => {
  test.each(cases(ATTACKS))('$title', ({ attack }) => run(attack));
});

describe('what is allowed arrives as it was judged', () => {
  test.each(cases([...BYTE_CONTROLS, ...METHOD_CONTROLS, ...ARGUMENT_CONTROLS]))('$title', ({ attack }) =>
    run(attack),
  );
});

describe.each([OPEN, CLOSED])('all of it over the pipes of a real server, default $default', (policy) => {
  let world: ReturnType<typeof testEnforcement>;
  beforeAll(() => {
    world = testEnforcement(policy);
  });
  afterAll(() => world.close());

  test('nothing but the control and what the policy lets pass reaches it', async () => {
    const client = await rawClient(world.enforcement, world.folder);
    const lines = ATTACKS.filter((attack) => attack.policy === policy).flatMap(({ send }) => send);
    for (const line of lines) client.raw(line);
    expect(textOf(await client.call(CONTROL.name, CONTROL.arguments))).toBe('done');
    expect(await client.end()).toBe('client');
    expect(callsIn(client.reached())).toEqual([CONTROL]);
    expect(client.reached()).toHaveLength(1);
    expect(lines.length).toBeGreaterThan(60);
  });
});

test.each(OVERDRAWN)('an amount written as %s counts as what it is', async (amount) => {
  const { client } = open(CLOSED);
  expect(textOf(await client.call('pay', { amount: 100 }))).toBe('done');
  client.raw(
    `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"pay","arguments":{"amount":${amount}}}}`,
  );
  expect(textOf(await client.next(({ id }) => id === 7))).toContain('The limit of 150');
  expect(textOf(await client.call('pay', { amount: 50 }))).toBe('done');
  expect(client.called()).toEqual(['pay', 'pay']);
});

test.each([
  ['half a message is none', callText('read_file').slice(0, -1), []],
  ['a whole message counts', callText('read_file'), ['read_file']],
  ['a whole denied message is denied', callText('delete_file'), []],
])('at the end of the input without a line end, %s', async (_title, text, called) => {
  const { client } = open(OPEN);
  client.raw('');
  client.partial(text);
  await client.end();
  expect(client.called()).toEqual(called);
});

test('a message in pieces of one byte is one message', async () => {
  const { client } = open(CLOSED);
  for (const byte of Buffer.from(callText('read_file', { path: '\u{1f600}' })))
    client.partial(Buffer.from([byte]));
  client.partial('\n');
  await client.next(({ id }) => id === 1);
  expect(callsIn(client.reached)).toEqual([{ name: 'read_file', arguments: { path: '\u{1f600}' } }]);
});

test('an id that is still waiting names one request only, and its answer goes to that one', async () => {
  const { client } = open({ version: '1', default: 'allow', hide: ['secret'] });
  client.raw(callText('read_file', { n: 1 }, 5));
  client.raw(callText('secret', {}, 5));
  client.raw(callText('read_file', { n: 2 }, 5));
  await client.settled();
  expect(callsIn(client.reached)).toEqual([{ name: 'read_file', arguments: { n: 1 } }]);
  expect(client.received.filter(({ id }) => id === 5)).toMatchObject([
    { result: { content: [{ text: 'done' }] } },
  ]);
  expect(client.received.filter(({ id }) => id === null)).toHaveLength(2);
});

test('what cannot be read does not answer a request that waits under its id', async () => {
  const world = testEnforcement(CLOSED);
  closers.push(world.close);
  const client = wire(world.enforcement, {
    reply: ({ method }) => (method === 'tools/call' ? [] : undefined),
  });
  client.raw(callText('read_file', {}, 5));
  client.raw('{"jsonrpc":"2.0","id":5,"method":"ping","method":"ping"}');
  await client.settled();
  expect(client.received.filter(({ id }) => id === 5)).toEqual([]);
});
