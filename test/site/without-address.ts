import type { CatalogueChange } from '../../catalogue/contract.ts';
import type { SiteSettings } from '../../site/contract.ts';
import { renderSite } from '../../site/render.ts';
import { type GivenServer, SETTINGS, sheetsOf } from './view.ts';

const { baseUrl: _, ...rest } = SETTINGS;

/** The settings of a site that does not know where it will stand. */
export const NOWHERE: SiteSettings = rest;

/** The site of these servers where nobody said where it will stand, by the paths of its files. */
export async function siteWithoutAddress(
  given: readonly GivenServer[],
  changes: readonly CatalogueChange[] = [],
): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for await (const { path, contents } of renderSite({ servers: sheetsOf(given), changes }, NOWHERE)) {
    if (typeof contents === 'string') texts.set(path, contents);
  }
  return texts;
}
