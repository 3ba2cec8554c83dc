import { readFileSync } from 'node:fs';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadAssets } from '../../site/assets.ts';
import { launchBrowser, watchFaults } from '../support/browser.ts';
import { type FileServer, serveFiles } from '../support/file-server.ts';
import { runCli } from '../support/run-cli.ts';
import { awkward, hostile, opinionated, seeds } from './samples.ts';
import { type GivenServer, siteOf } from './view.ts';

const MAIL: GivenServer = {
  label: 'mail',
  id: 'https://mcp.example.com/mail',
  tools: [
    { name: 'send_email', description: 'Sends an email to any address.', inputSchema: { type: 'object' } },
  ],
};
const NOTES: GivenServer = {
  label: 'notes',
  id: 'npm:@scope/notes',
  tools: [{ name: 'read_notes', description: 'Reads a note of the user.', inputSchema: { type: 'object' } }],
};
const WEB: GivenServer = {
  label: 'web',
  id: 'npm:web',
  tools: [
    {
      name: 'fetch_url',
      description: 'Fetches the page at a URL.',
      inputSchema: { type: 'object', properties: { url: { type: 'string' } }, required: ['url'] },
    },
  ],
};
/** By a name that a configuration can have. */
const EVIL: GivenServer = { ...hostile, id: 'npm:evil' };
/** Enough tools for a link to become too long. */
const LARGE: GivenServer = {
  label: 'large',
  tools: Array.from({ length: 120 }, (_, n) => ({
    name: `read_the_value_of_the_setting_number_${n}`,
    description: 'Reads a setting.',
    inputSchema: { type: 'object' },
  })),
};

let files: Map<string, string>;
let server: FileServer;
let base: string;
let browser: Browser;

beforeAll(async () => {
  files = await siteOf([...seeds, ...awkward, EVIL, opinionated, MAIL, NOTES, WEB, LARGE]);
  for (const { path, contents } of loadAssets()) files.set(path, String(contents));
  server = await serveFiles((path) => {
    const body = files.get(path);
    return body === undefined ? undefined : { body };
  });
  base = server.base;
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

interface Visit {
  page: Page;
  faults: string[];
  /** Paths that were asked for, with their queries. */
  asked: string[];
}

async function visit(path: string, options: BrowserContextOptions, act: (visit: Visit) => Promise<void>) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const faults = watchFaults(page, base);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url().slice(base.length)));
  try {
    await page.goto(base + path);
    await act({ page, faults, asked });
  } finally {
    await context.close();
  }
}

const wide = { viewport: { width: 1440, height: 900 } };
const small = { viewport: { width: 390, height: 844 } };

/** The text of the export that is shown. */
async function shown(page: Page): Promise<string> {
  return (await page.locator('#exports pre').first().textContent()) ?? '';
}

/** What the tab that is chosen saves, as the command line sees it. */
async function checkDownload(page: Page) {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).first().click(),
  ]);
  const text = readFileSync(await download.path(), 'utf8');
  const { exit, stdout } = await runCli(['policy', 'check', '-'], { stdin: text });
  return { name: download.suggestedFilename(), policy: JSON.parse(text), exit, stdout };
}

