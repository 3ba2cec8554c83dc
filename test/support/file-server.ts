import { createServer } from 'node:http';
import { extname } from 'node:path';

const TYPES: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

/** A file as it is served; undefined where there is none. */
type Served = { body: string | Uint8Array; headers?: Record<string, string> } | undefined;

export interface FileServer {
  /** The address of the root, with a `/` at its end. */
  base: string;
  close(): Promise<void>;
}

/** A plain web server on this machine that asks `find` for each path, without the headers that `catalogue serve` adds. */
export async function serveFiles(find: (path: string) => Served | Promise<Served>): Promise<FileServer> {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '', 'http://x').pathname).slice(1) || 'index.html';
    const found = await find(path);
    const type = TYPES[extname(path)] ?? 'application/octet-stream';
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': type, ...found?.headers });
    response.end(found?.body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return {
    base: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`,
    close: () => new Promise((done) => server.close(() => done())),
  };
}
