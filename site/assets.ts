import { readFileSync } from 'node:fs';
import { iconPath, scriptPath, stylePath } from './links.ts';
import type { PageFile } from './page.ts';

/** The build copies the folder beside the bundled file, so it is found from here in both. */
const FOLDER = new URL('./assets/', import.meta.url);

/** In the order of the cascade; pages load them as one. */
const STYLES = ['base.css', 'parts.css', 'tables.css', 'sheet.css', 'small.css'];

/** The files that every page shares. */
export function loadAssets(): PageFile[] {
  return [
    { path: stylePath, contents: STYLES.map(read).join('\n') },
    { path: scriptPath, contents: read('site.js') },
    { path: iconPath, contents: read('favicon.svg') },
  ];
}

function read(name: string): string {
  return readFileSync(new URL(name, FOLDER), 'utf8');
}
