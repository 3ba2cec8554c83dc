import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../support/run-cli.ts';

const LIMIT = { counter: 'c', window: 'minute', max: 2, scope: 'grant' };
const POLICY = {
  version: '1',
  default: 'deny',
  tools: {
    create: { limits: [LIMIT] },
    pay: { require_approval: [{ conditions: [], on_deny: 'Ask first.' }] },
  },
};

let folder: string;

function file(name: string, content: string | object): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content, undefined, 2));
  return path;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'catalogue-policy-'));
});

describe('catalogue policy check', () => {
  test('a good document is done', async () => {
    const { exit, stdout } = await runCli(['policy', 'check', file('good.json', POLICY)]);
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: '' });
  });

  test('names place, pointer, fault and remedy of each fault', async () => {
    const path = file(
      'bad.json',
      '{\n  "version": "1",\n  "default": "alow",\n  "tools": { "t": { "limit": [] } }\n}',
    );
    const { exit, stdout } = await runCli(['policy', 'check', path]);
    expect(exit).toBe(2);
    expect(stdout.trimEnd().split('\n')).toEqual([
      `${path}:3:14 /default has a value that is not known. Did you mean "allow"? Give one of "allow", "deny".`,
      `${path}:4:30 /tools/t has the key "limit", which means nothing here. Did you mean "limits"?`,
    ]);
  });

  test('names faults in the order of the file', async () => {
    const text = '{\n  "version": "1",\n  "default": "deny",\n  "tols": {},\n  "tools": { "t": 1 }\n}';
    const { stdout } = await runCli(['policy', 'check', file('order.json', text)]);
    expect(stdout.match(/:\d+:/g)).toEqual([':4:', ':5:']);
  });

  test('a file that does not exist is wrong usage', async () => {
    expect(await runCli(['policy', 'check', '/nowhere/policy.json'])).toMatchObject({
      exit: 2,
      stdout: '',
      stderr: 'catalogue: There is no file /nowhere/policy.json.\n',
    });
  });

  test('what is to be filled in is told, and exits with 10', async () => {
    const condition = { path: 'args.url', op: 'regex', value: 'FILL IN: the hosts' };
    const document = { ...POLICY, tools: { t: { require: [{ conditions: [condition], on_deny: 'No.' }] } } };
    const { exit, stdout } = await runCli(['policy', 'check', '-', '--json'], {
      stdin: JSON.stringify(document),
    });
    expect(exit).toBe(10);
    const { stderr } = await runCli(['policy', 'check', '-'], { stdin: JSON.stringify(document) });
    expect(stderr).toContain('1 value must be filled in');
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      faults: [],
      unfilled: [{ pointer: '/tools/t/require/0/conditions/0/value' }],
    });
  });

  test('a name that could move the cursor cannot', async () => {
    const { stdout } = await runCli([
      'policy',
      'check',
      file('evil.json', { ...POLICY, tools: { '\u001b[31m\u202e': 7 } }),
    ]);
    expect(stdout).toContain('[U+202E]');
    expect(stdout).not.toContain('\u001b');
  });
});

