import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { type GatewayPlace, gatewayPlace } from '../../cli/gateway-state.ts';
import { openFileApprovals } from '../../gateway/approvals-file.ts';
import { openAuditFile } from '../../gateway/audit-file.ts';
import type { ApprovalRequest } from '../../gateway/contract.ts';
import { openGrants } from '../../gateway/grants-file.ts';
import { createPostgresDatabase } from '../support/engines.ts';
import { runCli } from '../support/run-cli.ts';

/** The clock of `runCli`. */
const NOW = Date.parse('2026-01-02T03:04:05.678Z');

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'catalogue-gateway-'));
});

function cli(...args: string[]) {
  return runCli([...args, '--state', state], { env: { USER: 'ann' } });
}

describe('where the state is', () => {
  const io = { cwd: '/work', home: '/home/ann', platform: 'linux', env: {} } as const;
  const own = '/home/ann/.local/share/tool-risk-catalogue/gateway';
  const url = 'postgres://localhost/catalogue';

  test.each<[string, Parameters<typeof gatewayPlace>, Partial<GatewayPlace>]>([
    ["the user's own place", [{}, io], { counters: `${own}/counters.db`, grants: `${own}/grants.json` }],
    [
      '--state',
      [{ state: 'here' }, { ...io, env: { DATABASE_URL: url } }],
      { approvals: '/work/here/approvals.db' },
    ],
    [
      'the environment',
      [{}, { ...io, env: { CATALOGUE_GATEWAY_STATE: '/var/gw' } }],
      { audit: '/var/gw/audit.jsonl' },
    ],
    [
      "the catalogue's directory",
      [{}, { ...io, env: { CATALOGUE_DB: '/db' } }],
      { counters: '/db/gateway/counters.db' },
    ],
    ['a server', [{}, { ...io, env: { DATABASE_URL: url } }], { shared: url, audit: `${own}/audit.jsonl` }],
  ])('%s', (_, args, place) => {
    expect(gatewayPlace(...args)).toMatchObject(place);
    expect(gatewayPlace(...args).shared).toBe(place.shared);
  });

  test('not in a database that is none of ours, where DATABASE_URL names the data of the server behind the gateway', async () => {
    const { location, remove } = await createPostgresDatabase();
    const { exit, stderr } = await runCli(['approvals', 'list'], { env: { DATABASE_URL: location.url } });
    expect(exit).toBe(4);
    expect(stderr).toContain('has no catalogue in it');
    expect(stderr).toContain('--state');
    await runCli(['list'], { env: { DATABASE_URL: location.url } });
    expect(await runCli(['approvals', 'list'], { env: { DATABASE_URL: location.url } })).toMatchObject({
      exit: 0,
    });
    await remove();
  });
});

