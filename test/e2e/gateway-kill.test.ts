import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, describe, expect, test } from 'vitest';
import { CODE } from '../../gateway/message.ts';
import type { PolicyDocument } from '../../policy/contract.ts';
import { createPostgresDatabase } from '../support/engines.ts';
import {
  ALLOW_ALL,
  CATALOGUE,
  type Command,
  type GatewayHome,
  gatewayHome,
} from '../support/gateway-process.ts';
import { failure } from '../support/mcp-peer.ts';
import { ROOT } from '../support/sources.ts';

/** What the SDK's client says of a connection that has closed. */
const CLOSED = -32_000;

const MAX = 40;
const WINDOW = { window: 'day', scope: 'server' } as const;
const LIMITED: PolicyDocument = {
  version: '1',
  default: 'allow',
  tools: { echo: { limits: [{ counter: 'echoes', max: MAX, ...WINDOW }] } },
};

const TINY = join(ROOT, 'test/fixtures/gateway/tiny.ts');

const homes: GatewayHome[] = [];
afterAll(() => {
  for (const home of homes) home.remove();
});

function newHome(policy: PolicyDocument, database?: string): GatewayHome {
  const home = gatewayHome(policy, database);
  homes.push(home);
  return home;
}

function server(home: GatewayHome, ...more: string[]): Command {
  return [process.execPath, TINY, home.folder, ...more];
}

/** The calls that reached the server, of all its lives. */
function reached(home: GatewayHome): string[] {
  const file = join(home.folder, 'calls.txt');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
}

function serverPid(home: GatewayHome): number {
  return Number(readFileSync(join(home.folder, 'server.pid'), 'utf8'));
}

async function gone(pid: number): Promise<true> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await sleep(20);
  }
}

async function connect(home: GatewayHome, to: Command = server(home)) {
  const [command, ...args] = home.before(to);
  const transport = new StdioClientTransport({ command, args, env: home.env, stderr: 'ignore' });
  const client = new Client({ name: 'kill-test', version: '1.0.0' });
  await client.connect(transport);
  const call = (name: string) => client.callTool({ name, arguments: {} });
  const { pid } = transport;
  if (pid === null) throw new Error('the gateway has no process');
  const closed = new Promise<void>((resolve) => {
    client.onclose = resolve;
  });
  return { client, call, pid, closed };
}

/** Calls until a denial, and gives how many calls were let through. */
async function useUp(call: (name: string) => Promise<Record<string, unknown>>): Promise<number> {
  for (let count = 0; ; count++) {
    const result = await call('echo');
    if (result.isError !== true) continue;
    expect(JSON.stringify(result)).toContain(`The limit of ${MAX} calls a day is used up`);
    return count;
  }
}

const PLACES: readonly { place: string; create(): Promise<{ url?: string; remove(): Promise<void> }> }[] = [
  { place: 'a file', create: async () => ({ remove: async () => {} }) },
  {
    place: 'PostgreSQL',
    async create() {
      const { location, remove } = await createPostgresDatabase();
      execFileSync(process.execPath, [CATALOGUE, 'list'], {
        env: { ...process.env, DATABASE_URL: location.url },
        stdio: 'ignore',
      });
      return { url: location.url, remove };
    },
  },
];

