import { spawn } from 'node:child_process';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';

/** One way to a server, open for calls of its tool `echo`. */
export interface Caller {
  /** Settles when the call has been answered. Rejects when the answer is not what it should be. */
  call(): Promise<void>;
  /** The process that is called. */
  pid: number;
  close(): void;
}

const TEXT = 'a text of some length, as arguments have it';
const WANTED = `"text":"${TEXT}"`;

const GREETING = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'bench', version: '1.0.0' },
};
const CALL = {
  name: 'echo',
  arguments: { text: TEXT, count: 3, options: { verbose: false, tags: ['a', 'b'] } },
};

function messageOf(id: number, method: string, params: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params });
}

const INITIALIZED = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' });

/** Starts a program and speaks to it over its pipes. */
export async function stdioCaller([program = '', ...args]: readonly string[]): Promise<Caller> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  const waiting = new Map<number, (line: string) => void>();
  let rest = '';
  let last = 0;
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const { id } = JSON.parse(line) as { id: number };
      waiting.get(id)?.(line);
      waiting.delete(id);
    }
  });
  const ask = (method: string, params: unknown) =>
    new Promise<string>((resolve) => {
      last += 1;
      waiting.set(last, resolve);
      child.stdin.write(`${messageOf(last, method, params)}\n`);
    });
  await ask('initialize', GREETING);
  child.stdin.write(`${INITIALIZED}\n`);
  return {
    call: async () => check(await ask('tools/call', CALL)),
    pid: child.pid ?? 0,
    close: () => void child.stdin.end(),
  };
}

/** Speaks to what listens at an address, over connections that are kept open. */
export async function httpCaller(
  url: string,
  pid: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<Caller> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const own: Record<string, string> = {
    ...headers,
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
  };
  const post = (body: string) =>
    new Promise<{ headers: IncomingHttpHeaders; text: string }>((resolve, reject) => {
      const length = { 'content-length': Buffer.byteLength(body) };
      const sent = request(url, { method: 'POST', agent, headers: { ...own, ...length } }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve({ headers: response.headers, text }));
        response.on('error', reject);
      });
      sent.on('error', reject);
      sent.end(body);
    });
  let last = 0;
  const ask = (method: string, params: unknown) => {
    last += 1;
    return post(messageOf(last, method, params));
  };
  const greeted = await ask('initialize', GREETING);
  const session = greeted.headers['mcp-session-id'];
  if (typeof session === 'string') own['mcp-session-id'] = session;
  own['mcp-protocol-version'] = GREETING.protocolVersion;
  await post(INITIALIZED);
  return {
    call: async () => check((await ask('tools/call', CALL)).text),
    pid,
    close: () => agent.destroy(),
  };
}

function check(answer: string): void {
  if (!answer.includes(WANTED))
    throw new Error(`a call was not answered as it should be: ${answer.slice(0, 500)}`);
}