describe('approvals', () => {
  const request: ApprovalRequest = {
    fingerprint: createHash('sha256').update('x').digest('hex'),
    caller: { grant: 'laptop', session: 's1', server: 'github' },
    tool: 'delete\u202e\nrepo',
    args: { repo: 'docs\u001b[2J', token: 'abcdef' },
    rule: '/tools/delete_repo/require_approval/0',
    message: 'Deleting is for people to decide.',
  };

  async function take(now = NOW) {
    const approvals = await openFileApprovals(join(state, 'approvals.db'));
    return approvals.take(request, now).finally(() => approvals.close());
  }

  test('are listed with all that a person needs to decide, and nothing that could act on the terminal', async () => {
    const { id } = await take(NOW - 5 * 60_000);
    const { exit, stdout } = await cli('approvals', 'list');
    expect(exit).toBe(0);
    expect(stdout).not.toContain('Answered:');
    for (const part of [
      id,
      'asked 5 min ago',
      'ends in 1 h 55 min',
      '"github"',
      '"laptop"',
      request.rule,
      request.message,
    ]) {
      expect(stdout).toContain(part);
    }
    expect(stdout).toContain('"delete[U+202E]\\nrepo"');
    expect(stdout).toContain('"repo": "docs\\u001b[2J"');
    expect(stdout).toContain('"token": "***"');
    for (const hidden of ['\u202e', '\u001b', 'abcdef']) expect(stdout).not.toContain(hidden);
  });

  test('approve lets exactly that call through once, and says what was approved', async () => {
    const { id } = await take();
    const { exit, stdout } = await cli('approvals', 'approve', id);
    expect(exit).toBe(0);
    expect(stdout).toMatch(
      /"repo": "docs.*Approved: this one call with exactly these arguments, once, within 15 min/s,
    );
    expect(await take()).toEqual({ state: 'approved', id });
    expect(await cli('approvals', 'approve', id)).toMatchObject({
      exit: 2,
      stderr: `catalogue: The approval "${id}" has been used: the call was made, so it cannot be approved now.\n`,
    });
  });

  test('deny refuses it', async () => {
    const { id } = await take();
    expect(await cli('approvals', 'deny', id)).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining('Denied:'),
    });
    expect(await take()).toEqual({ state: 'denied', id });
    expect(await cli('approvals', 'list')).toMatchObject({
      stdout: '',
      stderr: `No call waits for approval in ${join(state, 'approvals.db')}.\n`,
    });
  });

  test('are JSON for programs, with every state on request', async () => {
    const { id } = await take();
    await cli('approvals', 'deny', id, '--by', 'bob', '--json');
    expect(JSON.parse((await cli('approvals', 'list', '--json')).stdout)).toEqual({ approvals: [] });
    expect((await cli('approvals', 'list', '--all')).stdout).toContain(
      'Answered:  less than a minute ago by "bob"',
    );
    expect(JSON.parse((await cli('approvals', 'list', '--all', '--json')).stdout)).toEqual({
      approvals: [
        {
          id,
          state: 'denied',
          fingerprint: request.fingerprint,
          ...request.caller,
          tool: request.tool,
          arguments: { repo: 'docs\u001b[2J', token: '***' },
          cut: false,
          rule: request.rule,
          message: request.message,
          askedAt: '2026-01-02T03:04:05.678Z',
          expiresAt: '2026-01-02T03:19:05.678Z',
          answeredAt: '2026-01-02T03:04:05.678Z',
          answeredBy: 'bob',
        },
      ],
    });
  });

  test('an id that does not exist is wrong usage, and so is a place without a gateway, which stays as it is', async () => {
    expect(await cli('approvals', 'approve', 'a1-000000')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining(`looked for in ${join(state, 'approvals.db')}; --state names another`),
    });
    expect(await cli('approvals', 'list')).toMatchObject({ exit: 0, stdout: '' });
    expect(readdirSync(state)).toEqual([]);
    await take();
    expect(await cli('approvals', 'approve', 'a9-\u001b[2J')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('There is no approval "a9-\\u001b[2J"'),
    });
  });
});

describe('grants', () => {
  test('are made, listed and revoked; the token is printed once and alone', async () => {
    const { exit, stdout } = await cli('grants', 'add', 'laptop', '--expires', '30d');
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^cg_[\w-]{43}\n$/);
    const grants = openGrants(join(state, 'grants.json'));
    expect(grants.check(stdout.trim(), new Date(NOW))?.name).toBe('laptop');
    expect(JSON.parse((await cli('grants', 'list', '--json')).stdout)).toEqual({
      grants: [
        {
          name: 'laptop',
          createdAt: '2026-01-02T03:04:05.678Z',
          expiresAt: '2026-02-01T03:04:05.678Z',
          servers: null,
          valid: true,
        },
      ],
    });
    expect((await cli('grants', 'list')).stdout).not.toContain(stdout.trim());
    expect(await cli('grants', 'revoke', 'laptop')).toMatchObject({ exit: 0 });
    expect(grants.check(stdout.trim(), new Date(NOW))).toBeUndefined();
    expect(await cli('grants', 'revoke', 'laptop')).toMatchObject({ exit: 2 });
    expect(statSync(join(state, 'grants.json')).mode & 0o777).toBe(0o600);
  });

  test('say which servers they open', async () => {
    expect((await cli('grants', 'add', 'laptop')).stderr).toContain('laptop opens all servers');
    const { exit, stderr } = await cli('grants', 'add', 'phone', '--server', 'notes', '--server', 'files');
    expect(exit).toBe(0);
    expect(stderr).toContain('phone opens notes, files');
    const { stdout } = await cli('grants', 'list');
    expect(stdout).toMatch(/^Grant +State +Made +Expires +Servers\n/);
    expect(stdout).toMatch(/^laptop +valid +2026-01-02 03:04 UTC +never +all$/m);
    expect(stdout).toMatch(/^phone .* files, notes$/m);
    const { grants } = JSON.parse((await cli('grants', 'list', '--json')).stdout);
    expect(grants.map(({ servers }: { servers: unknown }) => servers)).toEqual([null, ['files', 'notes']]);
    expect(await cli('grants', 'add', 'tablet', '--server', 'a\u001b[2J')).toMatchObject({
      exit: 2,
      stdout: '',
      stderr: expect.stringContaining("by their keys in the gateway's configuration"),
    });
  });

  test.each(['soon', '2026-02-31T99:00Z', '2026-02-01T12:00', '-1d'])('do not expire %j', async (when) => {
    expect(await cli('grants', 'add', 'laptop', `--expires=${when}`)).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('--expires needs a span'),
    });
  });
});

