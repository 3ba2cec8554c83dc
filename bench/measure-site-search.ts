import type { Browser, CDPSession, Page } from 'playwright-core';
import { launchBrowser } from '../test/support/browser.ts';
import { quantile } from './quantile.ts';

/**
 * Searches on the built site in a real Chromium, each from a cold cache: what is loaded in all, and how long the first
 * results take after the last keystroke.
 */

export interface SiteQuery {
  /** What the query is an example of. */
  kind: string;
  words: string;
  /** By the names of the fields. */
  filters?: Partial<Record<'risk' | 'category' | 'signal', string>>;
}

export interface SiteSearch {
  query: SiteQuery;
  /** As they came over the wire, with headers: the page, its style, its scripts and the files of the index. */
  bytes: number;
  requests: number;
  /** From the last keystroke, or the last choice, to the frame that shows the first results. */
  ms: number;
  results: number;
}

export interface SiteSearchFigures {
  searches: SiteSearch[];
  bytes: Spread;
  ms: Spread;
}

interface Spread {
  median: number;
  p95: number;
  worst: number;
}

/** What people might look for in a catalogue of tools. */
export const SITE_QUERIES: readonly SiteQuery[] = [
  { kind: 'one word', words: 'search' },
  { kind: 'one word', words: 'delete' },
  { kind: 'one word', words: 'github' },
  { kind: 'one word', words: 'file' },
  { kind: 'one word', words: 'data' },
  { kind: 'one common word', words: 'get' },
  { kind: 'two words', words: 'create issue' },
  { kind: 'two words', words: 'send email' },
  { kind: 'two words', words: 'read file' },
  { kind: 'three words', words: 'execute sql query' },
  { kind: 'three words', words: 'github pull request' },
  { kind: 'a sentence', words: 'list all the files in a folder' },
  { kind: 'camel case', words: 'createPullRequest' },
  { kind: 'beginning', words: 'repos' },
  { kind: 'beginning', words: 'get us' },
  { kind: 'beginning', words: 'create is' },
  { kind: 'typo', words: 'serach' },
  { kind: 'typo', words: 'githbu isue' },
  { kind: 'typo', words: 'databse query' },
  { kind: 'Chinese', words: '查询' },
  { kind: 'Chinese', words: '天气' },
  { kind: 'one letter', words: 'c' },
  { kind: 'one letter', words: 'x' },
  { kind: 'one letter', words: 's' },
  { kind: 'filter', words: '', filters: { risk: 'critical' } },
  { kind: 'filter', words: '', filters: { signal: 'url-input' } },
  { kind: 'two filters', words: '', filters: { risk: 'high', category: 'Read' } },
  { kind: 'word and filter', words: 'delete', filters: { risk: 'critical' } },
  { kind: 'word and filter', words: 'file', filters: { signal: 'url-input' } },
];

/** Longer than any search may take. */
const TIMEOUT_MS = 10_000;

/** Runs the queries one after the other, each in a browser context of its own. `baseUrl` is that of the served site. */
export async function measureSiteSearch(
  baseUrl: string,
  queries: readonly SiteQuery[] = SITE_QUERIES,
): Promise<SiteSearchFigures> {
  const browser = await launchBrowser();
  try {
    // The first page of a browser that has just started is slow for reasons of its own.
    await measure(browser, baseUrl, { kind: 'warm-up', words: 'list' });
    const searches: SiteSearch[] = [];
    for (const query of queries) searches.push(await measure(browser, baseUrl, query));
    return {
      searches,
      bytes: spreadOf(searches.map(({ bytes }) => bytes)),
      ms: spreadOf(searches.map(({ ms }) => ms)),
    };
  } finally {
    await browser.close();
  }
}

async function measure(browser: Browser, baseUrl: string, query: SiteQuery): Promise<SiteSearch> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const loaded = await countLoads(await context.newCDPSession(page));
    await page.addInitScript(WATCH);
    await page.goto(new URL('search.html', baseUrl).href, { waitUntil: 'networkidle' });
    await ask(page, query);
    const state = new URLSearchParams();
    if (query.words !== '') state.set('q', query.words);
    for (const name of ['risk', 'category', 'signal'] as const) {
      const value = query.filters?.[name];
      if (value !== undefined) state.set(name, value);
    }
    const done = `searched.state === ${JSON.stringify(state.toString())} && searched.shown > searched.asked`;
    await until(page, done);
    const [ms, results] = await page.evaluate<[number, number]>(
      '[searched.shown - searched.asked, document.querySelectorAll("[data-results] > li").length]',
    );
    await page.waitForLoadState('networkidle');
    return { query, ms, results, ...loaded };
  } finally {
    await context.close();
  }
}

/** Waits for something on the page; the site's policy lets no text be run there, which Playwright's own waiting does. */
async function until(page: Page, condition: string): Promise<void> {
  const start = performance.now();
  while ((await page.evaluate(condition)) !== true) {
    if (performance.now() - start > TIMEOUT_MS) throw new Error(`waited in vain for ${condition}`);
    await page.waitForTimeout(20);
  }
}

/** Counts what is loaded from now on; the object changes while it is. */
async function countLoads(session: CDPSession): Promise<{ bytes: number; requests: number }> {
  const loaded = { bytes: 0, requests: 0 };
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    loaded.bytes += encodedDataLength;
    loaded.requests++;
  });
  await session.send('Network.enable');
  return loaded;
}

async function ask(page: Page, { words, filters = {} }: SiteQuery): Promise<void> {
  const field = page.locator('[role="search"] input[type="search"]');
  await field.focus();
  await page.keyboard.type(words);
  for (const [name, value] of Object.entries(filters)) {
    await page.locator(`[role="search"] select[name="${name}"]`).selectOption(value);
  }
}

/** Runs in the page: when something was asked for last, and when the first results stood on the screen. */
const WATCH = `
  globalThis.searched = { asked: 0, shown: 0, state: '' };
  for (const kind of ['input', 'change']) {
    addEventListener(kind, () => { searched.asked = performance.now(); }, true);
  }
  addEventListener('DOMContentLoaded', () => {
    const results = document.querySelector('[data-results]');
    new MutationObserver(() => {
      const state = results.dataset.state ?? '';
      if (results.children.length === 0) return;
      requestAnimationFrame(() => { Object.assign(searched, { shown: performance.now(), state }); });
    }).observe(results, { attributes: true, childList: true });
  });
`;

function spreadOf(values: readonly number[]): Spread {
  return { median: quantile(values, 0.5), p95: quantile(values, 0.95), worst: Math.max(...values) };
}

/** What was measured, in words: a line for each search, then the spread. */
export function siteSearchText({ searches, bytes, ms }: SiteSearchFigures): string {
  const kb = (n: number) => `${(n / 1000).toFixed(0).padStart(4)} KB`;
  const time = (n: number) => `${n.toFixed(0).padStart(4)} ms`;
  const lines = searches.map(({ query, ...one }) => {
    const filters = Object.entries(query.filters ?? {}).map((pair) => pair.join(':'));
    const asked = [...(query.words === '' ? [] : [`"${query.words}"`]), ...filters].join(' ');
    return `  ${query.kind.padEnd(16)} ${asked.padEnd(36)} ${kb(one.bytes)} ${time(one.ms)}\n`;
  });
  const spread = (name: string, part: keyof Spread) =>
    `  ${name.padEnd(53)} ${kb(bytes[part])} ${time(ms[part])}\n`;
  return [...lines, spread('median', 'median'), spread('95%', 'p95'), spread('worst', 'worst')].join('');
}