describe('the policy builder', () => {
  it('makes a policy by keyboard and mouse that `catalogue policy check` accepts', async () => {
    await visit('builder.html', wide, async ({ page, faults }) => {
      await page.getByLabel('Find a server by name').pressSequentially('awkw');
      const found = page.getByRole('button', { name: 'awkward' });
      await found.waitFor();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByRole('row', { name: /delete_repository/ }).waitFor();

      await page.getByRole('combobox', { name: /^get_state/ }).selectOption('Limit');
      const row = page.getByRole('row', { name: /get_state/ });
      await row.getByRole('spinbutton').fill('7');
      await row.getByRole('combobox').last().selectOption('an hour');
      await page.getByLabel('Of', { exact: true }).selectOption('Category Write');
      await page.getByLabel('decide', { exact: true }).selectOption('Deny');
      await page.getByRole('button', { name: 'Decide' }).click();
      await page.getByRole('combobox', { name: /^delete_repository/ }).focus();
      await page.keyboard.press('H');

      const { name, policy, exit, stdout } = await checkDownload(page);
      expect({ name, exit, stdout }).toEqual({ name: 'policy.json', exit: 0, stdout: '' });
      expect(policy.hide).toEqual(['delete_repository']);
      expect(policy.tools.get_state.limits).toMatchObject([{ max: 7, window: 'hour' }]);
      expect(Object.keys(policy.tools)).toContain('read_file');
      expect(page.url()).toContain('hide=delete_repository');

      const before = await shown(page);
      await page.reload();
      await page.getByRole('row', { name: /delete_repository/ }).waitFor();
      expect(await shown(page)).toBe(before);
      expect(faults).toEqual([]);
    });
  });

  it('shows every export with what it cannot say, by arrow keys', async () => {
    await visit('builder.html?server=awkward&ask=get_state', wide, async ({ page, faults }) => {
      const tabs = page.getByRole('tab');
      await tabs.first().focus();
      const count = await tabs.count();
      expect(count).toBeGreaterThan(12);
      const texts = new Set<string>();
      for (let n = 0; n < count; n++) {
        await page.keyboard.press('ArrowRight');
        expect(await page.getByRole('tab', { selected: true }).count()).toBe(1);
        texts.add(await shown(page));
      }
      expect(texts.size).toBeGreaterThan(10);
      await page.getByRole('tab', { name: 'Cedar' }).click();
      expect(await page.locator('#exports .losses').textContent()).toContain(
        'Nobody can be asked for approval here',
      );
      expect(new URL(page.url()).searchParams.get('for')).toBe('cedar');
      expect(faults).toEqual([]);
    });
  });

  it('says where the gateway would refuse a limit', async () => {
    await visit('builder.html?server=awkward&limit=5.hour.get_state', wide, async ({ page }) => {
      const row = page.getByRole('row', { name: /get_state/ });
      await row.getByRole('spinbutton').fill('-3');
      await page.getByText('/tools/get_state/limits/0/max').waitFor();
      expect(await page.locator('#faults li').textContent()).toMatch(/^\d+:\d+ \/tools/);
      expect(await page.getByRole('button', { name: 'Download' }).count()).toBe(0);
      await row.getByRole('spinbutton').fill('3');
      await page.getByRole('button', { name: 'Download' }).first().waitFor();
    });
  });

  it('goes on from a policy that was pasted, once it has no faults', async () => {
    await visit('builder.html?server=awkward', wide, async ({ page, faults }) => {
      await page.getByText('Go on from a policy.json that you have').click();
      const text = page.getByLabel('Its text');
      const use = page.getByRole('button', { name: 'Go on from this' });
      await text.fill('{\n  "version": "1",\n  "default": "deny",\n  "tolls": {}\n}');
      await use.click();
      const faultText = await page.locator('#pasted-faults li').textContent();
      expect(faultText).toContain('4:12 the document has the key "tolls"');
      expect(faultText).toContain('Did you mean "tools"?');
      await text.fill(
        '{"version":"1","default":"deny","methods":{"sampling":"deny"},"tools":{"get_state":{},"gone":{}}}',
      );
      await use.click();
      await page.getByText('It keeps rules for tools that the server does not list: gone.').waitFor();
      await page.getByRole('combobox', { name: /^twin/ }).selectOption('Ask a person');
      const { policy, exit } = await checkDownload(page);
      expect(exit).toBe(0);
      expect(policy).toMatchObject({ methods: { sampling: 'deny' }, tools: { get_state: {}, gone: {} } });
      expect(policy.tools.twin.require_approval.length).toBe(1);
      expect(new URL(page.url()).search).toBe('?server=awkward');
      expect(faults).toEqual([]);
    });
  });

  it('says when a draft is too long for a link, and keeps it', async () => {
    await visit('builder.html?server=large', wide, async ({ page }) => {
      await page.getByRole('row').nth(100).waitFor();
      await page.getByLabel('decide', { exact: true }).selectOption('Ask a person');
      await page.getByRole('button', { name: 'Decide' }).click();
      await page.getByText('There are too many decisions for a link').waitFor();
      expect(new URL(page.url()).search).toBe('?server=large');
      const { policy, exit } = await checkDownload(page);
      expect(exit).toBe(0);
      expect(Object.values<object>(policy.tools).every((rule) => 'require_approval' in rule)).toBe(true);
    });
  });
});

describe('My stack', () => {
  const SECRETS = ['hush1hush', 'hush2hush', 'hush3hush', 'hush4hush'];
  const CONFIG = `{ // mine
    "mcpServers": {
      "my notes": { "command": "npx", "args": ["-y", "@scope/notes", "--token", "hush1hush"], "env": { "KEY": "hush2hush" } },
      "post": { "url": "https://mcp.example.com/mail?key=hush3hush", "headers": { "Authorization": "Bearer hush4hush" } },
      "web": { "command": "cmd", "args": ["/c", "npx", "web"] },
      "own": { "command": "/opt/own", "args": ["hush1hush"] },
      "new": { "command": "uvx", "args": ["never-seen", "--key=hush2hush"] },
    }
  }`;

  it('shows what the servers can do together, and sends and keeps nothing of them', async () => {
    await visit('stack.html', wide, async ({ page, faults, asked }) => {
      asked.length = 0;
      await page.getByLabel(/^Of Claude Desktop/).fill(CONFIG);
      await page.getByRole('button', { name: 'Show what it can do' }).click();
      await page.getByText('5 servers, of which the catalogue knows 3; 3 tools.').waitFor();
      expect(await page.getByText('Private data, untrusted text and a way out').isVisible()).toBe(true);
      expect(await page.getByText('Only across servers').first().isVisible()).toBe(true);
      expect(await page.getByText('catalogue scan -- uvx never-seen').isVisible()).toBe(true);
      expect(await page.getByText('catalogue scan <path of the configuration>').isVisible()).toBe(true);

      const rules = JSON.parse(await shown(page)).permissions;
      expect([...rules.allow, ...rules.ask]).toContain('mcp__my_notes__read_notes');
      expect([...rules.allow, ...rules.ask]).toContain('mcp__post__send_email');
      await page.getByRole('tab', { name: 'Gateway', exact: true }).click();
      expect(await page.locator('#exports pre').count()).toBe(3);
      expect((await checkDownload(page)).exit).toBe(0);

      expect(asked.filter((path) => !/^stack\/(?:index|all|[0-9a-f]{1,2})\.json$/.test(path))).toEqual([]);
      const kept = await page.evaluate(
        'JSON.stringify([location.href, { ...localStorage }, { ...sessionStorage }, history.state, document.documentElement.outerHTML, document.getElementById("config").value])',
      );
      for (const secret of SECRETS) {
        expect(String(kept)).not.toContain(secret);
        expect(asked.join('\n')).not.toContain(secret);
      }
      expect(faults).toEqual([]);
    });
  });

  it('says where a configuration cannot be read, without quoting it', async () => {
    await visit('stack.html', wide, async ({ page, asked }) => {
      asked.length = 0;
      await page.getByLabel(/^Of Claude Desktop/).fill('{\n  "mcpServers": { "a": hush1hush }\n}');
      await page.getByRole('button', { name: 'Show what it can do' }).click();
      await page.getByText(/^This is not JSON: look at line 2, column \d+\.$/).waitFor();
      expect(asked).toEqual([]);
    });
  });
});

