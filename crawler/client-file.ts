import { parse as parseToml } from 'smol-toml';
import { isObject } from './json.ts';
import { parseJsonc } from './jsonc.ts';

/** A server of a configuration file, not looked at yet. */
export interface ClientEntry {
  key: string;
  value: unknown;
  /** The project that it belongs to, when the file has several. */
  project?: string;
}

/** Keys under which clients keep their servers: of most, of VS Code and its older settings, of Zed and of Codex. */
const MAPS = [
  ['mcpServers'],
  ['servers'],
  ['mcp', 'servers'],
  ['mcp.servers'],
  ['context_servers'],
  ['mcp_servers'],
];

/**
 * The servers of a client's configuration file: TOML by the ending of its name, else JSON with comments. Undefined
 * when it has no place for servers; throws a SyntaxError when it cannot be parsed.
 */
export function readClientFile(path: string, text: string): ClientEntry[] | undefined {
  const config: unknown = /\.toml$/i.test(path) ? parseToml(text) : parseJsonc(text);
  const own = serverEntries(config);
  // Claude Code keeps servers of one user and project beside those of the user.
  const projects = isObject(config) && isObject(config.projects) ? Object.entries(config.projects) : [];
  const placed = projects.flatMap(([project, settings]) => {
    return (serverEntries(settings) ?? []).map((entry) => ({ ...entry, project }));
  });
  return own === undefined && projects.length === 0 ? undefined : [...(own ?? []), ...placed];
}

function serverEntries(config: unknown): ClientEntry[] | undefined {
  const maps = MAPS.map((keys) => keys.reduce(member, config)).filter(isObject);
  if (maps.length === 0) return undefined;
  const servers = Object.fromEntries(maps.flatMap((map) => Object.entries(map)));
  return Object.entries(servers).map(([key, value]) => ({ key, value }));
}

function member(value: unknown, key: string): unknown {
  return isObject(value) ? value[key] : undefined;
}
