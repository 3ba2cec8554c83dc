import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { ClientCapabilities } from '@modelcontextprotocol/sdk/types.js';
import manifest from '../package.json' with { type: 'json' };
import { ToolPage } from './list-tools.ts';
import type { Session } from './session.ts';

/** A server that has been greeted, whatever generation of the protocol it speaks. */
export interface McpClient {
  /** What the server says of itself, unread. */
  serverInfo: unknown;
  instructions: unknown;
  /** One page of its tools. Rejects with an `McpError` when the server answers with an error. */
  listPage(cursor: string | undefined): Promise<ToolPage>;
}

/** Greets a server with `initialize`. Waits at most `timeoutMs` milliseconds for each answer. */
export async function connectClient(
  { transport }: Session,
  capabilities: ClientCapabilities,
  timeoutMs: number,
): Promise<McpClient> {
  const client = new Client(clientIdentity(), { capabilities });
  await client.connect(transport, { timeout: timeoutMs });
  return {
    serverInfo: client.getServerVersion(),
    instructions: client.getInstructions(),
    listPage: (cursor) => {
      const params = cursor === undefined ? {} : { cursor };
      return client.request({ method: 'tools/list', params }, ToolPage, { timeout: timeoutMs });
    },
  };
}

/** What servers are told about us. */
export function clientIdentity(): { name: string; version: string } {
  return { name: manifest.name, version: manifest.version };
}
