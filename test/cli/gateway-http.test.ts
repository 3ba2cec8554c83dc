import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { run } from '../../cli/run.ts';
import { RECORDER } from '../support/gateway.ts';
import { send, startHttp, startSdkServer } from '../support/gateway-http.ts';
import { runCli } from '../support/run-cli.ts';

let folder: string;
const closers: (() => unknown)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gateway-cli-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
});
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const state = () => ['--state', join(folder, 'state')];

function file(name: string, value: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
}

async function grant(name: string, ...more: string[]): Promise<string> {
  const { stdout } = await runCli(['grants', 'add', name, ...more, ...state()]);
  return stdout.trim();
}

/** Runs the gateway as the command does, with streams that can be read while it runs. */
function start(args: string[], command: string[] = [], env: Record<string, string> = {}) {
  const stop = new AbortController();
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const errors: string[] = [];
  stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  const words = ['gateway', ...args, ...state(), '--json'];
  const exit = run(command.length > 0 ? [...words, '--', ...command] : words, {
    env: { PATH: process.env.PATH, ...env },
    cwd: folder,
    home: folder,
    platform: process.platform,
    tmp: tmpdir(),
    stdin,
    stdout: { stream: stdout, isTerminal: false, columns: 80 },
    stderr: { stream: stderr, isTerminal: false, columns: 80 },
    now: () => new Date(),
    random: Math.random,
    signal: stop.signal,
  });
  return { stop, stdin, stdout, errors, exit };
}

/** Runs the gateway until the test ends it, and gives what its line says of where it is. */
async function gateway(...words: Parameters<typeof start>) {
  const { stop, stdout, errors, exit } = start(...words);
  const said = new Promise<string>((resolve) =>
    stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())),
  );
  closers.push(async () => {
    stop.abort();
    await exit;
  });
  const line = await Promise.race([
    said,
    exit.then((code) => Promise.reject(new Error(`${code}: ${errors.join('')}`))),
  ]);
  const { url, servers } = JSON.parse(line) as { url: string; servers: Record<string, string> };
  return {
    url,
    servers,
    errors,
    async end() {
      stop.abort();
      return exit;
    },
  };
}

async function client(url: string | undefined, token: string) {
  const one = new Client({ name: 'test', version: '1' });
  const transport = new StreamableHTTPClientTransport(new URL(url ?? ''), {
    requestInit: { headers: { Authorization: `Bearer ${token}` } },
  });
  await one.connect(transport as Parameters<typeof one.connect>[0]);
  closers.push(() => one.close());
  return one;
}

/** A variable as a configuration names it. */
const variable = (name: string) => `\${${name}}`;

const ALLOW_ONE = { version: '1', default: 'deny', tools: { read_file: {}, echo: {} } };

test('listens before a command, and starts it for each session', async () => {
  const policy = file('policy.json', ALLOW_ONE);
  const token = await grant('laptop');
  const { servers, end } = await gateway(
    ['--policy', policy, '--listen', '127.0.0.1:0'],
    [process.execPath, RECORDER, folder],
  );
  const [one, two] = [await client(servers.server, token), await client(servers.server, token)];
  for (const each of [one, two]) {
    expect(await each.callTool({ name: 'read_file', arguments: {} })).toMatchObject({
      content: [{ text: 'done' }],
    });
    expect(await each.callTool({ name: 'delete_file', arguments: {} })).toMatchObject({ isError: true });
  }
  expect(await end()).toBe(0);
  const lines = readFileSync(join(folder, 'state', 'audit.jsonl'), 'utf8')
    .trim()
    .split('\n');
  const records = lines.map((line) => JSON.parse(line));
  expect(records).toMatchObject([
    { decision: 'allow', grant: 'laptop' },
    { decision: 'deny' },
    { decision: 'allow' },
    { decision: 'deny' },
  ]);
  expect(new Set(records.map(({ session }) => session)).size).toBe(2);
  const reached = readFileSync(join(folder, 'received.jsonl'), 'utf8');
  expect(reached).not.toContain('delete_file');
  // The token stands in no file.
  for (const name of ['grants.json', 'audit.jsonl'])
    expect(readFileSync(join(folder, 'state', name), 'utf8')).not.toContain(token);
});

