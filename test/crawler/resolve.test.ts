import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { afterAll, describe, expect, test } from 'vitest';
import { serverEnvironment } from '../../crawler/environment.ts';
import { pickBin } from '../../crawler/local-package.ts';
import { parseNpxCall } from '../../crawler/package-spec.ts';
import { type ResolveContext, resolveCommand } from '../../crawler/resolve.ts';
import { temporaryFolder } from './harness.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const packages = join(folder.path, 'project', 'node_modules');
const project = join(folder.path, 'project', 'deep', 'down');
const bin = join(folder.path, 'bin');
mkdirSync(project, { recursive: true });
write(join(packages, 'script', 'package.json'), '{"version":"1.0.0","bin":"./run.js"}');
write(join(packages, 'script', 'run.js'), '');
write(
  join(packages, '@acme', 'native', 'package.json'),
  '{"version":"2.0.0","bin":{"native":"./native","other":"./x"}}',
);
write(join(packages, '@acme', 'native', 'native'), '\u007fELF');
write(join(packages, 'shebang', 'package.json'), '{"version":"1.0.0","bin":{"any-name":"./go"}}');
write(join(packages, 'shebang', 'go'), '#!/usr/bin/env node\n');
write(join(packages, 'broken', 'package.json'), '{"version":');
write(join(packages, 'gone', 'package.json'), '{"version":"1.0.0","bin":"./gone.js"}');
for (const name of ['npx', 'uvx', 'node']) write(join(bin, name), '#!/bin/sh\n', 0o755);
write(join(bin, 'not-executable'), '', 0o644);

const context: ResolveContext = {
  cwd: project,
  scratch: folder.path,
  environment: { PATH: bin },
  platform: process.platform,
  packageRoots: [project],
  fetchPackage: async ({ name, version = '9.0.0' }) => ({
    version,
    file: `/cache/${name}.js`,
    script: true,
    folders: ['/cache'],
  }),
};

function resolve(command: string, args: string[] = [], cwd?: string) {
  return resolveCommand({ kind: 'stdio', command, args, envNames: [], ...(cwd && { cwd }) }, context);
}

describe('a package', () => {
  test.each([
    ['script', [join(packages, 'script', 'run.js')], '1.0.0'],
    ['script@1.0.0', [join(packages, 'script', 'run.js')], '1.0.0'],
    ['shebang', [join(packages, 'shebang', 'go')], '1.0.0'],
  ])('%s is run from its file', async (spec, args, version) => {
    expect(await resolve('npx', ['-y', spec, '--x'])).toEqual({
      command: process.execPath,
      args: [...args, '--x'],
      cwd: folder.path,
      view: { readable: [packages, join(packages, spec.replace(/@.*/, ''))], empty: [] },
      version,
      serverArgs: ['--x'],
    });
  });

  test('that is a program is started as one', async () => {
    expect(await resolve('npx', ['@acme/native'])).toMatchObject({
      command: join(packages, '@acme', 'native', 'native'),
      args: [],
    });
  });

  test.each([
    ['script@2.0.0', '2.0.0'],
    ['script@latest', 'latest'],
    ['missing', '9.0.0'],
    ['broken', '9.0.0'],
    ['gone', '9.0.0'],
  ])('%s is fetched', async (spec, version) => {
    expect(await resolve('npx', [spec, 'a'])).toMatchObject({
      command: process.execPath,
      args: [`/cache/${spec.replace(/@.*/, '')}.js`, 'a'],
      view: { readable: ['/cache'], empty: [] },
      version,
    });
  });

  test('sees the folders that its arguments name as empty ones', async () => {
    const { view } = await resolve('npx', [
      'script',
      project,
      join(packages, 'script', 'run.js'),
      '/usr',
      '/',
    ]);
    expect(view.empty).toEqual([project]);
  });
});

describe('a command', () => {
  test('is looked for on PATH', async () => {
    expect(await resolve('uvx', ['server'])).toMatchObject({
      command: join(bin, 'uvx'),
      args: ['server'],
      cwd: project,
    });
  });

  test('sees its folder, its file and the script that it interprets, with its project', async () => {
    const script = join(packages, 'script', 'run.js');
    const { view } = await resolve(join(bin, 'node'), [script, join(bin, 'uvx')]);
    expect(view.readable).toEqual(
      expect.arrayContaining([project, join(bin, 'node'), dirname(script), packages]),
    );
    expect(view.readable).not.toContain(join(bin, 'uvx'));
  });

  test('does not see a home that it is to run in', async () => {
    const home = { ...context, environment: { PATH: bin, HOME: project } };
    const stdio = { kind: 'stdio' as const, command: 'uvx', args: [], envNames: [] };
    const { view } = await resolveCommand(stdio, home);
    expect(view).toEqual({ readable: [join(bin, 'uvx')], empty: [project] });
  });

  test.each([
    ['no-such-command', undefined, /needs the command "no-such-command", which is not on PATH: install it/],
    ['not-executable', undefined, /not on PATH/],
    ['./server', undefined, /"\.\/server", which is not there or not executable/],
    ['uvx', '/no/such/folder', /folder "\/no\/such\/folder", which does not exist/],
  ])('%s in %s is a fault', async (command, cwd, message) => {
    await expect(resolve(command, [], cwd)).rejects.toThrow(
      expect.objectContaining({
        code: 'not-found',
        phase: 'resolve',
        message: expect.stringMatching(message),
      }),
    );
  });
});

test.each([
  ['npx', ['-y', 'a@1', 'x'], { spec: { name: 'a', version: '1' }, args: ['x'] }],
  ['/usr/bin/npx', ['a', '-y'], { spec: { name: 'a', version: undefined }, args: ['-y'] }],
  ['cmd', ['/c', 'npx', '-y', '@b/a'], { spec: { name: '@b/a', version: undefined }, args: [] }],
  ['npx', ['--package=a', 'b'], undefined],
  ['npx', ['github:a/b'], undefined],
  ['npx', [], undefined],
  ['node', ['npx'], undefined],
])('%s %j', (command, args, call) => {
  expect(parseNpxCall(command, args)).toEqual(call);
});

test.each([
  ['a', './x.js', './x.js'],
  ['@b/a', { a: '1', z: '2' }, '1'],
  ['@b/a', { z: '2' }, '2'],
  ['@b/a', { y: '2', z: '2' }, '2'],
  ['@b/a', { y: '1', z: '2' }, undefined],
])('the bin of %s in %j', (name, bins, picked) => {
  expect(pickBin(name, bins)).toBe(picked);
});

describe('the environment', () => {
  const scratch = { folder: '/s', home: '/s/home', temporary: '/s/tmp', work: '/s/work' };
  const base = { envNames: [], envValues: {}, scratch, platform: 'linux' as const };

  test('takes given values before those of our own', () => {
    const environment = { A: '1', B: '2', C: '3' };
    const env = serverEnvironment({
      ...base,
      environment,
      envNames: ['A', 'B'],
      envValues: { A: 'x' },
    });
    expect(env).toMatchObject({ A: 'x', B: '2' });
    expect(env).not.toHaveProperty('C');
  });

  test('on Windows has what programs need there, in any case', () => {
    const environment = { Path: 'p', SystemRoot: 'C:\\Windows', USERPROFILE: 'C:\\me' };
    const env = serverEnvironment({ ...base, environment, platform: 'win32' });
    expect(env).toMatchObject({ Path: 'p', SystemRoot: 'C:\\Windows', USERPROFILE: '/s/home' });
  });
});

function write(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
}
