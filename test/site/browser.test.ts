import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { targets } from '../../policy/targets/index.generated.ts';
import { loadAssets } from '../../site/assets.ts';
import { buildSite } from '../../site/build/build-site.ts';
import { placeIn } from '../../site/build/write-files.ts';
import { launchBrowser, watchFaults } from '../support/browser.ts';
import { type FileServer, serveFiles } from '../support/file-server.ts';
import { awkward, hostile, opinionated, seeds } from './samples.ts';
import { SETTINGS, sheetsOf, sourceOf } from './view.ts';

const servers = sheetsOf([...seeds, ...awkward, hostile, opinionated]);

let scratch: string;
let folder: string;
let server: FileServer;
let base: string;
let browser: Browser;

beforeAll(async () => {
  scratch = await fs.mkdtemp(join(tmpdir(), 'site-'));
  folder = join(scratch, 'public');
  const options = { out: folder, settings: SETTINGS, assets: loadAssets(), threads: 1 };
  await buildSite(sourceOf(servers), options);
  server = await serveFiles(async (path) => {
    const body = await fs.readFile(placeIn(folder, path)).catch(() => undefined);
    return body && { body };
  });
  base = server.base;
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await fs.rm(scratch, { recursive: true });
});

interface Visit {
  page: Page;
  /** Requests that left the site, scripts that a server sent and that ran, and what the console complained of. */
  faults: string[];
}

