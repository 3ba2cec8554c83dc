import type { Category, RiskLevel } from '../../classifier/contract.ts';
import type { ServerOutline, ToolLink, ToolOutline } from '../contract.ts';
import { MAX_LABEL_CHARS, MAX_NAME_CHARS } from '../limits.ts';

/** One result: a tool, its server, and the beginning of what is said about it. */
export interface SearchHit extends ToolLink {
  about: string;
}

/** In this order, for good: files of the search name them by their place. */
const RISKS: readonly RiskLevel[] = ['low', 'medium', 'high', 'critical'];
const CATEGORIES: readonly Category[] = ['Read', 'Write', 'Execute'];

/** A tool as a file of results has it; a slug that is like the name or the label is left out. */
type Row = [name: string, label: string, about: string, kind: number, toolSlug: string, serverSlug: string];

/** One tool as JSON. */
export function writeHit(server: Pick<ServerOutline, 'slug' | 'label'>, tool: ToolOutline): string {
  // One more than is shown, so that it is seen where there is more.
  const name = tool.name.slice(0, MAX_NAME_CHARS + 1);
  const label = server.label.slice(0, MAX_LABEL_CHARS + 1);
  const kind = RISKS.indexOf(tool.risk) + RISKS.length * CATEGORIES.indexOf(tool.category);
  const row: Row = [
    name,
    label,
    tool.about,
    kind,
    tool.slug === name ? '' : tool.slug,
    server.slug === label ? '' : server.slug,
  ];
  return JSON.stringify(row);
}

/** Reads a file of results; throws where it is not one. */
export function readHits(text: string): SearchHit[] {
  const rows: unknown = JSON.parse(text);
  if (!Array.isArray(rows)) throw new TypeError('a file of the search has no list');
  return rows.filter(isRow).map(([name, label, about, kind, toolSlug, serverSlug]) => ({
    server: { slug: serverSlug || label, label },
    tool: {
      slug: toolSlug || name,
      name,
      risk: RISKS[kind % RISKS.length] ?? 'critical',
      category: CATEGORIES[Math.floor(kind / RISKS.length)] ?? 'Execute',
    },
    about,
  }));
}

function isRow(row: unknown): row is Row {
  return (
    Array.isArray(row) &&
    row.length === 6 &&
    row.every((value, index) => typeof value === (index === 3 ? 'number' : 'string'))
  );
}
