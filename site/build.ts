import type { CatalogueView } from '../catalogue/contract.ts';
import type { PageFile } from './page.ts';
import { pages } from './pages/index.generated.ts';
import { describeSite } from './site.ts';

export interface BuildOptions {
  /** The files that every page shares, from `loadAssets`. */
  assets: readonly PageFile[];
}

/** Every file of the site, made one by one as they are asked for. The same view gives the same bytes. */
export function* buildSite(view: CatalogueView, { assets }: BuildOptions): Generator<PageFile> {
  yield* assets;
  const site = describeSite(view);
  for (const page of pages) {
    for (const { path, render } of page.entries(site)) yield { path, contents: render() };
  }
}
