import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { isAlive, temporaryFolder } from './harness.ts';

const SCRIPT = join(import.meta.dirname, '..', 'fixtures', 'crawl-and-exit.ts');

test.each([
  ['exit', 7],
  ['throw', 1],
])('a server does not outlive our own process when that ends by %s', async (how, code) => {
  const folder = temporaryFolder();
  try {
    const child = spawn(process.execPath, [SCRIPT, folder.path, how], { stdio: 'ignore' });
    expect(await once(child, 'exit')).toEqual([code, null]);
    const pid = Number(readFileSync(join(folder.path, 'server.pid'), 'utf8'));
    // The signal is sent before we exit; the kernel may take a moment to act on it.
    for (let wait = 0; wait < 100 && isAlive(pid); wait++) await sleep(10);
    expect(isAlive(pid)).toBe(false);
  } finally {
    folder.remove();
  }
});
