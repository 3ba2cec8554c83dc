import type { ServerOutline } from '../contract.ts';
import { MAX_SITEMAP_BYTES, MAX_SITEMAP_URLS, SERVERS_PER_PART } from '../limits.ts';
import {
  absolute,
  homePath,
  serverPath,
  serversPath,
  sitemapPartPath,
  sitemapPath,
  toolPath,
} from '../links.ts';
import { mainPaths } from '../main-pages.ts';
import { defineIndexPage, type PageFile } from '../page.ts';
import { XML_DECLARATION, xml } from '../xml.ts';

const NAMESPACE = 'http://www.sitemaps.org/schemas/sitemap/0.9';

export const page = defineIndexPage({
  id: 'sitemap',
  title: 'Sitemap',
  summary: 'The addresses of all pages for those who index the web, in parts where they are very many.',
  async *files(settings, read) {
    // A sitemap has whole addresses only (sitemaps.org), so there is none where the site does not know its own.
    if (settings.baseUrl === undefined) return;
    const write = (path: string, time?: string) => urlText(absolute(settings, path) ?? '', time);
    yield* inParts(addresses(read(), write), (part) => absolute(settings, part) ?? '');
  },
});

type Write = (path: string, time?: string) => string;

/** The entries of all pages: those about the whole catalogue, then of each server and its tools. */
async function* addresses(servers: AsyncIterable<ServerOutline>, write: Write): AsyncGenerator<string> {
  for (const path of mainPaths()) yield write(path === homePath ? '' : path);
  let count = 0;
  for await (const server of servers) {
    if (count > 0 && count % SERVERS_PER_PART === 0) yield write(serversPath(count / SERVERS_PER_PART + 1));
    count++;
    // The page of a server tells when it was scanned, so it is another after each scan. When the page of a tool last
    // changed is not known here, and no time is better than a wrong one.
    yield write(serverPath(server), server.scannedAt);
    for (const tool of server.tools) yield write(toolPath(server, tool));
  }
}

function urlText(address: string, time: string | undefined): string {
  return xml`<url><loc>${address}</loc>${time !== undefined && xml`<lastmod>${time}</lastmod>`}</url>\n`.toString();
}

/** One file, or numbered ones and a list of them under the name of the one. */
async function* inParts(
  entries: AsyncIterable<string>,
  address: (path: string) => string,
): AsyncGenerator<PageFile> {
  let parts = 0;
  let urls: string[] = [];
  let bytes = 0;
  for await (const entry of entries) {
    const size = Buffer.byteLength(entry);
    if (urls.length === MAX_SITEMAP_URLS || bytes + size > MAX_SITEMAP_BYTES) {
      parts++;
      yield { path: sitemapPartPath(parts), contents: fileOf('urlset', urls) };
      urls = [];
      bytes = 0;
    }
    urls.push(entry);
    bytes += size;
  }
  if (parts === 0) {
    yield { path: sitemapPath, contents: fileOf('urlset', urls) };
    return;
  }
  parts++;
  yield { path: sitemapPartPath(parts), contents: fileOf('urlset', urls) };
  const names = Array.from({ length: parts }, (_, index) => address(sitemapPartPath(index + 1)));
  const list = names.map((name) => xml`<sitemap><loc>${name}</loc></sitemap>\n`.toString());
  yield { path: sitemapPath, contents: fileOf('sitemapindex', list) };
}

function fileOf(element: 'urlset' | 'sitemapindex', entries: readonly string[]): string {
  return `${XML_DECLARATION}\n<${element} xmlns="${NAMESPACE}">\n${entries.join('')}</${element}>\n`;
}
