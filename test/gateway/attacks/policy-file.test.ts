import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { PolicyDocument } from '../../../policy/contract.ts';
import { testEnforcement, textOf } from '../../support/gateway.ts';
import { wire } from '../../support/gateway-wire.ts';
import { CLOSED, OPEN } from './policy.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const WAIT = { timeout: 6_000, interval: 20 };

/** A gateway whose policy is at a path of the test's, where there may be nothing. */
function open(prepare: (path: string, folder: string) => void) {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-policy-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'policy.json');
  prepare(path, folder);
  const world = testEnforcement(CLOSED, { policy: path });
  closers.push(world.close);
  const client = wire(world.enforcement);
  const allows = async (tool: string) => textOf(await client.call(tool)) === 'done';
  return { ...world, client, folder, path, allows };
}

const put = (policy: PolicyDocument) => (path: string) => writeFileSync(path, JSON.stringify(policy));

describe('a policy that cannot be used', () => {
  test.each<[string, string]>([
    ['is empty', ''],
    ['is no JSON', 'default: allow'],
    ['is cut off', JSON.stringify(OPEN).slice(0, -2)],
    ['is null', 'null'],
    ['is a list', `[${JSON.stringify(OPEN)}]`],
    ['has no default', '{"version":"1"}'],
    ['has another version', '{"version":"2","default":"allow"}'],
    ['has a number for its version', '{"version":1,"default":"allow"}'],
    ['has a default of another case', '{"version":"1","default":"Allow"}'],
    ['has a key that nobody knows', '{"version":"1","default":"allow","hidden":["secret"]}'],
    ['has its default twice', '{"version":"1","default":"deny","default":"allow"}'],
    ['has a tool twice', '{"version":"1","default":"allow","tools":{"a":{"deny_if":[]},"\\u0061":{}}}'],
    [
      'has a pattern that RE2 does not have',
      '{"version":"1","default":"allow","tools":{"a":{"require":[{"conditions":[{"path":"args.a","op":"regex","value":"(?=a)"}],"on_deny":""}]}}}',
    ],
    ['has bytes that are no UTF-8', '{"version":"1","default":"allow","hide":["\u00e9"]}'],
  ])('that %s allows no call', async (_title, text) => {
    const { client } = open((path) => writeFileSync(path, Buffer.from(text, 'latin1')));
    for (const method of ['resources/read', 'prompts/get', 'vendor/run']) {
      expect((await client.request(method, {})).error).toBeDefined();
    }
    for (const name of ['read_file', 'anything']) {
      expect(textOf(await client.call(name))).toContain('The policy could not be read');
    }
    expect(client.reached).toEqual([]);
  });

  test.each<[string, (path: string, folder: string) => void]>([
    ['is not there', () => {}],
    ['is a folder', (path) => mkdirSync(path)],
    ['is a link to nothing', (path, folder) => symlinkSync(join(folder, 'none'), path)],
    ['is a link to itself', (path) => symlinkSync(path, path)],
  ])('because it %s allows no call, in a dry run neither, until there is one', async (_title, prepare) => {
    const { client, path, allows, enforcement } = open(prepare);
    expect(await allows('read_file')).toBe(false);
    const dry = wire({ ...enforcement, dryRun: true });
    expect(textOf(await dry.call('read_file'))).not.toBe('done');
    expect([...client.reached, ...dry.reached]).toEqual([]);
    rmSync(path, { recursive: true, force: true });
    put(CLOSED)(path);
    await vi.waitFor(async () => expect(await allows('read_file')).toBe(true), WAIT);
    expect(await allows('delete_file')).toBe(false);
  });
});

describe('a policy that changes while calls are made', () => {
  test('counts from the next call on, and clients are told that their list has changed', async () => {
    const { client, path, allows } = open(put(CLOSED));
    await client.request('initialize', {});
    expect(await allows('read_file')).toBe(true);
    put({ ...CLOSED, hide: ['read_file'] })(path);
    await client.next(({ method }) => method === 'notifications/tools/list_changed');
    expect(await allows('read_file')).toBe(false);
  });

  test.each<[string, (path: string, folder: string) => void]>([
    ['is deleted', (path) => rmSync(path)],
    ['becomes empty', (path) => writeFileSync(path, '')],
    ['becomes invalid', (path) => writeFileSync(path, '{"version":"1","default":"allow","tolls":{}}')],
    ['is half written', (path) => writeFileSync(path, JSON.stringify(OPEN).slice(0, 60))],
    [
      'is moved away for a folder',
      (path, folder) => {
        renameSync(path, join(folder, 'old.json'));
        mkdirSync(path);
      },
    ],
  ])('and %s leaves the one before it in force, and says so', async (_title, spoil) => {
    const { path, folder, allows, remarks, records } = open(put(CLOSED));
    spoil(path, folder);
    await vi.waitFor(() => expect(remarks.join()).toContain('the one before it stays in force'), WAIT);
    expect(records).toMatchObject([{ decision: 'refused', rule: '(invalid policy)' }]);
    expect(await allows('read_file')).toBe(true);
    expect(await allows('delete_file')).toBe(false);
    expect(await allows('anything')).toBe(false);
    rmSync(path, { recursive: true, force: true });
    put(OPEN)(path);
    await vi.waitFor(async () => expect(await allows('anything')).toBe(true), WAIT);
    expect(await allows('delete_file')).toBe(false);
  });

  test('behind a link is followed when the link is turned to another file', async () => {
    const { path, folder, allows } = open((link, where) => {
      put(OPEN)(join(where, 'a.json'));
      symlinkSync(join(where, 'a.json'), link);
    });
    expect(await allows('anything')).toBe(true);
    put(CLOSED)(join(folder, 'b.json'));
    symlinkSync(join(folder, 'b.json'), join(folder, 'new'));
    renameSync(join(folder, 'new'), path);
    await vi.waitFor(async () => expect(await allows('anything')).toBe(false), WAIT);
    put({ ...CLOSED, tools: {} })(join(folder, 'b.json'));
    await vi.waitFor(async () => expect(await allows('read_file')).toBe(false), WAIT);
  });

  test('right after it was read the first time is not missed', async () => {
    const { path, allows } = open(put(OPEN));
    put(CLOSED)(path);
    await vi.waitFor(async () => expect(await allows('anything')).toBe(false), WAIT);
  });
});

test('patterns that run for ever elsewhere are answered at once, on a text of a megabyte', async () => {
  const sources = ['^(a+)+$', '^(a|a)*$', '(x+x+)+y', '^(([a-z])+.)+[A-Z]([a-z])+$', '^(a|ab)*c?(a?){50}b$'];
  const tools = Object.fromEntries(
    sources.map((value, index) => [
      `t${index}`,
      { require: [{ conditions: [{ path: 'args.a', op: 'regex' as const, value }], on_deny: 'No.' }] },
    ]),
  );
  const { client } = open(put({ version: '1', default: 'deny', tools }));
  const evil = `${'ab'.repeat(2)}${'a'.repeat(1_000_000)}!`;
  for (const name of Object.keys(tools)) {
    expect((await client.call(name, { a: evil })).result?.isError).toBe(true);
  }
  expect(client.reached).toEqual([]);
}, 20_000);
