import { type CheerioAPI, load } from 'cheerio';
import { describe, expect, it } from 'vitest';
import { MAX_CHANGES_SHOWN, SERVERS_PER_PART } from '../../site/limits.ts';
import { awkward, changesOf, eventful, hostile, mailbox, seeds } from './samples.ts';
import { type GivenServer, siteOf } from './view.ts';

const given = [...seeds, ...awkward, hostile, mailbox, eventful];
const site = await siteOf(given, { changes: changesOf(given) });

function page(path: string, files = site): CheerioAPI {
  const text = files.get(path);
  if (text === undefined) throw new Error(`No page ${path}`);
  return load(text);
}

function words($: CheerioAPI, selector = 'main'): string {
  return $(selector).text().replaceAll(/\s+/g, ' ');
}

describe('home page', () => {
  const $ = page('index.html');

  it('says what there is and asks what is wanted', () => {
    expect(words($)).toMatch(/\d+ tools on 12 servers, each judged/);
    expect(words($)).toContain('1 server could not be listed');
    const form = $('form[role=search]');
    expect([form.attr('action'), form.attr('method')]).toEqual(['search.html', 'get']);
    expect(form.find('input[name=q]').attr('id')).toBe(form.find('label').attr('for'));
  });

  it('draws the distribution, with numbers that add up and lead on', () => {
    const numbers = (selector: string) =>
      $(selector)
        .toArray()
        .map((cell) => Number($(cell).text().replaceAll(',', '')));
    const total = Number(/([\d,]+) tools on/.exec(words($))?.[1]?.replaceAll(',', ''));
    const byRisk = numbers('.overview .legend b');
    expect(byRisk.reduce((a, b) => a + b)).toBe(total);
    expect($('.overview > svg.strip').attr('aria-label')).toContain(
      `${total} tools by risk: ${byRisk[0]} critical`,
    );
    expect(numbers('.cross td.spare.n').reduce((a, b) => a + b)).toBe(total);
    const links = $('.overview a')
      .toArray()
      .map((link) => $(link).attr('href'));
    expect(links).toEqual([
      ...['critical', 'high', 'medium', 'low'].map((risk) => `risks/${risk}.html`),
      ...['execute', 'write', 'read'].map((category) => `categories/${category}.html`),
    ]);
  });

  it('has the newest changes and the newest scans', () => {
    expect(words($, '.changes > li')).toContain('purge_logs changed on eventful (risk before: medium)');
    expect(words($, '.scans > li:first-child')).toMatch(
      /^2026-11-21 (broken could not be listed|stale 1 tool)/,
    );
    expect(words($)).toContain('catalogue scan npm:<package>');
  });

  it('is there for an empty catalogue', async () => {
    const empty = page('index.html', await siteOf([]));
    expect(words(empty)).toContain('No server has been scanned yet');
    expect(empty('svg.strip, .changes, .scans')).toHaveLength(0);
  });
});

describe('page of changes', () => {
  const $ = page('changes.html');

  it('groups the changes by day, the newest first', () => {
    expect(
      $('h2 time')
        .toArray()
        .map((time) => $(time).attr('datetime')),
    ).toEqual(['2026-11-20', '2026-11-19', '2026-11-18']);
    expect($('.changes > li')).toHaveLength(eventful.changes?.length ?? 0);
  });

  it.each([
    [
      'purge_logs',
      'Critical purge_logs changed on eventful (risk before: medium) ▲ Read it before you go on: The risk rose from medium to critical and it is destructive now.',
    ],
    ['drop_table', 'Critical drop_table vanished on eventful'],
    ['old_tool', 'Low old_tool vanished on eventful'],
  ])('tells of %s what happened, the risk and the reason', (name, text) => {
    const item = $('.changes > li').filter((_, li) => $(li).find('a.mono').text() === name);
    expect(item.text().replaceAll(/\s+/g, ' ').trim()).toBe(text);
  });

  it('flags what raises a risk and nothing else', () => {
    expect($('.changes > li.raises a.mono').text()).toBe('purge_logs');
    expect(words($)).toContain('The newest 6 changes. 1 change marked ▲ should be read before you go on.');
  });

  it('leads to the tools and the feed', () => {
    expect($('a[href="servers/eventful/purge_logs.html"]')).toHaveLength(1);
    expect($('main a[href="feed.xml"]')).toHaveLength(1);
    expect($('link[type="application/atom+xml"]').attr('href')).toBe('feed.xml');
  });

  it('says that it ends, and that nothing has changed', async () => {
    const [change] = changesOf([eventful]);
    if (change === undefined) throw new Error('No change');
    const many = Array.from({ length: MAX_CHANGES_SHOWN + 1 }, () => change);
    const long = page('changes.html', await siteOf([eventful], { changes: many }));
    expect(long('.changes > li')).toHaveLength(MAX_CHANGES_SHOWN);
    expect(words(long)).toContain('Older changes stand on the pages of the servers');
    expect(words(page('changes.html', await siteOf([mailbox])))).toContain('Nothing has changed so far');
  });
});

