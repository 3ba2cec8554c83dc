import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { PolicyDocument } from '../policy/contract.ts';
import {
  type Command,
  gatewayHome,
  type Listening,
  startListening,
} from '../test/support/gateway-process.ts';
import { ROOT } from '../test/support/sources.ts';
import { type Caller, httpCaller, stdioCaller } from './gateway-callers.ts';
import { quantile } from './quantile.ts';

/**
 * What a call costs through the gateway, beside the same call without it and through the npm package `mcp-proxy`: all in
 * one run, in turns. The server answers at once; the gateway judges each call by a condition, counts it, and writes it
 * down. `npm run build` first.
 */

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '60' },
    block: { type: 'string', default: '50' },
    calls: { type: 'string', default: '100000' },
    only: { type: 'string', default: 'latency,concurrent,memory' },
  },
});
const only = new Set(values.only.split(','));

const POLICY: PolicyDocument = {
  version: '1',
  default: 'deny',
  tools: {
    echo: {
      deny_if: [{ conditions: [{ path: 'args.text', op: 'regex', value: '^/etc/' }], on_deny: 'no' }],
      limits: [{ counter: 'calls', window: 'hour', scope: 'grant', max: 1_000_000_000 }],
    },
  },
};

const node = process.execPath;
const tiny: Command = [node, join(ROOT, 'test/fixtures/gateway/tiny.ts')];
const home = gatewayHome(POLICY);
const running: Listening[] = [];

async function listening(command: Command, more?: Parameters<typeof startListening>[1]): Promise<Listening> {
  const started = await startListening(command, more);
  running.push(started);
  return started;
}

