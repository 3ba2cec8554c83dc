import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HtmlValidate } from 'html-validate';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FolderServer, serveFolder } from '../../cli/serve.ts';
import { loadAssets } from '../../site/assets.ts';
import { buildSite } from '../../site/build/build-site.ts';
import { launchBrowser } from '../support/browser.ts';
import { awkward, hostile, opinionated, seeds } from './samples.ts';
import { SETTINGS, sheetsOf, siteOf, sourceOf } from './view.ts';

const GIVEN = [...seeds, ...awkward, hostile, opinionated];

/** One page of each kind, and those on which strangers had most to say. */
const PAGES = [
  '',
  '404.html',
  'about.html',
  'accuracy.html',
  'attacks/index.html',
  'attacks/tool-poisoning.html',
  'builder.html?server=crow',
  'categories/write.html',
  'changes.html',
  'compare.html?a=crow&b=awkward',
  'risks/critical.html',
  'search.html?q=session',
  'servers/index.html',
  'servers/awkward/index.html',
  'servers/awkward/delete_repository.html',
  'servers/broken/index.html',
  'servers/opinionated/sync_accounts.html',
  'signals/index.html',
  'signals/url-input.html',
  'stack.html',
];

let scratch: string;
let server: FolderServer;
let browser: Browser;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'site-'));
  const options = { out: join(scratch, 'public'), settings: SETTINGS, assets: loadAssets(), threads: 1 };
  await buildSite(sourceOf(sheetsOf(GIVEN)), options);
  server = await serveFolder({ folder: 'public', cwd: scratch, host: '127.0.0.1', port: 0 });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await rm(scratch, { recursive: true });
});

describe('every kind of page', () => {
  const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

  it.each(['light', 'dark'] as const)('is accessible by WCAG 2.2 AA in %s', async (colorScheme) => {
    // What is special to small screens is there in light; in dark the colours are others.
    for (const width of colorScheme === 'light' ? [1440, 390] : [1440]) {
      // axe is put into the page from outside, which the pages' own policy forbids.
      const context = await browser.newContext({
        colorScheme,
        viewport: { width, height: 900 },
        bypassCSP: true,
      });
      const page = await context.newPage();
      for (const path of PAGES) {
        await page.goto(server.url + path);
        await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
        await page.addScriptTag({ path: axe });
        const violations =
          await page.evaluate(`axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
          .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html }) => html).join(' ')))`);
        expect(violations, `${path} at ${width}`).toEqual([]);
      }
      await context.close();
    }
  });

  it('fits small screens, asks for nothing outside and complains of nothing', async () => {
    const context = await browser.newContext({ viewport: { width: 320, height: 700 } });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(server.url) && !request.url().startsWith('data:'))
        faults.push(request.url());
    });
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    for (const path of PAGES.filter((one) => one !== '404.html')) {
      await page.goto(server.url + path, { waitUntil: 'networkidle' });
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), path).toBe(0);
    }
    expect(faults).toEqual([]);
    await context.close();
  });
});

it('is valid HTML on every page, hostile ones too', async () => {
  const validate = new HtmlValidate({
    extends: ['html-validate:standard'],
    rules: {
      // Void elements and boolean attributes are written as HTML has them; long titles are a server's own.
      'long-title': 'off',
      'no-trailing-whitespace': 'off',
      // `role` on an `svg`, and headings inside `summary`, are allowed by the standard.
      'prefer-native-element': 'off',
    },
  });
  const site = await siteOf(GIVEN);
  for (const [path, text] of site) {
    if (!path.endsWith('.html')) continue;
    const { results } = await validate.validateString(text, path);
    const messages = results.flatMap(({ messages: all }) =>
      all.map(({ line, ruleId, message }) => `${path}:${line} ${ruleId} ${message}`),
    );
    expect(messages.slice(0, 5)).toEqual([]);
  }
});
