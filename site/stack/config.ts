import { type ClientEntry, readClientFile } from '../../crawler/client-file.ts';
import { readEntryShape } from '../../crawler/client-shape.ts';
import { type ConfiguredId, configuredId } from '../../crawler/configured.ts';
import { plainJson } from '../../crawler/jsonc.ts';
import { readJson } from '../../policy/json-text.ts';
import { MAX_PASTED_CHARS, MAX_STACK_SERVERS } from '../limits.ts';

/** A client's configuration, read for the servers that it starts. No value of a variable, header or argument is kept. */

/** A server of the configuration. */
export interface StackServer extends ConfiguredId {
  /** The key by which the configuration knows it. */
  key: string;
}

/** What a configuration says, or where it cannot be read. */
export type ReadStack =
  | {
      ok: true;
      servers: StackServer[];
      /** Entries that are left out, and why, as in `it is disabled`. */
      left: { key: string; reason: string }[];
    }
  | { ok: false; message: string };

/** Reads what was pasted: JSON with comments, or TOML. Never throws, and never quotes the text, which has secrets in it. */
export function readStack(text: string): ReadStack {
  if (text.trim() === '') return { ok: false, message: 'Nothing has been pasted yet.' };
  if (text.length > MAX_PASTED_CHARS) {
    return { ok: false, message: `This is longer than ${MAX_PASTED_CHARS} characters; no configuration is.` };
  }
  const isJson = plainJson(text).trimStart().startsWith('{');
  let entries: ClientEntry[] | undefined;
  try {
    entries = readClientFile(isJson ? 'pasted.json' : 'pasted.toml', text);
  } catch (error) {
    return { ok: false, message: isJson ? jsonFault(text) : tomlFault(error) };
  }
  if (entries === undefined) {
    return {
      ok: false,
      message:
        'This lists no servers: it has no "mcpServers", "servers", "context_servers" or "mcp_servers" at its top.',
    };
  }
  return { ok: true, ...readEntries(entries) };
}

function readEntries(entries: readonly ClientEntry[]): Pick<ReadStack & { ok: true }, 'servers' | 'left'> {
  const servers = new Map<string, StackServer>();
  const left: { key: string; reason: string }[] = [];
  for (const { key, value } of entries) {
    const read = readEntryShape(value);
    if (!read.ok) left.push({ key, reason: read.reason });
    else if (!servers.has(key)) {
      if (servers.size < MAX_STACK_SERVERS) servers.set(key, { key, ...configuredId(read.entry) });
      else left.push({ key, reason: `only ${MAX_STACK_SERVERS} servers are looked up` });
    } else if (JSON.stringify(servers.get(key)) !== JSON.stringify({ key, ...configuredId(read.entry) })) {
      left.push({ key, reason: 'another server of this configuration has the same key' });
    }
  }
  return { servers: [...servers.values()], left };
}

/** Only the place: what stands there may be a secret. */
function jsonFault(text: string): string {
  const read = readJson(plainJson(text));
  return read.ok
    ? 'This is not JSON.'
    : `This is not JSON: look at line ${read.fault.line}, column ${read.fault.column}.`;
}

function tomlFault(error: unknown): string {
  const line = error instanceof Error && 'line' in error ? Number(error.line) : Number.NaN;
  const place = Number.isInteger(line)
    ? `, and not TOML either: look at line ${line}`
    : ', and not TOML either';
  return `This is not JSON, which begins with {${place}.`;
}
