import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import { Agent, buildConnector, fetch as send } from 'undici';
import { refusedRange } from './addresses.ts';
import { metered } from './byte-meter.ts';
import { type CrawlFault, crawlFault, isCrawlFault } from './fault.ts';
import {
  CONNECT_TIMEOUT_MS,
  FETCH_TIMEOUT_MS,
  MAX_HEADER_BYTES,
  MAX_REDIRECTS,
  MAX_SERVER_BYTES,
} from './limits.ts';
import { screenUrl } from './secrets.ts';
import { quote } from './text.ts';

export interface NetworkOptions {
  /** Opens private, loopback and all other addresses, for work on one's own machine or network. */
  allowPrivate?: boolean;
  /** All addresses of a host name. Rejects as `dns.lookup` does. */
  lookup?: (hostname: string) => Promise<readonly string[]>;
  /** What is wrong with connecting to an address, as a noun phrase; `refusedRange` if left out. */
  refuse?: (address: string) => string | undefined;
  /** Milliseconds from a request to the end of its answer. */
  timeoutMs?: number;
  /** Bytes of one answer, after decompression. */
  maxBytes?: number;
}

export interface GuardedFetch extends FetchLike {
  /** Ends all connections; requests after it fail. */
  close(): Promise<void>;
}

/** Headers that may go to another origin after a redirect: any other could be a credential. */
const HARMLESS_HEADERS = new Set(['accept', 'accept-language', 'user-agent']);

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * A fetch that reaches nothing but the public internet. Every address of a host is checked where the connection is
 * made, and the connection goes to one of those checked, so a name that resolves differently the second time gains
 * nothing. Redirects are followed unless the request says otherwise, each one checked in the same way; only harmless
 * headers go along to another origin. Rejects with a `blocked` fault for an address that is not allowed and with a
 * `limit` fault for a body that is too long.
 */
export function guardedFetch(options: NetworkOptions = {}): GuardedFetch {
  const { timeoutMs = FETCH_TIMEOUT_MS, maxBytes = MAX_SERVER_BYTES } = options;
  const refuse = options.allowPrivate ? () => undefined : (options.refuse ?? refusedRange);
  const agent = new Agent({
    connect: checkedConnector(refuse, options.lookup ?? systemLookup),
    maxHeaderSize: MAX_HEADER_BYTES,
  });

  const request = async (url: URL, init: RequestInit): Promise<Response> => {
    const refused = refusedUrl(url);
    if (refused) throw refused;
    try {
      // The two libraries describe one and the same interface in types of their own.
      return (await send(url, {
        ...init,
        redirect: 'manual',
        dispatcher: agent,
      } as never)) as unknown as Response;
    } catch (error) {
      throw error instanceof Error && isCrawlFault(error.cause) ? error.cause : error;
    }
  };

  const guarded: FetchLike = async (input, init = {}) => {
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = init.signal ? AbortSignal.any([init.signal, deadline]) : deadline;
    let hop: Hop = { url: new URL(input), init: { ...init, signal } };
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const response = await request(hop.url, hop.init);
      const next: Hop | undefined = init.redirect === 'manual' ? undefined : nextHop(hop, response);
      if (next === undefined) return capped(response, maxBytes);
      await response.body?.cancel();
      hop = next;
    }
    throw crawlFault('blocked', `redirects more than ${MAX_REDIRECTS} times`);
  };
  return Object.assign(guarded, { close: () => agent.destroy() });
}

/** One request of a chain of redirects. */
interface Hop {
  url: URL;
  init: RequestInit;
}

