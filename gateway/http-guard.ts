import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** Who may speak to the gateway, as far as the head of a request tells. */

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether an address, or the name `localhost`, is of this machine alone. */
export function isLoopback(host: string): boolean {
  if (host.toLowerCase() === 'localhost') return true;
  const family = isIP(host);
  return family !== 0 && LOOPBACK.check(host, family === 4 ? 'ipv4' : 'ipv6');
}

/**
 * Whether a `Host` header names this gateway. A web page whose name was made to resolve to this machine (DNS rebinding)
 * sends its own name there. `address` is where the connection arrived.
 */
export function isOwnHost(
  header: string | undefined,
  address: string | undefined,
  names: readonly string[],
): boolean {
  const [, bracketed, plain, port] =
    /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i.exec(header ?? '') ?? [];
  const host = (bracketed ?? plain ?? '').toLowerCase();
  if (host === '') return false;
  const arrived = plainAddress(address ?? '');
  if (host === 'localhost') return isLoopback(arrived);
  if (isIP(host) !== 0 && plainAddress(host) === arrived) return true;
  const full = port === undefined ? host : `${host}:${port}`;
  return names.some((name) => [host, full].includes(name.toLowerCase().replace(/^\[([^\]]*)\]$/, '$1')));
}

/** An IPv4 address in the form of IPv6, as a socket for both tells it, is that IPv4 address. */
function plainAddress(address: string): string {
  return address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
}

/** The token of an `Authorization: Bearer` header (RFC 6750). */
export function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer +([\w.~+/-]+=*) *$/i.exec(header ?? '')?.[1];
}

/** Whether a client takes an answer that is one JSON text, and one that is a stream of events. */
export function acceptsBoth(accept: string | undefined): boolean {
  return accepts(accept, 'application/json') && accepts(accept, 'text/event-stream');
}

/** Whether an `Accept` header (RFC 9110, section 12.5.1) names a type, or everything. None takes everything. */
export function accepts(accept: string | undefined, type: string): boolean {
  if (accept === undefined) return true;
  const [family] = type.split('/');
  return accept.split(',').some((each) => {
    const [range = '', ...parameters] = each.split(';').map((part) => part.trim().toLowerCase());
    const refused = parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
    return !refused && (range === type || range === `${family}/*` || range === '*/*');
  });
}

/** What is wrong with the body that a head announces; undefined for JSON. */
export function wrongBody(headers: IncomingHttpHeaders): string | undefined {
  const [type = '', ...parameters] = (headers['content-type'] ?? '')
    .split(';')
    .map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  if (type !== 'application/json') return 'The Content-Type must be application/json.';
  if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)) return 'The body must be UTF-8.';
  if (!/^(?:identity)?$/i.test(headers['content-encoding'] ?? '')) return 'The body must not be compressed.';
  return undefined;
}
