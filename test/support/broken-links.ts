import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'cheerio';

/** The internal links of a built site that lead nowhere: to no file, or to a place that the page does not have. */
export function brokenLinks(folder: string): string[] {
  const pages = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((path) => path.endsWith('.html'));
  const parsed = new Map(pages.map((path) => [path, linksIn(readFileSync(join(folder, path), 'utf8'))]));
  return pages.flatMap((path) => {
    const broken = (parsed.get(path)?.links ?? []).filter((link) => !leads(folder, path, link, parsed));
    return broken.map((link) => `${link} on ${path}`);
  });
}

interface PageLinks {
  links: string[];
  ids: ReadonlySet<string>;
}

function linksIn(text: string): PageLinks {
  const $ = load(text);
  const links = [
    ...$('[href]').map((_, one) => $(one).attr('href')),
    ...$('[src]').map((_, one) => $(one).attr('src')),
    ...$('form[action]').map((_, one) => $(one).attr('action')),
  ];
  return { links: [...new Set(links)], ids: new Set($('[id]').map((_, one) => $(one).attr('id'))) };
}

const ORIGIN = 'https://site.test';

function leads(folder: string, from: string, link: string, pages: ReadonlyMap<string, PageLinks>): boolean {
  const url = new URL(link, `${ORIGIN}/${from}`);
  if (url.origin !== ORIGIN) return true;
  const path = decodeURIComponent(url.pathname.slice(1));
  const file = join(folder, path);
  if (!existsSync(file) || !statSync(file).isFile()) return false;
  return url.hash === '' || (pages.get(path)?.ids.has(decodeURIComponent(url.hash.slice(1))) ?? false);
}
