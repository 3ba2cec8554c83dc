import type { ServerBrief } from '../brief.ts';
import { type ComparedServer, compareServers } from '../compare/compare.ts';
import { comparePath, href, serverBriefPath, serverJsonPath, serverPath } from '../links.ts';
import type { ServerTwin } from '../published.ts';
import { count, shownName } from '../words.ts';
import { rememberState } from './address.ts';
import { comparisonNodes } from './compare-view.ts';
import { byId, element, FROM_FILE, fetchJson, name as nameOf } from './dom.ts';
import { setUpServerField } from './server-field.ts';

// Two servers beside each other, from their files. Which two stands in the address.

type Side = 'a' | 'b';

const query = new URLSearchParams(location.search);
const servers: Record<Side, ComparedServer | undefined> = { a: undefined, b: undefined };

byId('compare', HTMLElement).hidden = false;
for (const side of ['a', 'b'] as const) {
  setUpServerField(byId(`find-${side}`, HTMLElement), (slug) => {
    query.set(side, slug);
    rememberState(query);
    void open(side, slug);
  });
  const slug = query.get(side);
  if (location.protocol === 'file:') byId(`chosen-${side}`, HTMLElement).textContent = FROM_FILE;
  else if (slug !== null) void open(side, slug);
}

async function open(side: Side, slug: string): Promise<void> {
  const chosen = byId(`chosen-${side}`, HTMLElement);
  chosen.textContent = 'Reading the server.';
  servers[side] = undefined;
  const server = await read(slug);
  if (query.get(side) !== slug) return;
  servers[side] = server;
  if (server === undefined) {
    chosen.textContent = `The catalogue has no server “${shownName(slug)}”.`;
  } else {
    const link = element(
      'a',
      { href: href(comparePath, serverPath(server.twin)) },
      nameOf(server.twin.label),
    );
    chosen.replaceChildren(link, `: ${count(server.twin.counts.tools, 'tool')}`);
  }
  const { a, b } = servers;
  byId('result', HTMLElement).replaceChildren(
    ...(a === undefined || b === undefined ? [] : comparisonNodes(a.twin, b.twin, compareServers(a, b))),
  );
}

async function read(slug: string): Promise<ComparedServer | undefined> {
  if (!/^[\w~-]+$/.test(slug)) return undefined;
  const [twin, brief] = await Promise.all([
    fetchJson<ServerTwin>(serverJsonPath({ slug })),
    fetchJson<ServerBrief>(serverBriefPath({ slug })),
  ]);
  return twin && brief && { twin, brief };
}
