import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, test } from 'vitest';
import { openFileApprovals } from '../../gateway/approvals-file.ts';
import { openFileCounters } from '../../gateway/counters-file.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'catalogue-state-'));
});

const CALLER = { grant: 'g', session: 's', server: 'x' };

/** Leaves something in the file, so that there are pages to damage. */
async function fillCounters(path: string, calls: number): Promise<void> {
  const counters = await openFileCounters(path);
  const limit = { counter: 'c', window: 'day', max: 1_000_000, scope: 'tool' } as const;
  for (let call = 0; call < calls; call++) {
    await counters.reserve(CALLER, `tool ${call}`, [{ limit, amount: 1 }], 0);
  }
  await counters.close();
}

describe.each([
  { what: 'counters', open: openFileCounters },
  { what: 'approvals', open: openFileApprovals },
])('a file of $what', ({ what, open }) => {
  test('and all that belongs to it is for its owner alone', async () => {
    const path = join(directory, 'new', 'folder', 'state.db');
    const store = await open(path);
    const files = readdirSync(join(directory, 'new', 'folder'));
    expect(files).toContain('state.db-wal');
    for (const file of files) {
      expect([file, statSync(join(directory, 'new', 'folder', file)).mode & 0o777]).toEqual([file, 0o600]);
    }
    expect(statSync(join(directory, 'new', 'folder')).mode & 0o777).toBe(0o700);
    await store.close();
  });

  test.each<[string, (path: string) => void]>([
    ['holds something else', (path) => writeFileSync(path, 'this is no database\n'.repeat(500))],
    ['is a folder', (path) => mkdirSync(path)],
    ['is the database of another program', (path) => new DatabaseSync(path).exec('create table other (x)')],
    ['is of a later version', (path) => new DatabaseSync(path).exec('pragma user_version = 99')],
  ])('that %s is refused in one sentence with the remedy', async (_, spoil) => {
    const path = join(directory, 'state.db');
    spoil(path);
    const refusal = open(path);
    await expect(refusal).rejects.toThrow(`The ${what} in ${path} cannot be used: `);
    await expect(refusal).rejects.toThrow(
      /no call .* let through.* Repair or remove the file, or name another place for it\.$/,
    );
    await expect(refusal).rejects.not.toThrow('\n');
    await expect(refusal).rejects.toMatchObject({ name: 'UsageError' });
  });

  test('in a place where nothing can be written is refused', async () => {
    writeFileSync(join(directory, 'file'), '');
    await expect(open(join(directory, 'file', 'state.db'))).rejects.toThrow(/cannot be used: E/);
    // Also for root, who may write where the mode says that nobody may.
    await expect(open('/proc/state.db')).rejects.toThrow(/cannot be used: ENOENT|EACCES/);
  });
});

test('counters with a damaged page are refused when they are opened, or at the first call', async () => {
  const path = join(directory, 'counters.db');
  await fillCounters(path, 2_000);
  const bytes = statSync(path).size;
  const content = readFileSync(path);
  content.fill(0xaa, 4096, bytes - 4096);
  writeFileSync(path, content);
  await expect(openFileCounters(path)).rejects.toThrow(
    /cannot be used: .* Repair or remove the file, or name another place for it\.$/,
  );
});

test('counters that break while the gateway runs let no call through', async () => {
  const path = join(directory, 'counters.db');
  const counters = await openFileCounters(path);
  const vandal = new DatabaseSync(path);
  vandal.exec('drop table steps');
  vandal.close();
  const limit = { counter: 'c', window: 'day', max: 5, scope: 'grant' } as const;
  await expect(counters.reserve(CALLER, 'read', [{ limit, amount: 1 }], 0)).rejects.toThrow(
    `The counters in ${path} cannot be used: `,
  );
  await counters.close();
  await expect(counters.reserve(CALLER, 'read', [{ limit, amount: 1 }], 0)).rejects.toThrow();
});

test('counters that another process holds for too long let no call through', async () => {
  const path = join(directory, 'counters.db');
  const counters = await openFileCounters(path);
  const holder = new DatabaseSync(path);
  holder.exec('begin immediate');
  const limit = { counter: 'c', window: 'day', max: 5, scope: 'grant' } as const;
  const call = () => counters.reserve(CALLER, 'read', [{ limit, amount: 1 }], 0);
  await expect(call()).rejects.toThrow(/locked/);
  holder.exec('rollback');
  expect(await call()).toMatchObject({ ok: true });
  await counters.close();
  holder.close();
});
