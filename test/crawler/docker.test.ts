import { join } from 'node:path';
import process from 'node:process';
import { afterAll, expect, test } from 'vitest';
import { crawl } from '../../crawler/crawl.ts';
import { dockerArgs } from '../../crawler/sandbox/docker.ts';
import { fakeTarget, options, temporaryFolder } from './harness.ts';
import { sandboxOr } from './sandboxes.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const scratch = { folder: '/s', home: '/s/home', temporary: '/s/tmp', work: '/s/work' };
const named = { name: 'catalogue-s', envFile: '/s/variables' };
const view = { readable: ['/p/node_modules', '/p/a,b'], empty: ['/docs'] };

function argsFor(command: string): string[] {
  return dockerArgs(
    { command, args: ['/p/x.js', '--y'], env: { KEY: 'secret' }, cwd: '/s/work' },
    view,
    scratch,
    named,
  );
}

test('a container has no network, nothing to write to but memory, and no rights', () => {
  const memory = 'rw,mode=1777,size=268435456';
  expect(argsFor(process.execPath)).toEqual([
    ...[
      'run',
      '--rm',
      '--interactive',
      '--init',
      '--name',
      'catalogue-s',
      '--network',
      'none',
      '--read-only',
    ],
    ...['--tmpfs', `/s/home:${memory}`, '--tmpfs', `/s/tmp:${memory}`],
    ...['--tmpfs', `/s/work:${memory}`, '--tmpfs', `/tmp:${memory}`],
    ...['--memory', '1073741824', '--memory-swap', '1073741824', '--pids-limit', '128', '--cpus', '1'],
    ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
    ...['--user', '65534:65534', '--hostname', 'sandbox', '--stop-timeout', '1', '--log-driver', 'none'],
    ...['--env-file', '/s/variables'],
    ...['--mount', 'type=bind,readonly,"source=/p/a,b","target=/p/a,b"'],
    ...['--mount', 'type=bind,readonly,source=/p/node_modules,target=/p/node_modules'],
    ...['--tmpfs', '/docs:ro,size=4k', '--workdir', '/s/work'],
    ...['--entrypoint', 'node', 'node:24-slim', '/p/x.js', '--y'],
  ]);
});

test('a program of the package is started as it is, one that the image lacks is a fault', () => {
  expect(argsFor('/p/node_modules/a/native')).toEqual(expect.arrayContaining(['/p/node_modules/a/native']));
  expect(() => argsFor('/usr/bin/python3')).toThrow(
    expect.objectContaining({
      code: 'spawn-failed',
      phase: 'spawn',
      message: expect.stringContaining('"python3"'),
    }),
  );
});

test('a server lists its tools in a container', async (ctx) => {
  const docker = await sandboxOr('docker', join(folder.path, 'probe'));
  if (typeof docker === 'string') return ctx.skip(docker);
  const result = await crawl(fakeTarget('well-behaved', '/tmp'), options(folder.path, { sandbox: docker }));
  expect(result).toMatchObject({ status: 'complete', context: { isolation: 'docker' } });
});
