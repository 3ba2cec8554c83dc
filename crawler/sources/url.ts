import { Buffer } from 'node:buffer';
import { usageError } from '../fault.ts';
import { httpTarget } from '../identity.ts';
import { screenUrl } from '../secrets.ts';
import { defineSource } from '../source.ts';
import { quote } from '../text.ts';

/** A server that is already running somewhere and speaks MCP over HTTP. */
export const source = defineSource({
  id: 'url',
  title: 'HTTP server',
  summary: 'One server by its address, over streamable HTTP or, failing that, HTTP with server-sent events.',
  example: 'https://mcp.example.com/mcp',
  accepts: (ref) => /^https?:\/\//i.test(ref),
  async *targets(ref, { headers, args, warn }) {
    const url = URL.parse(ref);
    if (!url) throw usageError(`${quote(screenUrl(ref))} is not an address: write https://<host>/<path>.`);
    if (args.length > 0) warn(`Arguments mean nothing to a server at an address: ${screenUrl(ref)}.`);
    const all = { ...basicAuthorization(url), ...headers };
    const target = httpTarget(url.href, Object.keys(all), { source: 'url', ref: screenUrl(ref) });
    yield { target, ...(Object.keys(all).length > 0 && { headers: all }) };
  },
});

/** The user information of a URL as the header that it stands for; fetch does not take it in the URL. */
function basicAuthorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}
