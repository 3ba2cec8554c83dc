import { describe, expect, test } from 'vitest';
import { CrawlResult } from '../../crawler/contract.ts';
import { crawlFake } from './harness.ts';

interface Case {
  server: string;
  /** `failed` cases say where and with what code. */
  status: 'complete' | 'partial' | 'failed';
  phase?: string;
  code?: string;
  message?: RegExp;
  detail?: RegExp;
  tools?: string[];
  rejected?: number;
  warnings?: RegExp[];
  timeoutMs?: number;
  /** Processes that the server starts, itself included. */
  processes?: number;
}

const ONE = ['one'];

const cases: Case[] = [
  { server: 'well-behaved', status: 'complete', tools: ['one', 'two'] },
  { server: 'noise', status: 'complete', tools: ONE, warnings: [/^9 lines on stdout/] },
  { server: 'odd-answers', status: 'complete', tools: ONE },
  { server: 'three-pages', status: 'complete', tools: ['first', 'second', 'third'] },
  { server: 'no-capability', status: 'complete', tools: ['hidden'] },
  { server: 'no-tools', status: 'complete', tools: [], warnings: [/does not know tools\/list/] },
  {
    server: 'asks-back',
    status: 'complete',
    tools: ['ping', 'roots/list', 'sampling/createMessage', 'elicitation/create'],
  },
  {
    server: 'large-line',
    status: 'complete',
    tools: Array.from({ length: 235 }, (_, index) => `tool-${index}`),
  },
  { server: 'stderr-flood', status: 'complete', tools: ONE },
  { server: 'ignores-signals', status: 'complete', tools: ONE },
  { server: 'leaves-grandchild', status: 'complete', tools: ONE, processes: 2 },
  {
    server: 'malformed',
    status: 'complete',
    tools: [
      'good',
      'string-schema',
      'array-schema',
      'bare',
      'null-description',
      'number-description',
      'odd-annotations',
      'list-annotations',
      'bad-output',
      '',
      'also-good',
    ],
    rejected: 5,
    warnings: [
      /^5 entries of the list could not be read/,
      /"string-schema" \(number 7\): inputSchema is a string, not an object/,
      /"array-schema".*inputSchema is an array/,
      /"number-description".*description is a number/,
      /"list-annotations".*annotations is an array/,
    ],
  },
  {
    server: 'strange-names',
    status: 'complete',
    tools: ['same', 'same', '__proto__', 'constructor'],
    warnings: [/^2 tools have the name "same"/],
  },
  {
    server: 'deep',
    status: 'partial',
    tools: ['flat'],
    rejected: 1,
    warnings: [/^1 tool went beyond the limits/],
  },
  {
    server: 'endless-pages',
    status: 'partial',
    tools: Array.from({ length: 200 }, (_, index) => `tool-${index}`),
    warnings: [/more than 200 pages/],
  },
  {
    server: 'repeated-cursor',
    status: 'partial',
    tools: ['tool-0', 'tool-1'],
    warnings: [/cursor "again" came twice/],
  },
  {
    server: 'broken-second-page',
    status: 'partial',
    tools: ['first'],
    warnings: [
      /^Page 2 of the list .* are missing: the server answered tools\/list with an error: "database is down"/,
    ],
  },
  {
    server: 'silent-second-page',
    status: 'partial',
    tools: ['first'],
    timeoutMs: 5_500,
    warnings: [/^Page 2 .* did not answer tools\/list within 5.5 s/],
  },
  {
    server: 'exits-cleanly',
    status: 'failed',
    phase: 'initialize',
    code: 'protocol',
    message: /^exits-cleanly stopped with exit code 0 before it answered initialize\.$/,
  },
  {
    server: 'exits-with-error',
    status: 'failed',
    phase: 'initialize',
    code: 'protocol',
    message: /exit code 1/,
    detail: /^TypeError: something broke/,
  },
  {
    server: 'needs-key',
    status: 'failed',
    phase: 'initialize',
    code: 'needs-configuration',
    message: /asks for a setting/,
    detail: /ACME_API_KEY/,
  },
  {
    server: 'exits-in-list',
    status: 'failed',
    phase: 'list',
    code: 'protocol',
    message: /exit code 3 .* tools\/list/,
  },
  { server: 'dies-with-grandchild', status: 'failed', phase: 'initialize', code: 'protocol', processes: 2 },
  { server: 'silent-initialize', status: 'failed', phase: 'initialize', code: 'timeout', timeoutMs: 1_000 },
  {
    server: 'silent-list',
    status: 'failed',
    phase: 'list',
    code: 'timeout',
    // Long enough for the server to have answered initialize on a busy machine.
    timeoutMs: 5_000,
    message: /^silent-list did not answer tools\/list within 5 s\.$/,
  },
  {
    server: 'error-in-list',
    status: 'failed',
    phase: 'list',
    code: 'needs-configuration',
    message: /access token/,
  },
  {
    server: 'no-list',
    status: 'failed',
    phase: 'list',
    code: 'protocol',
    message: /without a list of tools/,
  },
  {
    server: 'null-result',
    status: 'failed',
    phase: 'list',
    code: 'protocol',
    message: /without a result object/,
  },
  {
    server: 'future-protocol',
    status: 'failed',
    phase: 'initialize',
    code: 'protocol',
    message: /2099-01-01/,
  },
  {
    server: 'huge-line',
    status: 'failed',
    phase: 'list',
    code: 'limit',
    message: /longer than 4194304 bytes/,
  },
  { server: 'endless-line', status: 'failed', phase: 'initialize', code: 'limit' },
  {
    server: 'list-changed-flood',
    status: 'failed',
    phase: 'list',
    code: 'limit',
    message: /more than 10000 messages/,
  },
  {
    server: 'progress-without-end',
    status: 'failed',
    phase: 'list',
    code: 'timeout',
    timeoutMs: 5_000,
    message: /did not answer tools\/list within 5 s/,
  },
  { server: 'remote-schemas', status: 'complete', tools: ['remote', 'circular', 'no-schema'] },
  {
    server: 'notification-flood',
    status: 'failed',
    phase: 'list',
    code: 'limit',
    message: /more than 10000 messages/,
  },
];

