import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  breachesOf,
  type LockFile,
  lockKey,
  lockText,
  parseLock,
  pinnable,
} from '../../catalogue/lock-content.ts';
import { distinct, serverSlug } from '../../catalogue/slugs.ts';
import { PLAIN_KEY } from '../../gateway/key.ts';
import { readLock } from '../../gateway/lock-file.ts';

const [ONE, TWO] = ['1'.repeat(64), '2'.repeat(64)];
const folder = mkdtempSync(join(tmpdir(), 'catalogue-lock-'));

function lockOf(tools: Record<string, string>): LockFile {
  return {
    version: 1,
    servers: { files: { id: 'npm:files', observedAt: '2026-01-01T00:00:00.000Z', tools } },
  };
}

describe('a lock file', () => {
  const names = fc.uniqueArray(
    fc
      .oneof(fc.constantFrom('__proto__', 'constructor', '', '1', 'a\u202eb', 'a\0b'), fc.string())
      .filter((name) => name.isWellFormed()),
  );

  test('says the same to the gateway, whatever the tools are called, and in the same bytes', () => {
    const file = join(folder, 'names.lock.json');
    fc.assert(
      fc.property(names, (all) => {
        const tools = all.map((name, index) => ({ name, hash: index % 2 === 0 ? ONE : TWO }));
        const read = pinnable(tools);
        const back = pinnable(tools.toReversed());
        if (!read.ok || !back.ok) throw new Error('cannot be pinned');
        const text = lockText(lockOf(read.tools));
        expect(lockText(lockOf(back.tools))).toBe(text);
        writeFileSync(file, text);
        const lock = readLock(file, 'files');
        const seen = lock.ok ? [...lock.hashes].toSorted() : lock.reason;
        expect(seen).toEqual(tools.map(({ name, hash }) => [name, hash]).toSorted());
        const parsed = parseLock(text);
        expect(parsed.ok && breachesOf(parsed.lock.servers.files?.tools ?? {}, tools)).toEqual([]);
      }),
    );
  });

  test.each([
    ['nothing', ''],
    ['another program', '{"lockfileVersion": 3, "packages": {}}'],
    ['a version to come', '{"version": 2, "servers": {}}'],
    ['no servers', '{"version": 1}'],
    ['a key twice', '{"version": 1, "version": 1, "servers": {}}'],
    ['a server without an id', `{"version": 1, "servers": {"a": {"observedAt": "", "tools": {}}}}`],
    [
      'a hash that is none',
      `{"version": 1, "servers": {"a": {"id": "a", "observedAt": "", "tools": {"t": "abc"}}}}`,
    ],
    [
      'such a hash under an odd name',
      `{"version": 1, "servers": {"a": {"id": "a", "observedAt": "", "tools": {"__proto__": {}}}}}`,
    ],
  ])('of %s is refused', (_, text) => {
    expect(parseLock(text)).toMatchObject({ ok: false, reason: expect.stringMatching(/\.$/) });
  });
});

test.each([
  [
    'two definitions of one name',
    [
      { name: 'a', hash: ONE },
      { name: 'a', hash: TWO },
    ],
    false,
  ],
  [
    'one definition twice',
    [
      { name: 'a', hash: ONE },
      { name: 'a', hash: ONE },
    ],
    true,
  ],
  ['half of a character in a name', [{ name: 'a\ud800', hash: ONE }], false],
])('a list with %s can be pinned: %#', (_, tools, ok) => {
  expect(pinnable(tools).ok).toBe(ok);
});

test.each([
  ['what it was', { a: ONE }, [['a', ONE]], []],
  [
    'a tool more',
    { a: ONE },
    [
      ['a', ONE],
      ['b', TWO],
    ],
    ['new b'],
  ],
  ['a tool less', { a: ONE, b: TWO }, [['b', TWO]], ['gone a']],
  ['another definition', { a: ONE }, [['a', TWO]], ['changed a']],
  [
    'a second one of the name',
    { a: ONE },
    [
      ['a', ONE],
      ['a', TWO],
    ],
    ['changed a'],
  ],
  [
    'names that every object has',
    {},
    [
      ['constructor', ONE],
      ['__proto__', TWO],
    ],
    ['new __proto__', 'new constructor'],
  ],
])('a list that is %s', (_, locked, tools, expected) => {
  const listed = tools.map(([name = '', hash = '']) => ({ name, hash }));
  expect(breachesOf(locked, listed).map(({ kind, name }) => `${kind} ${name}`)).toEqual(expected);
});

test('every slug has a key of its own that the gateway takes', () => {
  const labels = [
    '@acme/tools',
    'acme tools',
    'x'.repeat(300),
    `${'x'.repeat(79)}y`,
    '..',
    '漢字',
    'con',
    `${'a-'.repeat(60)}`,
  ];
  const slugs: string[] = [];
  for (const label of labels.flatMap((each) => [each, each]))
    slugs.push(distinct(serverSlug(label), new Set(slugs)));
  const keys = slugs.map(lockKey);
  expect(keys.filter((key) => !PLAIN_KEY.test(key))).toEqual([]);
  expect(new Set(keys).size).toBe(slugs.length);
});
