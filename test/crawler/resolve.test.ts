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
for (const name of ['npx', 'uvx']) write(join(bin, name), '#!/bin/sh\n', 0o755);
write(join(bin, 'not-executable'), '', 0o644);

const context: ResolveContext = {
  cwd: project,
  scratch: folder.path,
  environment: { PATH: bin },
  platform: process.platform,
  packageRoots: [project],
};

function resolve(command: string, args: string[] = [], cwd?: string) {
  return resolveCommand({ kind: 'stdio', command, args, envNames: [], ...(cwd && { cwd }) }, context);
}

describe('a package', () => {
  test.each([
    ['script', [join(packages, 'script', 'run.js')], '1.0.0'],
    ['script@1.0.0', [join(packages, 'script', 'run.js')], '1.0.0'],
    ['shebang', [join(packages, 'shebang', 'go')], '1.0.0'],
  ])('%s is run from its file', (spec, args, version) => {
    expect(resolve('npx', ['-y', spec, '--x'])).toEqual({
      command: process.execPath,
      args: [...args, '--x'],
      cwd: folder.path,
      npx: false,
      version,
      serverArgs: ['--x'],
    });
  });

  test('that is a program is started as one', () => {
    expect(resolve('npx', ['@acme/native'])).toMatchObject({
      command: join(packages, '@acme', 'native', 'native'),
      args: [],
    });
  });

  test.each(['script@2.0.0', 'script@latest', 'missing', 'broken', 'gone'])('%s is left to npx', (spec) => {
    expect(resolve('npx', [spec, 'a'])).toMatchObject({
      command: join(bin, 'npx'),
      args: ['-y', spec, 'a'],
      npx: true,
    });
  });
});

describe('a command', () => {
  test('is looked for on PATH', () => {
    expect(resolve('uvx', ['server'])).toMatchObject({
      command: join(bin, 'uvx'),
      args: ['server'],
      cwd: project,
      npx: false,
    });
  });

  test.each([
    ['no-such-command', undefined, /needs the command "no-such-command", which is not on PATH: install it/],
    ['not-executable', undefined, /not on PATH/],
    ['./server', undefined, /"\.\/server", which is not there or not executable/],
    ['uvx', '/no/such/folder', /folder "\/no\/such\/folder", which does not exist/],
  ])('%s in %s is a fault', (command, cwd, message) => {
    expect(() => resolve(command, [], cwd)).toThrow(
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
  const scratch = { home: '/s/home', temporary: '/s/tmp', work: '/s/work' };
  const base = { envNames: [], envValues: {}, scratch, platform: 'linux' as const };

  test('of npx has the cache and the registry settings of the user', () => {
    const environment = {
      HOME: '/home/me',
      NPM_CONFIG_CACHE: '/cache',
      npm_config_registry: 'r',
      NPM_TOKEN: 't',
    };
    const env = serverEnvironment({ ...base, environment, npx: true });
    expect(env).toMatchObject({
      HOME: '/s/home',
      NPM_CONFIG_CACHE: '/cache',
      npm_config_registry: 'r',
      npm_config_userconfig: '/home/me/.npmrc',
    });
    expect(env).not.toHaveProperty('npm_config_cache');
    expect(env).not.toHaveProperty('NPM_TOKEN');
    expect(serverEnvironment({ ...base, environment, npx: false })).not.toHaveProperty(
      'npm_config_userconfig',
    );
  });

  test('takes given values before those of our own', () => {
    const environment = { A: '1', B: '2', C: '3' };
    const env = serverEnvironment({
      ...base,
      environment,
      envNames: ['A', 'B'],
      envValues: { A: 'x' },
      npx: false,
    });
    expect(env).toMatchObject({ A: 'x', B: '2' });
    expect(env).not.toHaveProperty('C');
  });

  test('on Windows has what programs need there, in any case', () => {
    const environment = { Path: 'p', SystemRoot: 'C:\\Windows', USERPROFILE: 'C:\\me' };
    const env = serverEnvironment({ ...base, environment, platform: 'win32', npx: false });
    expect(env).toMatchObject({ Path: 'p', SystemRoot: 'C:\\Windows', USERPROFILE: '/s/home' });
  });
});

function write(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
}
