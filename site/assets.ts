import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { PageFile } from './page.ts';

/** Beside the sources, and beside the bundled program under the same name. */
const FOLDER = new URL('./built/', import.meta.url);

/** The files that every page shares. Throws where `npm run browser` has not made them. */
export function loadAssets(): PageFile[] {
  if (!existsSync(FOLDER)) {
    throw new Error(
      `${fileURLToPath(FOLDER)} is missing: \`npm run browser\` makes the style sheet and the scripts of the site.`,
    );
  }
  return readdirSync(FOLDER)
    .sort()
    .map((name) => ({ path: `assets/${name}`, contents: readFileSync(new URL(name, FOLDER), 'utf8') }));
}
