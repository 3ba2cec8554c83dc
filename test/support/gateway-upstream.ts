import { expect, vi } from 'vitest';
import type { Message, RequestId } from '../../gateway/message.ts';
import { openHttpServer } from '../../gateway/upstream-http.ts';
import { startHttp } from './gateway-http.ts';

/** What a server of a test answers. */
export type Answer = Parameters<typeof startHttp>[0];

export function json(response: Parameters<Answer>[1], body: unknown, status = 200, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** Connections to servers over HTTP, and such servers. What they open is closed by `closers`. */
export function upstreamTools(closers: (() => unknown)[]) {
  /** One connection to a server, with all that is told of it. */
  function connectTo(url: string, headers: Record<string, string> = {}) {
    const remarks: string[] = [];
    const server = openHttpServer({ kind: 'url', url: new URL(url), headers }, (text) => remarks.push(text));
    const received: { text: string; related: RequestId | undefined }[] = [];
    const failures: { id: RequestId; untouched: boolean; message: string }[] = [];
    const ended: string[] = [];
    const waiting = new Set<RequestId>();
    const upstream = server.connect({
      received(text, related) {
        received.push({ text, related });
        const { id, method } = JSON.parse(text);
        if (method === undefined) waiting.delete(id);
      },
      failed(id, failure) {
        if (waiting.delete(id)) failures.push({ id, ...failure });
      },
      waits: (id) => waiting.has(id),
      ended: (reason) => void ended.push(reason),
    });
    closers.push(async () => {
      await upstream.close();
      await server.close();
    });
    const send = (message: Message) => {
      if (message.kind === 'request') waiting.add(message.id);
      return upstream.send(message);
    };
    const settled = () => vi.waitFor(() => expect(waiting.size).toBe(0), 5_000);
    return {
      ...{ upstream, send, received, failures, ended, remarks, settled },
      /** Sends a request and gives what came of it. */
      async request(method: string, params: Record<string, unknown> = {}, id: RequestId = 1) {
        send({ kind: 'request', id, method, params });
        await settled();
        return failures.at(-1) ?? JSON.parse(received.at(-1)?.text ?? 'null');
      },
      async greet() {
        await this.request('initialize', { protocolVersion: '2025-11-25' }, 'greeting');
        send({ kind: 'notification', method: 'notifications/initialized', params: undefined });
      },
    };
  }

  /** A server with sessions, which answers what `answer` leaves alone. */
  async function started(answer: (...args: [...Parameters<Answer>, string]) => boolean | undefined) {
    const server = await startHttp((seen, response) => {
      const { id, method } = JSON.parse(seen.body || '{}');
      if (answer(seen, response, method ?? '')) return;
      if (seen.method !== 'POST') return void response.writeHead(405).end();
      if (id === undefined) return void response.writeHead(202).end();
      const result = method === 'initialize' ? { protocolVersion: '2025-06-18' } : { method };
      json(
        response,
        { jsonrpc: '2.0', id, result },
        200,
        method === 'initialize' ? { 'mcp-session-id': 's-1' } : {},
      );
    });
    closers.push(server.close);
    return server;
  }

  return { connectTo, started };
}
