import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RECORDER } from '../support/gateway.ts';
import { call, INITIALIZE } from '../support/gateway-http.ts';
import { runCli } from '../support/run-cli.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gateway cli's-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const POLICY = {
  version: '1',
  default: 'deny',
  tools: { guarded: { require_approval: [{ conditions: [], on_deny: 'A person decides.' }] } },
};

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** One client's lines through the gateway, until its input ends. */
async function gateway(messages: object[], words: string[] = [], world: Parameters<typeof runCli>[1] = {}) {
  const policy = file('policy.json', JSON.stringify(POLICY));
  const command = words.includes('--') ? [] : ['--', process.execPath, RECORDER, folder];
  const stdin = messages.map((message) => `${JSON.stringify(message)}\n`).join('');
  return runCli(['gateway', '--policy', policy, ...words, ...command], { ...world, stdin });
}

const guarded = [INITIALIZE, { jsonrpc: '2.0', method: 'notifications/initialized' }, call('guarded')];

/** What a shell makes of the command that the client is told. */
function toldCommand(stdout: string): string[] {
  const lines = stdout.trim().split('\n');
  const texts = lines.map((line) => JSON.parse(line).result?.content?.[0]?.text ?? '');
  const [, command = ''] = /`catalogue (.*)`/.exec(texts.join('')) ?? [];
  const words = command.match(/(?:'[^']*'|\\'|[^\s'\\])+/g) ?? [];
  return words.map((word) =>
    word.replaceAll("'\\''", '\u0000').replaceAll("'", '').replaceAll('\u0000', "'"),
  );
}

describe('a call that waits for a person', () => {
  test.each<[string, string[], Record<string, string>]>([
    ['--state', ['--state', 'own state'], {}],
    ['the environment', [], { CATALOGUE_GATEWAY_STATE: 'elsewhere' }],
  ])('is let through by the very command that the client is told, with %s', async (_, words, env) => {
    const { stdout } = await gateway(guarded, words, { cwd: folder, env });
    const command = toldCommand(stdout);
    expect(command.slice(0, 2)).toEqual(['approvals', 'approve']);
    // In another folder, another environment: another shell.
    expect(await runCli(command)).toMatchObject({ exit: 0, stdout: expect.stringContaining('Approved:') });
    const again = await gateway(guarded, words, { cwd: folder, env });
    expect(again.stdout).toContain('"text":"done"');
  });
});

describe('what a server writes to stderr', () => {
  const noisy = () =>
    file(
      'noisy.mjs',
      `process.stderr.write('\\u001b[31mred\\u001b[0m\\n\\u001b[2J\\u001b]0;title\\u0007 \\u202eend\\n');
       process.stdin.resume();`,
    );

  test('cannot act on a terminal', async () => {
    const words = ['--state', folder, '--', process.execPath, noisy()];
    const { stderr } = await gateway([], words, { isTerminal: true });
    expect(stderr).toContain('red\n\\u{1b}[2J\\u{1b}]0;title\\u{7} \\u{202e}end\n');
    expect(stderr).not.toContain('\u001b');
  });

  test('reaches a program as it is', async () => {
    const { stderr } = await gateway([], ['--state', folder, '--', process.execPath, noisy()]);
    expect(stderr).toContain('\u001b[31mred\u001b[0m\n\u001b[2J');
  });
});

test('a server has a key that can stand in an address and on a screen', async () => {
  const { exit, stderr } = await gateway([], ['--server', 'a\u001b[2J']);
  expect({ exit, stderr }).toEqual({
    exit: 2,
    stderr: 'catalogue: --server takes a key of 1 to 64 letters, digits, dots, hyphens or underscores.\n',
  });
});

test('one server of a file is served on stdio, also where the file is for listening', async () => {
  file('policy.json', JSON.stringify(POLICY));
  const server = { policy: 'policy.json', command: process.execPath, args: [RECORDER, folder] };
  const config = file(
    'gateway.json',
    JSON.stringify({ listen: '127.0.0.1:1', servers: { a: server, b: server } }),
  );
  const stdin = `${JSON.stringify(INITIALIZE)}\n`;
  const words = ['gateway', '--config', config, '--server', 'b', '--state', folder];
  const { exit, stdout } = await runCli(words, { stdin });
  expect(JSON.parse(stdout)).toHaveProperty('result.serverInfo');
  expect(exit).toBe(0);
});
