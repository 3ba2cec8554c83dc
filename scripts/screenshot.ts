import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { serveFolder } from '../cli/serve.ts';
import { launchBrowser } from '../test/support/browser.ts';

/** Takes the pictures of the README, `docs/images/`, from the site that `npm run demo` built. */

const PAGES: Record<string, string> = {
  tool: 'servers/playwright-mcp/browser_navigate.html',
  server: 'servers/modelcontextprotocol-server-filesystem/index.html',
};
const VIEW = { width: 1200, height: 760 };

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({ options: { site: { type: 'string', default: join(root, 'demo/public') } } });
const images = join(root, 'docs/images');
mkdirSync(images, { recursive: true });
const server = await serveFolder({ folder: resolve(values.site), cwd: root, host: '127.0.0.1', port: 0 });
const browser = await launchBrowser();
const page = await browser.newPage({ viewport: VIEW });
for (const [name, path] of Object.entries(PAGES)) {
  await page.goto(server.url + path);
  await page.screenshot({ path: join(images, `${name}.png`) });
  process.stdout.write(`wrote docs/images/${name}.png\n`);
}
await browser.close();
await server.close();