describe('list of servers', () => {
  const $ = page('servers/index.html');
  const row = (label: string) => {
    const found = $('tbody tr').filter((_, tr) => $(tr).find('th a').text() === label);
    const texts = found
      .children()
      .toArray()
      .map((cell) => $(cell).text());
    return texts.filter((text) => text !== '').join(' ');
  };

  it('has a row for every server, in the order of their addresses', () => {
    const links = $('tbody th a')
      .toArray()
      .map((link) => $(link).attr('href') ?? '');
    expect(links).toHaveLength(given.length);
    expect(links).toEqual(links.toSorted());
    expect(site.has(`servers/${links[0]}`)).toBe(true);
  });

  it.each([
    ['mailbox', 'mailbox 3 0 0 1 2 2026-11-20'],
    ['broken', 'broken Not listed: timeout – – – – – 2026-11-21'],
    ['stale', 'stale The newest scan failed (auth-required); these are of 2026-11-20 1 0 0 0 1 2026-11-21'],
    ['partial', 'partial Not the whole list 1 0 0 0 1 2026-11-20'],
    ['empty', 'empty 0 0 0 0 0 2026-11-20'],
  ])('tells of %s its tools and its state', (label, text) => {
    expect(row(label)).toBe(text);
  });

  it('tells namesakes apart by their ids, in whichever parts they stand', async () => {
    const servers: GivenServer[] = ['a', 'b'].map((name) => ({
      label: 'same',
      id: `npm:${name}`,
      tools: [],
    }));
    const twins = page('servers/index.html', await siteOf([...servers, mailbox]));
    const texts = twins('tbody th')
      .toArray()
      .map((th) => twins(th).text());
    expect(texts).toEqual(['mailbox', 'samenpm:a', 'samenpm:b']);
  });

  it('is split into parts that lead to each other and hold every server once', async () => {
    const many = Array.from({ length: 2 * SERVERS_PER_PART + 1 }, (_, n) => ({
      label: `server ${n}`,
      tools: [],
    }));
    const files = await siteOf(many);
    const parts = ['servers/index.html', 'servers/page-2.html', 'servers/page-3.html'].map((path) =>
      page(path, files),
    );
    const counts = parts.map((part) => part('tbody tr').length);
    expect(counts).toEqual([SERVERS_PER_PART, SERVERS_PER_PART, 1]);
    const links = parts.flatMap((part) =>
      part('tbody th a')
        .toArray()
        .map((link) => part(link).attr('href')),
    );
    expect(new Set(links).size).toBe(many.length);
    const steps = parts.map((part) =>
      part('.steps a')
        .toArray()
        .map((link) => `${part(link).text()} ${part(link).attr('href')}`),
    );
    expect(steps).toEqual([
      ['Next page-2.html', 'Last page-3.html'],
      ['First index.html', 'Previous index.html', 'Next page-3.html', 'Last page-3.html'],
      ['First index.html', 'Previous page-2.html'],
    ]);
    expect(parts[1]?.('link[rel=canonical]').attr('href')).toBe(
      'https://catalogue.example/servers/page-2.html',
    );
  });
});
