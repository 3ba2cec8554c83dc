import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { type FetchDeps, fetchPackage } from '../../crawler/fetch-package.ts';
import { isAlive, temporaryFolder } from './harness.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const bin = join(folder.path, 'bin');
mkdirSync(bin);
const log = join(folder.path, 'log');
let cache = '';
let run = 0;

beforeEach(() => {
  cache = join(folder.path, `cache-${run++}`);
  writeFileSync(log, '');
});

/** An npm that does what the script says, with the prefix in $P. */
function npmThat(script: string): FetchDeps {
  const text = `#!/bin/sh\necho "$@" >> ${log}\nwhile [ "$1" != --prefix ]; do shift; done\nP=$2\n${script}\n`;
  writeFileSync(join(bin, 'npm'), text, { mode: 0o755 });
  const environment = { PATH: `${bin}:/usr/bin:/bin` };
  const signal = new AbortController().signal;
  return { cache, environment, platform: process.platform, installScripts: false, signal };
}

const INSTALLS = `mkdir -p $P/node_modules/@acme/a && cd $P/node_modules/@acme/a
echo '{"version":"1.2.3","bin":"run.js"}' > package.json; echo > run.js`;

test('a package is fetched without its install scripts and used again', async () => {
  const deps = npmThat(INSTALLS);
  const first = await fetchPackage({ name: '@acme/a', version: '1.2.3' }, deps);
  expect(first).toMatchObject({
    version: '1.2.3',
    script: true,
    file: join(cache, '@acme+a@1.2.3', 'node_modules', '@acme', 'a', 'run.js'),
  });
  expect(await fetchPackage({ name: '@acme/a', version: '1.2.3' }, deps)).toEqual(first);
  const calls = readFileSync(log, 'utf8').trim().split('\n');
  expect(calls).toEqual([expect.stringMatching(/^install --ignore-scripts --no-save .* @acme\/a@1\.2\.3$/)]);
  expect(readdirSync(cache)).toEqual(['@acme+a@1.2.3']);
});

test('two crawls that fetch the same package share one copy', async () => {
  const deps = npmThat(INSTALLS);
  const spec = { name: '@acme/a', version: undefined };
  const [first, second] = await Promise.all([fetchPackage(spec, deps), fetchPackage(spec, deps)]);
  expect(first).toEqual(second);
  expect(readdirSync(cache)).toEqual(['@acme+a@1.2.3']);
});

test('install scripts run only when asked for, and into a folder of their own', async () => {
  const deps = { ...npmThat(INSTALLS), installScripts: true };
  await fetchPackage({ name: '@acme/a', version: undefined }, deps);
  expect(readFileSync(log, 'utf8')).toContain('--ignore-scripts=false');
  expect(readdirSync(cache)).toEqual(['@acme+a@1.2.3+scripts']);
});

test.each([
  ['echo "npm error code E404" >&2; exit 1', 'not-found', /is not in the package registry/],
  ['echo "npm error code ETARGET" >&2; exit 1', 'not-found', /no such version/],
  ['echo "npm error code E401" >&2; exit 1', 'auth-required', /login/],
  ['echo "npm error code ENOTFOUND" >&2; exit 1', 'unreachable', /was not reached/],
  ['echo "npm error code EBADENGINE" >&2; exit 1', 'not-found', /could not be installed by npm/],
  ['mkdir -p $P/node_modules/a', 'not-found', /no program to run as a server/],
  [
    `mkdir -p $P/node_modules/a; cd $P/node_modules/a; echo '{"version":"../..","bin":"package.json"}' > package.json`,
    'not-found',
    /no program/,
  ],
])('npm that does %s is a fault', async (script, code, message) => {
  await expect(fetchPackage({ name: 'a', version: undefined }, npmThat(script))).rejects.toMatchObject({
    code,
    phase: 'resolve',
    message: expect.stringMatching(message),
  });
  expect(readdirSync(cache)).toEqual([]);
});

test('npm is ended when the crawl is stopped', async () => {
  const pid = join(folder.path, 'npm.pid');
  const deps = npmThat(`echo $$ > ${pid}; sleep 60`);
  const stop = new AbortController();
  const fetching = fetchPackage({ name: 'a', version: '1.0.0' }, { ...deps, signal: stop.signal });
  while (!existsSync(pid) || readFileSync(pid, 'utf8') === '')
    await new Promise((resolve) => setTimeout(resolve, 10));
  stop.abort();
  await expect(fetching).rejects.toMatchObject({ code: 'aborted' });
  expect(isAlive(Number(readFileSync(pid, 'utf8')))).toBe(false);
  expect(readdirSync(cache)).toEqual([]);
});

test('without npm there is advice', async () => {
  const deps = { ...npmThat(''), environment: { PATH: '' } };
  await expect(fetchPackage({ name: 'a', version: undefined }, deps)).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringMatching(/"npm", which is not on PATH: install Node.js with npm/),
  });
});
