import { PassThrough } from 'node:stream';
import type { Caller } from '../../gateway/contract.ts';
import type { Enforcement } from '../../gateway/enforcement.ts';
import { textOf } from '../../gateway/message.ts';
import { serveStdio } from '../../gateway/stdio.ts';
import type { Connect } from '../../gateway/upstream.ts';
import type { PolicyDocument } from '../../policy/contract.ts';
import { speaker, testEnforcement, type Wire } from './gateway.ts';

/** A server inside the test. What it says back is text, so that it may be anything. */
export interface FakeServer {
  /** What it answers to a message; by default what a plain server does. Undefined for the default. */
  reply?(message: Wire): readonly string[] | undefined;
  /** Its answer to `tools/list`. */
  tools?: readonly unknown[];
  /** Where a message cannot be delivered. */
  isGone?(message: Wire): boolean;
}

/** A client, the gateway over its streams, and a server that writes down every line that reaches it. */
export interface WiredGateway {
  raw(line: string | Buffer): void;
  /** Sends bytes without a line end. */
  partial(bytes: string | Buffer): void;
  send(message: Record<string, unknown>): void;
  request(method: string, params?: unknown): Promise<Wire>;
  call(name: string, args?: unknown, more?: Record<string, unknown>): Promise<Wire>;
  received: Wire[];
  next(fits: (message: Wire) => boolean): Promise<Wire>;
  /** Lines as the server got them. */
  reached: string[];
  /** The names of the tools in them that were called. */
  called(): unknown[];
  /** The server says something of itself. */
  says(text: string | Record<string, unknown>): void;
  /** Lets everything that is on its way arrive. */
  settled(): Promise<void>;
  end(): Promise<string>;
}

/** Stands the real gateway, with its real streams, before a server inside the test. */
export function wire(
  enforcement: Enforcement,
  server: FakeServer = {},
  caller: Partial<Caller> = {},
): WiredGateway {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const reached: string[] = [];
  let says: (text: string) => void = () => {};
  const connect: Connect = ({ received }) => {
    says = received;
    return {
      send(message) {
        const line = textOf(message);
        const wired = JSON.parse(line) as Wire;
        if (server.isGone?.(wired)) return 'gone';
        reached.push(line);
        const answers = server.reply?.(wired) ?? plainReply(wired, server.tools ?? []);
        setImmediate(() => {
          for (const answer of answers) received(answer);
        });
        return 'sent';
      },
      close: async () => {},
    };
  };
  const over = serveStdio(
    enforcement,
    { grant: 'stdio', session: 's1', server: enforcement.server, ...caller },
    { stdin, stdout, signal: new AbortController().signal },
    { connect },
  );
  const { raw, send, request, received, next } = speaker(stdin, stdout, 'own');
  return {
    raw,
    partial: (bytes) => void stdin.write(bytes),
    send,
    request,
    call: (name, args = {}, more = {}) => request('tools/call', { name, arguments: args, ...more }),
    received,
    next,
    reached,
    called: () => callsIn(reached).map(({ name }) => name),
    says: (text) => says(typeof text === 'string' ? text : JSON.stringify({ jsonrpc: '2.0', ...text })),
    async settled() {
      await request('ping');
      await request('ping');
    },
    end() {
      stdin.end();
      return over;
    },
  };
}

/** The parameters of the calls among the lines that reached a server. */
export function callsIn(lines: readonly string[]): Record<string, unknown>[] {
  return lines.flatMap((line) => {
    const { method, params } = JSON.parse(line) as Wire;
    return method === 'tools/call' && params !== undefined ? [params] : [];
  });
}

/** One JSON-RPC answer as text. */
export function answerTo({ id }: Wire, result: Record<string, unknown>): string {
  return JSON.stringify({ jsonrpc: '2.0', id, result });
}

/** One JSON-RPC error as text. */
export function errorTo({ id }: Wire, code: number): string {
  return JSON.stringify({ jsonrpc: '2.0', id, error: { code, message: 'no' } });
}

function plainReply(message: Wire, tools: readonly unknown[]): string[] {
  if (message.id === undefined || message.method === undefined) return [];
  if (message.method === 'initialize') {
    const capabilities = { tools: { listChanged: true }, resources: {}, prompts: {}, logging: {} };
    const serverInfo = { name: 'fake', version: '1.0.0' };
    return [answerTo(message, { protocolVersion: '2025-11-25', capabilities, serverInfo })];
  }
  if (message.method === 'tools/list') return [answerTo(message, { tools })];
  return [answerTo(message, { content: [{ type: 'text', text: 'done' }] })];
}

/** Stands gateways under a policy before servers inside the test; they are closed with all else in a list. */
export function wiresFor(closers: (() => unknown)[]) {
  return (
    policy: PolicyDocument,
    server: FakeServer = {},
    more: Parameters<typeof testEnforcement>[1] = {},
  ) => {
    const world = testEnforcement(policy, more);
    closers.push(world.close);
    return { ...world, client: wire(world.enforcement, server) };
  };
}

/** A tool as a server lists it. */
export function tool(name: string, description = 'Reads.') {
  return { name, description, inputSchema: { type: 'object' } };
}

/** Deeper than a stack is. */
export const DEEP = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