describe.each(PLACES)('a gateway that counts in $place and is killed', ({ create }) => {
  test('with a limit half used: it is still half used', async () => {
    const { url, remove } = await create();
    const home = newHome(LIMITED, url);
    const first = await connect(home);
    for (let count = 0; count < MAX / 2; count++) await first.call('echo');
    process.kill(first.pid, 'SIGKILL');
    await first.closed;
    // Whoever is killed cannot end its server; the end of its input has to.
    expect(await gone(serverPid(home))).toBe(true);

    const second = await connect(home);
    expect(await useUp(second.call)).toBe(MAX / 2);
    expect(reached(home)).toHaveLength(MAX);
    await second.client.close();
    await remove();
  });

  test('in the middle of many calls: no call that the server got is forgotten', async () => {
    const { url, remove } = await create();
    const home = newHome(LIMITED, url);
    let sent = 0;
    for (let life = 0; life < 3; life++) {
      const { call, pid, closed } = await connect(home);
      let answered = 0;
      const calls = Array.from({ length: 8 }, async () => {
        sent += 1;
        await call('echo');
        answered += 1;
        if (answered === 3) process.kill(pid, 'SIGKILL');
      });
      await Promise.allSettled(calls);
      await closed;
      await gone(serverPid(home));
    }
    const before = reached(home).length;
    expect(before).toBeGreaterThanOrEqual(9);
    const { client, call } = await connect(home);
    const left = await useUp(call);
    expect(reached(home)).toHaveLength(before + left);
    expect(before + left).toBeLessThanOrEqual(MAX);
    // What was counted and had not been sent on yet is lost to the client; nothing else is.
    expect(left).toBeGreaterThanOrEqual(MAX - sent);
    await client.close();
    await remove();
  });
});

describe('a gateway that is told to end', () => {
  test.each([
    { signal: 'SIGTERM', more: [] },
    { signal: 'SIGINT', more: [] },
    { signal: 'SIGTERM', more: ['stubborn'] },
  ] as const)('with $signal ends its server $more, and writes the audit log', async ({ signal, more }) => {
    const home = newHome(ALLOW_ALL);
    const { call, pid, closed } = await connect(home, server(home, ...more));
    for (let count = 0; count < 5; count++) await call('echo');
    const unanswered = failure(call('silent'));
    while (!reached(home).includes('silent')) await sleep(5);
    process.kill(pid, signal);
    await closed;
    expect(await gone(serverPid(home))).toBe(true);
    expect([CLOSED, CODE.gone]).toContain((await unanswered).code);
    const calls = home.audit().filter(({ method }) => method === 'tools/call');
    expect(calls.map(({ tool, decision, upstream }) => `${tool} ${decision} ${upstream}`)).toEqual([
      ...Array.from({ length: 5 }, () => 'echo allow ok'),
      'silent allow error',
    ]);
  });
});

describe('a server that dies in the middle of a call', () => {
  test('leaves the client with an error, and the gateway ends as it did', async () => {
    const home = newHome(ALLOW_ALL);
    const [program, ...args] = home.before(server(home));
    const gateway = spawn(program, args, { env: home.env, stdio: ['pipe', 'pipe', 'ignore'] });
    const output: Buffer[] = [];
    gateway.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    const ask = (id: number, name: string) =>
      `${JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: {} } })}\n`;
    gateway.stdin.write(ask(1, 'silent') + ask(2, 'dies'));
    const [code] = await once(gateway, 'close');
    expect(code).toBe(7);
    const answers = Buffer.concat(output)
      .toString('utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: number; error?: { message: string } });
    expect(answers.map(({ id, error }) => [id, error?.message])).toEqual([
      [1, 'The server has ended.'],
      [2, 'The server has ended.'],
    ]);
  });
});

describe('a client that goes away', () => {
  test.each([
    ['its input ends', (gateway: ReturnType<typeof start>) => gateway.stdin.end()],
    [
      'both its ends close',
      (gateway: ReturnType<typeof start>) => {
        gateway.stdin.destroy();
        gateway.stdout.destroy();
      },
    ],
  ])('%s: the server is ended, also in the middle of a call', async (_, leave) => {
    const home = newHome(ALLOW_ALL);
    const gateway = start(home);
    const request = {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'silent', arguments: {} },
    };
    gateway.stdin.write(`${JSON.stringify(request)}\n`);
    while (!reached(home).includes('silent')) await sleep(5);
    const closed = once(gateway, 'exit');
    leave(gateway);
    await closed;
    expect(await gone(serverPid(home))).toBe(true);
  });
});

function start(home: GatewayHome) {
  const [program, ...args] = home.before(server(home));
  return spawn(program, args, { env: home.env, stdio: ['pipe', 'pipe', 'ignore'] });
}
