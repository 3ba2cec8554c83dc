import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { SourceDeps } from '../../../crawler/source.ts';
import { source } from '../../../crawler/sources/html-directory.ts';
import { read, serve, world } from './deps.ts';

const DESCRIPTION = `
entries: article
name: h2
target:
  - { select: a.package, attribute: href, after: /package/, as: 'npm:{}' }
  - { select: a.endpoint, attribute: href }
  - code
next: a[rel=next]
`;

type Page = string | ((response: ServerResponse, request: IncomingMessage) => void);

/** A website of these pages by path, the path of what was asked, and the targets found there. */
async function visit(
  pages: Record<string, Page>,
  { description = DESCRIPTION, more = {} }: { description?: string; more?: Partial<SourceDeps> } = {},
) {
  const asked: string[] = [];
  const agents = new Set<string | undefined>();
  const base = await serve((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    agents.add(request.headers['user-agent']);
    const page = pages[path];
    if (typeof page === 'function') page(response, request);
    else response.writeHead(page === undefined ? 404 : 200).end(page);
  });
  const deps = world(
    { '/work/project/directory.yaml': `start: ${base}/\n${description}` },
    { fetch: globalThis.fetch, ...more },
  );
  const found = await read(source, './directory.yaml', deps).catch((error: unknown) => error as Error);
  const ids = Array.isArray(found) ? found.map(({ target }) => target.id) : found;
  return { base, asked, agents, deps, found, ids };
}

const FIRST = `<!doctype html><script>document.write('<article><code>npm:scripted</code></article>')</script>
  <article><h2>Notes</h2><a class="package" href="/package/@acme/notes-mcp?tab=readme">npm</a></article>
  <article><h2>Issues</h2><a class="endpoint" href="https://mcp.acme.example/mcp">endpoint</a></article>
  <article><h2>Bad <b>one</h2><a class="endpoint" href="javascript:alert(1)">x</a></article>
  <article><h2>Command</h2><code>-- rm -rf /</code></article>
  <article><h2>File</h2><code>/etc/servers.json</code></article>
  <a rel="next" href="/?page=2">more</a>`;
const SECOND = '<article><h2>Last</h2><code>npm:last@1.0.0</code></article>';

test('the entries of all pages are read, and only what can be a server', async () => {
  const { base, ids, found, deps, asked, agents } = await visit(
    { '/': FIRST, '/?page=2': SECOND },
    { more: { args: ['--x'], envNames: ['TOKEN'], headers: { Authorization: 'Bearer mine' } } },
  );
  expect(ids).toEqual(['npm:@acme/notes-mcp', 'https://mcp.acme.example/mcp', 'npm:last']);
  expect(found).toMatchObject([
    {
      target: {
        transport: { args: ['-y', '@acme/notes-mcp'], envNames: [] },
        origin: { source: 'html-directory', ref: `${base}/#Notes` },
      },
    },
    { target: { transport: { headerNames: [] } } },
    { target: { origin: { ref: `${base}/?page=2#Last`, version: '1.0.0' } } },
  ]);
  expect(JSON.stringify(found)).not.toContain('mine');
  expect(deps.warnings).toEqual([
    expect.stringMatching(/"Bad one" .* names no package or address/),
    expect.stringMatching(/"Command" .* names no package or address/),
    expect.stringMatching(/"File" .* names no package or address/),
  ]);
  expect(asked).toEqual(['/robots.txt', '/', '/?page=2']);
  expect([...agents]).toEqual([expect.stringMatching(/^tool-risk-catalogue\/\d/)]);
});

test("an entry's own page is opened when the description says so", async () => {
  const pages = {
    '/': `<li><a href="/s/1">One</a></li><li><a href="/s/2">Two</a></li><li><a href="/s/3">Three</a></li>
      <li><a href="https://elsewhere.example/">Far</a></li>`,
    '/s/1': '<pre>npm:one</pre>',
    '/s/3': '<pre>npm:three</pre>',
  };
  const { ids, deps } = await visit(pages, { description: 'entries: li\nname: a\nlink: a\ntarget: pre' });
  expect(ids).toEqual(['npm:one', 'npm:three']);
  expect(deps.warnings).toEqual([
    expect.stringMatching(/\/s\/2 was left out: it answered 404/),
    expect.stringMatching(
      /elsewhere\.example\/ was left out: it is at elsewhere\.example, which is not read/,
    ),
  ]);
});