test('stands before several servers from one file, each with its policy', async () => {
  const server = await startSdkServer();
  closers.push(server.close);
  file('one.json', ALLOW_ONE);
  file('two.json', { version: '1', default: 'deny' });
  const config = file(
    'gateway.yaml',
    [
      'listen: 127.0.0.1:0',
      'servers:',
      '  files:',
      '    policy: one.json',
      `    command: ${JSON.stringify(process.execPath)}`,
      `    args: [${JSON.stringify(RECORDER)}, .]`,
      '  remote:',
      '    policy: two.json',
      `    url: ${variable('REMOTE')}`,
      `    headers: { X-Key: "${variable('KEY')}" }`,
    ].join('\n'),
  );
  const token = await grant('laptop');
  const { servers, errors } = await gateway(['--config', config], [], { REMOTE: server.url, KEY: 'k' });
  expect(Object.keys(servers)).toEqual(['files', 'remote']);
  expect(servers.files).toMatch(/\/files\/mcp$/);
  const files = await client(servers.files, token);
  const remote = await client(servers.remote, token);
  expect(await files.callTool({ name: 'read_file', arguments: {} })).not.toHaveProperty('isError');
  expect(await remote.callTool({ name: 'echo', arguments: {} })).toMatchObject({ isError: true });
  expect((await remote.listTools()).tools.map(({ name }) => name)).toContain('echo');
  expect(server.calls).toEqual([]);
  // What is said of one of them names it.
  file('two.json', '{');
  await vi.waitFor(() => expect(errors.join('')).toMatch(/^catalogue gateway: remote: .*polic/m), 10_000);
});

test('listens for one server of a file alone where that one is named', async () => {
  file('one.json', ALLOW_ONE);
  const server = { policy: 'one.json', command: process.execPath, args: [RECORDER, folder] };
  const config = file('gateway.json', { listen: '127.0.0.1:1', servers: { a: server, b: server } });
  const token = await grant('laptop');
  const words = ['--config', config, '--server', 'b', '--listen', '127.0.0.1:0'];
  const { url, servers } = await gateway(words);
  expect(Object.keys(servers)).toEqual(['b']);
  await expect(client(`${url}/a/mcp`, token)).rejects.toThrow(/no server at this path/);
  const one = await client(servers.b, token);
  expect(await one.callTool({ name: 'read_file', arguments: {} })).not.toHaveProperty('isError');
});

test('on stdio, reaches a server at an address with the headers that it is given', async () => {
  const upstream = await startHttp(({ body }, response) => {
    const { id, method } = JSON.parse(body || '{}');
    if (id === undefined) return void response.writeHead(202).end();
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ jsonrpc: '2.0', id, result: { method } }));
  });
  closers.push(upstream.close);
  const policy = file('policy.json', ALLOW_ONE);
  const messages = [
    { jsonrpc: '2.0', id: 1, method: 'initialize', params: {} },
    { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'echo', arguments: {} } },
    { jsonrpc: '2.0', id: 3, method: 'tools/call', params: { name: 'other', arguments: {} } },
  ];
  const one = start(['--policy', policy, '--upstream', upstream.url, '--header', 'X-Key: k']);
  // A client that says all at once and goes still gets its answers.
  one.stdin.end(messages.map((message) => `${JSON.stringify(message)}\n`).join(''));
  expect(await one.exit).toBe(0);
  const lines = String(one.stdout.read()).trim().split('\n');
  const answers = lines.map((line) => JSON.parse(line));
  expect(answers.map(({ id }) => id).toSorted()).toEqual([1, 2, 3]);
  expect(answers.find(({ id }) => id === 3)).toMatchObject({ result: { isError: true } });
  expect(upstream.seen.map(({ headers }) => headers['x-key'])).toEqual(upstream.seen.map(() => 'k'));
  expect(upstream.seen.some(({ body }) => body.includes('other'))).toBe(false);
});

