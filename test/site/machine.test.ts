import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { load } from 'cheerio';
import { describe, expect, it } from 'vitest';
import { PolicyDocument } from '../../policy/contract.ts';
import { contextCost, estimateTokens } from '../../site/context-cost.ts';
import type { ServerOutline, ToolOutline } from '../../site/contract.ts';
import { html, jsonScript } from '../../site/html.ts';
import { MAX_SITEMAP_URLS } from '../../site/limits.ts';
import { page as sitemap } from '../../site/pages/sitemap.ts';
import { CatalogueIndex, ServerTwin, ToolTwin } from '../../site/published.ts';
import { renderSite } from '../../site/render.ts';
import { awkward, eventful, hostile, mailbox, opinionated, seeds } from './samples.ts';
import { SETTINGS, sheetsOf, siteOf } from './view.ts';
import { siteWithoutAddress } from './without-address.ts';

const given = [...seeds, ...awkward, hostile, mailbox, opinionated, eventful];
const sheets = sheetsOf(given);
const site = await siteOf(given);

function json(path: string, files = site) {
  const text = files.get(path);
  if (text === undefined) throw new Error(`No file ${path}`);
  return JSON.parse(text);
}

function schema(kind: string): ValidateFunction {
  return new Ajv2020().compile(json(`${kind}-1.schema.json`));
}

