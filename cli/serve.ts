import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join, resolve } from 'node:path';
import compression from 'compression';
import sirv from 'sirv';
import { usageError } from '../crawler/fault.ts';
import { CONTENT_POLICY } from '../site/layout.ts';
import { notFoundPath } from '../site/links.ts';

export interface FolderServer {
  url: string;
  close(): Promise<void>;
}

/**
 * Serves a built site: compressed, with an ETag for each file, and its own page where there is none. Throws a usage
 * error when the folder holds no site, or the address cannot be had.
 */
export async function serveFolder(options: {
  folder: string;
  cwd: string;
  host: string;
  port: number;
}): Promise<FolderServer> {
  const folder = resolve(options.cwd, options.folder);
  if (!existsSync(join(folder, 'index.html'))) {
    throw usageError(
      `${options.folder} holds no site. \`catalogue build --out ${options.folder}\` makes one.`,
    );
  }
  // `dev` looks at the folder for each request, so that a new build is seen without a restart.
  const files = sirv(folder, { dev: true, etag: true, setHeaders });
  const compress = compression();
  const server = createServer((request, response) => {
    compress(request as never, response as never, () => {
      files(request, response, () => notFound(folder, request, response));
    });
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', (error: Error) => failed(usageError(`cannot listen: ${error.message}.`)));
    server.listen(options.port, options.host, listening);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `http://${host}:${port}/`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

function notFound(folder: string, { method }: IncomingMessage, response: ServerResponse): void {
  setHeaders(response);
  const page = join(folder, notFoundPath);
  const body = existsSync(page) ? readFileSync(page) : Buffer.from('There is no such page.\n');
  const type = existsSync(page) ? 'text/html' : 'text/plain';
  response.writeHead(404, { 'content-type': `${type}; charset=utf-8` });
  response.end(method === 'HEAD' ? undefined : body);
}

/** What a host of the site is to send beside the files; `docs/site.md` has it for other servers. */
export const HEADERS: Readonly<Record<string, string>> = {
  // The directives that a page cannot give itself are added.
  'content-security-policy': `${CONTENT_POLICY}; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  // Whoever has a page asks whether it is still the same; the answer is short.
  'cache-control': 'no-cache',
};

function setHeaders(response: ServerResponse, path = ''): void {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  // Badges and data are there for other sites.
  if (/\.(?:svg|json|xml|txt)$/.test(path)) {
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('cross-origin-resource-policy', 'cross-origin');
  }
  if (path.endsWith('feed.xml')) response.setHeader('content-type', 'application/atom+xml; charset=utf-8');
}
