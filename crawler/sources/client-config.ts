import { basename, dirname, join } from 'node:path';
import { readClientEntry } from '../client-entry.ts';
import { type ClientEntry, readClientFile } from '../client-file.ts';
import { clientFiles } from '../clients.ts';
import { usageError } from '../fault.ts';
import { defineSource, type SourceDeps, type SourcedTarget } from '../source.ts';
import { readIfThere, readNamedFile, sourcePath } from '../source-file.ts';
import { errorText, quote } from '../text.ts';

const ID = 'client-config';

/** The reference that means every client of this machine. */
const INSTALLED = 'installed';

/** A configuration file, and what it is called. */
interface ConfigFile {
  path: string;
  /** In a sentence. */
  name: string;
  /**
   * In the origin of a server, before its key. Without the file's folder, which says more of its owner than of the
   * server, and would be published.
   */
  origin: string;
}

/** The servers that the MCP clients on this machine are set up with. */
export const source = defineSource({
  id: ID,
  title: 'Client configuration',
  summary:
    'Every server in the configuration file of an MCP client, in JSON or TOML; or of all clients here.',
  example: './.mcp.json',
  defaultRef: INSTALLED,
  accepts: (ref) => /\.(?:jsonc?|toml)$/i.test(ref) && !/^(?:[a-z]+:\/\/|-- )/i.test(ref),
  async *targets(ref, deps) {
    if (deps.args.length > 0)
      deps.warn('Extra arguments are not given to the servers of a configuration file.');
    if (ref === INSTALLED) yield* installedTargets(deps);
    else yield* fileTargets(ref, deps);
  },
});

async function* fileTargets(ref: string, deps: SourceDeps): AsyncGenerator<SourcedTarget> {
  const text = await readNamedFile('configuration file', ref, deps);
  const file = { path: sourcePath(ref, deps), name: ref, origin: basename(ref) };
  const entries = parseConfig(file, text);
  if (entries instanceof Error) {
    throw usageError(`The configuration file ${quote(ref)} is not ${format(ref)}: ${entries.message}.`);
  }
  if (entries === undefined) {
    throw usageError(
      `The file ${quote(ref)} lists no servers: it has no "mcpServers", "servers", "context_servers" or "mcp_servers".`,
    );
  }
  yield* readEntries(entries, file, deps);
}

/** A client that is not there is passed over; a file that is there and cannot be read is warned about. */
async function* installedTargets(deps: SourceDeps): AsyncGenerator<SourcedTarget> {
  let there = 0;
  for (const { client, path } of clientFiles(deps)) {
    const file = { path, name: `${client.title} (${basename(path)})`, origin: client.id };
    const text = await readIfThere(path, deps).catch((error: unknown) => {
      deps.warn(`The configuration of ${file.name} cannot be read: ${errorText(error)}.`);
      return undefined;
    });
    if (text === undefined) continue;
    const entries = parseConfig(file, text);
    there += 1;
    if (entries instanceof Error) {
      deps.warn(`The configuration of ${file.name} is not ${format(path)}: ${entries.message}.`);
    } else yield* readEntries(entries ?? [], file, deps);
  }
  if (there === 0) deps.warn('No configuration of an MCP client was found on this machine.');
}

function* readEntries(
  entries: readonly ClientEntry[],
  { path, name, origin }: ConfigFile,
  deps: SourceDeps,
): Generator<SourcedTarget> {
  for (const { key, value, project } of entries) {
    const sourced = readClientEntry(value, {
      file: name,
      key,
      folder: project ?? startFolder(path),
      origin: { source: ID, ref: `${origin}#${key}` },
      deps,
    });
    if (sourced) yield sourced;
  }
}

function parseConfig({ path }: ConfigFile, text: string): ClientEntry[] | undefined | Error {
  try {
    return readClientFile(path, text);
  } catch (error) {
    // Both parsers quote the file, and what they quote may be a secret.
    const [reason] = errorText(error)
      .replace(/, (?:\.{3})?".*"(?:\.{3})? is not valid JSON$/s, '')
      .split('\n');
    return new Error(reason);
  }
}

function format(path: string): string {
  return /\.toml$/i.test(path) ? 'TOML' : 'JSON';
}

/** Clients start servers in the project; `.vscode/mcp.json` and its like stand one folder deeper. */
function startFolder(path: string): string {
  const folder = dirname(path);
  return /^\.(?:vscode|cursor|gemini|kiro|zed|codex|amazonq)$/.test(basename(folder))
    ? join(folder, '..')
    : folder;
}
