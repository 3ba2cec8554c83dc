import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import { z } from 'zod';
import { parseChallenge } from './challenge.ts';
import { type CrawlFault, crawlFault, isCrawlFault } from './fault.ts';
import { screenUrl } from './secrets.ts';
import { errorText, quote } from './text.ts';

/** How a program without a user logs in (OAuth 2.1, section 4.2). */
export interface ClientCredentials {
  clientId: string;
  clientSecret: string;
  /** Where tokens are given; found through the server's own metadata if left out. */
  tokenUrl?: string;
  /** Scopes, separated by spaces; those of the server's challenge if left out. */
  scope?: string;
}

export interface Login {
  credentials: ClientCredentials;
  /** The server to log in to. */
  server: URL;
  /** The network; it also reaches the authorization server. */
  fetch: FetchLike;
  /** Lets the secret travel without encryption, for an authorization server on one's own machine or network. */
  allowHttp: boolean;
  /** Called with the token, so that it can be kept out of everything stored. */
  onToken(token: string): void;
}

const ResourceMetadata = z.object({
  resource: z.string(),
  authorization_servers: z.array(z.string()).optional().catch(undefined),
});

const ServerMetadata = z.object({
  issuer: z.string(),
  token_endpoint: z.string(),
  token_endpoint_auth_methods_supported: z.array(z.string()).optional().catch(undefined),
});

const TokenAnswer = z.object({ access_token: z.string().min(1) });
const TokenError = z.object({ error: z.string().regex(/^[a-z_]{1,60}$/) });

/** Where to get a token, and whether the secret goes into the body instead of a header. */
interface TokenEndpoint {
  url: URL;
  inBody: boolean;
}

/**
 * A fetch that answers the first 401 by getting a token and asking again with it. Rejects with an `auth-required`
 * fault when no token can be had. Neither the secret nor the token shows up in any fault.
 */
export function authorizingFetch(login: Login): FetchLike {
  let token: Promise<string> | undefined;
  return async (url, init) => {
    const held = token;
    const response = await login.fetch(url, await withToken(init, held));
    if (response.status !== 401 || held) return response;
    await response.body?.cancel();
    token ??= obtainToken(login, response.headers.get('www-authenticate') ?? '', init?.signal ?? undefined);
    return login.fetch(url, await withToken(init, token));
  };
}

async function withToken(
  init: RequestInit | undefined,
  token: Promise<string> | undefined,
): Promise<RequestInit | undefined> {
  if (token === undefined) return init;
  const headers = new Headers(init?.headers);
  headers.set('authorization', `Bearer ${await token}`);
  return { ...init, headers };
}

async function obtainToken(login: Login, header: string, signal: AbortSignal | undefined): Promise<string> {
  const { credentials, server, fetch } = login;
  const challenge = parseChallenge(header)?.parameters;
  try {
    const endpoint = await tokenEndpoint(login, challenge?.get('resource_metadata'), signal);
    if (endpoint.url.protocol !== 'https:' && !login.allowHttp) {
      throw loginFault('the secret would travel to it without encryption', endpoint.url);
    }
    const response = await fetch(endpoint.url, {
      ...tokenRequest(credentials, endpoint, server, credentials.scope ?? challenge?.get('scope')),
      ...(signal && { signal }),
    });
    const answer: unknown = await response.json().catch(() => undefined);
    const { data } = TokenAnswer.safeParse(answer);
    if (!response.ok || !data) {
      const error = TokenError.safeParse(answer).data?.error;
      throw loginFault(
        `it answered ${response.status}${error ? ` (${error})` : ''} instead of a token`,
        endpoint.url,
      );
    }
    login.onToken(data.access_token);
    return data.access_token;
  } catch (error) {
    if (isCrawlFault(error)) throw error;
    throw crawlFault('auth-required', `wants a login, which failed: ${quote(errorText(error))}`);
  }
}

function tokenRequest(
  { clientId, clientSecret }: ClientCredentials,
  { inBody }: TokenEndpoint,
  server: URL,
  scope: string | undefined,
): RequestInit {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    // RFC 8707: the token is for this server alone.
    resource: `${server.origin}${server.pathname}`,
    ...(scope !== undefined && { scope }),
    ...(inBody && { client_id: clientId, client_secret: clientSecret }),
  });
  const pair = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
  return {
    method: 'POST',
    redirect: 'error',
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      ...(!inBody && { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }),
    },
    body: body.toString(),
  };
}

/** The token endpoint that was given, or the one to which the server's metadata leads (RFC 9728, RFC 8414). */
async function tokenEndpoint(
  { credentials, server, fetch }: Login,
  metadataUrl: string | undefined,
  signal: AbortSignal | undefined,
): Promise<TokenEndpoint> {
  if (credentials.tokenUrl !== undefined) return { url: new URL(credentials.tokenUrl), inBody: false };
  const path = server.pathname === '/' ? '' : server.pathname;
  const resource = await firstOf(
    metadataUrl === undefined
      ? [
          wellKnown(server, 'oauth-protected-resource', path),
          wellKnown(server, 'oauth-protected-resource', ''),
        ]
      : [metadataUrl],
    ResourceMetadata,
    fetch,
    signal,
  );
  // Metadata of another server would send the secret wherever that one likes.
  if (!resource || !covers(resource.resource, server)) {
    throw crawlFault(
      'auth-required',
      'wants a login, but its metadata does not say where: give the token address',
    );
  }
  const issuer = new URL(resource.authorization_servers?.[0] ?? server.origin);
  const issuerPath = issuer.pathname.replace(/\/$/, '');
  const metadata = await firstOf(
    [
      wellKnown(issuer, 'oauth-authorization-server', issuerPath),
      wellKnown(issuer, 'openid-configuration', issuerPath),
      `${issuer.origin}${issuerPath}/.well-known/openid-configuration`,
    ],
    ServerMetadata,
    fetch,
    signal,
  );
  if (!metadata || metadata.issuer.replace(/\/$/, '') !== issuer.href.replace(/\/$/, '')) {
    throw loginFault('it does not describe itself', issuer);
  }
  const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  return {
    url: new URL(metadata.token_endpoint),
    inBody: !methods.includes('client_secret_basic') && methods.includes('client_secret_post'),
  };
}

/** The first of the documents that is there and can be read. A fault of the network is thrown. */
async function firstOf<T>(
  urls: readonly string[],
  schema: z.ZodType<T>,
  fetch: FetchLike,
  signal: AbortSignal | undefined,
): Promise<T | undefined> {
  for (const url of new Set(urls)) {
    const response = await fetch(url, { headers: { accept: 'application/json' }, ...(signal && { signal }) });
    const { data } = schema.safeParse(await response.json().catch(() => undefined));
    if (response.ok && data !== undefined) return data;
  }
  return undefined;
}

function wellKnown(base: URL, name: string, path: string): string {
  return `${base.origin}/.well-known/${name}${path}`;
}

function covers(resource: string, server: URL): boolean {
  const url = URL.parse(resource);
  return url?.origin === server.origin && server.pathname.startsWith(url.pathname.replace(/\/$/, ''));
}

function loginFault(reason: string, place: URL): CrawlFault {
  return crawlFault(
    'auth-required',
    `wants a login at ${quote(screenUrl(place.href))}, which failed: ${reason}`,
  );
}