describe('a server over stdio', () => {
  test.concurrent.each(cases)('$server', async (expected) => {
    const begun = Date.now();
    const { timeoutMs = 20_000 } = expected;
    const { result, alive, started, leftFolders } = await crawlFake(expected.server, { timeoutMs });

    // Three graces of a second each are what closing may take after the deadline.
    expect(Date.now() - begun).toBeLessThan(timeoutMs + 4_000);
    expect({ alive, started, leftFolders }).toEqual({
      alive: [],
      started: expected.processes ?? 1,
      leftFolders: [],
    });
    expect(CrawlResult.safeParse(result).success).toBe(true);
    expect(result.status).toBe(expected.status);
    if (result.status === 'failed') {
      expect(result).toMatchObject({ phase: expected.phase, failure: { code: expected.code } });
      expect(result.failure.message).toMatch(expected.message ?? /./);
      expect(result.failure.message).toMatch(/^[^\n]+\.$/);
      expect(result.failure.detail ?? '').toMatch(expected.detail ?? /^/);
      return;
    }
    expect(result.tools.map(({ name }) => name)).toEqual(expected.tools);
    expect(result.rejected).toHaveLength(expected.rejected ?? 0);
    const patterns = expected.warnings ?? [];
    expect(
      result.warnings.filter((_, index) => !patterns[index]?.test(result.warnings[index] ?? '')),
    ).toEqual([]);
    expect(result.warnings).toHaveLength(patterns.length);
  });
});

describe('what a result holds', () => {
  test('the wire form is kept as it came, unknown members included', async () => {
    const { result } = await crawlFake('well-behaved');
    expect(result).toMatchObject({
      context: { envNames: [], clientCapabilities: {}, protocolVersion: '2025-06-18' },
      serverInfo: { name: 'fake', version: '1.0.0' },
      tools: [{ position: 0 }, { position: 1, wire: { annotations: { readOnlyHint: true, category: 'x' } } }],
    });
  });

  test('the clock is the one that was given', async () => {
    const times = [new Date('2026-01-02T03:04:05Z'), new Date('2026-01-02T03:04:07Z')];
    const { result } = await crawlFake('well-behaved', { now: () => times.shift() ?? new Date(0) });
    expect(result).toMatchObject({ observedAt: '2026-01-02T03:04:05.000Z', durationMs: 2_000 });
  });

  test('the same server twice gives the same hashes', async () => {
    const [first, second] = await Promise.all([crawlFake('malformed'), crawlFake('malformed')]);
    expect(hashes(first.result)).toEqual(hashes(second.result));
    expect(new Set(hashes(first.result)).size).toBe(11);
  });
});

describe('a crawl that is stopped', () => {
  test('before it begins starts nothing', async () => {
    const { result, started } = await crawlFake('well-behaved', { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ status: 'failed', phase: 'resolve', failure: { code: 'aborted' } });
    expect(started).toBe(0);
  });

  test('while it waits ends the server', async () => {
    const { result, alive, started } = await crawlFake('silent-list', { signal: AbortSignal.timeout(5_000) });
    expect(result).toMatchObject({ status: 'failed', phase: 'list', failure: { code: 'aborted' } });
    expect({ alive, started }).toEqual({ alive: [], started: 1 });
  });
});

function hashes(result: CrawlResult): string[] {
  return result.status === 'failed' ? [] : result.tools.map(({ hash }) => hash);
}
