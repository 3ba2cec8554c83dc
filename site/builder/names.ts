import { MAX_NAMED_SERVERS, MAX_SERVERS_OFFERED } from '../limits.ts';
import { visible } from '../visible.ts';

/** Finding a server by its name, in files that each hold the servers with a word that begins alike. */

/** A server as these files have it: slug, label, number of tools. */
export type NamedServer = readonly [slug: string, label: string, tools: number];

/** Which files there are. */
export interface FindIndex {
  files: string[];
}

export interface FindFile {
  /** There are more than these. */
  cut: boolean;
  /** In the order of their slugs. */
  servers: NamedServer[];
}

/** Servers without a word of two plain letters, such as those in Chinese. */
const OTHERS = '_';

/** The files in which a server stands. */
export function filesOf(slug: string, label: string): string[] {
  const files = new Set(wordsOf(`${slug} ${label}`).map((word) => word.slice(0, 2)));
  const isPlain = /^[\x20-\x7e]*$/.test(label);
  if (files.size === 0 || !isPlain) files.add(OTHERS);
  return [...files].sort();
}

/** The file to look into for what somebody typed; undefined while it is too short to tell. */
export function fileFor(typed: string): string | undefined {
  const [first] = wordsOf(typed);
  if (first !== undefined) return first.slice(0, 2);
  return /[^\x20-\x7e]/.test(typed) ? OTHERS : undefined;
}

/** Words of two characters and more. */
function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]{2,}/g) ?? [];
}

/** The servers that have all that was typed, those that begin with it first; `more` where some are left out. */
export function matchServers(
  { servers, cut }: FindFile,
  typed: string,
): { found: NamedServer[]; more: boolean } {
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const start = wanted.join(' ');
  const found = servers
    .map((server) => ({ server, text: `${visible(server[1])} ${server[0]}`.toLowerCase() }))
    .filter(({ text }) => wanted.every((word) => text.includes(word)))
    .sort((a, b) => Number(b.text.startsWith(start)) - Number(a.text.startsWith(start)))
    .map(({ server }) => server);
  return { found: found.slice(0, MAX_SERVERS_OFFERED), more: cut || found.length > MAX_SERVERS_OFFERED };
}

/** All files, by name, of servers that are given in the order of their slugs. */
export function namedFiles(servers: Iterable<NamedServer>): Map<string, FindFile> {
  const files = new Map<string, FindFile>();
  for (const server of servers) {
    for (const name of filesOf(server[0], server[1])) {
      const file = files.get(name) ?? { cut: false, servers: [] };
      files.set(name, file);
      if (file.servers.length < MAX_NAMED_SERVERS) file.servers.push(server);
      else file.cut = true;
    }
  }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}
