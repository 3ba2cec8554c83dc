import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came in. */
export interface ModelRequest {
  path: string;
  headers: IncomingHttpHeaders;
  body: {
    model: string;
    messages: { role: string; content: string }[];
    [field: string]: unknown;
  };
}

/** What is sent back: an answer over HTTP, a broken connection, or nothing at all. */
export type Reply =
  | { status?: number; headers?: Record<string, string>; body: unknown; delayMs?: number }
  | 'reset'
  | 'hang';

export interface ModelServer {
  url: string;
  requests: ModelRequest[];
  /** The most requests that were under way at one time. */
  mostAtOnce(): number;
  stop(): Promise<void>;
}

/**
 * A real HTTP server that speaks chat completions on loopback. The script gives the reply to each request, by its
 * place from 0.
 */
export async function startModelServer(
  script: (request: ModelRequest, index: number) => Reply,
): Promise<ModelServer> {
  const requests: ModelRequest[] = [];
  let atOnce = 0;
  let most = 0;
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const request = { path: incoming.url ?? '', headers: incoming.headers, body };
    requests.push(request);
    most = Math.max(most, ++atOnce);
    response.once('close', () => atOnce--);
    await send(response, script(request, requests.length - 1));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    mostAtOnce: () => most,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function send(response: ServerResponse, reply: Reply): Promise<void> {
  if (reply === 'hang') return;
  if (reply === 'reset') {
    response.destroy();
    return;
  }
  const { status = 200, headers, body, delayMs = 0 } = reply;
  if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

interface CompletionOptions {
  finish?: string;
  refusal?: string;
  promptTokens?: number;
  completionTokens?: number;
}

/** A chat completion whose message is this text, or this value as JSON. */
export function completion(
  content: unknown,
  { finish = 'stop', refusal, promptTokens = 900, completionTokens = 60 }: CompletionOptions = {},
): { body: Record<string, unknown> } {
  const text = typeof content === 'string' || content === null ? content : JSON.stringify(content);
  return {
    body: {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1,
      model: 'model-1-snapshot',
      choices: [
        {
          index: 0,
          finish_reason: finish,
          message: { role: 'assistant', content: text, refusal: refusal ?? null },
        },
      ],
      usage: {
        prompt_tokens: promptTokens,
        completion_tokens: completionTokens,
        total_tokens: promptTokens + completionTokens,
      },
    },
  };
}

/** An error as the API words it. */
export function apiError(
  status: number,
  message: string,
  more: { code?: string; param?: string; headers?: Record<string, string> } = {},
): Reply {
  const { code = null, param = null, headers } = more;
  return {
    status,
    ...(headers && { headers }),
    body: { error: { message, type: 'error', code, param } },
  };
}

/** The JSON line between the markers of a question. */
export function quotedData(request: ModelRequest): Record<string, unknown> {
  const user = request.body.messages.find(({ role }) => role === 'user')?.content ?? '';
  const [, line = ''] = /<definition sha256="[0-9a-f]{64}">\n(.+)\n<\/definition/.exec(user) ?? [];
  return JSON.parse(line);
}
