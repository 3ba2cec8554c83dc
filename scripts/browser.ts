import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from 'lightningcss';
import { build } from 'rolldown';

/**
 * Makes the files that every page shares, in `site/built/`: the style sheet from `site/assets/`, and one script for each
 * entry of `site/browser/`, made small. They are classic scripts, because a browser loads no module for a page that is
 * opened from a file.
 */

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, 'site/built');

/** In the order of the cascade. */
const STYLES = ['base', 'parts', 'tables', 'sheet', 'forms', 'small'];
/** What each script is for is said at its head. */
const SCRIPTS = ['site', 'theme'];

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const css = STYLES.map((name) => readFileSync(join(root, `site/assets/${name}.css`), 'utf8')).join('\n');
const { code } = transform({ filename: 'site.css', code: Buffer.from(css), minify: true });
writeFileSync(join(out, 'site.css'), code);
writeFileSync(join(out, 'favicon.svg'), readFileSync(join(root, 'site/assets/favicon.svg')));
for (const name of SCRIPTS) {
  await build({
    input: join(root, `site/browser/${name}.ts`),
    platform: 'browser',
    tsconfig: join(root, 'site/browser/tsconfig.json'),
    logLevel: 'warn',
    output: { file: join(out, `${name}.js`), format: 'iife', minify: true },
  });
}
process.stdout.write(`built ${STYLES.length} style sheets and ${SCRIPTS.length} scripts: site/built\n`);
