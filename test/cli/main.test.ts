import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../support/sources.ts';

const CATALOGUE = join(ROOT, 'dist/catalogue.cjs');

test('the built command runs, reads its input from a pipe and sets the exit code', () => {
  const run = spawnSync(process.execPath, [CATALOGUE, 'classify', '-'], {
    input: '{"name":"list_notes"}\nnot json\n',
    encoding: 'utf8',
  });
  expect(run.status).toBe(2);
  expect(JSON.parse(run.stdout)).toMatchObject({ name: 'list_notes' });
  expect(run.stderr).toMatch(/^line 2: /);
});

test('a reader that leaves early is no fault', () => {
  const input = '{"name":"list_notes"}\n'.repeat(20_000);
  const command = `"${process.execPath}" "${CATALOGUE}" classify - | head -n 1`;
  const run = spawnSync('bash', ['-c', command], { input, encoding: 'utf8' });
  expect(run.stderr).toBe('');
  expect(run.stdout.split('\n')).toHaveLength(2);
});

test('an older Node is told which one is needed', () => {
  const older = `data:text/javascript,Object.defineProperty(process, 'versions', { value: { node: '20.19.0' } })`;
  const run = spawnSync(process.execPath, ['--import', older, CATALOGUE, '--help'], { encoding: 'utf8' });
  expect(run.status).toBe(2);
  expect(run.stdout).toBe('');
  expect(run.stderr).toContain('needs Node 22.18 or newer, and this is 20.19.0');
});
