import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import lighthouse from 'lighthouse';
import { serveFolder } from '../cli/serve.ts';
import { loadAssets } from '../site/assets.ts';
import { buildSite } from '../site/build/build-site.ts';
import { awkward, opinionated, seeds } from '../test/site/samples.ts';
import { SETTINGS, sheetsOf, sourceOf } from '../test/site/view.ts';
import { launchBrowser } from '../test/support/browser.ts';
import { median } from './quantile.ts';

/**
 * What Lighthouse says of pages that `catalogue serve` serves, in headless Chromium, as on a phone: the median of each
 * score. Without `--site` a small site is built from samples; with it, pages of a built one are named by their paths.
 *
 *     npm run bench:lighthouse -- --site public servers/<server>/index.html
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '3' }, site: { type: 'string' } },
});
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const;
const PAGES = [
  'servers/awkward/index.html',
  'servers/awkward/delete_repository.html',
  'index.html',
  'search.html',
];
const PORT = 9_333;

const folder = mkdtempSync(join(tmpdir(), 'lighthouse-'));
const out = values.site ?? join(folder, 'public');
if (values.site === undefined) {
  const source = sourceOf(sheetsOf([...seeds, ...awkward, opinionated]));
  await buildSite(source, { out, settings: SETTINGS, assets: loadAssets(), threads: 1 });
}
const server = await serveFolder({ folder: out, cwd: process.cwd(), host: '127.0.0.1', port: 0 });
const browser = await launchBrowser([`--remote-debugging-port=${PORT}`]);
for (const path of positionals.length > 0 ? positionals : PAGES) {
  const scores: Record<string, number[]> = {};
  const failed = new Set<string>();
  for (let round = 0; round < Number(values.rounds); round++) {
    const result = await lighthouse(server.url + path, {
      port: PORT,
      logLevel: 'error',
      onlyCategories: [...CATEGORIES],
    });
    for (const name of CATEGORIES) {
      const category = result?.lhr.categories[name];
      scores[name] = [...(scores[name] ?? []), (category?.score ?? 0) * 100];
      for (const { id, weight } of category?.auditRefs ?? []) {
        const score = result?.lhr.audits[id]?.score;
        if (weight > 0 && typeof score === 'number' && score < 0.9) failed.add(id);
      }
    }
  }
  const words = CATEGORIES.map((name) => `${name} ${median(scores[name] ?? []).toFixed(0)}`).join(', ');
  const below = failed.size === 0 ? '' : ` (below 0.9: ${[...failed].join(', ')})`;
  process.stdout.write(`${path}: ${words}${below}\n`);
}
await browser.close();
await server.close();
rmSync(folder, { recursive: true, force: true });
