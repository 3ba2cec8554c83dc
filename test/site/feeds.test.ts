import { load } from 'cheerio';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_FEED_ENTRIES } from '../../site/limits.ts';
import { launchBrowser } from '../support/browser.ts';
import { awkward, changesOf, eventful, hostile } from './samples.ts';
import { siteOf } from './view.ts';
import { siteWithoutAddress } from './without-address.ts';

const given = [...awkward, hostile, eventful];
const site = await siteOf(given, { changes: changesOf(given) });
const local = await siteWithoutAddress(given, changesOf(given));

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser?.close());

interface Read {
  /** What the parser complains of. */
  error?: string | undefined;
  name: string;
  namespace: string | null;
}

const PARSE = `(text) => {
  const root = new DOMParser().parseFromString(text, 'application/xml').documentElement;
  const error = root.querySelector('parsererror')?.textContent;
  return { error, name: root.localName, namespace: root.namespaceURI };
}`;

/** Reads files with the browser's XML parser, which takes nothing that is not well-formed. */
async function parseXml(texts: readonly string[]): Promise<Read[]> {
  const page = await browser.newPage();
  const parsed = await page.evaluate<Read[]>(`(${JSON.stringify(texts)}).map(${PARSE})`);
  await page.close();
  return parsed;
}

function feed(path: string, files = site) {
  const $ = load(files.get(path) ?? '', { xml: true });
  const text = (selector: string) => $(selector).text();
  const links = $('feed > link').toArray();
  return {
    id: text('feed > id'),
    title: text('feed > title'),
    updated: text('feed > updated'),
    author: text('feed > author > name'),
    self: links.filter((link) => $(link).attr('rel') === 'self').map((link) => $(link).attr('href')),
    entries: $('entry')
      .toArray()
      .map((entry) => ({
        id: $(entry).find('id').text(),
        title: $(entry).find('title').text(),
        updated: $(entry).find('updated').text(),
        summary: $(entry).find('summary').text(),
        href: $(entry).find('link').attr('href') ?? '',
      })),
  };
}

const FEEDS = [...site.keys()].filter((path) => path.endsWith('feed.xml'));

describe('feeds', () => {
  it('are Atom to a parser of XML, whatever the names are, and the sitemap is XML too', async () => {
    expect(FEEDS).toHaveLength(given.length + 1);
    const texts = FEEDS.flatMap((path) => [site.get(path) ?? '', local.get(path) ?? '']);
    for (const { error, name, namespace } of await parseXml(texts)) {
      expect(error).toBeUndefined();
      expect([name, namespace]).toEqual(['feed', 'http://www.w3.org/2005/Atom']);
    }
    const [map] = await parseXml([site.get('sitemap.xml') ?? '']);
    expect(map).toMatchObject({ error: undefined, name: 'urlset' });
    const [broken] = await parseXml([(site.get('feed.xml') ?? '').replace('<feed', '\u0007<feed')]);
    expect(broken?.error).toBeDefined();
  });

  it('have all that Atom asks for, with no id twice', () => {
    for (const path of FEEDS) {
      const { id, title, updated, author, entries } = feed(path);
      expect(id).toBe(`https://catalogue.example/${path}`);
      for (const text of [title, author, ...entries.map((entry) => entry.title)]) expect(text).not.toBe('');
      for (const time of [updated, ...entries.map((entry) => entry.updated)]) {
        expect(new Date(time).toISOString()).toBe(time);
      }
      const ids = entries.map((entry) => entry.id);
      expect(new Set(ids).size, path).toBe(ids.length);
      for (const each of ids)
        expect(each).toMatch(/^urn:uuid:[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    }
  });

  it('tell every change, the newest first, with what raises a risk', () => {
    const { entries, updated } = feed('feed.xml');
    expect(entries).toHaveLength(eventful.changes?.length ?? 0);
    const times = entries.map((entry) => entry.updated);
    expect(times).toEqual(times.toSorted().toReversed());
    expect(updated).toBe('2026-11-20T09:30:00.000Z');
    const purge = entries.find(({ title }) => title.startsWith('purge_logs'));
    expect(purge?.title).toBe('purge_logs changed on eventful: read it before you go on');
    expect(purge?.summary).toBe(
      'Critical risk, medium before. The risk rose from medium to critical. It is destructive now.',
    );
  });

  it('tell the same change under the same id, in the feed of all and of the server, wherever the site stands', () => {
    const ids = (path: string, files = site) => feed(path, files).entries.map(({ id }) => id);
    const own = ids('servers/eventful/feed.xml');
    expect(new Set(ids('feed.xml'))).toEqual(new Set(own));
    expect(ids('servers/eventful/feed.xml', local)).toEqual(own);
  });

  it('show what XML forbids as code points, and escape the rest', () => {
    const { entries } = feed('servers/eventful/feed.xml');
    const strange = entries.find(({ title }) => title.includes('appeared'));
    expect(strange?.title).toBe(`a[U+0007]b[U+D800]c[U+FFFF]d]]>&<e a="'">[U+202E] appeared on eventful`);
    expect(strange?.summary).toContain('[U+FFFF]');
  });

  it('link to the pages, absolutely where the site knows its address', () => {
    expect(feed('feed.xml').self).toEqual(['https://catalogue.example/feed.xml']);
    expect(feed('feed.xml', local).self).toEqual(['feed.xml']);
    expect(feed('feed.xml', local).id).toMatch(/^urn:uuid:/);
    const path = 'servers/eventful/feed.xml';
    for (const [files, base] of [
      [site, 'https://catalogue.example/'],
      [local, 'https://elsewhere.example/'],
    ] as const) {
      for (const { href } of feed(path, files).entries) {
        const page = new URL(href, `${base}${path}`).pathname.slice(1);
        expect(files.has(decodeURIComponent(page)), href).toBe(true);
      }
    }
  });

  it('have a time from the data when nothing has changed', async () => {
    expect(feed('servers/empty/feed.xml').updated).toBe('2026-11-20T09:30:00.000Z');
    const quiet = await siteOf(awkward);
    expect(feed('feed.xml', quiet)).toMatchObject({ updated: '2026-11-21T09:30:00.000Z', entries: [] });
    expect(feed('feed.xml', await siteOf([])).updated).not.toBe('');
  });

  it('end where nobody reads on', async () => {
    const [change] = changesOf([eventful]);
    if (change === undefined) throw new Error('No change');
    const many = Array.from({ length: MAX_FEED_ENTRIES + 5 }, (_, n) => ({ ...change, name: `tool_${n}` }));
    expect(feed('feed.xml', await siteOf([eventful], { changes: many })).entries).toHaveLength(
      MAX_FEED_ENTRIES,
    );
  });
});
