import type { Category, RiskLevel } from '../classifier/contract.ts';
import type { SiteSettings } from './contract.ts';
import { type Html, html } from './html.ts';
import { visible } from './visible.ts';

/** Every address of the site. Pages name each other by path here and link relatively, so any folder will do. */

interface HasSlug {
  slug: string;
}

export const homePath = 'index.html';
export const notFoundPath = '404.html';
export const searchPath = 'search.html';
export const changesPath = 'changes.html';
export const accuracyPath = 'accuracy.html';
export const comparePath = 'compare.html';
export const stackPath = 'stack.html';
export const builderPath = 'builder.html';
export const aboutPath = 'about.html';
export const signalsPath = 'signals/index.html';
export const attacksPath = 'attacks/index.html';
export const feedPath = 'feed.xml';
export const indexJsonPath = 'index.json';
export const llmsPath = 'llms.txt';
export const robotsPath = 'robots.txt';
export const sitemapPath = 'sitemap.xml';
/** With the version that every document names. */
export const policySchemaPath = 'policy-1.schema.json';
export const toolSchemaPath = 'tool-1.schema.json';
export const serverSchemaPath = 'server-1.schema.json';
export const indexSchemaPath = 'index-1.schema.json';
export const stylePath = 'assets/site.css';
/** What the pages beside those of servers and tools need more. */
export const pagesStylePath = 'assets/pages.css';
export const scriptPath = 'assets/site.js';
/** Runs before the page is drawn, so that a chosen theme never flickers. */
export const themeScriptPath = 'assets/theme.js';
export const searchScriptPath = 'assets/search.js';
export const stackScriptPath = 'assets/stack.js';
export const builderScriptPath = 'assets/builder.js';
export const compareScriptPath = 'assets/compare.js';
export const iconPath = 'assets/favicon.svg';

/** Where a browser looks servers up by hash: how the files are named, and these. */
export const stackIndexPath = 'stack/index.json';
/** Where a browser finds servers by name: which files there are, and these. */
export const findIndexPath = 'find/index.json';

/** The list of all servers, in parts that are counted from 1. */
export function serversPath(part = 1): string {
  return part === 1 ? 'servers/index.html' : `servers/page-${part}.html`;
}

/** A part of a sitemap that is too large for one file, counted from 1. */
export function sitemapPartPath(part: number): string {
  return `sitemap-${part}.xml`;
}

export function riskPath(risk: RiskLevel): string {
  return `risks/${risk}.html`;
}

export function categoryPath(category: Category): string {
  return `categories/${category.toLowerCase()}.html`;
}

export function signalPath(id: string): string {
  return `signals/${id}.html`;
}

export function attackPath(id: string): string {
  return `attacks/${id}.html`;
}

export function serverPath(server: HasSlug): string {
  return `servers/${server.slug}/index.html`;
}

export function serverJsonPath(server: HasSlug): string {
  return `servers/${server.slug}/index.json`;
}

/** What the policy builder reads. No tool has a slug with a dot in it. */
export function serverBriefPath(server: HasSlug): string {
  return `servers/${server.slug}/brief.data.json`;
}

export function stackBucketPath(name: string): string {
  return `stack/${name}.json`;
}

export function findPath(name: string): string {
  return `find/${name}.json`;
}

export function serverBadgePath(server: HasSlug): string {
  return `servers/${server.slug}/badge.svg`;
}

export function serverFeedPath(server: HasSlug): string {
  return `servers/${server.slug}/feed.xml`;
}

export function policyPath(server: HasSlug): string {
  return `servers/${server.slug}/policy.json`;
}

export function toolPath(server: HasSlug, tool: HasSlug): string {
  return `servers/${server.slug}/${tool.slug}.html`;
}

export function toolJsonPath(server: HasSlug, tool: HasSlug): string {
  return `servers/${server.slug}/${tool.slug}.json`;
}

export function toolBadgePath(server: HasSlug, tool: HasSlug): string {
  return `servers/${server.slug}/${tool.slug}.svg`;
}

/** The whole address of a page, as others have to write it; undefined where nobody said where the site will stand. */
export function absolute({ baseUrl }: Pick<SiteSettings, 'baseUrl'>, path: string): string | undefined {
  return baseUrl === undefined ? undefined : `${baseUrl}${href('', path)}`;
}

/** The address of `to` as written on the page `from`. Both are paths from the site's root. */
export function href(from: string, to: string): string {
  const folder = from.slice(0, from.lastIndexOf('/') + 1);
  if (to.startsWith(folder)) return encoded(to.slice(folder.length));
  let shared = 0;
  for (let index = 0; index < folder.length && folder[index] === to[index]; index++) {
    if (folder[index] === '/') shared = index + 1;
  }
  const up = folder.slice(shared).split('/').length - 1;
  return '../'.repeat(up) + encoded(to.slice(shared));
}

/** Most paths have nothing that an address has to write otherwise. */
function encoded(path: string): string {
  return /^[\w./~-]*$/.test(path) ? path : path.split('/').map(encodeURIComponent).join('/');
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
