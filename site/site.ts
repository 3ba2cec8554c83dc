import type { CatalogueView, ServerView, ToolView } from '../catalogue/contract.ts';
import type { Category } from '../classifier/contract.ts';
import { findRelated, type RelatedTools } from './related.ts';
import { countRisks, type RiskCounts } from './risk.ts';

/** What the pages are made from: the view, and what is worked out once for all of them. */
export interface Site {
  view: CatalogueView;
  /** All tools of the catalogue. */
  toolCount: number;
  risks: RiskCounts;
  categories: CategoryCounts;
  related: RelatedTools;
}

export type CategoryCounts = Record<Category, number>;

export function describeSite(view: CatalogueView): Site {
  const tools = view.servers.flatMap((server) => server.tools);
  return {
    view,
    toolCount: tools.length,
    risks: countToolRisks(tools),
    categories: countCategories(tools),
    related: findRelated(view.servers),
  };
}

export function countToolRisks(tools: readonly ToolView[]): RiskCounts {
  return countRisks(tools.values().map((tool) => tool.classification.risk));
}

export function countCategories(tools: readonly ToolView[]): CategoryCounts {
  const counts: CategoryCounts = { Read: 0, Write: 0, Execute: 0 };
  for (const tool of tools) counts[tool.classification.category]++;
  return counts;
}

/** Whether what is shown is older than the newest scan, because that scan listed nothing. */
export function isStale(server: ServerView): boolean {
  return server.listing !== undefined && server.lastScan.status === 'failed';
}
