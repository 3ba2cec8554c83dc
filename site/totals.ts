import type { CatalogueChange } from '../catalogue/contract.ts';
import type { Category, RiskLevel } from '../classifier/contract.ts';
import type {
  CategoryCounts,
  RiskCounts,
  ServerOutline,
  SiteSettings,
  SiteSubject,
  ToolGroup,
  ToolLink,
  ToolOutline,
} from './contract.ts';
import { MAX_EXAMPLES } from './limits.ts';
import { rowOf } from './outline.ts';

/** Anything that has been judged. */
interface Judged {
  category: Category;
  risk: RiskLevel;
}

export function countRisks(tools: Iterable<Pick<Judged, 'risk'>>): RiskCounts {
  const counts = noRisks();
  for (const { risk } of tools) counts[risk]++;
  return counts;
}

export function countCategories(tools: Iterable<Pick<Judged, 'category'>>): CategoryCounts {
  const counts = noCategories();
  for (const { category } of tools) counts[category]++;
  return counts;
}

function noRisks(): RiskCounts {
  return { low: 0, medium: 0, high: 0, critical: 0 };
}

function noCategories(): CategoryCounts {
  return { Read: 0, Write: 0, Execute: 0 };
}

/** Adds up servers, one by one in the order of their slugs; memory holds a row for each and no tools. */
export interface Totals {
  add(server: ServerOutline): void;
  /** What the pages about the whole catalogue are made from. */
  subject(settings: SiteSettings, changes: readonly CatalogueChange[]): SiteSubject;
}

export function startTotals(): Totals {
  const all = startGroup();
  const byRisk = { low: startGroup(), medium: startGroup(), high: startGroup(), critical: startGroup() };
  const byCategory = { Read: startGroup(), Write: startGroup(), Execute: startGroup() };
  const bySignal = new Map<string, Group>();
  const [destructive, financial] = [startGroup(), startGroup()];
  const servers: SiteSubject['servers'][number][] = [];
  const failures = new Map<string, number>();
  let takenAt: string | undefined;

  return {
    add(server) {
      servers.push(rowOf(server));
      if (takenAt === undefined || server.scannedAt > takenAt) takenAt = server.scannedAt;
      if (server.listedAt === undefined) {
        const code = server.failure ?? 'unknown';
        failures.set(code, (failures.get(code) ?? 0) + 1);
      }
      for (const tool of server.tools) {
        const weight = weightOf(server.slug, tool.slug);
        const groups = [all, byRisk[tool.risk], byCategory[tool.category]];
        if (tool.destructive) groups.push(destructive);
        if (tool.financial) groups.push(financial);
        for (const signal of tool.signals) groups.push(groupOf(bySignal, signal));
        for (const group of groups) group.add(server, tool, weight);
      }
    },
    subject: (settings, changes) => ({
      settings,
      ...(takenAt !== undefined && { takenAt }),
      all: all.close(),
      byRisk: closeEach(byRisk),
      byCategory: closeEach(byCategory),
      bySignal: new Map([...bySignal].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, g]) => [id, g.close()])),
      destructive: destructive.close(),
      financial: financial.close(),
      servers,
      failures: new Map([...failures].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))),
      changes,
    }),
  };
}

interface Group {
  add(server: ServerOutline, tool: ToolOutline, weight: number): void;
  close(): ToolGroup;
}

function startGroup(): Group {
  const risks = noRisks();
  const categories = noCategories();
  const best: { weight: number; link: ToolLink }[] = [];
  let count = 0;
  let servers = 0;
  let lastServer: string | undefined;
  return {
    add({ slug, label }, tool, weight) {
      count++;
      risks[tool.risk]++;
      categories[tool.category]++;
      const isSame = slug === lastServer;
      if (!isSame) servers++;
      lastServer = slug;
      keep(best, { weight, link: { server: { slug, label }, tool: shortOf(tool) } });
    },
    close: () => ({
      count,
      servers,
      risks,
      categories,
      examples: best.map(({ link }) => link),
    }),
  };
}

function shortOf({ slug, name, category, risk }: ToolOutline): ToolLink['tool'] {
  return { slug, name, category, risk };
}

/** Keeps the lightest, at most one of each server, the lightest first. */
function keep(best: { weight: number; link: ToolLink }[], one: { weight: number; link: ToolLink }): void {
  if (best.length === MAX_EXAMPLES && one.weight >= (best.at(-1)?.weight ?? 0)) return;
  const same = best.findIndex(({ link }) => link.server.slug === one.link.server.slug);
  if (same >= 0) {
    if ((best[same]?.weight ?? 0) <= one.weight) return;
    best.splice(same, 1);
  }
  const at = best.findIndex(({ weight }) => weight > one.weight);
  best.splice(at < 0 ? best.length : at, 0, one);
  best.length = Math.min(best.length, MAX_EXAMPLES);
}

/**
 * A number that has nothing to do with what a tool does, so that examples are chosen without a leaning. It is the hash
 * FNV-1a with 32 bits, once over the text and once more over it with a mark behind, for 53 bits together: it is asked
 * for each tool at every build, where a cryptographic one would cost more than all that it is for.
 */
export function weightOf(serverSlug: string, toolSlug: string): number {
  const text = `${serverSlug}/${toolSlug}`;
  const high = fnv(text, 0x811c9dc5);
  return high * 2 ** 21 + (fnv(text, high ^ 0x9e3779b9) >>> 11);
}

function fnv(text: string, start: number): number {
  let hash = start;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  // The last characters reach the high bits only by this.
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

function groupOf(groups: Map<string, Group>, id: string): Group {
  const known = groups.get(id);
  if (known !== undefined) return known;
  const group = startGroup();
  groups.set(id, group);
  return group;
}

function closeEach<Key extends string>(groups: Record<Key, Group>): Record<Key, ToolGroup> {
  const closed = Object.entries<Group>(groups).map(([key, group]) => [key, group.close()]);
  return Object.fromEntries(closed) as Record<Key, ToolGroup>;
}
