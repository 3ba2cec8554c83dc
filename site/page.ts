import type { ServerOutline, ServerSubject, SiteSettings, SiteSubject } from './contract.ts';

/** One file of the site. */
export interface PageFile {
  /** Relative to the site's root, with `/` between its parts. */
  path: string;
  contents: string | Uint8Array;
}

/** A file that can be made. */
interface PageEntry {
  path: string;
  /**
   * Names what the file is made from, so that a build which finds it unchanged need not make it again: the same key
   * means the same bytes. Left out: the file is made and compared.
   */
  key?: string;
  render(): string;
}

interface PageHead {
  /** The name of its file. */
  id: string;
  title: string;
  /** What its reader finds there, in a sentence. */
  summary: string;
}

/** A kind of page that each server has: one for the server, or one for each of its tools. */
export interface ServerPage extends PageHead {
  of: 'server';
  entries(subject: ServerSubject): Iterable<PageEntry>;
}

/** A kind of page about the whole catalogue. */
export interface SitePage extends PageHead {
  of: 'site';
  entries(site: SiteSubject): Iterable<PageEntry>;
}

/** Reads the outlines of all servers, in the order of their slugs; as often as it is called. */
export type ReadOutlines = () => AsyncIterable<ServerOutline>;

/** Files that are made from every tool there is, such as the search: too many to be held in memory at once. */
export interface IndexPage extends PageHead {
  of: 'outlines';
  files(settings: SiteSettings, read: ReadOutlines): AsyncIterable<PageFile>;
}

export type Page = ServerPage | SitePage | IndexPage;

/** Gives a page of every server its type. */
export function defineServerPage(page: Omit<ServerPage, 'of'>): ServerPage {
  return { of: 'server', ...page };
}

/** Gives a page about the whole catalogue its type. */
export function defineSitePage(page: Omit<SitePage, 'of'>): SitePage {
  return { of: 'site', ...page };
}

/** Gives files that are made from every tool there is their type. */
export function defineIndexPage(page: Omit<IndexPage, 'of'>): IndexPage {
  return { of: 'outlines', ...page };
}
