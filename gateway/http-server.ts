import { usageError } from '../crawler/fault.ts';
import { isObject } from '../crawler/json.ts';
import { quote } from '../crawler/text.ts';
import type { Head } from './http-exchange.ts';
import { isStatelessError, isVersion } from './http-wire.ts';
import { CODE, isRpcError, type RequestId } from './message.ts';

/** Headers that the transport itself sets; another value would break it, or the limits of one session. */
const OWN_HEADERS = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'last-event-id',
  'mcp-method',
  'mcp-name',
  'mcp-protocol-version',
  'mcp-session-id',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** The headers for a server, by their names in lower case. Throws a usage error, which has no value in it. */
export function checkedHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const lower = name.toLowerCase();
      if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name))
        throw usageError(`A header for the server has a name that is none: ${quote(name)}.`);
      if (OWN_HEADERS.has(lower) || lower.startsWith('mcp-param-'))
        throw usageError(`The header ${name} is set by the gateway itself; leave it out.`);
      if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
        throw usageError(`The value of the header ${name} has characters in it that no header can have.`);
      return [lower, value];
    }),
  );
}

/** The version that the answer to `initialize` settles on. */
export function readGreeting(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const version = isObject(value) && isObject(value.result) ? value.result.protocolVersion : undefined;
    return typeof version === 'string' && isVersion(version) ? version : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The JSON-RPC error in an answer that HTTP calls an error, as the answer to the request with this id. One without an
 * id is about the connection, unless it is one by which clients find out what a server speaks.
 */
export function readHttpError(id: RequestId, text: string): string | undefined {
  const found = rpcErrorIn(text);
  if (found === undefined) return undefined;
  const { error } = found;
  if (found.id !== id && !isStatelessError(error.code) && error.code !== CODE.unknownMethod) return undefined;
  return JSON.stringify({ jsonrpc: '2.0', id, error });
}

function rpcErrorIn(text: string) {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && isRpcError(value.error) ? { id: value.id, error: value.error } : undefined;
  } catch {
    return undefined;
  }
}

/** Why a request was not answered, as a sentence for whoever set the gateway up. */
export function whyRefused({ status, header }: Head, text: string, url: URL): string {
  const said = rpcErrorIn(text)?.error.message;
  const saying = said === undefined ? '' : `, saying ${quote(said)}`;
  if (status < 400) {
    const target = URL.parse(header('location') ?? '', url.href);
    const where = target === null ? '' : ` to ${quote(target.origin)}`;
    return `The server redirects${where} (${status}), which is not followed; give its new address to the gateway if you trust it.`;
  }
  if (status === 401 || status === 403)
    return `The server answered ${status}${saying}: it wants a login. Give the gateway a header for it, such as Authorization.`;
  if (status === 404 || status === 405)
    return `The server answered ${status}${saying}: there is no MCP server over streamable HTTP at that address.`;
  if (status === 429 || status >= 500)
    return `The server answered ${status}${saying}: it does not serve requests now.`;
  return `The server answered ${status}${saying}.`;
}
