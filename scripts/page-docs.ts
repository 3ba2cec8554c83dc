import { pages } from '../site/pages/index.generated.ts';
import { markdownTable } from './markdown.ts';

export const PAGE_MARKERS = { start: '<!-- pages -->', end: '<!-- /pages -->' };

const OF = { server: 'each server', site: 'the catalogue', outlines: 'every tool' } as const;

/** The table of all kinds of pages and files, with what each is made from. */
export function pageTable(): string {
  const rows = pages
    .toSorted((a, b) => (a.title < b.title ? -1 : 1))
    .map(({ id, title, summary, of }) => [`\`${id}\``, title, OF[of], summary]);
  return markdownTable(['unit', 'page or file', 'made from', 'content'], rows);
}