describe('the comparison', () => {
  it('shows two servers that are chosen by name, and keeps them in the address', async () => {
    await visit('compare.html', wide, async ({ page, faults }) => {
      for (const [label, typed] of [
        ['First server', 'notes'],
        ['Second server', 'mail'],
      ] as const) {
        await page.getByLabel(label).fill(typed);
        await page.getByRole('button', { name: typed }).click();
      }
      await page.getByRole('heading', { name: 'Tools of one name on both: 0' }).waitFor();
      expect(await page.getByRole('row', { name: 'Tools 1 1', exact: true }).isVisible()).toBe(true);
      expect(new URL(page.url()).search).toBe('?a=notes&b=mail');
      await page.reload();
      await page.getByRole('heading', { name: 'Tools of one name on both: 0' }).waitFor();
      expect(faults).toEqual([]);
    });
  });
});

describe('all of them', () => {
  /** Each page with the hostile server in it, as a visitor would bring it there. */
  async function openHostile(page: Page, path: string): Promise<void> {
    const slug = [...files.keys()]
      .find(
        (each) =>
          each.endsWith('/brief.data.json') && files.get(each)?.includes(`"id":${JSON.stringify(EVIL.id)}`),
      )
      ?.split('/')[1];
    const addresses: Record<string, string> = {
      builder: `builder.html?server=${slug}`,
      compare: `compare.html?a=${slug}&b=awkward`,
      stack: 'stack.html',
    };
    await page.goto(base + addresses[path]);
    if (path === 'stack') {
      const key = '<img src=x onerror="globalThis.ran = true">\u202e';
      await page.locator('#config').fill(
        JSON.stringify({
          mcpServers: { [key]: { command: 'npx', args: ['evil'] } },
        }),
      );
      await page.locator('#read').click();
    }
    await page.locator('#main').getByText('<script>globalThis.ran').first().waitFor();
    await page.waitForLoadState('networkidle');
  }

  it.each(['builder', 'stack', 'compare'])(
    '%s runs nothing that a server sent, and keeps its shape',
    async (path) => {
      await visit('', small, async ({ page, faults }) => {
        await openHostile(page, path);
        await page.evaluate(
          'for (const details of document.querySelectorAll("details")) details.open = true',
        );
        expect(await page.evaluate('globalThis.ran ?? globalThis.pwned')).toBeUndefined();
        expect(
          await page.evaluate('document.querySelectorAll("main img, main script, main iframe").length'),
        ).toBe(0);
        const text = String(await page.evaluate('document.body.innerText'));
        expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b]/u);
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
        expect(faults).toEqual([]);
      });
    },
  );

  it.each([
    ['builder', 'catalogue export'],
    ['stack', 'catalogue scan'],
    ['compare', 'catalogue diff'],
  ])('%s says without JavaScript which command does the same', async (path, command) => {
    await visit(`${path}.html`, { ...small, javaScriptEnabled: false }, async ({ page }) => {
      const code = page.locator('noscript code').first();
      expect(await code.textContent()).toContain(command);
      expect(await code.isVisible()).toBe(true);
      expect(await page.getByRole('button').count()).toBe(0);
      expect(await page.getByRole('textbox').count()).toBe(0);
    });
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it.each(['builder', 'stack', 'compare'])(
      `%s has no fault that axe finds, in ${colorScheme}`,
      async (path) => {
        await visit('', { ...wide, colorScheme }, async ({ page }) => {
          await openHostile(page, path);
          await page.evaluate(axe.source);
          const violations = await page.evaluate(
            'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]))',
          );
          expect(violations).toEqual([]);
        });
      },
    );
  }
});
