import { aloneIn, type CombinedTool, findCombinations } from '../classifier/combinations.ts';
import type { Combination, ToolReference } from '../classifier/contract.ts';
import { clients } from '../crawler/clients.ts';
import { visible } from '../site/visible.ts';
import { count, listed, shownName } from '../site/words.ts';
import { wrap } from './terminal.ts';
import type { ListedTool } from './tool-lines.ts';

/** Servers that one agent has at once, or that were at least scanned at once. */
export interface ServerGroup {
  /** What the client is called; null where the servers do not come from a client's configuration. */
  client: string | null;
  servers: string[];
  /** What no server of the group can do by itself. */
  combinations: Combination[];
}

/** A server that listed tools, as far as a group needs it. */
export interface GroupedServer {
  /** As it is shown: unique among the servers where that is possible. */
  name: string;
  origin: { source: string; ref: string };
  tools: readonly ListedTool[];
}

/** The tools of a server as the classifier combines them. */
export function combinedTools(server: string, tools: readonly ListedTool[]): CombinedTool[] {
  return tools.map(({ name, classification }) => ({ server, tool: name, classification }));
}

/** Combinations that appear only when the servers of one client, or else all that were scanned, work together. */
export function acrossServers(servers: readonly GroupedServer[]): ServerGroup[] {
  const groups = Map.groupBy(servers, clientOf);
  return [...groups].flatMap(([client, members]) => {
    const tools = members.flatMap(({ name, tools: own }) => combinedTools(name, own));
    const combinations = findCombinations(tools).filter((combination) => combination.acrossServers);
    if (combinations.length === 0) return [];
    return [{ client, servers: members.map(({ name }) => name), combinations }];
  });
}

/** The origin of a server from a configuration is `<client or file>#<key>`. */
function clientOf({ origin }: GroupedServer): string | null {
  if (origin.source !== 'client-config') return null;
  const [id = ''] = origin.ref.split('#', 1);
  return clients.find((client) => client.id === id)?.title ?? id;
}

const MAX_TOOLS_SHOWN = 6;
const MAX_SERVERS_SHOWN = 12;

/** The combinations of one server, with their tools, between blank lines; empty where there are none. */
export function combinationLines(combinations: readonly Combination[], columns: number): string {
  if (combinations.length === 0) return '';
  const parts = combinations.map((combination) => combinationText(combination, columns, ({ tool }) => tool));
  return `\nCombinations\n${parts.join('')}\n`;
}

/** What appears only when servers work together, one group after the other; empty where there is nothing. */
export function acrossLines(groups: readonly ServerGroup[], columns: number): string {
  const texts = groups.map(({ client, servers, combinations }) => {
    const who = client === null ? 'The servers scanned' : `The servers of ${visible(client)}`;
    const names = servers.slice(0, MAX_SERVERS_SHOWN).map((name) => shownName(name, 60));
    const more = servers.length - names.length;
    const all = more > 0 ? `${names.join(', ')} and ${more} more` : listed(names);
    const head = wrap(`${who}: ${all}`, columns, '  ');
    const named = ({ server, tool }: ToolReference) => `${tool} (${server})`;
    const parts = combinations.map((combination) => combinationText(combination, columns, named));
    return head + parts.join('');
  });
  return texts.length === 0 ? '' : `\nAcross servers\n${texts.join('')}`;
}

function combinationText(
  combination: Combination,
  columns: number,
  nameOf: (tool: ToolReference) => string,
): string {
  const { title, why, parts } = combination;
  const names = (tools: readonly ToolReference[]) => {
    const shown = tools.slice(0, MAX_TOOLS_SHOWN).map((tool) => shownName(nameOf(tool), 60));
    const more = tools.length - shown.length;
    return more > 0
      ? `${shown.join(', ')} and ${more} more (${count(tools.length, 'tool')})`
      : shown.join(', ');
  };
  const alone = aloneIn(combination);
  return [
    wrap(`! ${title}`, columns, '  '),
    wrap(why, columns, '    '),
    ...parts.map(({ role, tools }) => wrap(`${role}: ${names(tools)}`, columns, '    - ')),
    ...(alone.length > 0 ? [wrap(`by itself: ${names(alone)}`, columns, '    - ')] : []),
  ].join('');
}
