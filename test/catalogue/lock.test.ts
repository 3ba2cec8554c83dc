import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CatalogueUnavailable } from '../../catalogue/errors.ts';
import { lockDirectory } from '../../catalogue/lock.ts';
import { runCli } from '../support/run-cli.ts';
import { ROOT } from '../support/sources.ts';

const now = () => new Date('2026-01-02T03:04:05Z');

let directory: string;
let holder: ChildProcess | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'catalogue-lock-'));
});
afterEach(() => {
  holder?.kill('SIGKILL');
});

/** Another process that holds the lock until it is killed. */
async function holdElsewhere(): Promise<ChildProcess> {
  const program = `
    import { lockDirectory } from ${JSON.stringify(join(ROOT, 'catalogue/lock.ts'))};
    lockDirectory(${JSON.stringify(directory)}, () => new Date(0));
    process.stdout.write('held');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

test('a second process is told who has the catalogue, and ends with exit 4', async () => {
  holder = await holdElsewhere();
  const { exit, stdout, stderr } = await runCli(['list', '--db', directory]);
  expect({ exit, stdout }).toEqual({ exit: 4, stdout: '' });
  expect(stderr).toContain(`in use by process ${holder.pid}`);
  expect(stderr).toContain('--db');
});

test('a killed process leaves no lock behind', async () => {
  holder = await holdElsewhere();
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  lockDirectory(directory, now).release();
});

test('the lock holds against this very process too, until it is released', () => {
  const lock = lockDirectory(directory, now);
  expect(() => lockDirectory(directory, now)).toThrow(CatalogueUnavailable);
  lock.release();
  lockDirectory(directory, now).release();
});
