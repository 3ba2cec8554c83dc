import type { Site } from './site.ts';

/** One file of the site. */
export interface PageFile {
  /** Relative to the site's root, with `/` between its parts. */
  path: string;
  contents: string;
}

/** A file that can be made. Rendering waits until it is asked for, so that a long list of pages costs no memory. */
interface PageEntry {
  path: string;
  render(): string;
}

/** A kind of page: the home page is one entry, the tool page is one for every tool. */
export interface Page {
  /** The name of its file. */
  id: string;
  title: string;
  /** What its reader finds there, in a sentence. */
  summary: string;
  entries(site: Site): Iterable<PageEntry>;
}

export function definePage(page: Page): Page {
  return page;
}