describe('the twin of a tool', () => {
  const validate = schema('tool');
  const twins = sheets.flatMap((server) =>
    server.tools.map((tool) => ({ server, tool, path: `servers/${server.slug}/${tool.slug}.json` })),
  );

  it('follows the published schema, and publishes no more than it tells', () => {
    for (const { path } of twins) {
      const { definition, ...rest } = json(path);
      expect(validate({ definition, ...rest }), `${path}: ${JSON.stringify(validate.errors)}`).toBe(true);
      // Parsed without the definition: a copy by zod loses the key __proto__, which hostile servers send.
      expect(ToolTwin.omit({ definition: true }).parse(rest)).toEqual(rest);
    }
  });

  it('gives back exactly what the server sent', () => {
    for (const { path, server, tool } of twins) {
      const twin = json(path);
      expect(twin.name).toBe(tool.definition.name);
      expect(JSON.stringify(twin.definition)).toBe(JSON.stringify(tool.definition.wire));
      expect(twin.server.label).toBe(server.label);
      expect(site.get(path)).toMatch(/^[^\n]*\n$/);
    }
  });

  it('has the verdict, the signals with their reasons and evidence, and the policy', () => {
    const twin: ToolTwin = json('servers/leapfrog/session_create_batch.json');
    expect(twin).toMatchObject({ category: 'Write', risk: 'medium', reviewer: 'rules', destructive: false });
    const url = twin.signals.find(({ id }) => id === 'url-input');
    expect(url).toMatchObject({ label: 'Accepts URL/endpoint input', parameters: ['sessions[].url'] });
    expect(url?.why).not.toBe('');
    expect(url?.evidence[0]?.pointer).toMatch(/^\/inputSchema\//);
    expect(twin.parameters).toContainEqual({ path: 'sessions[].url', types: ['string'], required: false });
    expect(Object.keys(PolicyDocument.parse(twin.policy).tools ?? {})).toEqual(['session_create_batch']);
    expect(twin.hints.map(({ hint }) => hint)).toContain('readOnlyHint');
  });

  it('has what others than the rules said', () => {
    const twin: ToolTwin = json('servers/opinionated/sync_accounts.json');
    expect(twin.correction).toMatchObject({ by: 'A. Person', replaced: { risk: 'critical' } });
    expect(twin.review).toMatchObject({ model: 'example-model', outcome: 'not-followed' });
  });

  it('tells what happened to the tool, and to no other', () => {
    const twin: ToolTwin = json('servers/eventful/list_logs.json');
    expect(twin.history.map(({ kind }) => kind)).toEqual(['re-judged', 'returned']);
    expect(twin.history[0]).toMatchObject({ before: { risk: 'high' }, after: { risk: 'low' } });
  });

  it('stays when the tool has vanished, without a policy', () => {
    const twin = json('servers/eventful/drop_table.json');
    expect(validate(twin)).toBe(true);
    expect(twin).toMatchObject({ vanishedAt: '2026-11-18T09:30:00.000Z', risk: 'critical' });
    expect(twin.policy).toBeUndefined();
    expect(site.has('servers/eventful/old_tool.json')).toBe(false);
  });

  it('is the same after a crawl that found the tools as they were', async () => {
    const observedAt = '2027-01-01T00:00:00.000Z';
    const later = sheets.map((server) => ({
      ...server,
      lastScan: { ...server.lastScan, observedAt },
      ...(server.listing && { listing: { ...server.listing, observedAt } }),
      tools: server.tools.map((tool) => ({ ...tool, lastSeenAt: observedAt })),
    }));
    const again = new Map<string, unknown>();
    for await (const { path, contents } of renderSite({ servers: later, changes: [] }, SETTINGS)) {
      again.set(path, contents);
    }
    for (const { path } of twins) expect(again.get(path), path).toBe(site.get(path));
    expect(again.get('servers/mailbox/index.json')).not.toBe(site.get('servers/mailbox/index.json'));
  });
});

describe('the twin of a server', () => {
  const validate = schema('server');

  it('follows the published schema, and publishes no more than it tells', () => {
    for (const { slug, label } of sheets) {
      const twin = json(`servers/${slug}/index.json`);
      expect(validate(twin), `${slug}: ${JSON.stringify(validate.errors)}`).toBe(true);
      expect(ServerTwin.parse(twin)).toEqual(twin);
      expect(twin.label).toBe(label);
    }
  });

  it('counts the tools, and names what they can do together', () => {
    const twin: ServerTwin = json('servers/mailbox/index.json');
    expect(twin.counts).toMatchObject({ tools: 3, categories: { Read: 2, Write: 1, Execute: 0 } });
    expect(twin.combinations[0]?.parts.flatMap(({ tools }) => tools)).toContain('send_message');
    expect(twin.contextCost.tokens).toBeGreaterThan(50);
    expect(twin.contextCost.heaviest).toHaveLength(3);
  });

  it('says why nothing could be listed, and what has vanished', () => {
    expect(json('servers/broken/index.json').lastScan).toMatchObject({
      status: 'failed',
      phase: 'initialize',
      failure: { code: 'timeout', message: 'The server did not answer.' },
    });
    expect(json('servers/broken/index.json').listing).toBeUndefined();
    const gone = json('servers/eventful/index.json').vanished;
    expect(gone).toMatchObject([{ name: 'drop_table', risk: 'critical' }, { name: 'old_tool' }]);
  });

  it('has neither arguments nor the error output of the server’s program', () => {
    expect(site.get('servers/broken/index.json')).not.toMatch(/server\.js|red/);
  });
});

describe('addresses in data', () => {
  const plain = siteWithoutAddress(given);

  it.each([
    ['tool', 'servers/mailbox/get_time.json'],
    ['server', 'servers/mailbox/index.json'],
  ])('of a %s lead to files of the site, with and without its address', async (_, path) => {
    for (const [files, base] of [
      [site, 'https://catalogue.example/'],
      [await plain, 'https://elsewhere.example/'],
    ] as const) {
      for (const [name, address] of Object.entries<string>(json(path, files).addresses)) {
        const url = new URL(address, new URL(path, base));
        expect(files.has(url.pathname.slice(1)), `${name}: ${address}`).toBe(true);
        expect(URL.canParse(address)).toBe(files === site);
      }
    }
  });

  it('lead from the index to every twin', async () => {
    const validate = schema('index');
    const index: CatalogueIndex = json('index.json');
    expect(validate(index)).toBe(true);
    expect(CatalogueIndex.parse(index)).toEqual(index);
    expect(index.servers.map(({ slug }) => slug)).toEqual(sheets.map(({ slug }) => slug));
    expect(index.takenAt).toBe('2026-11-21T09:30:00.000Z');
    for (const server of json('index.json', await plain).servers) {
      expect(json(server.json, await plain).id).toBe(server.id);
    }
  });
});

describe('sitemap, robots.txt and llms.txt', () => {
  const { servers, urls } = readSitemap(site.get('sitemap.xml'));

  it('names every page of a server and a tool, with a time only where it is known', () => {
    const pages = sheets.flatMap(({ slug, tools }) =>
      ['index', ...tools.map((tool) => tool.slug)].map(
        (page) => `${SETTINGS.baseUrl}servers/${slug}/${page}.html`,
      ),
    );
    expect(urls).toEqual(expect.arrayContaining(pages));
    expect(new Set(urls).size).toBe(urls.length);
    expect(servers.get('https://catalogue.example/servers/stale/index.html')).toBe(
      '2026-11-21T09:30:00.000Z',
    );
    expect(servers.has('https://catalogue.example/servers/stale/get_thing.html')).toBe(false);
  });

  it('is split where a file would hold too many addresses', async () => {
    async function* read() {
      for (const slug of ['a', 'b', 'c']) yield outlineOf(slug, 30_000);
    }
    const files = new Map<string, string>();
    for await (const { path, contents } of sitemap.files(SETTINGS, read)) files.set(path, String(contents));
    expect([...files.keys()]).toEqual(['sitemap-1.xml', 'sitemap-2.xml', 'sitemap.xml']);
    const parts = ['sitemap-1.xml', 'sitemap-2.xml'].map((path) => readSitemap(files.get(path)).urls);
    expect(parts[0]).toHaveLength(MAX_SITEMAP_URLS);
    expect(parts.flat()).toContain('https://catalogue.example/servers/c/t29999.html');
    expect(files.get('sitemap.xml')).toContain('<loc>https://catalogue.example/sitemap-2.xml</loc>');
  });

  it('is not written where the site does not know its address', async () => {
    const files = await siteWithoutAddress(seeds);
    expect([...files.keys()].filter((path) => path.startsWith('sitemap'))).toEqual([]);
    expect(files.get('robots.txt')).toBe('User-agent: *\nAllow: /\n');
    expect(site.get('robots.txt')).toContain('\nSitemap: https://catalogue.example/sitemap.xml\n');
  });

  it('begins as llmstxt.org asks, and leads to data that exists', () => {
    const text = site.get('llms.txt') ?? '';
    expect(text).toMatch(/^# .+\n\n> .+\n/);
    const [, data = ''] = text.split('## Data\n');
    const links = [
      ...(data.split('## Pages')[0]?.matchAll(/\]\(https:\/\/catalogue\.example\/([^)]+)\)/g) ?? []),
    ];
    expect(links.length).toBeGreaterThan(4);
    for (const [, path = ''] of links) expect(site.has(path), path).toBe(true);
  });
});

