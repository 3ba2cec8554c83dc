import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { openGrants, opens } from '../../gateway/grants-file.ts';

const now = new Date('2026-01-02T03:04:05Z');
const later = new Date('2026-01-03T03:04:05Z');

let path: string;
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'catalogue-grants-')), 'gateway', 'grants.json');
});

function add(name: string, expiresAt?: Date, servers?: string[]): string {
  return openGrants(path).add(name, {
    now,
    randomBytes,
    ...(expiresAt && { expiresAt }),
    ...(servers && { servers }),
  });
}

test('a token lets its grant in, and nothing else does', () => {
  expect(openGrants(path).check('', now)).toBeUndefined();
  const [laptop, phone] = [add('laptop'), add('phone')];
  const grants = openGrants(path);
  expect(grants.check(laptop, now)?.name).toBe('laptop');
  expect(grants.check(phone, now)?.name).toBe('phone');
  for (const other of [
    '',
    'laptop',
    laptop.slice(0, -1),
    `${laptop} `,
    laptop.toUpperCase(),
    'x'.repeat(1_000_000),
  ]) {
    expect(grants.check(other, now)).toBeUndefined();
  }
});

test('the file is for its owner alone, and has no token in it that could be used', () => {
  const token = add('laptop');
  const text = readFileSync(path, 'utf8');
  expect(text).not.toContain(token);
  expect(text).not.toContain(token.slice(3));
  const [, sha256 = ''] = /"sha256": "(\w+)"/.exec(text) ?? [];
  expect(openGrants(path).check(sha256, now)).toBeUndefined();
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a grant ends when it expires', () => {
  const token = add('laptop', later);
  const grants = openGrants(path);
  expect(grants.check(token, new Date(later.getTime() - 1))?.name).toBe('laptop');
  expect(grants.check(token, later)).toBeUndefined();
});

test('what another process adds or revokes counts at once', () => {
  const gateway = openGrants(path);
  const token = add('laptop');
  expect(gateway.check(token, now)?.name).toBe('laptop');
  expect(openGrants(path).revoke('laptop')).toBe(true);
  expect(gateway.check(token, now)).toBeUndefined();
  expect(openGrants(path).revoke('laptop')).toBe(false);
});

test('a file that cannot be read lets nobody in, and is not opened', () => {
  const token = add('laptop');
  const gateway = openGrants(path);
  const good = readFileSync(path, 'utf8');
  for (const bad of ['', '{', '{"version":2,"grants":[]}', good.replace('"name"', '"nmae"')]) {
    writeFileSync(path, bad);
    expect(gateway.check(token, now)).toBeUndefined();
    expect(() => openGrants(path)).toThrow(`The grants in ${path} cannot be read: `);
    expect(() => openGrants(path)).toThrow(/nobody is let in\. Repair or remove the file\.$/);
  }
  writeFileSync(path, good);
  expect(gateway.check(token, now)?.name).toBe('laptop');
  rmSync(path);
  expect(gateway.check(token, now)).toBeUndefined();
});

test.each(['', ' ', 'a b', '-x', '../x', 'x'.repeat(65), 'ü', '__proto__'])(
  'a grant is not called %j',
  (name) => {
    expect(() => add(name)).toThrow(/A grant needs a name/);
  },
);

test('a name is given once, and stays what it was', () => {
  const token = add('laptop');
  expect(() => add('laptop')).toThrow(/already/);
  expect(openGrants(path).check(token, now)?.name).toBe('laptop');
  expect(
    openGrants(path)
      .list()
      .map(({ name }) => name),
  ).toEqual(['laptop']);
});

test('a change while another is under way is refused, and loses nothing', () => {
  const token = add('laptop');
  writeFileSync(`${path}.partial`, '');
  expect(() => add('phone')).toThrow(/another process.*\.partial/);
  rmSync(`${path}.partial`);
  add('phone');
  expect(openGrants(path).check(token, now)?.name).toBe('laptop');
});

describe('what a grant opens', () => {
  test('is all servers, or those that it names', () => {
    const [all, some] = [add('laptop'), add('phone', undefined, ['notes', 'files', 'notes'])];
    const grants = openGrants(path);
    const opened = (token: string) => {
      const grant = grants.check(token, now);
      return ['files', 'notes', 'note', 'FILES', ''].filter((key) => grant && opens(grant, key));
    };
    expect(opened(all)).toEqual(['files', 'notes', 'note', 'FILES', '']);
    expect(opened(some)).toEqual(['files', 'notes']);
    expect(grants.list().map(({ servers }) => servers)).toEqual([undefined, ['files', 'notes']]);
  });

  test('is all servers in a file from before grants could name any', () => {
    const token = `cg_${'a'.repeat(43)}`;
    const sha256 = createHash('sha256').update(token).digest('hex');
    const grant = { name: 'old', sha256, createdAt: '2026-01-01T00:00:00.000Z' };
    mkdirSync(dirname(path));
    writeFileSync(path, JSON.stringify({ version: 1, grants: [grant] }));
    const found = openGrants(path).check(token, now);
    expect(found && opens(found, 'anything')).toBe(true);
  });

  test.each([
    [[]],
    [['']],
    [['a b']],
    [['../x']],
    [['*']],
    [
      Array(101)
        .fill(0)
        .map((_, n) => `s${n}`),
    ],
  ])('is never %j', (servers) => {
    expect(() => add('laptop', undefined, servers)).toThrow(/A grant names .*servers/);
    expect(openGrants(path).list()).toEqual([]);
  });

  test('is nothing by a file in which it names none, because that file lets nobody in', () => {
    add('laptop', undefined, ['files']);
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"servers": \[[^\]]*\]/, '"servers": []'));
    expect(() => openGrants(path)).toThrow(/cannot be read/);
  });
});
