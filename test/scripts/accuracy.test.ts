import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../support/sources.ts';

test.each([
  { what: 'no folder', args: [] },
  { what: 'a folder without the labels', args: [mkdtempSync(join(tmpdir(), 'catalogue-accuracy-'))] },
])('`npm run accuracy` with $what says what it needs', ({ args }) => {
  const script = join(ROOT, 'scripts/accuracy.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  expect(status).toBe(2);
  expect(stdout).toBe('');
  for (const file of [
    'labels-reference.jsonl',
    'labels-live.jsonl',
    'definitions.jsonl.gz',
    'captures.jsonl.gz',
  ]) {
    expect(stderr).toContain(file);
  }
});
