import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FolderServer, serveFolder } from '../../cli/serve.ts';
import { parsePolicy } from '../../policy/parse.ts';
import { brokenLinks } from '../support/broken-links.ts';
import { launchBrowser, watchFaults } from '../support/browser.ts';
import { HOSTILE_NAMES } from '../support/hostile-tools.ts';
import { ROOT } from '../support/sources.ts';

const run = promisify(execFile);
const CATALOGUE = join(ROOT, 'dist/catalogue.cjs');

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** Runs the built command, as an installed copy would be run. */
async function catalogue(...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [CATALOGUE, ...args], { maxBuffer: 2 ** 26 });
  return stdout;
}

/** Every file under a folder, by its path, with its bytes. */
function contentsOf(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted()
      .map((file) => [relative(folder, file), readFileSync(file, 'latin1')]),
  );
}

/** Opens pages of a built site, one after another, and gives what they did that they must not. */
async function openPages(server: FolderServer, paths: readonly string[]): Promise<string[]> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const faults = watchFaults(page, server.url);
  for (const path of paths) {
    await page.goto(server.url + path);
    expect(await page.locator('h1').count(), path).toBe(1);
    if (await page.evaluate(() => 'pwned' in globalThis)) faults.push(`a script ran on ${path}`);
  }
  await context.close();
  return faults;
}

describe('the demo', () => {
  const out = mkdtempSync(join(tmpdir(), 'catalogue-demo-'));
  let printed = '';
  beforeAll(async () => {
    const { stdout } = await run(process.execPath, [join(ROOT, 'scripts/demo.ts'), '--out', out], {
      cwd: ROOT,
    });
    printed = stdout;
  });

  test.each([
    ['@modelcontextprotocol/server-everything', 13],
    ['@modelcontextprotocol/server-filesystem', 14],
    ['@modelcontextprotocol/server-memory', 9],
    ['@playwright/mcp', 25],
  ])('counts the tools of %s', (server, tools) => {
    const [, ...numbers] =
      printed
        .split('\n')
        .find((line) => line.startsWith(server))
        ?.trim()
        .split(/ +/) ?? [];
    const [all, read, write, execute] = numbers.map(Number);
    expect(all).toBe(tools);
    expect((read ?? 0) + (write ?? 0) + (execute ?? 0)).toBe(tools);
  });

  test('names only paths that exist, and a policy for each server that names each of its tools', () => {
    const paths = printed.split(/\s+/).filter((word) => word.startsWith(out));
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
    const policies = paths.filter((path) => path.endsWith('.policy.json'));
    const sizes = policies.map((path) => {
      const parsed = parsePolicy(readFileSync(path, 'utf8'));
      return parsed.ok ? Object.keys(parsed.document.tools ?? {}).length : parsed.faults;
    });
    expect(sizes).toEqual([13, 14, 9, 25]);
  });

  test('builds a site that a browser opens, and the same bytes a second time', async () => {
    const site = join(out, 'public');
    const again = join(out, 'again');
    await catalogue('build', '--db', join(out, 'catalogue'), '--out', again);
    expect(contentsOf(again)).toEqual(contentsOf(site));

    const server = await serveFolder({ folder: site, cwd: out, host: '127.0.0.1', port: 0 });
    const pages = [...contentsOf(site).keys()].filter(
      // The other kinds of pages say nothing of a server's own, and `test/site/quality.test.ts` opens them.
      (file) => file.endsWith('.html') && (file.startsWith('servers/') || file === 'index.html'),
    );
    const faults = await openPages(server, pages).finally(() => server.close());
    expect(faults).toEqual([]);
    const ofServers = pages.filter((page) => /^servers\/[^/]+\//.test(page));
    expect(ofServers).toHaveLength(4 + 13 + 14 + 9 + 25);
    expect(brokenLinks(site)).toEqual([]);
  });
});

describe('a hostile server, from its own process to the page', () => {
  const folder = mkdtempSync(join(tmpdir(), 'catalogue-hostile-'));
  const db = ['--db', join(folder, 'db')];
  const site = join(folder, 'site');
  const policy = join(folder, 'policy.json');
  let printed = '';
  beforeAll(async () => {
    const server = join(ROOT, 'test/fixtures/servers/hostile.ts');
    printed = await catalogue('scan', ...db, '--', process.execPath, server);
    await catalogue('export', 'hostile', ...db, '-o', policy);
    await catalogue('build', ...db, '--out', site);
  });

  test('cannot touch the terminal', () => {
    expect(printed.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}\u200b\u202a-\u202e\u2066-\u2069]/u);
  });

  test('writes nothing outside the site, and gives every tool a page', () => {
    expect(readdirSync(folder).toSorted()).toEqual(['db', 'policy.json', 'site', 'site.build']);
    const pages = [...contentsOf(site).keys()].filter((file) => /^servers\/[^/]+\/[^/]+\.html$/.test(file));
    expect(pages).toHaveLength(HOSTILE_NAMES.length + 1);
    expect(new Set(pages.map((page) => page.toLowerCase())).size).toBe(pages.length);
  });

  test('gets a policy with a rule for every name, that it cannot break', () => {
    const parsed = parsePolicy(readFileSync(policy, 'utf8'));
    const names = parsed.ok ? Object.keys(parsed.document.tools ?? {}) : parsed.faults;
    expect(names.toSorted()).toEqual([...new Set(HOSTILE_NAMES)].toSorted());
  });

  test('runs nothing in a browser, and asks for nothing', async () => {
    const server = await serveFolder({ folder: site, cwd: folder, host: '127.0.0.1', port: 0 });
    const pages = [...contentsOf(site).keys()].filter(
      (file) => file.endsWith('.html') && (file.startsWith('servers/') || file === 'index.html'),
    );
    const faults = await openPages(
      server,
      pages.map((page) => page.split('/').map(encodeURIComponent).join('/')),
    ).finally(() => server.close());
    expect(faults).toEqual([]);
  });
});
