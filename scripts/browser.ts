import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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
/** Made apart and moved when it is whole, because a build of the site may be reading. */
const making = join(root, `site/built.${process.pid}`);

/** Each in the order of the cascade. The pages of servers and tools, which are nearly all there are, need the first alone. */
const STYLES = {
  site: ['base', 'parts', 'tables', 'sheet', 'small'],
  pages: ['home', 'reference', 'forms'],
};
/** What each script is for is said at its head. */
const SCRIPTS = ['builder', 'compare', 'search', 'site', 'stack', 'theme'];

rmSync(making, { recursive: true, force: true });
mkdirSync(making, { recursive: true });
for (const [name, parts] of Object.entries(STYLES)) {
  const css = parts.map((part) => readFileSync(join(root, `site/assets/${part}.css`), 'utf8')).join('\n');
  const { code } = transform({ filename: `${name}.css`, code: Buffer.from(css), minify: true });
  writeFileSync(join(making, `${name}.css`), code);
}
writeFileSync(join(making, 'favicon.svg'), readFileSync(join(root, 'site/assets/favicon.svg')));
for (const name of SCRIPTS) {
  await build({
    input: join(root, `site/browser/${name}.ts`),
    platform: 'browser',
    tsconfig: join(root, 'site/browser/tsconfig.json'),
    logLevel: 'warn',
    output: { file: join(making, `${name}.js`), format: 'iife', minify: true },
  });
}
mkdirSync(out, { recursive: true });
const made = readdirSync(making);
for (const name of made) renameSync(join(making, name), join(out, name));
for (const name of readdirSync(out)) if (!made.includes(name)) rmSync(join(out, name));
rmSync(making, { recursive: true });
process.stdout.write(`built ${made.length} files: site/built\n`);