async function gatewayAt(command: Command): Promise<Caller> {
  const { url, pid } = await listening(command, { find: /http:\/\/[^"]+\/mcp/ });
  return httpCaller(url, pid, { authorization: `Bearer ${token}` });
}

const token = home.grant('bench');
const listen = ['--listen', '127.0.0.1:0', '--json'];
const atAddress = await listening([...tiny, 'http']);

const ways = {
  stdio: await stdioCaller(tiny),
  'stdio, gateway': await stdioCaller(home.before(tiny)),
  http: await httpCaller(atAddress.url, atAddress.pid),
  'http, gateway, http': await gatewayAt(home.options([...listen, '--upstream', atAddress.url])),
  'http, gateway, stdio': await gatewayAt(home.before(tiny, listen)),
  'http, mcp-proxy, stdio': await proxy([]),
  'http, lean proxy, stdio': await proxy(['--server', 'stream', '--no-eventStore']),
} satisfies Record<string, Caller>;
type Way = keyof typeof ways;
const names = Object.keys(ways) as Way[];

/** The peer: as it comes, and without what the gateway does not do either, older transport and store of events. */
async function proxy(more: readonly string[]): Promise<Caller> {
  const port = await freePort();
  const program = fileURLToPath(new URL('bin/mcp-proxy.mjs', import.meta.resolve('mcp-proxy')));
  const options = [...more, '--port', String(port)];
  const { pid } = await listening([node, program, ...options, '--', ...tiny], { find: /starting server/ });
  const url = `http://127.0.0.1:${port}/mcp`;
  for (let tries = 0; ; tries++) {
    try {
      return await httpCaller(url, pid);
    } catch (error) {
      if (tries === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

try {
  const [load = 0] = loadavg();
  print(
    `node ${process.version}, ${cpus().length} cores, of which ${load.toFixed(1)} were busy with other things`,
  );
  await warmUp();
  if (only.has('latency')) await latency();
  if (only.has('concurrent')) await concurrent();
  if (only.has('memory')) await memory();
} finally {
  for (const name of names) ways[name].close();
  for (const one of running) await one.stop();
  home.remove();
}
process.exit(process.exitCode ?? 0);

async function warmUp(): Promise<void> {
  const CALLS = 3_000;
  for (const name of names) for (let call = 0; call < CALLS; call++) await ways[name].call();
}

/** One call after another, in blocks, so that a busy machine slows all alike. Calls of the same turn are compared. */
async function latency(): Promise<void> {
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Way, number[]>;
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const name of names) {
      for (let call = 0; call < Number(values.block); call++) {
        const start = performance.now();
        await ways[name].call();
        times[name].push(performance.now() - start);
      }
    }
  }
  print(`\nOne call after another, ${times.stdio.length} a way, ms`);
  print(row('', ['median', 'p95', 'added: median', 'p95']));
  const added = (name: Way, to: Way) => {
    const of = times[name].map((time, index) => time - (times[to][index] ?? Number.NaN));
    print(
      row(name, [
        ...[0.5, 0.95].map((part) => quantile(times[name], part).toFixed(3)),
        ...[0.5, 0.95].map((part) => quantile(of, part).toFixed(3)),
      ]),
    );
    return quantile(of, 0.5);
  };
  const plain = (name: Way) =>
    print(
      row(
        name,
        [0.5, 0.95].map((part) => quantile(times[name], part).toFixed(3)),
      ),
    );
  plain('stdio');
  const stdio = added('stdio, gateway', 'stdio');
  plain('http');
  const http = added('http, gateway, http', 'http');
  const listens = added('http, gateway, stdio', 'http');
  const peer = added('http, mcp-proxy, stdio', 'http');
  const lean = added('http, lean proxy, stdio', 'http');
  print(`the gateway adds ${percent(listens / peer)} of what mcp-proxy adds in its place as it comes,`);
  print(`and ${percent(listens / lean)} of what it adds without event store and older transport`);
  verdict('median added latency under 0.5 ms', Math.max(stdio, http, listens) < 0.5);
  verdict('under half of what the peer adds', listens < peer / 2);
}

async function concurrent(): Promise<void> {
  const AT_ONCE = 200;
  const ROUNDS = 15;
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Way, number[]>;
  for (let round = 0; round <= ROUNDS; round++) {
    for (const name of names) {
      const start = performance.now();
      await Promise.all(Array.from({ length: AT_ONCE }, () => ways[name].call()));
      // The first round opens the connections.
      if (round > 0) times[name].push(performance.now() - start);
    }
  }
  print(`\n${AT_ONCE} calls at once, all answered, ${ROUNDS} times: ms until the last`);
  print(row('', ['median', 'p95']));
  for (const name of names)
    print(
      row(
        name,
        [0.5, 0.95].map((part) => quantile(times[name], part).toFixed(1)),
      ),
    );
}

async function memory(): Promise<void> {
  const IN_FLIGHT = 50;
  const calls = Number(values.calls);
  // By the first look the engine has not grown its heap to what it likes to have; from the second on nothing may be added.
  const looks = [0.1, 0.5, 1].map((part) => Math.round(calls * part));
  print(`\nResident memory of the gateway after so many calls, MB, with ${IN_FLIGHT} at once`);
  print(row('', [...looks.map(String), 'calls/s']));
  for (const name of ['stdio, gateway', 'http, gateway, stdio', 'http, gateway, http'] as const) {
    const way = ways[name];
    const seen: number[] = [];
    let done = 0;
    const start = performance.now();
    for (const look of looks) {
      const worker = async () => {
        while (done < look) {
          done += 1;
          await way.call();
        }
      };
      await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
      seen.push(residentMb(way.pid));
    }
    const rate = calls / ((performance.now() - start) / 1000);
    print(row(name, [...seen.map((mb) => mb.toFixed(1)), rate.toFixed(0)]));
    const [, middle = 0, last = 0] = seen;
    verdict(`flat: ${name}`, last < middle * 1.05);
  }
}

function residentMb(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
}

function percent(part: number): string {
  return `${(part * 100).toFixed(0)} %`;
}

function row(name: string, cells: readonly string[]): string {
  return name.padEnd(26) + cells.map((cell) => cell.padStart(14)).join('');
}

function verdict(what: string, holds: boolean): void {
  print(`${holds ? 'yes' : 'NO '}  ${what}`);
  if (!holds) process.exitCode = 1;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
