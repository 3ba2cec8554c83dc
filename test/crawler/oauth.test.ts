import { describe, expect, test } from 'vitest';
import { describeChallenge, parseChallenge } from '../../crawler/challenge.ts';
import type { ClientCredentials } from '../../crawler/oauth.ts';
import { tool } from '../fixtures/servers/serve.ts';
import { answer, crawlHttp, crawlUrl, listen, readMessage, sendJson } from './http-harness.ts';

const SECRET = 'client-secret-0815';
const TOKEN = 'token-of-the-server-4711';
const OAUTH: ClientCredentials = { clientId: 'crawler', clientSecret: SECRET };

interface Requested {
  path: string;
  authorization: string | undefined;
  body: string;
}

interface Behaviour {
  /** Members of the server's metadata that differ. */
  resource?: Record<string, unknown>;
  /** Members of the authorization server's metadata that differ. */
  metadata?: Record<string, unknown>;
  challenge?: (origin: string) => string;
  refuse?: boolean;
}

/** One fake that is an MCP server, which wants a token, and the authorization server that gives it. */
async function protectedServer({ resource, metadata, challenge, refuse = false }: Behaviour = {}) {
  const requests: Requested[] = [];
  const origin = await listen(async (request, response) => {
    const chunks: Buffer[] = [];
    const path = request.url ?? '';
    const { authorization } = request.headers;
    if (path !== '/mcp') {
      for await (const chunk of request) chunks.push(chunk);
      requests.push({ path, authorization, body: Buffer.concat(chunks).toString() });
    }
    if (path.startsWith('/.well-known/oauth-protected-resource')) {
      return sendJson(response, { resource: `${origin}/mcp`, authorization_servers: [origin], ...resource });
    }
    if (path === '/.well-known/oauth-authorization-server') {
      return sendJson(response, { issuer: origin, token_endpoint: `${origin}/token`, ...metadata });
    }
    if (path === '/token') {
      if (!refuse) return sendJson(response, { access_token: TOKEN, token_type: 'Bearer' });
      const body = { error: 'invalid_client', error_description: `no such client: ${SECRET}` };
      return void response.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    }
    if (request.method !== 'POST') return void response.writeHead(405).end();
    if (authorization !== `Bearer ${TOKEN}`) {
      const header = challenge?.(origin) ?? 'Bearer scope="list"';
      return void response.writeHead(401, { 'www-authenticate': header }).end();
    }
    const message = await readMessage(request);
    if (message.id === undefined) return void response.writeHead(202).end();
    sendJson(response, answer(message, [tool('one', { description: `called with ${authorization}` })]));
  });
  return { url: `${origin}/mcp`, origin, requests };
}

