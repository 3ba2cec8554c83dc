import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../support/sources.ts';

test('a run with a failed test does not end with exit code 0', () => {
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const config = join(ROOT, 'test/fixtures/failing-run/vitest.config.ts');
  const { status, stdout } = spawnSync(
    process.execPath,
    [vitest, 'run', '--root', ROOT, '--config', config],
    {
      encoding: 'utf8',
      env: { PATH: process.env.PATH },
    },
  );
  expect(stdout).toContain('1 failed');
  expect(status).toBe(1);
});
