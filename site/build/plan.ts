import type { ServerNames, ServerRevision } from '../../catalogue/contract.ts';
import type { ServerOutline, SiteSource, ToolLink } from '../contract.ts';
import { type RelatedTools, relatedKeys, startRelated } from '../related.ts';
import { SERVERS_AT_ONCE } from './limits.ts';
import { digest, isRoot, type Line, parseLine, type ServerLine, type StoredLine } from './manifest.ts';
import { sideBySide } from './trees.ts';

/** What stands of a server and need not be made. */
export interface Standing {
  tools: number;
  files: number;
}

/** What a build has to do. */
export interface Plan {
  /** Every server of the catalogue, in the order of the slugs. */
  revisions: ServerRevision[];
  related: RelatedTools;
  /** Names what all pages are made from beside the catalogue. */
  made: string;
  /** How much stands as it is of a server, whose line in the manifest is given; undefined where it is to be made. */
  standing(line: StoredLine): Standing | undefined;
  /** Servers that are others than the manifest says. */
  changed: number;
  /** Tools in all, where the catalogue lists them now. */
  toolCount: number;
}

/**
 * Compares the catalogue with what stands in the tree. Reads the names of the tools of those servers that changed, and
 * takes the others from the manifest.
 */
export async function planBuild(
  source: SiteSource,
  readOld: () => AsyncIterable<Line>,
  made: string,
): Promise<Plan> {
  const revisions = await Array.fromAsync(source.revisions());
  const related = startRelated();
  /** Tools whose names came, went, or are shown differently. */
  const touched: { server: string; tool: ServerNames['tools'][number] }[] = [];
  const same = new Map<string, Standing>();
  let toolCount = 0;
  let changed = 0;
  let batch: { revision: ServerRevision; old: ServerOutline | undefined }[] = [];

  const add = (names: ServerNames) => {
    related.add(names);
    toolCount += names.tools.length;
  };
  const readBatch = async () => {
    if (batch.length === 0) return;
    const read = await source.listedNames(batch.map(({ revision }) => revision.slug));
    const bySlug = new Map(read.map((names) => [names.slug, names]));
    for (const { revision, old } of batch) {
      const names = bySlug.get(revision.slug);
      if (names !== undefined) add(names);
      touched.push(...differences(revision.slug, old && namesIn(old), names));
    }
    batch = [];
  };
  for await (const [revision, line] of sideBySide(revisions, servers(readOld()))) {
    if (revision === undefined) {
      if (line !== undefined) touched.push(...differences(line.slug, namesIn(line.outline), undefined));
    } else if (line?.revision === revision.revision) {
      add(namesIn(line.outline));
      if (line.made !== made || line.unknown) changed++;
      else same.set(line.slug, { tools: line.outline.tools.length, files: Object.keys(line.files).length });
    } else {
      changed++;
      batch.push({ revision, old: line?.outline });
      if (batch.length === SERVERS_AT_ONCE) await readBatch();
    }
  }
  await readBatch();

  const dirty = new Set(touched.flatMap(({ server, tool }) => related.keysThatKeep(server, tool)));
  return {
    revisions,
    related,
    toolCount,
    made,
    changed,
    standing(stored) {
      const standing = same.get(stored.slug);
      if (standing === undefined || dirty.size === 0) return standing;
      const line = parseLine(stored);
      if (isRoot(line)) return undefined;
      const isTouched = line.outline.tools.some((tool) => relatedKeys(tool).some((key) => dirty.has(key)));
      if (!isTouched || relatedDigest(relatedOf(related, line.outline)) === line.related) return standing;
      return undefined;
    },
  };
}

/** For each tool of a server, those on others that are like it. */
export function relatedOf(
  related: RelatedTools,
  { slug, tools }: Pick<ServerNames, 'slug' | 'tools'>,
): [string, ToolLink[]][] {
  return tools.map((tool) => [tool.slug, related.of(slug, tool)]);
}

export function relatedDigest(lists: [string, ToolLink[]][]): string {
  return digest(JSON.stringify(lists));
}

/** The lines of servers, in their order. */
async function* servers(lines: AsyncIterable<Line>): AsyncGenerator<ServerLine> {
  for await (const line of lines) if (!isRoot(line)) yield line;
}

function namesIn({ slug, label, tools }: ServerOutline): ServerNames {
  return { slug, label, tools };
}

/** The tools of a server that are shown differently beside others now: those of before and those of now. */
function differences(server: string, before: ServerNames | undefined, after: ServerNames | undefined) {
  const shown = ({ label }: ServerNames, { slug, name, category, risk }: ServerNames['tools'][number]) =>
    JSON.stringify([label, slug, name, category, risk]);
  const was = new Set(before?.tools.map((tool) => shown(before, tool)));
  const is = new Set(after?.tools.map((tool) => shown(after, tool)));
  return [
    ...(before?.tools.filter((tool) => !is.has(shown(before, tool))) ?? []),
    ...(after?.tools.filter((tool) => !was.has(shown(after, tool))) ?? []),
  ].map((tool) => ({ server, tool }));
}