describe('linked data', () => {
  it('tells the name and the way above of hostile pages, and nothing breaks out of it', () => {
    const server = sheets.find(({ id }) => id === hostile.id);
    for (const tool of server?.tools ?? []) {
      const page = site.get(`servers/${server?.slug}/${tool.slug}.html`) ?? '';
      const blocks = load(page)('script[type="application/ld+json"]');
      expect(blocks).toHaveLength(1);
      const data = JSON.parse(blocks.text());
      expect(data.breadcrumb.itemListElement.map(({ position }: { position: number }) => position)).toEqual([
        1, 2, 3,
      ]);
      expect(data.url).toContain(`/${tool.slug}.html`);
    }
  });

  it('is left out where the site does not know its address', async () => {
    const files = await siteWithoutAddress([mailbox]);
    expect(files.get('servers/mailbox/get_time.html')).not.toContain('ld+json');
    expect(files.get('servers/mailbox/get_time.html')).toContain('href="get_time.json"');
  });

  it.each(['</script><script>x', '<!--<script>', ']]>', '&lt;', 'a\u2028b\u2029', '\ud800'])(
    'holds %j as data',
    (text) => {
      const block = jsonScript({ text }).toString();
      expect(block.match(/[<>&\u2028\u2029]/g)).toHaveLength(4);
      expect(
        JSON.parse(load(html`<head>${jsonScript({ text })}</head>`.toString())('script').text()),
      ).toEqual({ text });
    },
  );
});

describe('context cost', () => {
  // Counted with the o200k_base encoding.
  it.each([
    ['{"name":"create_session","description":"Create a new calculator session."}', 15],
    [
      '{"type":"object","properties":{"path":{"type":"string","description":"The path of the file to read"}}}',
      24,
    ],
    [
      '{"name":"session_start","description":"Start a session on the remote host 10.0.0.17 and wait 30 seconds.","inputSchema":{"type":"object","properties":{"timeoutMs":{"type":"number"}},"required":["timeoutMs"]}}',
      52,
    ],
  ])('of %j is near what a tokenizer counts', (text, counted) => {
    expect(Math.abs(estimateTokens(text) - counted)).toBeLessThanOrEqual(Math.ceil(counted * 0.15));
  });

  it('names the heaviest tools first', () => {
    const server = sheets.find(({ slug }) => slug === 'awkward');
    const { tokens, shareOf200k, heaviest } = contextCost({ tools: server?.tools ?? [] });
    expect(shareOf200k).toBeCloseTo(tokens / 200_000);
    expect(heaviest.map((tool) => tool.tokens)).toEqual(
      heaviest.map((tool) => tool.tokens).toSorted((a, b) => b - a),
    );
    expect(contextCost({ tools: [] })).toEqual({ tokens: 0, shareOf200k: 0, heaviest: [] });
  });
});

/** A server as the sitemap gets it, with so many tools. */
function outlineOf(slug: string, tools: number): ServerOutline {
  const time = '2026-11-20T09:30:00.000Z';
  return {
    slug,
    id: slug,
    label: slug,
    status: 'complete',
    scannedAt: time,
    firstSeenAt: time,
    tools: Array.from({ length: tools }, (_, n) => toolOutline(`t${n}`)),
    tokens: 0,
    vanished: [],
  };
}

function toolOutline(slug: string): ToolOutline {
  const verdict = { category: 'Read', risk: 'low', destructive: false, financial: false } as const;
  return { slug, name: slug, ...verdict, signals: [], about: '' };
}

function readSitemap(text = '') {
  const $ = load(text, { xml: true });
  const entries = $('url')
    .toArray()
    .map((url) => [$(url).find('loc').text(), $(url).find('lastmod').text()] as const);
  return { urls: entries.map(([url]) => url), servers: new Map(entries.filter(([, time]) => time !== '')) };
}
