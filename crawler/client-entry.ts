import { resolve } from 'node:path';
import { type EntryShape, readEntryShape } from './client-shape.ts';
import { isRelativePath } from './command-words.ts';
import type { Origin } from './contract.ts';
import { type Expanded, expandVariables } from './expand.ts';
import { commandTarget, httpTarget } from './identity.ts';
import { parseNpxCall } from './package-spec.ts';
import type { SourceDeps, SourcedTarget } from './source.ts';
import { quote } from './text.ts';

/** Where an entry stands, and what its values may refer to. */
export interface EntryPlace {
  /** The file as it is called in a sentence. */
  file: string;
  key: string;
  /** The folder from which clients start the servers of this file. */
  folder: string;
  origin: Origin;
  deps: SourceDeps;
}

/** The target of one entry; undefined, and a warning, when it is switched off or cannot be used. */
export function readClientEntry(value: unknown, place: EntryPlace): SourcedTarget | undefined {
  const skip = (reason: string) => {
    place.deps.warn(`The server ${quote(place.key)} in ${place.file} was left out: ${reason}.`);
    return undefined;
  };
  const read = readEntryShape(value);
  if (!read.ok) return skip(read.reason);
  const { entry } = read;

  const missing = new Set<string>();
  const expand = (text: string) => {
    const expanded = expandVariables(text, variablesOf(place));
    for (const name of expanded.missing) missing.add(name);
    return expanded.text;
  };
  const found =
    entry.address === undefined ? commandEntry(entry, expand, place) : httpEntry(entry, expand, place);
  if (missing.size > 0) return skip(`${[...missing].join(', ')} has no value here`);
  return found ?? skip(`${quote(entry.address ?? '')} is not an address of the web`);
}

function commandEntry(entry: EntryShape, expand: (text: string) => string, place: EntryPlace): SourcedTarget {
  const { deps, folder, key, origin } = place;
  const envValues = expandValues(entry.env, 'variable', place);
  const args = entry.args.map(expand);
  const command = expand(entry.command ?? '');
  const named = entry.cwd === undefined ? undefined : resolve(folder, expand(entry.cwd));
  // A package's server runs in a folder of its own, unless the entry says or shows that it looks at this one.
  const placed = !parseNpxCall(command, args) || args.some(isRelativePath);
  const cwd = named ?? (placed ? folder : undefined);
  const envNames = [...new Set([...Object.keys(envValues), ...deps.envNames])];
  const target = commandTarget({ command, args, envNames, cwd, label: key }, origin);
  return { target, ...(Object.keys(envValues).length > 0 && { envValues }) };
}

function httpEntry(
  entry: EntryShape,
  expand: (text: string) => string,
  place: EntryPlace,
): SourcedTarget | undefined {
  const url = URL.parse(expand(entry.address ?? ''));
  if (!url || !/^https?:$/.test(url.protocol)) return undefined;
  const headers = { ...expandValues(entry.headers, 'header', place), ...place.deps.headers };
  const target = httpTarget(url.href, Object.keys(headers), place.origin);
  return { target, ...(Object.keys(headers).length > 0 && { headers }) };
}

/**
 * Fills in variables or headers. One that has no value here is left out with a warning, because many servers list
 * their tools without it.
 */
function expandValues(
  values: Record<string, string>,
  kind: string,
  place: EntryPlace,
): Record<string, string> {
  const expanded = Object.entries(values).map(([name, value]): [string, Expanded] => {
    return [name, expandVariables(value, variablesOf(place))];
  });
  for (const [name, { missing }] of expanded) {
    if (missing.length === 0) continue;
    const reason = `${missing.join(', ')} has no value here`;
    place.deps.warn(
      `The server ${quote(place.key)} in ${place.file} goes without the ${kind} ${name}: ${reason}.`,
    );
  }
  return Object.fromEntries(
    expanded.filter(([, { missing }]) => missing.length === 0).map(([name, { text }]) => [name, text]),
  );
}

function variablesOf({ folder, deps }: EntryPlace): Readonly<Record<string, string | undefined>> {
  return { ...deps.environment, workspaceFolder: folder, userHome: deps.home };
}
