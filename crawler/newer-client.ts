import {
  type ClientCapabilities,
  type JSONRPCMessage,
  McpError,
  type RequestId,
} from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { DISCOVER_TIMEOUT_MS } from './limits.ts';
import { ToolPage } from './list-tools.ts';
import { clientIdentity, type McpClient } from './mcp-client.ts';
import type { Session } from './session.ts';

/** The first version without `initialize`: every request says for itself what it speaks. */
const VERSION = '2026-07-28';

const META = 'io.modelcontextprotocol';

const Discovered = z.object({
  supportedVersions: z.array(z.unknown()).optional().catch(undefined),
  instructions: z.unknown().optional(),
  serverInfo: z.unknown().optional(),
  _meta: z.record(z.string(), z.unknown()).optional().catch(undefined),
});

/**
 * Greets a server that speaks only versions from 2026-07-28, with `server/discover`. Rejects with an `McpError` for an
 * answer that is an error, and with any other error when there is no answer or none of that version.
 */
export async function connectNewerClient(
  session: Session,
  capabilities: ClientCapabilities,
): Promise<McpClient> {
  const ask = requester(session, {
    [`${META}/protocolVersion`]: VERSION,
    [`${META}/clientCapabilities`]: capabilities,
    [`${META}/clientInfo`]: clientIdentity(),
  });
  session.transport.setProtocolVersion?.(VERSION);
  await session.transport.start();
  const discovered = Discovered.parse(
    await orError(ask('server/discover', {}), DISCOVER_TIMEOUT_MS, 'no answer to server/discover'),
  );
  if (!discovered.supportedVersions?.includes(VERSION))
    throw new Error(`the server does not speak ${VERSION}`);
  return {
    serverInfo: discovered._meta?.[`${META}/serverInfo`] ?? discovered.serverInfo,
    instructions: discovered.instructions,
    listPage: async (cursor) =>
      ToolPage.parse(await ask('tools/list', cursor === undefined ? {} : { cursor })),
  };
}

/** Sends requests with `meta` in each and gives their results. What the server sends unasked is left alone. */
function requester(
  { transport, rpcError }: Session,
  meta: Record<string, unknown>,
): (method: string, params: Record<string, unknown>) => Promise<unknown> {
  const waiting = new Map<RequestId, (message: JSONRPCMessage) => void>();
  let last = 0;
  transport.onmessage = (message) => {
    if (!('id' in message) || 'method' in message || message.id === undefined) return;
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
  };
  return async (method, params) => {
    last += 1;
    const id = last;
    const { promise, resolve, reject } = Promise.withResolvers<JSONRPCMessage>();
    waiting.set(id, resolve);
    const request = { jsonrpc: '2.0' as const, id, method, params: { ...params, _meta: meta } };
    transport.send(request).catch((error: unknown) => reject(asMcpError(rpcError?.()) ?? error));
    const answer = await promise;
    if ('result' in answer) return answer.result;
    throw asMcpError('error' in answer ? answer.error : undefined) ?? new Error('an answer without a result');
  };
}

function asMcpError(error: ReturnType<NonNullable<Session['rpcError']>>): McpError | undefined {
  return error && new McpError(error.code, error.message, error.data);
}

/** Settles as `work` does, or rejects after `ms` milliseconds. */
async function orError<T>(work: Promise<T>, ms: number, message: string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(message)), ms);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
