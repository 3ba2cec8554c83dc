import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import sirv from 'sirv';
import { usageError } from '../crawler/fault.ts';

export interface FolderServer {
  url: string;
  close(): Promise<void>;
}

/** Serves a built site. Throws a usage error when the folder holds none, or the address cannot be had. */
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
  const files = sirv(folder, { dev: true, etag: true, setHeaders: setHeaders });
  const server = createServer((request, response) => {
    files(request, response, () => {
      response
        .writeHead(404, { 'content-type': 'text/plain; charset=utf-8' })
        .end('There is no such page.\n');
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

function setHeaders(response: { setHeader(name: string, value: string): unknown }): void {
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('cache-control', 'no-cache');
}
