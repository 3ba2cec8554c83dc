import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadAssets } from '../../site/assets.ts';
import { placeIn } from '../../site/build/write-files.ts';
import { renderSite } from '../../site/render.ts';
import { launchBrowser, watchFaults } from '../support/browser.ts';
import { type FileServer, serveFiles } from '../support/file-server.ts';
import { awkward, hostile, seeds } from './samples.ts';
import { type GivenServer, SETTINGS, sheetsOf } from './view.ts';

const tool = (name: string, description: string) => ({ name, description, inputSchema: { type: 'object' } });

const archive: GivenServer = {
  label: 'Archive',
  tools: [
    ...Array.from({ length: 30 }, (_, index) =>
      tool(`read_shelf_${index}`, 'Reads one shelf of the archive.'),
    ),
    tool('burn_shelf', 'Deletes a shelf and all that is in it permanently.'),
    tool('天气查询', '查询城市的天气预报'),
  ],
};

let folder: string;
let server: FileServer;
let base: string;
let browser: Browser;
/** Paths that the server does not have for the moment. */
const missing = new Set<string>();
/** Says of packed files that they are packed on their way, as some hosts do. */
let encodes = false;

beforeAll(async () => {
  folder = await fs.mkdtemp(join(tmpdir(), 'search-'));
  const servers = sheetsOf([...seeds, ...awkward, hostile, archive]);
  for await (const { path, contents } of renderSite({ servers, changes: [] }, SETTINGS)) {
    const file = placeIn(folder, path);
    await fs.mkdir(dirname(file), { recursive: true });
    await fs.writeFile(file, contents);
  }
  await fs.mkdir(join(folder, 'assets'), { recursive: true });
  for (const { path, contents } of loadAssets()) await fs.writeFile(placeIn(folder, path), contents);
  server = await serveFiles(async (path) => {
    if (missing.has(path)) return undefined;
    const body = await fs.readFile(placeIn(folder, path)).catch(() => undefined);
    return (
      body && { body, ...(encodes && path.endsWith('.gz') && { headers: { 'content-encoding': 'gzip' } }) }
    );
  });
  base = server.base;
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await fs.rm(folder, { recursive: true });
});

interface Visit {
  page: Page;
  faults: string[];
}

async function visit(
  path: string,
  act: (visit: Visit) => Promise<void>,
  options: BrowserContextOptions = {},
) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const faults = watchFaults(page, base);
  try {
    await page.goto(base + path);
    await act({ page, faults });
  } finally {
    await context.close();
  }
}

const fieldOf = (page: Page) => page.getByRole('searchbox', { name: 'Words' });
const resultsOf = (page: Page) => page.getByRole('list', { name: 'Results' }).getByRole('listitem');
const namesOf = (page: Page) =>
  page.getByRole('list', { name: 'Results' }).getByRole('link').allTextContents();

/** Waits for what the page says that it found. */
async function says(page: Page, words: string | RegExp): Promise<void> {
  await page.getByRole('status').filter({ hasText: words }).waitFor();
}

/** Waits for the results of what the address says. */
async function shows(page: Page, state: string): Promise<void> {
  await page.locator(`[data-results][data-state="${state}"] > li`).first().waitFor();
}

