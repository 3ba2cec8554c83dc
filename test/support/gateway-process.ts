import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { AuditRecord } from '../../gateway/contract.ts';
import type { PolicyDocument } from '../../policy/contract.ts';
import { ROOT } from './sources.ts';

/** The built command, as an installed copy would be run. */
export const CATALOGUE = join(ROOT, 'dist/catalogue.cjs');

/** A policy that lets everything through. */
export const ALLOW_ALL: PolicyDocument = { version: '1', default: 'allow' };

/** Milliseconds for a program to say where it listens. */
const START_MS = 30_000;

/** A program and its arguments. */
export type Command = readonly [string, ...string[]];

/** A folder with a policy, and with the state of the gateways that enforce it. */
export interface GatewayHome {
  folder: string;
  /** The environment that a gateway is to be started with. */
  env: Record<string, string>;
  /** The command that puts a gateway before a server; `more` are options. */
  before(server: Command, more?: readonly string[]): Command;
  /** The same without a server to start. */
  options(more?: readonly string[]): Command;
  /** A new token for a client over HTTP. */
  grant(name: string): string;
  audit(): AuditRecord[];
  remove(): void;
}

/** Makes one; with `database`, the address of a PostgreSQL server, the state is there and not in files. */
export function gatewayHome(policy: PolicyDocument, database?: string): GatewayHome {
  const folder = mkdtempSync(join(tmpdir(), 'catalogue-gateway-'));
  const file = join(folder, 'policy.json');
  const state = join(folder, 'state');
  const audit = join(folder, 'audit.jsonl');
  writeFileSync(file, JSON.stringify(policy));
  const place = database === undefined ? ['--state', state] : [];
  const options = (more: readonly string[] = []): Command => [
    process.execPath,
    CATALOGUE,
    'gateway',
    ...['--policy', file, '--audit', audit, ...place],
    ...more,
  ];
  return {
    folder,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: folder,
      ...(database !== undefined && { DATABASE_URL: database }),
    },
    options,
    before: (server, more) => [...options(more), '--', ...server],
    grant(name) {
      const args = [CATALOGUE, 'grants', 'add', name, '--state', state, '--json'];
      const { token } = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as {
        token: string;
      };
      return token;
    },
    audit: () =>
      existsSync(audit)
        ? readFileSync(audit, 'utf8')
            .split('\n')
            .filter((line) => line !== '')
            .map((line) => JSON.parse(line) as AuditRecord)
        : [],
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A program that says on a line of its output where it listens. */
export interface Listening {
  url: string;
  pid: number;
  child: ChildProcess;
  /** Ends it, and waits until it has. */
  stop(): Promise<void>;
}

/** Starts a program and waits for the first line on `stream` that holds an address. */
export async function startListening(
  [program, ...args]: Command,
  {
    stream = 'stdout',
    env = {},
    find = /https?:\/\/[^\s"']+/,
  }: { stream?: 'stdout' | 'stderr'; env?: NodeJS.ProcessEnv; find?: RegExp } = {},
): Promise<Listening> {
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    for (const name of ['stdout', 'stderr'] as const) {
      createInterface({ input: child[name] }).on('line', (line) => {
        said.push(line);
        const [found] = (name === stream ? find.exec(line) : null) ?? [];
        if (found !== undefined) resolve(found);
      });
    }
    child.once('error', reject);
    setTimeout(() => reject(new Error(`it says no address: ${said.join('\n')}`)), START_MS).unref();
    child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${said.join('\n')}`)));
  });
  return {
    url,
    pid: child.pid ?? 0,
    child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}