test('without grants, lets in every program of this machine, and no web page', async () => {
  const policy = file('policy.json', ALLOW_ONE);
  const args = ['--policy', policy, '--listen', '127.0.0.1:0', '--without-grants'];
  const { servers } = await gateway(args, [process.execPath, RECORDER, folder]);
  const one = await client(servers.server, 'none');
  expect(await one.callTool({ name: 'read_file', arguments: {} })).not.toHaveProperty('isError');
  const page = await send(servers.server ?? '', { headers: { origin: 'https://evil.example' } });
  expect(page.status).toBe(403);
});

test('does not begin where no grant opens anything, and names those that do not', async () => {
  const policy = file('policy.json', ALLOW_ONE);
  const words = ['--policy', policy, '--server', 'files', '--listen', '127.0.0.1:0'];
  const command = [process.execPath, RECORDER, folder];
  await grant('phone', '--server', 'flies');
  await grant('old', '--server', 'files', '--expires', '2026-01-03');
  const { exit, errors } = start(words, command);
  expect(await exit).toBe(2);
  expect(errors.join('')).toMatch(/no valid grant for the server 'files'.*catalogue grants add/);
  const token = await grant('laptop', '--server', 'files');
  const running = await gateway(words, command);
  expect(running.errors.join('')).toContain('the grant phone opens nothing here: there is no server flies');
  expect(running.errors.join('')).not.toContain('the grant laptop');
  const one = await client(running.servers.files, token);
  expect(await one.callTool({ name: 'read_file', arguments: {} })).not.toHaveProperty('isError');
});

test('a grant that is made or revoked meanwhile counts at once', async () => {
  const policy = file('policy.json', ALLOW_ONE);
  await grant('first');
  const args = ['--policy', policy, '--listen', '127.0.0.1:0'];
  const { servers } = await gateway(args, [process.execPath, RECORDER, folder]);
  const token = await grant('second');
  const one = await client(servers.server, token);
  await runCli(['grants', 'revoke', 'second', ...state()]);
  await expect(one.callTool({ name: 'read_file', arguments: {} })).rejects.toThrow(/no grant that is valid/);
});

test('ends its servers with it', async () => {
  const policy = file('policy.json', ALLOW_ONE);
  const token = await grant('laptop');
  const script = file(
    'server.mjs',
    `
    import { writeFileSync } from 'node:fs';
    writeFileSync(process.argv[2] + '/pid', String(process.pid));
    await import(${JSON.stringify(RECORDER)});
  `,
  );
  const pidFile = join(folder, 'pid');
  const { servers, end } = await gateway(
    ['--policy', policy, '--listen', '127.0.0.1:0'],
    [process.execPath, script, folder],
  );
  await client(servers.server, token);
  const pid = await vi.waitFor(() => {
    const written = Number(readFileSync(pidFile, 'utf8'));
    expect(written).toBeGreaterThan(0);
    return written;
  });
  expect(() => process.kill(pid, 0)).not.toThrow();
  expect(await end()).toBe(0);
  expect(() => process.kill(pid, 0)).toThrow();
});

