import type { CatalogueChange, ServerNames, ServerSheet } from '../catalogue/contract.ts';
import type { ServerOutline, SiteSettings } from './contract.ts';
import { outlineOf } from './outline.ts';
import type { PageFile } from './page.ts';
import { pages } from './pages/index.generated.ts';
import { startRelated } from './related.ts';
import { startTotals } from './totals.ts';

/** A catalogue that is small enough to be held in memory. */
export interface SmallCatalogue {
  /** In the order of their slugs. */
  servers: readonly ServerSheet[];
  changes: readonly CatalogueChange[];
}

/**
 * Every file of the site of a small catalogue, one by one. The same catalogue gives the same bytes, and they are those
 * that a build which goes from server to server writes.
 */
export async function* renderSite(
  { servers, changes }: SmallCatalogue,
  settings: SiteSettings,
): AsyncGenerator<PageFile> {
  const related = startRelated();
  for (const server of servers) related.add(namesOf(server));
  const outlines: ServerOutline[] = [];
  const totals = startTotals();
  for (const server of servers) {
    const outline = outlineOf(server);
    outlines.push(outline);
    totals.add(outline);
    const links = new Map(outline.tools.map((tool) => [tool.slug, related.of(server.slug, tool)]));
    for (const page of pages) {
      if (page.of !== 'server') continue;
      for (const { path, render } of page.entries({ settings, server, related: links }))
        yield { path, contents: render() };
    }
  }
  const site = totals.subject(settings, changes);
  async function* read() {
    yield* outlines;
  }
  for (const page of pages) {
    if (page.of === 'outlines') yield* page.files(settings, read);
    if (page.of !== 'site') continue;
    for (const { path, render } of page.entries(site)) yield { path, contents: render() };
  }
}

/** What the index of related tools needs to know of a server. */
export function namesOf({ slug, label, tools }: ServerSheet): ServerNames {
  return {
    slug,
    label,
    tools: tools.map((tool) => {
      const { category, risk } = tool.classification;
      return { slug: tool.slug, name: tool.definition.name, category, risk };
    }),
  };
}
