import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isAlive, temporaryFolder } from '../crawler/harness.ts';

/** What a crawling process may take at most, whatever the server does. */
const MAX_MEGABYTES = 350;

/** Milliseconds over the deadline for closing and for the start and end of the measuring process. */
const SLACK_MS = 8_000;

const FIXTURES = join(import.meta.dirname, '..', 'fixtures');

interface Outcome {
  status: string;
  phase?: string;
  code?: string;
  message?: string;
  tools?: string[];
  warnings?: string[];
  megabytes: number;
}

let server: ChildProcess;
let port = '';
beforeAll(async () => {
  server = spawn(process.execPath, [join(FIXTURES, 'servers', 'hostile-http.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!server.stdout) throw new Error('the fake server has no output');
  const [chunk] = await once(server.stdout, 'data');
  port = String(chunk).trim();
});
afterAll(() => server.kill('SIGKILL'));

/**
 * Crawls a server in a process of its own, which must end by itself. Gives the outcome and the processes of the server
 * that are still alive.
 */
async function measure(
  target: string,
  timeoutMs: number,
  args: string[] = [],
): Promise<Outcome & { alive: number[] }> {
  const folder = temporaryFolder();
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(FIXTURES, 'measure-crawl.ts'), folder.path, String(timeoutMs), target, ...args],
      { timeout: timeoutMs + SLACK_MS, killSignal: 'SIGKILL' },
    );
    const pids = readdirSync(folder.path)
      .filter((file) => file.endsWith('.pid'))
      .map((file) => Number(readFileSync(join(folder.path, file), 'utf8')));
    return { ...JSON.parse(stdout), alive: pids.filter(isAlive) };
  } finally {
    folder.remove();
  }
}

function expectFailure(outcome: Outcome, phase: string, code: string): void {
  expect(outcome).toMatchObject({ status: 'failed', phase, code });
  expect(outcome.megabytes).toBeLessThan(MAX_MEGABYTES);
}

describe('a server over HTTP', () => {
  test.concurrent.each([
    ['huge-json', 'limit'],
    ['gzip-bomb', 'limit'],
    ['gzip-in-gzip', 'limit'],
    ['huge-event', 'limit'],
    ['event-flood', 'limit'],
    ['comment-flood', 'limit'],
    ['huge-header', 'limit'],
    ['huge-error', 'unreachable'],
    ['drip', 'timeout'],
    ['silent', 'timeout'],
    ['wrong-id', 'timeout'],
    ['hangup', 'unreachable'],
    ['not-json', 'protocol'],
    ['wrong-type', 'protocol'],
    ['no-type', 'protocol'],
    ['html', 'protocol'],
    ['redirect', 'blocked'],
    ['401', 'auth-required'],
    ['403', 'auth-required'],
    ['404', 'protocol'],
    ['429', 'unreachable'],
    ['500', 'unreachable'],
  ])('%s in the list', async (path, code) => {
    const timeoutMs = code === 'timeout' ? 2_000 : 20_000;
    expectFailure(await measure(`http://127.0.0.1:${port}/${path}`, timeoutMs), 'list', code);
  });

  test.concurrent.each([
    ['huge-json', 'limit'],
    ['gzip-bomb', 'limit'],
    ['event-flood', 'limit'],
    ['redirect-loop', 'blocked'],
    ['html', 'protocol'],
  ])('%s in the greeting', async (path, code) => {
    expectFailure(await measure(`http://127.0.0.1:${port}/initialize/${path}`, 20_000), 'initialize', code);
  });

  test.concurrent.each([
    ['deep', /^1 tool went beyond the limits/, 1],
    ['full-pages', /^Page 9 .* sent more than 33554432 bytes/, 64],
    ['second-page-429', /^Page 2 .* answered 429/, 1],
  ])('%s leaves what was read', async (path, warning, tools) => {
    const outcome = await measure(`http://127.0.0.1:${port}/${path}`, 20_000);
    expect(outcome.status).toBe('partial');
    expect(outcome.warnings?.[0]).toMatch(warning);
    expect(outcome.tools).toHaveLength(tools);
    expect(outcome.megabytes).toBeLessThan(MAX_MEGABYTES);
  });
});

describe('a server over stdio', () => {
  test.concurrent.each<[string, string[], string, string]>([
    ['huge-line', ['initialize'], 'initialize', 'limit'],
    ['huge-line', ['tools/list'], 'list', 'limit'],
    ['endless-line', [], 'initialize', 'limit'],
    ['notification-flood', [], 'list', 'limit'],
    ['list-changed-flood', [], 'list', 'limit'],
    ['progress-without-end', [], 'list', 'timeout'],
  ])('%s %j', async (name, args, phase, code) => {
    const outcome = await measure(name, code === 'timeout' ? 5_000 : 20_000, args);
    expectFailure(outcome, phase, code);
    expect(outcome.alive).toEqual([]);
  });

  test.concurrent.each([
    ['stderr-flood', 'complete', 1],
    ['deep', 'partial', 1],
    ['endless-pages', 'partial', 200],
    ['remote-schemas', 'complete', 3],
    ['leaves-grandchild', 'complete', 1],
  ])('%s is listed', async (name, status, tools) => {
    const outcome = await measure(name, 20_000);
    expect(outcome).toMatchObject({ status, alive: [] });
    expect(outcome.tools).toHaveLength(tools);
    expect(outcome.megabytes).toBeLessThan(MAX_MEGABYTES);
  });
});
