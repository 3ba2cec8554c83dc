import { type Html, html } from './html.ts';
import { visible } from './visible.ts';

/** Every address of the site. Pages name each other by path here and link relatively, so any folder will do. */

interface HasSlug {
  slug: string;
}

export const homePath = 'index.html';
export const notFoundPath = '404.html';
/** With the version that every document names. */
export const policySchemaPath = 'policy-1.schema.json';
export const stylePath = 'assets/site.css';
export const scriptPath = 'assets/site.js';
export const iconPath = 'assets/favicon.svg';

export function serverPath(server: HasSlug): string {
  return `servers/${server.slug}/index.html`;
}

export function toolPath(server: HasSlug, tool: HasSlug): string {
  return `servers/${server.slug}/${tool.slug}.html`;
}

export function policyPath(server: HasSlug): string {
  return `servers/${server.slug}/policy.json`;
}

/** The address of `to` as written on the page `from`. Both are paths from the site's root. */
export function href(from: string, to: string): string {
  const here = from.split('/');
  const there = to.split('/');
  let shared = 0;
  while (shared < here.length - 1 && shared < there.length - 1 && here[shared] === there[shared]) shared++;
  return '../'.repeat(here.length - 1 - shared) + there.slice(shared).map(encodeURIComponent).join('/');
}

/** The address as an http or https URL without credentials; undefined when it is anything else. */
export function checkedUrl(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  const web = url.protocol === 'https:' || url.protocol === 'http:';
  return web && url.username === '' && url.password === '' ? url.href : undefined;
}

/** An address from outside: a link when it is a web address, otherwise the text alone. */
export function outsideLink(address: string): Html {
  const url = checkedUrl(address);
  const text = visible(address);
  if (url === undefined) return html`<code>${text}</code>`;
  return html`<a href="${url}" rel="nofollow noopener noreferrer"><code>${text}</code></a>`;
}