/** The request that an answer redirects to; undefined for any other answer. Throws a fault for one not to be followed. */
function nextHop({ url, init }: Hop, response: Response): Hop | undefined {
  const location = response.headers.get('location');
  if (!REDIRECTS.has(response.status) || location === null) return undefined;
  const target = URL.parse(location, url.href);
  if (!target || init.redirect === 'error') throw redirectFault(location);
  const method = init.method?.toUpperCase() ?? 'GET';
  const reads = method === 'GET' || method === 'HEAD';
  const { body, ...rest } = init;
  if (target.origin === url.origin) {
    const keeps = reads || response.status === 307 || response.status === 308;
    return { url: target, init: keeps ? init : { ...rest, method: 'GET' } };
  }
  // A body may hold credentials, and without it the request would be another one.
  if (!reads) throw redirectFault(target.href);
  const headers = [...new Headers(init.headers)].filter(([name]) => HARMLESS_HEADERS.has(name));
  return { url: target, init: { ...rest, headers } };
}

/** The fault of a redirect that is not followed. */
export function redirectFault(location: string): CrawlFault {
  const place = quote(screenUrl(location.slice(0, 2_000)));
  return crawlFault('blocked', `redirects to another place, which was not followed: ${place}`);
}

function refusedUrl(url: URL): CrawlFault | undefined {
  if (!/^https?:$/.test(url.protocol)) {
    return crawlFault(
      'blocked',
      `leads to an address that is not one of the web: ${quote(screenUrl(url.href))}`,
    );
  }
  if (url.username === '' && url.password === '') return undefined;
  return crawlFault('blocked', 'has credentials in its address, which are not sent; they belong in a header');
}

function capped(response: Response, maxBytes: number): Response {
  if (!response.body) return response;
  let bytes = 0;
  const body = metered(response.body, (chunk) => {
    bytes += chunk.length;
    return bytes > maxBytes ? crawlFault('limit', `sent more than ${maxBytes} bytes`) : undefined;
  });
  return withBody(response, body);
}

/** The response with another body. Its address is kept, which a new response would not have. */
export function withBody(response: Response, body: ReadableStream<Uint8Array> | string): Response {
  const { status, statusText, url } = response;
  const copy = new Response(body, { status, statusText, headers: [...response.headers] });
  return Object.defineProperty(copy, 'url', { value: url });
}

/** Makes connections to allowed addresses only. Literal addresses never come to a lookup and are checked before it. */
function checkedConnector(
  refuse: (address: string) => string | undefined,
  resolve: (hostname: string) => Promise<readonly string[]>,
): buildConnector.connector {
  const connect = buildConnector({ lookup: checkedLookup(refuse, resolve), timeout: CONNECT_TIMEOUT_MS });
  return (target, callback) => {
    const address = literalAddress(target.hostname);
    const range = address === undefined ? undefined : refuse(address);
    if (address === undefined || range === undefined) return connect(target, callback);
    callback(blockedFault(address, range), null);
  };
}

/** The address that a host name stands for without being looked up. `localhost` is one whatever a resolver says. */
function literalAddress(hostname: string): string | undefined {
  const bare = hostname.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0) return bare;
  return /(?:^|\.)localhost\.?$/i.test(hostname) ? '127.0.0.1' : undefined;
}

/** A lookup as sockets want it that gives the addresses of a name only when every one of them is allowed. */
function checkedLookup(
  refuse: (address: string) => string | undefined,
  resolve: (hostname: string) => Promise<readonly string[]>,
): LookupFunction {
  return (hostname, options, callback) => {
    const answer = async () => {
      const addresses = (await resolve(hostname)).map((address) => ({ address, family: isIP(address) }));
      for (const { address } of addresses) {
        const range = refuse(address);
        if (range !== undefined) throw blockedFault(address, range);
      }
      const [first] = addresses;
      if (!first) throw Object.assign(new Error('the name has no address'), { code: 'ENOTFOUND' });
      return { first, addresses };
    };
    answer().then(
      ({ first, addresses }) => {
        if (options.all) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, ''),
    );
  };
}

function blockedFault(address: string, range: string): CrawlFault {
  return crawlFault(
    'blocked',
    `leads to ${address}, which is ${range}; --allow-private opens such addresses`,
  );
}

async function systemLookup(hostname: string): Promise<string[]> {
  const found = await lookup(hostname, { all: true });
  return found.map(({ address }) => address);
}
