import type { ToolView } from '../../catalogue/contract.ts';
import { digest } from '../build/manifest.ts';
import type { ServerSubject } from '../contract.ts';
import { namesakes } from '../policy-text.ts';
import { siblings } from './siblings.ts';

const KEYS = new WeakMap<ToolView, { of: ServerSubject; key: string }>();

/**
 * What tells one verdict on a definition from another. The catalogue keeps one definition for each hash and one verdict
 * of each judge on it, so neither need be looked into.
 */
function verdictOf({ findings: _, evidence: __, hints: ___, ...verdict }: ToolView['classification']) {
  return verdict;
}

/**
 * Names everything that the files of one tool are made from: the tool, what its pages say of the server, and the tools
 * that they lead to. When it was last seen is not among it, so that a crawl which finds the same makes nothing anew.
 */
export function toolKey(of: ServerSubject, tool: ToolView): string {
  const known = KEYS.get(tool);
  if (known?.of === of) return known.key;
  const { settings, server, related } = of;
  const { name, hash } = tool.definition;
  const key = digest(
    JSON.stringify([
      settings,
      [server.slug, server.id, server.label, server.listing?.provenance, server.moreChanges],
      [server.tools.length, namesakes(server).size],
      [tool.slug, hash, tool.firstSeenAt, verdictOf(tool.classification)],
      namesakes(server)
        .get(name)
        ?.tools.map(({ slug, classification: { category, risk, destructive, financial } }) => [
          slug,
          category,
          risk,
          destructive,
          financial,
        ]),
      siblings(server, tool).map(({ slug, definition, classification }) => [
        slug,
        definition.name,
        classification.risk,
      ]),
      related.get(tool.slug),
      server.changes.filter((change) => change.name === name),
    ]),
  );
  KEYS.set(tool, { of, key });
  return key;
}