describe('audit', () => {
  async function log(): Promise<void> {
    const audit = await openAuditFile({
      path: join(state, 'audit.jsonl'),
      maxBytes: 400,
      keep: 5,
      logValues: false,
      report: () => {},
    });
    const call = {
      server: 'files',
      grant: 'laptop',
      session: 's1',
      method: 'tools/call',
      gatewayMs: 0.25,
      argumentKeys: [],
    };
    audit.write({
      ...call,
      time: '2026-01-01T00:00:00.000Z',
      tool: 'read',
      decision: 'allow',
      upstreamMs: 12,
    });
    const rule = '/tools/write/limits/0';
    for (const tool of ['write', 'write', 'wr\u202eite']) {
      audit.write({ ...call, time: '2026-01-02T03:00:00.000Z', tool, decision: 'deny', rule });
    }
    await audit.close();
  }

  test('sums up the log with what was rotated away from it', async () => {
    await log();
    const { exit, stdout } = await cli('audit');
    expect(exit).toBe(0);
    expect(stdout).toContain('4 tool calls in 4 records, 1 session of 1 client');
    expect(stdout).toContain('Decisions: allow 1, deny 3');
    expect(stdout).toContain('Gateway: median 0.25 ms');
    expect(stdout).toMatch(/^Server +Tool +Calls +Allowed +Asked +Denied\nfiles +write +2 +0 +0 +2$/m);
    expect(stdout).toMatch(/2 {2}deny +files +write +\/tools\/write\/limits\/0/);
    expect(stdout).toContain('wr[U+202E]ite');
    expect(stdout).not.toContain('\u202e');
  });

  test('fits a terminal, and loses neither where a rule ends nor who called', async () => {
    const audit = await openAuditFile({
      path: join(state, 'audit.jsonl'),
      maxBytes: 1_000_000,
      keep: 1,
      logValues: false,
      report: () => {},
    });
    const tool = 'a_tool_with_a_name_that_is_longer_than_anybody_wants_to_read_in_a_table';
    const record = {
      time: '2026-01-02T03:00:00.000Z',
      server: 'a-server-with-a-long-key-of-its-own',
      session: 's1',
      method: 'tools/call',
      tool,
      gatewayMs: 1,
      argumentKeys: [],
    };
    audit.write({ ...record, grant: 'laptop', decision: 'deny', rule: `/tools/${tool}/deny_if/7` });
    audit.write({
      ...record,
      grant: 'phone',
      decision: 'would-ask',
      rule: `/tools/${tool}/require_approval/0`,
    });
    audit.write({ ...record, grant: '(gateway)', session: '(gateway)', decision: 'refused' });
    await audit.close();
    const { stdout } = await runCli(['audit', '--state', state], { isTerminal: true });
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(stdout).toMatch(/…\S*\/deny_if\/7$/m);
    expect(stdout).toContain('1 session of 2 clients');
    expect(stdout).toMatch(/^phone +1 +0 +0 +0 +1$/m);
    expect((await runCli(['audit', '--state', state])).stdout).toContain('name_that_is_longer');
  });

  test('of a named file and a span, as JSON', async () => {
    await log();
    const { stdout } = await runCli(['audit', join(state, 'audit.jsonl'), '--since', '10m', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      records: 3,
      decisions: { deny: 3 },
      from: '2026-01-02T03:00:00.000Z',
    });
  });

  test('that does not exist is wrong usage', async () => {
    expect(await cli('audit')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('There is no audit log'),
    });
  });
});