describe('is told what to do instead', () => {
  const listen = ['--listen', '127.0.0.1:0'];
  test.each<[string, string[], string[], RegExp]>([
    [
      'of listening for nobody',
      ['--policy', 'policy.json', ...listen],
      ['x'],
      /catalogue grants add <name>.*--without-grants/,
    ],
    [
      'of letting everybody in from elsewhere',
      ['--policy', 'policy.json', '--listen', '0.0.0.0:0', '--without-grants'],
      ['x'],
      /this machine alone/,
    ],
    [
      'of an address that is none',
      ['--policy', 'policy.json', '--listen', 'here', '--without-grants'],
      ['x'],
      /127\.0\.0\.1:8787/,
    ],
    [
      'of a port that is none',
      ['--policy', 'policy.json', '--listen', '127.0.0.1:70000', '--without-grants'],
      ['x'],
      /127\.0\.0\.1:8787/,
    ],
    [
      'of an origin that no browser sends',
      ['--policy', 'policy.json', ...listen, '--without-grants', '--allow-origin', 'https://a.example/'],
      ['x'],
      /as browsers send it/,
    ],
    [
      'of a header that is none',
      ['--policy', 'policy.json', '--upstream', 'http://127.0.0.1:9/', '--header', 'secret'],
      [],
      /'Name: value'/,
    ],
    [
      'of a header that is ours',
      ['--policy', 'policy.json', '--upstream', 'http://127.0.0.1:9/', '--header', 'Mcp-Session-Id: secret'],
      [],
      /set by the gateway itself/,
    ],
    [
      'of an address with a password',
      ['--policy', 'policy.json', '--upstream', 'http://a:secret@127.0.0.1/'],
      [],
      /credentials/,
    ],
    [
      'of both a command and an address',
      ['--policy', 'policy.json', '--upstream', 'http://127.0.0.1:9/'],
      ['x'],
      /either/,
    ],
    ['of neither', ['--policy', 'policy.json'], [], /either/],
    [
      'of a file and a policy',
      ['--config', 'gateway.json', '--policy', 'policy.json'],
      [],
      /leave out --policy/,
    ],
    ['of a file that is not there', ['--config', 'none.json'], [], /none\.json cannot be used/],
    [
      'of a header for a command',
      ['--policy', 'policy.json', '--header', 'X-Api-Key: secret'],
      ['x'],
      /--header goes with --upstream/,
    ],
    [
      'of letting everybody in on stdio',
      ['--policy', 'policy.json', '--without-grants', '--allow-host', 'a'],
      ['x'],
      /--without-grants and --allow-host goes with --listen/,
    ],
    [
      'of a server that is not in the file, with an address',
      ['--config', 'gateway.json', '--server', 'c', ...listen, '--without-grants'],
      [],
      /no server 'c'\. There are: a, b/,
    ],
    [
      'of several servers on stdio',
      ['--config', 'gateway.json'],
      [],
      /name it with --server\. There are: a, b/,
    ],
  ])('%s', async (_, args, command, message) => {
    file('policy.json', ALLOW_ONE);
    file('gateway.json', {
      servers: { a: { policy: 'policy.json', command: 'x' }, b: { policy: 'policy.json', command: 'x' } },
    });
    const words = ['gateway', ...args, ...state(), ...(command.length > 0 ? ['--', ...command] : [])];
    const { exit, stderr, stdout } = await runCli(words, { cwd: folder });
    expect(stderr).toMatch(message);
    expect(stderr + stdout).not.toContain('secret:');
    expect(exit).toBe(2);
  });

  const server = { policy: 'p.json', command: 'x' };
  test.each<[string, unknown, RegExp]>([
    ['a server without a policy', { servers: { a: { command: 'x' } } }, /\/servers\/a\/policy/],
    [
      'a server without a way to it',
      { servers: { a: { policy: 'p.json' } } },
      /\/servers\/a needs either a command or a url/,
    ],
    [
      'a server with two',
      { servers: { a: { ...server, url: 'https://a.example' } } },
      /either a command or a url/,
    ],
    ['a key that no address can have', { servers: { 'a/b': server } }, /letters, digits/],
    ['a misspelt member', { servers: { a: server }, polices: 'p.json' }, /polices/],
    ['a misspelt member of a server', { servers: { a: { ...server, arg: [] } } }, /arg/],
    ['no servers', { servers: {} }, /names no server/],
    [
      'a variable that is not set',
      {
        servers: {
          a: {
            policy: 'p.json',
            url: 'https://a.example',
            headers: { Authorization: `Bearer ${variable('MISSING_TOKEN')}` },
          },
        },
      },
      /needs the variable MISSING_TOKEN/,
    ],
    [
      'an address that is none',
      { servers: { a: { policy: 'p.json', url: 'ftp://a.example' } } },
      /https:\/\//,
    ],
    [
      'a key that stands twice',
      '{"servers":{"a":{"policy":"p.json","command":"x"},"a":{"policy":"q.json","command":"x"}}}',
      /twice/,
    ],
    ['no JSON', 'servers:', /cannot be used/],
  ])('of %s in the file', async (_, config, message) => {
    const path = file('gateway.json', config);
    const words = ['gateway', '--config', path, '--listen', '127.0.0.1:0', '--without-grants', ...state()];
    const { exit, stderr } = await runCli(words, { cwd: folder });
    expect(stderr).toMatch(message);
    expect(exit).toBe(2);
  });
});
