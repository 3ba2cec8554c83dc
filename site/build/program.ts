import { hash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What makes the pages, and what they say of a tool. */
const SOURCES = '{classifier,policy,site}/**/*.{ts,json}';

/**
 * Names the program that makes the pages, by what is in its files: another program may make other pages of the same
 * catalogue. In the bundle these are the files beside this one, otherwise the sources.
 */
export function programHash(): string {
  const isBundle = !import.meta.url.endsWith('.ts');
  const root = fileURLToPath(new URL(isBundle ? '.' : '../../', import.meta.url));
  const files = globSync(isBundle ? '*.cjs' : SOURCES, { cwd: root }).sort();
  return hash('sha256', files.map((file) => readFileSync(join(root, file), 'utf8')).join('\0')).slice(0, 16);
}