describe('politeness', () => {
  test.each([
    ['a second between requests', '', '', [1_000, 1_000]],
    ['what the description says', 'delaySeconds: 3', '', [3_000, 3_000]],
    ['what the host asks for when that is longer', '', 'User-agent: *\nCrawl-delay: 5', [5_000, 5_000]],
    ['not what would stop us', '', 'User-agent: *\nCrawl-delay: 999999', [60_000, 60_000]],
  ])('is %s', async (_, more, robots, waits) => {
    const { deps } = await visit(
      { '/robots.txt': robots, '/': FIRST, '/?page=2': SECOND },
      { description: `${DESCRIPTION}${more}` },
    );
    expect(deps.waits).toEqual(waits);
  });

  test('is one request at a time', async () => {
    let open = 0;
    let most = 0;
    const slow = (text: string) => (response: ServerResponse) => {
      most = Math.max(most, ++open);
      setTimeout(() => {
        open -= 1;
        response.end(text);
      }, 5);
    };
    await visit({ '/robots.txt': slow(''), '/': slow(FIRST), '/?page=2': slow(SECOND) });
    expect(most).toBe(1);
  });

  test.each([
    ['for everyone', 'User-agent: *\nDisallow: /'],
    ['for us by name', 'User-agent: tool-risk-catalogue\nDisallow: /\n\nUser-agent: *\nAllow: /'],
  ])('stays out where robots.txt says so %s', async (_, robots) => {
    const { found, asked } = await visit({ '/robots.txt': robots, '/': FIRST });
    expect(found).toMatchObject({ code: 'usage', message: expect.stringContaining('closed to crawlers') });
    expect(asked).toEqual(['/robots.txt']);
  });

  test('stays out of a part of the site, and reads the rest', async () => {
    const { ids, deps } = await visit({
      '/robots.txt': 'User-agent: *\nDisallow: /*page=2',
      '/': FIRST,
      '/?page=2': SECOND,
    });
    expect(ids).toHaveLength(2);
    expect(deps.warnings.at(-1)).toMatch(/page=2 was left out: it is closed to crawlers/);
  });

  test('reads nothing where robots.txt cannot be had', async () => {
    const { found, asked } = await visit({
      '/robots.txt': (response) => response.writeHead(503).end(),
      '/': FIRST,
    });
    expect(found).toMatchObject({ code: 'usage', message: expect.stringContaining('answered 503') });
    expect(asked).not.toContain('/');
  });
});

describe('a hostile site', () => {
  test.each<[string, Page, RegExp]>([
    [
      'that leads elsewhere',
      (response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
      /redirects to http:\/\/169\.254\.169\.254/,
    ],
    ['that is too large', (response) => response.end('x'.repeat(9_000_000)), /more than \d+ bytes/],
    ['that is down', (response) => response.writeHead(500).end(), /answered 500, 4 times/],
    ['that hangs up', (response) => response.destroy(), /cannot be reached/],
  ])('%s is an error', async (_, page, message) => {
    const { found } = await visit({ '/': page });
    expect(found).toMatchObject({ code: 'usage', message: expect.stringMatching(message) });
  });

  test('that follows itself ends', async () => {
    const { ids, deps } = await visit({ '/': `${SECOND}<a rel="next" href="/#again">` });
    expect(ids).toEqual(['npm:last']);
    expect(deps.warnings).toEqual([expect.stringContaining('follows itself')]);
  });

  test('without end ends at the number of pages', async () => {
    const endless: Page = (response, request) =>
      response.end(`${SECOND}<a rel="next" href="${request.url}x">`);
    const pages = { '/': endless, '/x': endless, '/xx': endless, '/xxx': endless };
    const { ids, asked, deps } = await visit(pages, { description: `${DESCRIPTION}pages: 3` });
    expect(ids).toHaveLength(3);
    expect(asked).toHaveLength(4);
    expect(deps.warnings.at(-1)).toMatch(/beyond the number of pages/);
  });

  test('that is nested beyond any stack costs that page only, at most', async () => {
    const deep = `<article><h2>${'<i>'.repeat(30_000)}x</h2><code>npm:deep</code></article>`;
    const { ids } = await visit({ '/': FIRST, '/?page=2': deep });
    expect(ids).toEqual(expect.arrayContaining(['npm:@acme/notes-mcp']));
  });

  test('with long texts gives none of them', async () => {
    const { ids, deps } = await visit({
      '/': `<article><h2>${'n'.repeat(1_000)}</h2><code>npm:${'a'.repeat(5_000)}</code></article>`,
    });
    expect(ids).toEqual([]);
    expect(deps.warnings.join().length).toBeLessThan(500);
  });
});

describe('a description', () => {
  test.each([
    ['start: file:///etc/passwd\nentries: li\ntarget: a', /start/],
    ['start: https://a.example\ntarget: a', /entries/],
    ['start: https://a.example\nentries: li\ntarget: { select: a, as: "npm:" }', /target/],
    ['start: https://a.example\nentries: li\ntarget: a\nselector: b', /selector/],
    ['start: [', /cannot be used/],
  ])('%j is refused', async (text, message) => {
    await expect(read(source, '/d.yaml', world({ '/d.yaml': text }))).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(message),
    });
  });

  test('with a selector that is none is refused', async () => {
    const { found } = await visit({ '/': FIRST }, { description: 'entries: "li["\ntarget: a' });
    expect(found).toMatchObject({ code: 'usage', message: expect.stringContaining('selector') });
  });
});
