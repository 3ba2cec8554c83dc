import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { type Expanded, expandVariables } from '../expand.ts';
import { usageError } from '../fault.ts';
import { commandTarget, httpTarget, isRelativePath } from '../identity.ts';
import { isObject } from '../json.ts';
import { parseJsonc } from '../jsonc.ts';
import { parseNpxCall } from '../package-spec.ts';
import { defineSource, type SourceDeps, type SourcedTarget } from '../source.ts';
import { errorText, quote } from '../text.ts';

const Scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const Values = z.record(z.string(), Scalar);

/** A server in the map of a client configuration, in the spellings of the common clients. */
const Entry = z
  .object({
    command: z.string().min(1).optional(),
    args: z.array(Scalar).default([]),
    env: Values.nullish().transform((env) => env ?? {}),
    cwd: z.string().optional(),
    /** Claude, Cursor, VS Code. */
    url: z.string().optional(),
    /** Windsurf. */
    serverUrl: z.string().optional(),
    /** Gemini CLI. */
    httpUrl: z.string().optional(),
    headers: Values.nullish().transform((headers) => headers ?? {}),
    disabled: z.boolean().optional(),
    enabled: z.boolean().optional(),
  })
  .transform(({ url, serverUrl, httpUrl, disabled, enabled, ...entry }) => ({
    ...entry,
    address: httpUrl ?? serverUrl ?? url,
    off: disabled === true || enabled === false,
  }));
type Entry = z.infer<typeof Entry>;

/** Keys under which clients keep their servers; VS Code has the second. */
const MAPS = ['mcpServers', 'servers'] as const;

/** Where an entry stands, and what its values may refer to. */
interface Place {
  /** The file as the user named it. */
  ref: string;
  key: string;
  /** The folder from which clients start the servers of this file. */
  folder: string;
  variables: Readonly<Record<string, string | undefined>>;
  deps: SourceDeps;
}

/** The servers that an MCP client on this machine is set up with. */
export const source = defineSource({
  id: 'client-config',
  title: 'Client configuration',
  summary: 'Every server in the configuration file of an MCP client (mcpServers, or servers for VS Code).',
  example: './.mcp.json',
  accepts: (ref) => /\.jsonc?$/i.test(ref) && !/^[a-z]+:\/\//i.test(ref),
  async targets(ref, deps) {
    const path = resolve(
      deps.cwd,
      ref.replace(/^~(?=[\\/])/, () => deps.home),
    );
    const servers = serverMap(ref, await readConfig(ref, path, deps));
    if (deps.args.length > 0)
      deps.warn('Extra arguments are not given to the servers of a configuration file.');
    const folder = startFolder(path);
    const variables = { ...deps.environment, workspaceFolder: folder, userHome: deps.home };
    return Object.entries(servers).flatMap(([key, value]) => {
      return readEntry(value, { ref, key, folder, variables, deps }) ?? [];
    });
  },
});

async function readConfig(ref: string, path: string, { readFile }: SourceDeps): Promise<unknown> {
  const text = await readFile(path).catch((error: unknown) => {
    throw usageError(`The configuration file ${quote(ref)} cannot be read: ${errorText(error)}.`);
  });
  try {
    return parseJsonc(text);
  } catch (error) {
    throw usageError(`The configuration file ${quote(ref)} is not JSON: ${errorText(error)}.`);
  }
}

function serverMap(ref: string, config: unknown): Record<string, unknown> {
  const maps = MAPS.flatMap((key) => (isObject(config) && isObject(config[key]) ? [config[key]] : []));
  if (maps.length === 0) {
    throw usageError(`The file ${quote(ref)} lists no servers: it has neither "mcpServers" nor "servers".`);
  }
  return Object.fromEntries(maps.flatMap((map) => Object.entries(map)));
}

/** The target of one entry; undefined, and a warning, when it is switched off or cannot be used. */
function readEntry(value: unknown, place: Place): SourcedTarget | undefined {
  const skip = (reason: string) => {
    place.deps.warn(`The server ${quote(place.key)} in ${place.ref} was left out: ${reason}.`);
    return undefined;
  };
  const parsed = Entry.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return skip(`${issue?.path.join('.') || 'the entry'} is not as it should be (${issue?.message})`);
  }
  const entry = parsed.data;
  if (entry.off) return skip('it is disabled');
  if (entry.command === undefined && entry.address === undefined)
    return skip('it has neither a command nor a URL');

  const missing = new Set<string>();
  const expand = (text: string) => {
    const expanded = expandVariables(text, place.variables);
    for (const name of expanded.missing) missing.add(name);
    return expanded.text;
  };
  const found =
    entry.address === undefined ? commandEntry(entry, expand, place) : httpEntry(entry, expand, place);
  if (missing.size > 0) return skip(`${[...missing].join(', ')} has no value here`);
  return found ?? skip(`${quote(entry.address ?? '')} is not an address of the web`);
}

function commandEntry(entry: Entry, expand: (text: string) => string, place: Place): SourcedTarget {
  const { deps, folder, key } = place;
  const envValues = expandValues(entry.env, 'variable', place);
  const args = entry.args.map(expand);
  const command = expand(entry.command ?? '');
  const named = entry.cwd === undefined ? undefined : resolve(folder, expand(entry.cwd));
  // A package's server runs in a folder of its own, unless the entry says or shows that it looks at this one.
  const placed = !parseNpxCall(command, args) || args.some(isRelativePath);
  const cwd = named ?? (placed ? folder : undefined);
  const envNames = [...new Set([...Object.keys(envValues), ...deps.envNames])];
  const target = commandTarget({ command, args, envNames, cwd, label: key }, originOf(place));
  return { target, ...(Object.keys(envValues).length > 0 && { envValues }) };
}

function httpEntry(entry: Entry, expand: (text: string) => string, place: Place): SourcedTarget | undefined {
  const url = URL.parse(expand(entry.address ?? ''));
  if (!url || !/^https?:$/.test(url.protocol)) return undefined;
  const headers = { ...expandValues(entry.headers, 'header', place), ...place.deps.headers };
  const target = httpTarget(url.href, Object.keys(headers), originOf(place));
  return { target, ...(Object.keys(headers).length > 0 && { headers }) };
}

/**
 * Fills in variables or headers. One that has no value here is left out with a warning, because many servers list
 * their tools without it.
 */
function expandValues(values: Record<string, string>, kind: string, place: Place): Record<string, string> {
  const expanded = Object.entries(values).map(([name, value]): [string, Expanded] => {
    return [name, expandVariables(value, place.variables)];
  });
  for (const [name, { missing }] of expanded) {
    if (missing.length === 0) continue;
    const reason = `${missing.join(', ')} has no value here`;
    place.deps.warn(
      `The server ${quote(place.key)} in ${place.ref} goes without the ${kind} ${name}: ${reason}.`,
    );
  }
  return Object.fromEntries(
    expanded.filter(([, { missing }]) => missing.length === 0).map(([name, { text }]) => [name, text]),
  );
}

/** Without the file's folder, which says more of its owner than of the server, and would be published. */
function originOf({ ref, key }: Place) {
  return { source: 'client-config', ref: `${basename(ref)}#${key}` };
}

/** Clients start servers in the project; `.vscode/mcp.json` and its like stand one folder deeper. */
function startFolder(path: string): string {
  const folder = dirname(path);
  return /^\.(?:vscode|cursor|gemini|kiro|zed)$/.test(basename(folder)) ? join(folder, '..') : folder;
}