describe('catalogue policy test', () => {
  const calls = (lines: object[]) =>
    file('calls.jsonl', lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const run = async (lines: object[], more: string[] = []) =>
    runCli(['policy', 'test', file('p.json', POLICY), calls(lines), ...more]);

  test('counts from line to line, for each grant, and forgets what has left the window', async () => {
    const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString();
    const { exit, stdout } = await run(
      [
        { tool: 'create', at: at(0), expect: 'allow' },
        { tool: 'create', expect: 'allow' },
        { tool: 'create', at: at(59), expect: 'deny' },
        { tool: 'create', grant: 'other', expect: 'allow' },
        { tool: 'create', at: at(61), expect: 'allow' },
        { tool: 'pay', expect: 'ask' },
        { tool: 'pay', approved: true, expect: 'allow' },
        { tool: 'new', args: { a: 1 }, expect: 'deny' },
      ],
      ['--json'],
    );
    expect(exit).toBe(0);
    const { calls: decided, missed } = JSON.parse(stdout);
    expect(missed).toBe(0);
    expect(decided[2]).toMatchObject({
      rule: '/tools/create/limits/0',
      message: expect.stringContaining('used up'),
    });
  });

  test('on a terminal that is too narrow for the table, rules and messages stand below their calls', async () => {
    const policy = file('wide.json', {
      ...POLICY,
      tools: {
        pay_an_invoice_of_a_supplier: {
          deny_if: [
            { conditions: [], on_deny: 'A reason of many words, which needs more than one line of it all.' },
          ],
        },
      },
    });
    const path = calls([{ tool: 'pay_an_invoice_of_a_supplier' }]);
    const { stdout } = await runCli(['policy', 'test', policy, path], { isTerminal: true });
    expect(stdout.split('\n')).toEqual([
      'Line  Decision  Tool',
      '   1  deny      pay_an_invoice_of_a_supplier',
      '      /tools/pay_an_invoice_of_a_supplier/deny_if/0',
      '      A reason of many words, which needs more than one line of it all.',
      '',
    ]);
    const piped = (await runCli(['policy', 'test', policy, path])).stdout.split('\n');
    expect(piped).toHaveLength(3);
  });

  test('a decision that is not the expected one is named, and exits with 10', async () => {
    const { exit, stdout, stderr } = await run([{ tool: 'create' }, { tool: 'pay', expect: 'allow' }]);
    expect(exit).toBe(10);
    expect(stdout).toContain('ask, not allow');
    expect(stderr).toContain('line 2');
  });

  test.each([
    ['an unknown key', '{"tool":"t","argz":{}}'],
    ['a key twice', '{"tool":"t","tool":"u"}'],
    ['no JSON', 'create'],
    ['a time before the last', '{"tool":"t","at":"1969-12-31T23:59:59Z"}'],
  ])('%s is told with its line, and the others are decided', async (_, line) => {
    const path = file('odd.jsonl', `{"tool":"create"}\n${line}\n`);
    const { exit, stdout, stderr } = await runCli(['policy', 'test', file('p.json', POLICY), path]);
    expect(exit).toBe(2);
    expect(stdout).toContain('create');
    expect(stderr).toMatch(/^line 2: /);
  });

  test('a policy that cannot be used decides nothing', async () => {
    const { exit, stdout, stderr } = await runCli([
      'policy',
      'test',
      file('none.json', '{}'),
      calls([{ tool: 't' }]),
    ]);
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    expect(stderr).toContain('/version');
  });
});

describe('catalogue policy diff', () => {
  const newer = {
    ...POLICY,
    tools: { ...POLICY.tools, create: { limits: [{ ...LIMIT, max: 1 }] }, list: {} },
  };

  test('says for each tool which way it changed, and fails only when asked to', async () => {
    const paths = [file('old.json', POLICY), file('new.json', newer)];
    const { exit, stdout } = await runCli(['policy', 'diff', ...paths]);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^stricter {2}create: now at most 1 call a minute/m);
    expect(stdout).toMatch(/^looser {4}list: was denied, now allowed$/m);
    expect((await runCli(['policy', 'diff', ...paths, '--fail-on', 'looser'])).exit).toBe(10);
  });

  test('names what may let more through first, with each change on its own line, and counts', async () => {
    const old = { ...POLICY, tools: { b: { limits: [LIMIT] }, a: {} } };
    const limits = [
      { ...LIMIT, max: 3 },
      { ...LIMIT, counter: 'd', window: 'day', max: 9 },
    ];
    const paths = [file('old2.json', old), file('new2.json', { ...POLICY, tools: { b: { limits } } })];
    const { stdout, stderr } = await runCli(['policy', 'diff', ...paths]);
    expect(stdout.split('\n')).toEqual([
      'changed   b: now at most 3 calls a minute for each grant',
      '          now at most 9 calls a day for each grant',
      '          no longer at most 2 calls a minute for each grant',
      'stricter  a: was allowed, now denied',
      '',
    ]);
    expect(stderr).toBe('0 looser, 1 changed, 1 stricter.\n');
  });

  test('a tool that is denied from now on has lost nothing that would be worth a word', async () => {
    const paths = [file('old3.json', POLICY), file('new3.json', { ...POLICY, tools: {} })];
    const { stdout } = await runCli(['policy', 'diff', ...paths]);
    expect(stdout).toBe(
      'stricter  create: was allowed, now denied\nstricter  pay: was asked about, now denied\n',
    );
  });

  test('a change that only tightens passes --fail-on looser, and not --fail-on any', async () => {
    const tighter = { ...POLICY, tools: { create: { limits: [{ ...LIMIT, max: 1 }] } } };
    const paths = [file('old.json', POLICY), file('tighter.json', tighter)];
    expect((await runCli(['policy', 'diff', ...paths, '--fail-on', 'looser'])).exit).toBe(0);
    expect((await runCli(['policy', 'diff', ...paths, '--fail-on', 'any'])).exit).toBe(10);
    expect((await runCli(['policy', 'diff', ...paths, '--fail-on', 'stricter'])).exit).toBe(2);
  });
});