describe('the search page', () => {
  it('finds while one types, says how many, and leads to the tool', async () => {
    await visit('search.html', async ({ page, faults }) => {
      await fieldOf(page).pressSequentially('burn');
      await says(page, /^1 tool$/);
      expect(await resultsOf(page).textContent()).toContain('Critical');
      expect(await resultsOf(page).textContent()).toContain(
        'Deletes a shelf and all that is in it permanently.',
      );
      await page.getByRole('link', { name: 'burn_shelf' }).click();
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('burn_shelf');
      expect(faults).toEqual([]);
    });
  });

  it('keeps words and filters in the address, and reads them from it', async () => {
    await visit('search.html', async ({ page, faults }) => {
      await fieldOf(page).fill('shelf');
      await says(page, '31 tools');
      await page.getByLabel('Risk').selectOption('critical');
      await says(page, /^1 tool$/);
      expect(new URL(page.url()).search).toBe('?q=shelf&risk=critical');
      await page.reload();
      await says(page, /^1 tool$/);
      expect(await fieldOf(page).inputValue()).toBe('shelf');
      expect(await page.getByLabel('Risk').inputValue()).toBe('critical');
      expect(await namesOf(page)).toEqual(['burn_shelf']);
      await page.goto(`${base}search.html?risk=nonsense`);
      expect(await page.getByLabel('Risk').inputValue()).toBe('');
      expect(faults).toEqual([]);
    });
  });

  it('filters without words', async () => {
    await visit('search.html', async ({ page }) => {
      await page.getByLabel('Category').focus();
      await page.keyboard.type('Read');
      await says(page, /\d+ tools/);
      const texts = await resultsOf(page).allTextContents();
      expect(texts.length).toBeGreaterThan(3);
      expect(texts.every((text) => text.includes('Read on '))).toBe(true);
      expect(new URL(page.url()).search).toBe('?category=Read');
    });
  });

  it('is worked by the keyboard alone', async () => {
    await visit('search.html', async ({ page, faults }) => {
      await page.keyboard.press('/');
      await page.keyboard.type('read shelf');
      await says(page, '30 tools');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('read_shelf_1');
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('ArrowUp');
      expect(await page.evaluate('document.activeElement.name')).toBe('q');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Escape');
      expect(await fieldOf(page).inputValue()).toBe('');
      expect(await resultsOf(page).count()).toBe(0);
      expect(new URL(page.url()).search).toBe('');
      await page.keyboard.type('burn');
      await says(page, /^1 tool$/);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.waitForURL(/burn_shelf\.html$/);
      expect(faults).toEqual([]);
    });
  });

  it('shows the next part where it is asked for more', async () => {
    await visit('search.html?q=shelf', async ({ page }) => {
      await says(page, '31 tools');
      const first = await namesOf(page);
      await page.getByRole('button', { name: 'Show 10 more' }).press('Enter');
      await resultsOf(page).nth(19).waitFor();
      const second = await namesOf(page);
      expect(second.slice(0, first.length)).toEqual(first);
      expect(await page.evaluate('document.activeElement.textContent')).toBe(second[first.length]);
      await page.getByRole('button', { name: 'Show 10 more' }).click();
      await page.getByRole('button', { name: 'Show 1 more' }).click();
      await page.getByRole('button', { name: /more/ }).waitFor({ state: 'hidden' });
      expect(new Set(await namesOf(page)).size).toBe(31);
    });
  });

  it('finds Chinese words, and one letter', async () => {
    await visit('search.html', async ({ page }) => {
      await fieldOf(page).fill('查询');
      await says(page, /^1 tool$/);
      expect(await namesOf(page)).toEqual(['天气查询']);
      await fieldOf(page).fill('b');
      await shows(page, 'q=b');
      expect(await namesOf(page)).toContain('burn_shelf');
    });
  });

  it('says what it put right, and what nothing is like', async () => {
    await visit('search.html', async ({ page }) => {
      await fieldOf(page).fill('shlef');
      await says(page, 'Showing results for “shelf” instead of “shlef”.');
      await fieldOf(page).fill('<b>qwertyuiop');
      await says(page, 'No tool has “qwertyuiop”');
      expect(await resultsOf(page).count()).toBe(0);
    });
  });

  it('shows what the newest query finds, however fast it came', async () => {
    await visit('search.html', async ({ page }) => {
      await page.route('**/search/words/**', async (route) => {
        await new Promise((done) => setTimeout(done, 150));
        await route.continue().catch(() => undefined);
      });
      await fieldOf(page).fill('read');
      await page.waitForTimeout(100);
      await fieldOf(page).fill('burn');
      await says(page, /^1 tool$/);
      expect(await namesOf(page)).toEqual(['burn_shelf']);
    });
  });

  it('runs nothing that a hostile server sent, and shows what is hidden', async () => {
    const options = { viewport: { width: 390, height: 844 } };
    const hostileQuery = async ({ page, faults }: Visit) => {
      for (const words of ['script', 'evil', 'deletes everything', 'con']) {
        await fieldOf(page).fill(words);
        await shows(page, `q=${words.replace(' ', '+')}`);
        expect(await page.evaluate('globalThis.ran ?? globalThis.pwned'), words).toBeUndefined();
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), words).toBe(0);
        expect(await page.locator('[data-results] :is(script, img, svg[onload])').count(), words).toBe(0);
      }
      await fieldOf(page).fill('evil');
      await shows(page, 'q=evil');
      expect(await page.locator('[data-results]').textContent()).toContain('[U+202E]');
      expect(faults).toEqual([]);
    };
    await visit('search.html', hostileQuery, options);
  });

  it('works where the host unpacks the files on their way', async () => {
    encodes = true;
    try {
      await visit('search.html?q=burn', async ({ page, faults }) => {
        await says(page, /^1 tool$/);
        expect(faults).toEqual([]);
      });
    } finally {
      encodes = false;
    }
  });

  it('says what is missing, and recovers', async () => {
    missing.add('search/index.json');
    try {
      await visit('search.html?q=burn', async ({ page }) => {
        await says(page, 'search/index.json was answered with 404');
        expect(await page.getByRole('main').getByRole('link', { name: 'Servers' }).isVisible()).toBe(true);
        missing.clear();
        await fieldOf(page).press('Enter');
        await says(page, /^1 tool$/);
      });
    } finally {
      missing.clear();
    }
  });

  it('says why it does not work from a file', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`file://${folder}/search.html?q=burn`);
    await says(page, 'web server');
    await context.close();
  });

  it('leads to the lists where no script runs', async () => {
    const act = async ({ page }: Visit) => {
      expect(await page.getByText('The search needs JavaScript').isVisible()).toBe(true);
      expect(await fieldOf(page).count()).toBe(0);
      const main = page.getByRole('main');
      for (const name of ['Servers', 'Signals', 'Critical risk', 'Execute']) {
        expect(await main.getByRole('link', { name, exact: true }).count(), name).toBe(1);
      }
    };
    await visit('search.html', act, { javaScriptEnabled: false });
  });
});
