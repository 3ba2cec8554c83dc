import { parse } from 'yaml';
import { z } from 'zod';
import type { Origin, ServerTarget } from './contract.ts';
import { httpTarget } from './identity.ts';
import { isObject } from './json.ts';
import { MAX_NAME_CHARS, MAX_URL_CHARS, MAX_YAML_ALIASES } from './limits.ts';
import { imageTarget, isImage } from './oci.ts';
import type { SourcedTarget } from './source.ts';
import { quote } from './text.ts';
import { bareTarget, withFailure, withListing, withNeeds } from './unstarted.ts';

const Name = z.string().min(1).max(MAX_NAME_CHARS);
const EnvName = Name.regex(/^[A-Za-z_]\w*$/);
const Scalar = z.union([z.string().max(MAX_URL_CHARS), z.number(), z.boolean()]).transform(String);

function list<Item extends z.ZodType>(item: Item) {
  return z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);
}

const Values = z
  .record(Name, Scalar)
  .nullish()
  .transform((values) => values ?? {});

/** What is needed of a `server.yaml`. */
const DockerServer = z.object({
  name: Name,
  image: z.string().optional(),
  type: z.enum(['server', 'remote', 'poci']).default('server'),
  remote: z.object({ url: z.string().max(MAX_URL_CHARS), headers: Values }).optional(),
  run: z
    .object({ command: list(Scalar), env: Values })
    .nullish()
    .transform((run) => run ?? { command: [], env: {} }),
  config: z
    .object({
      secrets: list(
        z.object({ env: EnvName.optional(), name: Name.optional(), required: z.boolean().default(true) }),
      ),
      env: list(z.object({ name: EnvName, value: Scalar.optional() })),
    })
    .nullish()
    .transform((config) => config ?? { secrets: [], env: [] }),
  tools: list(z.unknown()),
});
type DockerServer = z.infer<typeof DockerServer>;

/** `{{server.setting}}`, which the user of the registry's own client fills in, and `${NAME}` or `$NAME`. */
const PLACE = /\{\{\s*([^{}]{1,200}?)\s*\}\}|\$\{?([A-Za-z_]\w*)\}?/g;

/**
 * Reads the text of a `server.yaml`. Throws an error that says what is wrong with it, without quoting it. Aliases are
 * counted, so that a small file cannot grow to fill the memory.
 */
export function parseDockerServer(text: string): DockerServer {
  const parsed = DockerServer.safeParse(
    parse(text, { maxAliasCount: MAX_YAML_ALIASES, prettyErrors: false, logLevel: 'error' }),
  );
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${issue?.path.join('.') || 'the file'} is not as it should be (${issue?.message})`);
}

/** The target for an entry; `tools` is what its `tools.json` declares. `source` is the id of the source. */
export function dockerTarget(server: DockerServer, tools: readonly unknown[], source: string): SourcedTarget {
  const declared = (tools.length > 0 ? tools : server.tools).map(wireTool);
  const origin: Origin = { source, ref: server.name };
  const found = server.type === 'remote' ? remoteEntry(server, origin) : imageEntry(server, origin);
  if (declared.length === 0) return found;
  return withListing(found.target, { provenance: 'declared', tools: declared });
}

function remoteEntry({ name, remote }: DockerServer, origin: Origin): SourcedTarget {
  const headers = remote?.headers ?? {};
  const url = URL.parse(remote?.url ?? '');
  if (!url || !/^https?:$/.test(url.protocol)) {
    const target = bareTarget(`${origin.source}:${name}`, name, origin);
    return withFailure(
      target,
      'not-found',
      `has an address that is not one of the web: ${quote(remote?.url ?? '')}`,
    );
  }
  const target = httpTarget(url.href, Object.keys(headers), origin);
  const needs = [remote?.url ?? '', ...Object.values(headers)].flatMap(places);
  if (needs.length > 0) return withNeeds(target, needs);
  return { target, ...(Object.keys(headers).length > 0 && { headers }) };
}

function imageEntry(server: DockerServer, origin: Origin): SourcedTarget {
  const { name, type, run, config, image = `mcp/${name}` } = server;
  if (type === 'poci' || !isImage(image)) {
    const target = bareTarget(`${origin.source}:${name}`, name, origin);
    return type === 'poci'
      ? withFailure(target, 'blocked', 'starts a container for each tool and declares none')
      : withFailure(target, 'not-found', `names no container image: ${quote(image)}`);
  }
  const envValues = fixedValues({
    ...run.env,
    ...Object.fromEntries(config.env.map((item) => [item.name, item.value ?? ''])),
  });
  const secrets = config.secrets
    .filter(({ required }) => required)
    .map((item) => item.env ?? item.name ?? 'secret');
  const needs = [...secrets, ...run.command.flatMap(places)];
  const target = (envNames: string[]): ServerTarget => imageTarget(image, run.command, envNames, origin);
  // What is not started may name what it needs; what is started gets no variable of ours.
  if (needs.length > 0) {
    const needed = secrets.filter((secret) => EnvName.safeParse(secret).success);
    return withNeeds(target([...Object.keys(envValues), ...needed]), needs);
  }
  const names = Object.keys(envValues);
  return { target: target(names), ...(names.length > 0 && { envValues }) };
}

/** The variables that need nobody to fill them in. */
function fixedValues(values: Record<string, string>): Record<string, string> {
  const fixed = Object.entries(values).filter(([name, value]) => {
    return value !== '' && places(value).length === 0 && EnvName.safeParse(name).success;
  });
  return Object.fromEntries(fixed);
}

/** The names of what a text leaves open. */
function places(text: string): string[] {
  return [...text.matchAll(PLACE)].map(([, setting, variable]) => setting ?? variable ?? '');
}

/** An entry of `tools.json` as `tools/list` would have it; what is no object stays as it is, to be rejected later. */
function wireTool(entry: unknown): unknown {
  if (!isObject(entry)) return entry;
  const { arguments: named, parameters, container: _, ...tool } = entry;
  if (isObject(tool.inputSchema)) return tool;
  if (isObject(parameters)) return { ...tool, inputSchema: parameters };
  if (!Array.isArray(named)) return tool;
  const properties = named.filter(isObject).flatMap(({ name, desc, optional: _optional, ...schema }) => {
    if (typeof name !== 'string') return [];
    return [[name, { ...schema, ...(typeof desc === 'string' && { description: desc }) }] as const];
  });
  return { ...tool, inputSchema: { type: 'object', properties: Object.fromEntries(properties) } };
}