async function visit(path: string, options: BrowserContextOptions, act: (visit: Visit) => Promise<void>) {
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

const wide = { viewport: { width: 1440, height: 900 } };
const small = { viewport: { width: 390, height: 844 } };

describe('the site in a browser', () => {
  it('leads from the home page to a tool', async () => {
    await visit('', wide, async ({ page, faults }) => {
      await page.getByRole('link', { name: 'Crow' }).first().click();
      await page.locator('#tools').getByRole('link', { name: 'maker_start_sessions_bulk' }).click();
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('maker_start_sessions_bulk');
      expect(await page.getByText('High risk', { exact: true }).isVisible()).toBe(true);
      expect(faults).toEqual([]);
    });
  });

  it('has the name, the risk, the sentence, the signals and the way to the policy on a small first screen', async () => {
    await visit('servers/leapfrog/session_create_batch.html', small, async ({ page }) => {
      for (const selector of ['h1', '.badge', '.lead', '.signals', '.way']) {
        const box = await page.locator(selector).boundingBox();
        expect(box === null ? undefined : box.y + box.height, selector).toBeLessThan(844);
      }
      expect(await overflow(page)).toBe(0);
    });
  });

  it('copies the policy', async () => {
    const options = { ...wide, permissions: ['clipboard-read', 'clipboard-write'] };
    await visit('servers/crow/maker_start_session.html', options, async ({ page, faults }) => {
      await page.getByRole('button', { name: 'Copy' }).click();
      await page.getByRole('button', { name: 'Copied' }).waitFor();
      const copied = JSON.parse(await page.evaluate('navigator.clipboard.readText()'));
      expect(Object.keys(copied.tools)).toEqual(['maker_start_session']);
      expect(faults).toEqual([]);
    });
  });

  it('copies the entry by which the verdict is contested', async () => {
    const options = { ...wide, permissions: ['clipboard-read', 'clipboard-write'] };
    await visit('servers/crow/maker_start_session.html', options, async ({ page, faults }) => {
      const contest = page.getByRole('region', { name: 'Contest this verdict' });
      await contest.getByText('The entry for this tool').click();
      await contest.getByRole('button', { name: 'Copy' }).click();
      await contest.getByRole('button', { name: 'Copied' }).waitFor();
      const [entry] = parse(String(await page.evaluate('navigator.clipboard.readText()')));
      expect(entry).toMatchObject({ server: 'npm:Crow', tool: 'maker_start_session' });
      expect(faults).toEqual([]);
    });
  });

  it('shows misleading text and the way to the policy on a small first screen', async () => {
    await visit('servers/opinionated/sync_accounts.html', small, async ({ page }) => {
      for (const selector of ['h1', '.badge', '.lead', '.notice.warning', '.way']) {
        const box = await page.locator(selector).first().boundingBox();
        expect(box === null ? undefined : box.y + box.height, selector).toBeLessThan(844);
      }
      expect(await overflow(page)).toBe(0);
    });
  });

  it('filters by risk, by category and by words, and keeps that in the address', async () => {
    await visit('servers/awkward/index.html', wide, async ({ page, faults }) => {
      const rows = page.locator('#tools tbody tr:visible');
      const all = await rows.count();
      await page.locator('.legend a[data-value="critical"]').click();
      const critical = await rows.count();
      expect(critical).toBeGreaterThan(0);
      expect(critical).toBeLessThan(all);
      expect(new URL(page.url()).search).toBe('?risk=critical');
      await page.reload();
      expect(await rows.count()).toBe(critical);
      await page.locator('.legend a[data-value="critical"]').click();
      expect(await rows.count()).toBe(all);
      await page.getByLabel('Filter').fill('read_file');
      expect(await rows.count()).toBe(1);
      expect(await page.locator('output').textContent()).toBe(`1 of ${all}`);
      expect(faults).toEqual([]);
    });
  });

  it('sorts by keyboard', async () => {
    await visit('servers/awkward/index.html', wide, async ({ page }) => {
      const button = page.getByRole('button', { name: 'Tool', exact: true });
      await button.focus();
      await page.keyboard.press('Enter');
      const names = await page.locator('#tools tbody th').allTextContents();
      expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b)));
      await page.keyboard.press('Enter');
      expect(await page.locator('#tools tbody th').allTextContents()).toEqual(names.toReversed());
      expect(await page.locator('th[aria-sort]').getAttribute('aria-sort')).toBe('descending');
    });
  });

  it('reads without scripts', async () => {
    await visit('servers/awkward/index.html', { ...small, javaScriptEnabled: false }, async ({ page }) => {
      expect(await page.getByRole('button').count()).toBe(0);
      expect(await page.getByRole('searchbox').count()).toBe(0);
      await page.locator('.legend a[data-value="critical"]').click();
      expect(page.url()).toMatch(/#risk-critical$/);
      await page.locator('#tools').getByRole('link', { name: 'delete_repository' }).click();
      expect(await page.locator('#policy-text').textContent()).toContain('"default": "deny"');
      await page.getByText('What risk level is delete_repository?').click();
      expect(await page.getByText('with critical risk.').isVisible()).toBe(true);
    });
  });

  it('has a theme of the reader’s choice, which stays', async () => {
    await visit('servers/crow/index.html', { ...wide, colorScheme: 'light' }, async ({ page, faults }) => {
      const ground = () => page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
      const light = await ground();
      await page.getByRole('button', { name: 'Theme: system' }).click();
      await page.getByRole('button', { name: 'Theme: light' }).click();
      await page.getByRole('button', { name: 'Theme: dark' }).waitFor();
      const dark = await ground();
      expect(dark).not.toBe(light);
      await page.goto(`${base}servers/awkward/index.html`);
      expect(await ground()).toBe(dark);
      await page.getByRole('button', { name: 'Theme: dark' }).click();
      expect(await ground()).toBe(light);
      expect(faults).toEqual([]);
    });
  });

  it('can be used by the keyboard alone: to the content, to a tool, to the search', async () => {
    await visit('servers/crow/index.html', wide, async ({ page }) => {
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
      await page.keyboard.press('Enter');
      expect(page.url()).toMatch(/#main$/);
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.closest("main") !== null')).toBe(true);
      await page.keyboard.press('/');
      await page.waitForURL(`${base}search.html`);
    });
  });

  // A browser holds back the eleventh file that one page saves within a moment, so each page saves a few.
  it.each([0, 1, 2])('saves the policy in each format as it is shown (part %i of 3)', async (part) => {
    await visit('servers/awkward/index.html', wide, async ({ page, faults }) => {
      const formats = page.locator('details.export');
      expect(await formats.count()).toBe(targets.length);
      const own = (await formats.all()).filter((_, index) => index % 3 === part);
      for (const format of own) {
        await format.locator('summary').click();
        const waiting = page.waitForEvent('download');
        await format.getByRole('button', { name: 'Download' }).click();
        const download = await waiting;
        const saved = await fs.readFile(await download.path(), 'utf8');
        expect(saved.trimEnd()).toBe((await format.locator('pre').textContent())?.trimEnd());
        expect(download.suggestedFilename()).toMatch(/\.(json|toml|yaml|cedar|rego|md)$/);
      }
      expect(faults).toEqual([]);
    });
  });

  it('opens from a file', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`file://${folder}/servers/awkward/index.html`);
    await page.locator('.legend a[data-value="critical"]').click();
    expect(await page.locator('output').textContent()).toMatch(/^\d of 6$/);
    await context.close();
  });

  it('runs nothing and asks for nothing that a hostile server sent, and keeps its shape', async () => {
    const evil = servers.find(({ id }) => id === hostile.id);
    const slugs = ['index', ...(evil?.tools ?? []).map(({ slug }) => slug)];
    expect(slugs.length).toBe(hostile.tools.length + 1);
    await visit('', small, async ({ page, faults }) => {
      for (const slug of slugs) {
        await page.goto(`${base}servers/${evil?.slug}/${slug}.html`);
        await page.evaluate(
          'for (const details of document.querySelectorAll("details")) details.open = true',
        );
        expect(await page.evaluate('globalThis.ran ?? globalThis.pwned'), slug).toBeUndefined();
        expect(await overflow(page), slug).toBe(0);
        expect(await page.evaluate(LAID_OVER), slug).toEqual([]);
      }
      expect(faults).toEqual([]);
    });
  });

  it.each(['light', 'dark'] as const)('has enough contrast for text in %s', async (colorScheme) => {
    await visit('servers/crow/index.html', { ...wide, colorScheme }, async ({ page }) => {
      const ratios = await page.evaluate(CONTRASTS);
      for (const [name, ratio] of Object.entries(ratios as Record<string, number>)) {
        expect(ratio, name).toBeGreaterThanOrEqual(4.5);
      }
    });
  });
});

/** What is taken out of the flow of the page, and so could lie over it, beside the link that skips to the content. */
const LAID_OVER = `[...document.querySelectorAll('body *')]
  .filter((one) => !['static', 'relative'].includes(getComputedStyle(one).position) && !one.matches('.skip, .policy, thead'))
  .map((one) => one.outerHTML.slice(0, 100))`;

/** How far the page is wider than the screen. */
async function overflow(page: Page): Promise<number> {
  return Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'));
}

/** WCAG contrast of every text colour on both grounds, worked out in the page. */
const CONTRASTS = `(() => {
  const style = getComputedStyle(document.documentElement);
  const light = (name) => {
    const parts = style.getPropertyValue(name).trim().slice(1).match(/../g).map((part) => parseInt(part, 16) / 255);
    const [r, g, b] = parts.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratios = {};
  for (const ground of ['--paper', '--ground', '--mark']) {
    for (const text of ['--ink', '--soft', '--link', '--low', '--medium', '--high', '--critical']) {
      const [a, b] = [light(text), light(ground)].sort((x, y) => y - x);
      ratios[text + ' on ' + ground] = (a + 0.05) / (b + 0.05);
    }
  }
  return ratios;
})()`;
