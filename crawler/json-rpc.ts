import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { isObject } from './json.ts';

const INTERNAL_ERROR = -32603;

/**
 * The JSON-RPC messages on one line of a server's output; none when the line is something else, such as a log line,
 * also one that happens to be JSON. A message is rebuilt from its known members, because the SDK drops a whole answer
 * for one member too many; `result` and the error's `data` are kept by reference.
 */
export function readMessages(line: string): JSONRPCMessage[] {
  const value = parseJson(line);
  // Protocol version 2025-03-26 allows batches.
  const candidates = Array.isArray(value) ? value : [value];
  return candidates.flatMap((candidate) => toMessage(candidate) ?? []);
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function toMessage(value: unknown): JSONRPCMessage | undefined {
  if (!isObject(value) || value.jsonrpc !== '2.0') return undefined;
  const { id, method } = value;
  const params = isObject(value.params) ? { params: value.params } : {};
  if (typeof method === 'string') {
    if (id === undefined) return { jsonrpc: '2.0', method, ...params };
    return isId(id) ? { jsonrpc: '2.0', id, method, ...params } : undefined;
  }
  if (!isId(id)) return undefined;
  if (isObject(value.result)) return { jsonrpc: '2.0', id, result: value.result };
  if (isObject(value.error)) {
    const { code, message, data } = value.error;
    return {
      jsonrpc: '2.0',
      id,
      error: {
        code: Number.isSafeInteger(code) ? Number(code) : INTERNAL_ERROR,
        message: typeof message === 'string' ? message : 'error without a message',
        ...(data !== undefined && { data }),
      },
    };
  }
  // The request it answers would wait until the deadline otherwise.
  return { jsonrpc: '2.0', id, error: { code: INTERNAL_ERROR, message: 'answer without a result object' } };
}

function isId(value: unknown): value is string | number {
  return typeof value === 'string' || Number.isSafeInteger(value);
}
