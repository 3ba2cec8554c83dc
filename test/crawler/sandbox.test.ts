import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, describe, expect, test } from 'vitest';
import { crawl } from '../../crawler/crawl.ts';
import { bubblewrapCommand, bubblewrapOptions } from '../../crawler/sandbox/bubblewrap.ts';
import { findSandbox } from '../../crawler/sandbox.ts';
import { fakeTarget, options, temporaryFolder } from './harness.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const scratch = { folder: '/s', home: '/s/home', temporary: '/s/tmp', work: '/s/work' };
const launch = {
  command: '/p/run',
  args: ['x'],
  env: { KEY: 'secret', PATH: '/home/me/bin' },
  cwd: '/s/work',
};
const view = { readable: ['/p/deep/a', '/p', '/usr/lib/x'], empty: ['/home/me/docs'] };

describe('the options of bubblewrap', () => {
  const optionsText = bubblewrapOptions(launch, view, scratch, { root: false, system: [] }).join(' ');

  test('show what is readable once, and nothing of the home but an empty folder', () => {
    expect(optionsText).toContain('--ro-bind /p /p ');
    expect(optionsText).not.toContain('--ro-bind /p/deep/a');
    expect(optionsText).not.toContain('/usr/lib/x');
    expect(optionsText.match(/--\S+ \/home\S*/g)).toEqual([
      '--dir /home',
      '--dir /home/me',
      '--dir /home/me/docs',
    ]);
  });

  test('have the variables, and a search path that is not the user’s', () => {
    expect(optionsText).toContain('--clearenv --setenv KEY secret');
    expect(optionsText).not.toContain('/home/me/bin');
  });

  test('make root nobody inside, with a namespace of its own to be counted in', () => {
    expect(bubblewrapCommand(launch, { root: true, system: [] }).join(' ')).toMatch(
      /^setpriv --reuid=65534 .* -- unshare --user .* -- prlimit .* -- \/p\/run x$/,
    );
    expect(bubblewrapCommand(launch, { root: false, system: [] })[0]).toBe('prlimit');
    expect(optionsText).toContain('--unshare-user');
  });
});

describe('a sandbox is looked for', () => {
  const bin = join(folder.path, 'bin');
  mkdirSync(bin);
  for (const [name, script] of [
    ['bwrap', 'echo "bwrap: no permission" >&2; exit 1'],
    ['docker', 'echo "Cannot connect" >&2; exit 1'],
  ]) {
    writeFileSync(join(bin, `${name}`), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  const deps = {
    environment: { PATH: bin },
    platform: process.platform,
    scratchRoot: join(folder.path, 'probe'),
  };

  test('and one that is installed but not allowed to work is not taken', async () => {
    const sandbox = await findSandbox('auto', deps);
    expect(sandbox).toMatchObject({
      isolation: 'none',
      reason:
        'bubblewrap does not work here: bwrap: no permission; docker does not work here: Cannot connect.',
    });
  });

  test('and one that was asked for and is not there is a usage error', async () => {
    const asked = findSandbox('bubblewrap', { ...deps, environment: {} });
    await expect(asked).rejects.toMatchObject({
      name: 'UsageError',
      message: '--sandbox bubblewrap: bubblewrap is not installed.',
    });
    const crawling = crawl(
      fakeTarget('well-behaved', folder.path),
      options(folder.path, { sandbox: 'docker', environment: {} }),
    );
    await expect(crawling).rejects.toMatchObject({ name: 'UsageError' });
  });

  test('and none is taken when none is wanted', async () => {
    expect(await findSandbox('none', deps)).not.toHaveProperty('reason');
    expect(await crawl(fakeTarget('well-behaved', folder.path), options(folder.path))).toMatchObject({
      context: { isolation: 'none' },
    });
  });
});
