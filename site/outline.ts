import type { ServerSheet, ToolView } from '../catalogue/contract.ts';
import { rolesOf } from '../classifier/combinations.ts';
import { shapeOf } from '../policy/recommend.ts';
import { contextCost } from './context-cost.ts';
import type { ServerOutline, ServerRow, ToolOutline } from './contract.ts';
import { presentFindings } from './evidence.ts';
import { MAX_ABOUT_CHARS } from './limits.ts';
import { countCategories, countRisks } from './totals.ts';
import { visible } from './visible.ts';
import { cut } from './words.ts';

/** What lists, totals and the search know of a server. */
export function outlineOf(server: ServerSheet): ServerOutline {
  const known = KNOWN.get(server);
  if (known !== undefined) return known;
  const outline = makeOutline(server);
  KNOWN.set(server, outline);
  return outline;
}

/** The build and a file of the server both ask for it. */
const KNOWN = new WeakMap<ServerSheet, ServerOutline>();

function makeOutline(server: ServerSheet): ServerOutline {
  const { lastScan, listing } = server;
  return {
    slug: server.slug,
    id: server.id,
    label: server.label,
    status: lastScan.status,
    ...(lastScan.failure && { failure: lastScan.failure.code }),
    scannedAt: lastScan.observedAt,
    ...(listing && { listedAt: listing.observedAt }),
    firstSeenAt: server.firstSeenAt,
    tokens: contextCost(server).tokens,
    tools: server.tools.map(outlineOfTool),
    vanished: server.vanished.map(({ slug, definition }) => ({ slug, name: definition.name })),
  };
}

/** Of a server of which nothing is known but its slug. */
export function emptyOutline(slug: string): ServerOutline {
  return {
    slug,
    id: '',
    label: '',
    status: 'failed',
    scannedAt: '',
    firstSeenAt: '',
    tokens: 0,
    tools: [],
    vanished: [],
  };
}

function outlineOfTool({ slug, definition, classification }: ToolView): ToolOutline {
  const { category, risk, destructive, financial } = classification;
  const { name, description, inputSchema } = definition;
  const roles = rolesOf(name, classification);
  const shape = shapeOf({ name, description, inputSchema, classification });
  return {
    slug,
    name,
    category,
    risk,
    destructive,
    financial,
    signals: presentFindings(classification).map(({ signal }) => signal),
    ...(roles.length > 0 && { roles }),
    ...(shape !== undefined && { shape }),
    about: aboutOf(definition),
  };
}

function aboutOf({ name, title, description = '' }: ToolView['definition']): string {
  const own = title === undefined || title === name ? '' : `${title}. `;
  const words = `${own}${description}`.slice(0, 4 * MAX_ABOUT_CHARS).replaceAll(/\s+/gu, ' ');
  return cut(visible(words.trim()), MAX_ABOUT_CHARS);
}

/** The same server as one row of a list. */
export function rowOf({ tools, vanished: _, ...head }: ServerOutline): ServerRow {
  return {
    ...head,
    toolCount: tools.length,
    risks: countRisks(tools),
    categories: countCategories(tools),
  };
}
