import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { PassThrough } from 'node:stream';
import { commandLaunch } from '../../crawler/resolve.ts';
import type { ApprovalRequest, Approvals, AuditRecord, Caller, Counters } from '../../gateway/contract.ts';
import type { Enforcement } from '../../gateway/enforcement.ts';
import type { EnforcementOptions } from '../../gateway/open.ts';
import { openEnforcement } from '../../gateway/open.ts';
import { serveStdio } from '../../gateway/stdio.ts';
import { startStdioServer } from '../../gateway/upstream-stdio.ts';
import type { PolicyDocument } from '../../policy/contract.ts';
import type { Charge } from '../../policy/evaluate.ts';
import { ROOT } from './sources.ts';

/** Counters of this process, in windows that never end. */
function memoryCounters(): Counters & { used(counter: string): number } {
  const used = new Map<string, number>();
  const at = ({ limit }: Charge) => limit.counter;
  return {
    used: (counter) => used.get(counter) ?? 0,
    async reserve(_caller, _tool, charges) {
      const index = charges.findIndex(
        (charge) => (used.get(at(charge)) ?? 0) + charge.amount > charge.limit.max,
      );
      const over = charges[index];
      if (over !== undefined) return { ok: false, index, used: used.get(at(over)) ?? 0 };
      for (const charge of charges) used.set(at(charge), (used.get(at(charge)) ?? 0) + charge.amount);
      const release = async () => {
        for (const charge of charges) used.set(at(charge), (used.get(at(charge)) ?? 0) - charge.amount);
      };
      return { ok: true, reservation: { release } };
    },
    async close() {},
  };
}

/** Approvals of this process; `answer` plays the person. */
function memoryApprovals(): Approvals & {
  asked: ApprovalRequest[];
  answer(id: string, state: 'approved' | 'denied'): void;
} {
  const entries = new Map<
    string,
    { fingerprint: string; state: 'pending' | 'approved' | 'denied' | 'used' }
  >();
  const asked: ApprovalRequest[] = [];
  return {
    asked,
    answer(id, state) {
      const entry = entries.get(id);
      if (entry) entry.state = state;
    },
    async take(request) {
      for (const [id, entry] of entries) {
        if (entry.fingerprint !== request.fingerprint || entry.state === 'used') continue;
        const { state } = entry;
        if (state === 'approved') entry.state = 'used';
        return { state, id };
      }
      const id = `a${entries.size + 1}`;
      entries.set(id, { fingerprint: request.fingerprint, state: 'pending' });
      asked.push(request);
      return { state: 'pending', id };
    },
    async giveBack(id) {
      const entry = entries.get(id);
      if (entry?.state === 'used') entry.state = 'approved';
    },
    async close() {},
  };
}

/** A policy in a file, and all that it takes to enforce it, kept in memory. */
export function testEnforcement(policy: PolicyDocument | string, more: Partial<EnforcementOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-test-'));
  const file = join(folder, 'policy.json');
  const write = (next: PolicyDocument | string) =>
    writeFileSync(file, typeof next === 'string' ? next : JSON.stringify(next));
  write(policy);
  const counters = memoryCounters();
  const approvals = memoryApprovals();
  const records: AuditRecord[] = [];
  const remarks: string[] = [];
  const enforcement = openEnforcement({
    server: 'test',
    policy: file,
    counters,
    approvals,
    audit: { write: (record) => void records.push(record), close: async () => {} },
    dryRun: false,
    world: { now: () => Date.now(), elapsed: () => performance.now(), randomId: () => randomUUID() },
    remark: (text) => void remarks.push(text),
    ...more,
  });
  const close = () => {
    enforcement.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { enforcement, folder, counters, approvals, records, remarks, write, close };
}

export const RECORDER = join(ROOT, 'test', 'fixtures', 'gateway', 'recorder.ts');

export interface Wire {
  id?: number | string | null;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown> & { content?: { text?: string }[]; isError?: boolean };
  error?: { code: number; message: string };
}

/** A client that says whatever a test wants it to, before a gateway with a server of ours behind it. */
export interface RawClient {
  /** Sends bytes as they are, with a line end. */
  raw(line: string | Buffer): void;
  send(message: Record<string, unknown>): void;
  /** Sends a request and gives the message with its id. */
  request(method: string, params?: unknown): Promise<Wire>;
  call(name: string, args?: Record<string, unknown>): Promise<Wire>;
  /** Settles when all sent before has been dealt with. */
  settled(): Promise<void>;
  /** All messages that came, oldest first. */
  received: Wire[];
  /** The first message, of those to come and those that came, that fits. */
  next(fits: (message: Wire) => boolean): Promise<Wire>;
  /** What reached the server, line by line, as it came. */
  reached(): string[];
  stderr(): string;
  /** Ends stdin, and gives who ended the connection. */
  end(): Promise<string>;
  over: Promise<string>;
  pid: number;
}

export async function rawClient(
  enforcement: Enforcement,
  folder: string,
  command: readonly string[] = [process.execPath, RECORDER, folder],
  caller: Partial<Caller> = {},
): Promise<RawClient> {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const stderr: Buffer[] = [];
  const [program = '', ...args] = command;
  const context = { cwd: ROOT, environment: process.env, platform: process.platform };
  const env = Object.fromEntries(
    Object.entries(process.env).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]])),
  );
  const server = await startStdioServer({ ...commandLaunch(program, args, context), env }, (chunk) =>
    stderr.push(chunk),
  );
  const over = serveStdio(
    enforcement,
    { grant: 'stdio', session: 's1', server: enforcement.server, ...caller },
    { stdin, stdout, signal: new AbortController().signal },
    { connect: server.connect, pipes: { input: server.input, output: server.output } },
  );
  const { raw, send, request, received, next } = speaker(stdin, stdout, 'test');
  return {
    raw,
    send,
    request,
    call: (name, args = {}) => request('tools/call', { name, arguments: args }),
    settled: async () => void (await request('ping')),
    received,
    next,
    reached: () => {
      const file = join(folder, 'received.jsonl');
      return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
    },
    stderr: () => Buffer.concat(stderr).toString('utf8'),
    end() {
      stdin.end();
      return over;
    },
    over,
    pid: server.pid,
  };
}

/** Writes lines into the gateway and keeps the messages that come out of it. */
export function speaker(stdin: PassThrough, stdout: PassThrough, idPrefix: string) {
  const received: Wire[] = [];
  const watchers = new Set<() => void>();
  let rest = '';
  stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) received.push(JSON.parse(line) as Wire);
    for (const watcher of watchers) watcher();
  });
  const next = (fits: (message: Wire) => boolean) =>
    new Promise<Wire>((resolve) => {
      const look = () => {
        const found = received.find(fits);
        if (found === undefined) return;
        watchers.delete(look);
        resolve(found);
      };
      watchers.add(look);
      look();
    });
  let last = 0;
  const raw = (line: string | Buffer) => {
    stdin.write(line);
    stdin.write('\n');
  };
  const send = (message: Record<string, unknown>) => raw(JSON.stringify({ jsonrpc: '2.0', ...message }));
  const request = (method: string, params?: unknown) => {
    last += 1;
    const id = `${idPrefix}-${last}`;
    send({ id, method, ...(params !== undefined && { params }) });
    return next((message) => message.id === id && message.method === undefined);
  };
  return { raw, send, request, received, next };
}

/** The text of a tool's result. */
export function textOf(message: Wire): string {
  return message.result?.content?.[0]?.text ?? '';
}
