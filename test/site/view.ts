import type { CatalogueChange, ScanRecord, ServerSheet, ToolView } from '../../catalogue/contract.ts';
import { distinct, serverSlug, toolSlug } from '../../catalogue/slugs.ts';
import { CLASSIFIER_VERSION, classifyTool } from '../../classifier/classify.ts';
import type { Classification } from '../../classifier/contract.ts';
import { readTool } from '../../crawler/definition.ts';
import { compareText } from '../../policy/order.ts';
import { digest } from '../../site/build/manifest.ts';
import type { SiteSettings, SiteSource } from '../../site/contract.ts';
import { namesOf, renderSite } from '../../site/render.ts';

/** A server as a test gives it: its label and what it sent for each tool. */
export interface GivenServer {
  label: string;
  tools: readonly Record<string, unknown>[];
  id?: string;
  /** Parts of its listing that differ from a plain complete one; `none` when it never listed. */
  listing?: Partial<ScanRecord> | 'none';
  /** What is made of the classifier's verdicts, by the names of tools: reviews and corrections. */
  judge?: ReadonlyMap<string, (classification: Classification) => Classification>;
  /** A later scan that failed. */
  failure?: Pick<ScanRecord, 'phase' | 'failure'>;
  /** What happened to its tools, the newest first. */
  changes?: ServerSheet['changes'];
  vanished?: ServerSheet['vanished'];
}

const LISTED_AT = '2026-11-20T09:30:00.000Z';
const FAILED_AT = '2026-11-21T09:30:00.000Z';

/** These servers as a catalogue has them, judged by the real classifier. */
export function sheetsOf(given: readonly GivenServer[]): ServerSheet[] {
  const taken = new Set<string>();
  return given.map((server) => serverOf(server, taken)).toSorted((a, b) => (a.slug < b.slug ? -1 : 1));
}

function serverOf(given: GivenServer, taken: Set<string>): ServerSheet {
  const slug = distinct(serverSlug(given.label), taken);
  taken.add(slug);
  const tools = toolsOf(given.tools, given.judge);
  const listing =
    given.listing === 'none' ? undefined : { ...scan(LISTED_AT, tools.length), ...given.listing };
  const failed = given.failure && { ...scan(FAILED_AT, 0), status: 'failed' as const, ...given.failure };
  const id = given.id ?? `npm:${given.label}`;
  return {
    slug,
    id,
    label: given.label,
    origins: [{ source: 'npm', ref: id, version: '1.0.0' }],
    transport: { kind: 'stdio', command: 'node', args: ['server.js'], envNames: [] },
    firstSeenAt: LISTED_AT,
    lastScan: failed ?? listing ?? scan(LISTED_AT, 0),
    ...(listing && { listing }),
    tools,
    lists: listing === undefined ? 0 : 1,
    changes: given.changes ?? [],
    moreChanges: false,
    vanished: given.vanished ?? [],
  };
}

function toolsOf(
  wires: readonly Record<string, unknown>[],
  judge: GivenServer['judge'] = new Map(),
): ToolView[] {
  const taken = new Set<string>();
  const tools = wires.map((wire, position) => {
    const read = readTool(wire, position);
    if (!read.ok) throw new Error(`Not a tool: ${read.rejected.reason}`);
    const slug = distinct(toolSlug(read.tool.name), taken);
    taken.add(slug);
    return {
      slug,
      definition: read.tool,
      classification: (judge.get(read.tool.name) ?? unchanged)(classifyTool(read.tool)),
      firstSeenAt: LISTED_AT,
      lastSeenAt: LISTED_AT,
    };
  });
  return tools.toSorted((a, b) => compareText(a.definition.name, b.definition.name));
}

function unchanged(classification: Classification): Classification {
  return classification;
}

function scan(observedAt: string, toolCount: number): ScanRecord {
  return {
    observedAt,
    durationMs: 1234,
    status: 'complete',
    provenance: 'observed',
    context: { args: [], envNames: [], clientCapabilities: {}, protocolVersion: '2025-11-25' },
    serverInfo: { name: 'a-server', version: '1.0.0' },
    rejected: [],
    warnings: [],
    toolCount,
  };
}

/** What holds for the builds of tests. */
export const SETTINGS: SiteSettings = {
  baseUrl: 'https://catalogue.example/',
  basePath: '/',
  classifierVersion: CLASSIFIER_VERSION,
  program: 'test',
};

/** The site of these servers, by the paths of its files. */
export async function siteOf(
  given: readonly GivenServer[],
  { changes = [], ...settings }: Partial<SiteSettings> & { changes?: CatalogueChange[] } = {},
): Promise<Map<string, string>> {
  const files = renderSite({ servers: sheetsOf(given), changes }, { ...SETTINGS, ...settings });
  const texts = new Map<string, string>();
  for await (const { path, contents } of files) {
    texts.set(path, typeof contents === 'string' ? contents : Buffer.from(contents).toString('latin1'));
  }
  return texts;
}

/** These servers as a build reads them. What the sheet of one says is its revision. */
export function sourceOf(
  servers: readonly ServerSheet[],
  changes: readonly CatalogueChange[] = [],
): SiteSource {
  const wanted = (slugs: readonly string[]) => servers.filter(({ slug }) => slugs.includes(slug));
  return {
    async *revisions() {
      for (const server of servers) yield { slug: server.slug, revision: digest(JSON.stringify(server)) };
    },
    sheets: async (slugs) => wanted(slugs),
    listedNames: async (slugs) => wanted(slugs).map(namesOf),
    newestChanges: async (limit) => changes.slice(0, limit),
  };
}
