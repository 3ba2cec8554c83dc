import { join } from 'node:path';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { ServerView } from '../catalogue/contract.ts';
import { usageError } from '../crawler/fault.ts';
import { source as clientConfig } from '../crawler/sources/client-config.ts';
import type { PolicyDocument } from '../policy/contract.ts';
import { explainRecommendation } from '../policy/explain.ts';
import { parsePolicy, unfilledValues } from '../policy/parse.ts';
import { PROFILES, type Profile, recommendWithReasons } from '../policy/recommend.ts';
import type { ExportedPolicy, Target } from '../policy/target.ts';
import { targets } from '../policy/targets/index.generated.ts';
import { exportPolicy, isShaped } from '../site/policy-export.ts';
import { visible } from '../site/visible.ts';
import { room } from './cells.ts';
import { findServer } from './find-server.ts';
import { type Io, write } from './io.ts';
import { sourceDeps } from './source-deps.ts';
import { wrap } from './terminal.ts';

/** A server whose policy is asked for, and the key by which the user's own configuration knows it. */
export interface WantedServer {
  server: ServerView;
  serverName: string;
}

/** One server's policy as some target has it. */
export interface ServerExport extends WantedServer, ExportedPolicy {
  /** As exported, where the text is a policy document; else what the target was given. */
  policy: PolicyDocument;
  /** Values that a person has to fill in. */
  unfilled: number;
  /** What led to each rule, as Markdown. */
  why(): string;
}

/** The target of this id. Throws a usage error that names those there are. */
export function targetOf(id: string): Target {
  const target = targets.find((each) => each.id === id);
  if (target === undefined) {
    throw usageError(`--target takes one of ${targets.map((each) => each.id).join(', ')}, not '${id}'.`);
  }
  return target;
}

/** The profile of this name. Throws a usage error that names those there are. */
export function profileOf(name: string): Profile {
  const profile = PROFILES.find((each) => each === name);
  if (profile === undefined)
    throw usageError(`--profile takes one of ${PROFILES.join(', ')}, not '${name}'.`);
  return profile;
}

/** The recommended policy of a listed server, written for a target. */
export function exportServer(wanted: WantedServer, target: Target, profile: Profile): ServerExport {
  const tools = wanted.server.tools.map(({ definition, classification }) => ({
    name: definition.name,
    description: definition.description,
    inputSchema: definition.inputSchema,
    classification,
  }));
  const shaped = isShaped(target) || profile !== 'recommended';
  const { document, reasons } = recommendWithReasons(tools, { profile, shaped });
  const names = tools.map(({ name }) => name);
  const context = { serverName: wanted.serverName, tools: names };
  const exported = exportPolicy(document, target, context);
  const written = parsePolicy(exported.text);
  return {
    ...wanted,
    ...exported,
    policy: written.ok ? written.document : document,
    unfilled: unfilledValues(JSON.stringify(document)).length,
    why: () => visible(explainRecommendation(document, reasons), { lines: true }),
  };
}

/** The servers that the user asks for. Throws a usage error when one cannot be found. */
export async function wantedServers(
  {
    references,
    all,
    clients,
    serverName,
  }: { references: readonly string[]; all: boolean; clients: boolean; serverName: string | undefined },
  catalogue: Catalogue,
  io: Io,
): Promise<WantedServer[]> {
  if (all) {
    const { servers } = await catalogue.view();
    return servers.map((server) => ({ server, serverName: server.slug }));
  }
  if (clients) return clientServers(catalogue, io);
  const server = await findServer(catalogue, references[0] ?? '');
  return [{ server, serverName: serverName ?? server.slug }];
}

/** The servers of the MCP clients on this machine, as far as the catalogue has them; it says which it has not. */
async function clientServers(catalogue: Catalogue, io: Io): Promise<WantedServer[]> {
  const warn = (message: string) => void io.stderr.stream.write(`${visible(message)}\n`);
  const deps = sourceDeps(io, { args: [], envNames: [], headers: {}, warn });
  const names = await catalogue.serverNames();
  const wanted = new Map<string, WantedServer>();
  for await (const { target } of clientConfig.targets(clientConfig.defaultRef ?? '', deps)) {
    const serverName = target.origin.ref.slice(target.origin.ref.indexOf('#') + 1);
    const slug = names.find(({ id }) => id === target.id)?.slug;
    const [server] = slug === undefined ? [] : (await catalogue.view(slug)).servers;
    if (server !== undefined) wanted.set(JSON.stringify([slug, serverName]), { server, serverName });
    else warn(`${serverName} is not in the catalogue; \`catalogue scan --clients\` adds it.`);
  }
  return [...wanted.values()];
}

/** Where each of several exports goes in a folder: one file a server, and no two alike on any file system. */
export function exportPaths(folder: string, exports: readonly ServerExport[]): string[] {
  const taken = new Set<string>();
  return exports.map(({ server, serverName, fileName }) => {
    const key = serverName === server.slug ? '' : `.${serverName.replaceAll(/[^\w-]+/g, '-').slice(0, 60)}`;
    let name = `${server.slug}${key}.${fileName}`;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${server.slug}${key}-${n}.${fileName}`;
    taken.add(name.toLowerCase());
    return join(folder, name);
  });
}

/** What a reader of the export has to know: what was lost, and what is to be filled in. */
export async function tellAbout(
  { server, losses, unfilled }: ServerExport,
  target: Target,
  io: Io,
): Promise<void> {
  const columns = room(io.stderr);
  const lines = losses.map((loss) =>
    columns === Number.POSITIVE_INFINITY ? `  ${visible(loss)}\n` : wrap(visible(loss), columns, '  '),
  );
  if (losses.length > 0)
    await write(io.stderr, `${server.slug}: ${target.title} cannot say all of it.\n${lines.join('')}`);
  if (unfilled > 0) {
    const values = unfilled === 1 ? '1 value is' : `${unfilled} values are`;
    await write(
      io.stderr,
      `${server.slug}: ${values} to be filled in (FILL IN); nothing passes there until then.\n`,
    );
  }
}
