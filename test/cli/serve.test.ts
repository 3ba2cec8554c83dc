import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FolderServer, serveFolder } from '../../cli/serve.ts';

const folder = mkdtempSync(join(tmpdir(), 'serve-'));
const PAGE = `<!doctype html><title>Home</title>${'<p>Text</p>'.repeat(400)}`;
const SHARD = gzipSync('words');

let server: FolderServer;

beforeAll(async () => {
  mkdirSync(join(folder, 'site/servers/a'), { recursive: true });
  for (const [path, contents] of Object.entries({
    'index.html': PAGE,
    '404.html': '<!doctype html><title>Not found</title>',
    'servers/a/index.html': PAGE,
    'servers/a/feed.xml': '<feed/>',
    'servers/a/badge.svg': '<svg/>',
    'search/a.gz': SHARD,
  })) {
    mkdirSync(join(folder, 'site', path, '..'), { recursive: true });
    writeFileSync(join(folder, 'site', path), contents);
  }
  server = await serveFolder({ folder: 'site', cwd: folder, host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

interface Answer {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** As it comes over the wire: nothing is unpacked. */
async function ask(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get(new URL(path, server.url), { headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }),
      );
    }).on('error', reject);
  });
}

describe('catalogue serve', () => {
  it.each([
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
  ])('compresses pages for who can read %s', async (encoding, unpack) => {
    const { headers, body } = await ask('', { 'accept-encoding': encoding });
    expect(headers['content-encoding']).toBe(encoding);
    expect(body.length).toBeLessThan(PAGE.length / 10);
    expect(unpack(body).toString()).toBe(PAGE);
    expect((await ask('')).body.toString()).toBe(PAGE);
  });

  it('answers with nothing where the reader has the same already', async () => {
    const { headers } = await ask('servers/a/');
    const again = await ask('servers/a/', { 'if-none-match': headers.etag ?? '' });
    expect([again.status, again.body.length]).toEqual([304, 0]);
    expect((await ask('servers/a/', { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('gives the parts of the search packed as they are, and not once more', async () => {
    const { body } = await ask('search/a.gz', { 'accept-encoding': 'gzip' });
    expect(body.equals(SHARD)).toBe(true);
  });

  it('has a page of its own where there is none, with the right code, and never leaves the folder', async () => {
    for (const path of [
      'no/such/page.html',
      '../secret.txt',
      '..%2fsecret.txt',
      'servers/a/../../../secret.txt',
    ]) {
      writeFileSync(join(folder, 'secret.txt'), 'secret');
      const { status, body } = await ask(path);
      expect([path, status, body.toString()]).toEqual([path, 404, expect.stringContaining('Not found')]);
    }
  });

  it('sends what keeps a page to itself, and lets others have badges, feeds and data', async () => {
    const page = (await ask('')).headers;
    expect(page['content-security-policy']).toContain("default-src 'none'");
    expect(page['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(page['content-security-policy']).not.toContain('unsafe');
    expect(page['x-content-type-options']).toBe('nosniff');
    expect(page['access-control-allow-origin']).toBeUndefined();
    expect((await ask('no')).headers['content-security-policy']).toContain("default-src 'none'");
    const feed = (await ask('servers/a/feed.xml')).headers;
    expect(feed['content-type']).toContain('application/atom+xml');
    expect((await ask('servers/a/badge.svg')).headers['access-control-allow-origin']).toBe('*');
  });
});