describe('a server that wants a login', () => {
  test.each([
    [
      'found through its challenge',
      (origin: string) =>
        `Bearer resource_metadata="${origin}/.well-known/oauth-protected-resource/x", scope="list"`,
    ],
    ['found at its usual place', () => 'Bearer scope="list"'],
  ])('gets a token, %s', async (_name, challenge) => {
    const { url, requests } = await protectedServer({ challenge });
    const result = await crawlUrl(url, { allowPrivate: true, oauth: OAUTH });
    expect(result).toMatchObject({
      status: 'complete',
      tools: [{ name: 'one' }],
      target: { transport: { headerNames: ['Authorization'] } },
    });
    const token = requests.filter(({ path }) => path === '/token');
    expect(token).toEqual([
      {
        path: '/token',
        authorization: `Basic ${Buffer.from(`crawler:${SECRET}`).toString('base64')}`,
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          resource: url,
          scope: 'list',
        }).toString(),
      },
    ]);
    expect(JSON.stringify(result)).not.toMatch(new RegExp(`${SECRET}|${TOKEN}`));
  });

  test('a token address that was given is asked without looking for another', async () => {
    const { url, origin, requests } = await protectedServer();
    const oauth = { ...OAUTH, tokenUrl: `${origin}/token`, scope: 'a b' };
    expect(await crawlUrl(url, { allowPrivate: true, oauth })).toMatchObject({ status: 'complete' });
    expect(requests.map(({ path }) => path)).toEqual(['/token']);
    expect(requests[0]?.body).toContain('scope=a+b');
  });

  test('the secret goes into the body where that is the only way', async () => {
    const metadata = { token_endpoint_auth_methods_supported: ['client_secret_post'] };
    const { url, requests } = await protectedServer({ metadata });
    expect(await crawlUrl(url, { allowPrivate: true, oauth: OAUTH })).toMatchObject({ status: 'complete' });
    const { authorization, body } = requests.at(-1) ?? {};
    expect(authorization).toBeUndefined();
    expect(body).toContain(`client_secret=${SECRET}`);
  });

  test.each<[string, Behaviour, RegExp]>([
    ['a login that is refused', { refuse: true }, /it answered 401 \(invalid_client\) instead of a token/],
    [
      'metadata of another server',
      { resource: { resource: 'https://other.example/mcp' } },
      /give the token address/,
    ],
    [
      'an issuer that is another',
      { metadata: { issuer: 'https://other.example' } },
      /does not describe itself/,
    ],
  ])('%s is told without the secret', async (_name, behaviour, message) => {
    const { url } = await protectedServer(behaviour);
    const result = await crawlUrl(url, { allowPrivate: true, oauth: OAUTH });
    expect(result).toMatchObject({ status: 'failed', failure: { code: 'auth-required' } });
    expect(result.status === 'failed' && result.failure.message).toMatch(message);
    expect(JSON.stringify(result)).not.toMatch(new RegExp(`${SECRET}|${TOKEN}`));
  });

  test('the way to the login is guarded like the way to the server', async () => {
    const { url } = await protectedServer({
      challenge: () => 'Bearer resource_metadata="http://169.254.169.254/x"',
    });
    const { guardedFetch } = await import('../../crawler/network-guard.ts');
    const refuse = (address: string) => (address === '127.0.0.1' ? undefined : 'a link-local address');
    const fetch = guardedFetch({ refuse });
    const result = await crawlUrl(url, { fetch, oauth: OAUTH });
    await fetch.close();
    expect(result).toMatchObject({ status: 'failed', failure: { code: 'blocked' } });
  });

  test('a secret is not sent without encryption unless private addresses are allowed', async () => {
    const { url, requests } = await protectedServer();
    const result = await crawlUrl(url, { fetch: globalThis.fetch, oauth: OAUTH });
    expect(result).toMatchObject({ status: 'failed', failure: { code: 'auth-required' } });
    expect(requests.some(({ path }) => path === '/token')).toBe(false);
  });

  test.each([401, 403])('%i without credentials is told with what it asks for', async (status) => {
    const header =
      'Bearer realm="acme, inc", scope="a b", resource_metadata="https://example.com/m?token=abcdef", error="x"';
    const result = await crawlHttp((_request, response) => {
      response.writeHead(status, { 'www-authenticate': header }).end();
    });
    expect(result).toMatchObject({
      status: 'failed',
      failure: {
        code: 'auth-required',
        detail:
          'scheme: Bearer\nrealm: acme, inc\nscope: a b\nresource_metadata: https://example.com/m?token=***\nerror: x',
      },
    });
  });
});

describe('a challenge', () => {
  test.each([
    ['Basic realm="x"', 'Basic', { realm: 'x' }],
    ['Bearer', 'Bearer', {}],
    ['bearer Scope=a, realm="say \\"hi\\""', 'bearer', { scope: 'a', realm: 'say "hi"' }],
    ['Bearer scope="first", scope="second"', 'Bearer', { scope: 'first' }],
  ])('%s', (header, scheme, parameters) => {
    const challenge = parseChallenge(header);
    expect({ scheme: challenge?.scheme, ...Object.fromEntries(challenge?.parameters ?? []) }).toEqual({
      scheme,
      ...parameters,
    });
  });

  test('that cannot be read is shown as it came', () => {
    expect(describeChallenge('"?"')).toBe('WWW-Authenticate: "?"');
  });
});
