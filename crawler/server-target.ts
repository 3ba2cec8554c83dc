import { pythonId } from './command-words.ts';
import type { Origin, ServerTarget } from './contract.ts';
import { httpTarget, npmTarget } from './identity.ts';
import { imageTarget, isImage } from './oci.ts';
import { parsePackageSpec } from './package-spec.ts';
import { screenUrl } from './secrets.ts';
import { fillArguments, fillNamed, fillPlaces, ownVariables } from './server-input.ts';
import type { Argument, Package, Remote, ServerJson } from './server-json.ts';
import type { SourceDeps, SourcedTarget } from './source.ts';
import { quote } from './text.ts';
import { bareTarget, withFailure, withNeeds } from './unstarted.ts';

/** What a user may have said about variables: the names that servers get, and our environment. */
type Given = Pick<SourceDeps, 'envNames' | 'environment'>;

/** How the packages of one registry are run, if they are. */
interface PackageKind {
  title: string;
  target(
    id: string,
    pack: Package,
    args: string[],
    envNames: string[],
    origin: Origin,
  ): ServerTarget | undefined;
  /** Arguments of the runtime that change nothing about what is run; the package itself may be among them, too. */
  plain?: RegExp;
  /** What the address of the registry has in it; a package of another one is not what the runtime would fetch. */
  home?: RegExp;
  /** Why it is not run here. */
  refused?: string;
}

const VERSION = /^\w[\w.+!-]*$/;

const KINDS: Readonly<Record<string, PackageKind>> = {
  npm: {
    title: 'npm package',
    plain: /^(?:-y|--yes|-q|--quiet)$/,
    home: /(?:^|\.)npm[a-z]*\.org$/,
    target(id, { version }, args, envNames, origin) {
      const spec = parsePackageSpec(version === undefined || id.includes('@', 1) ? id : `${id}@${version}`);
      return spec && npmTarget(spec, args, envNames, origin);
    },
  },
  pypi: { title: 'Python package', plain: /^(?:-q|--quiet)$/, home: /pypi/, target: pythonTarget },
  oci: {
    title: 'container image',
    plain: /^(?:run|-i|--interactive|-it?|--rm|--init|docker)$/,
    target(id, pack, args, envNames, origin) {
      const image = imageReference(id, pack);
      return isImage(image) ? imageTarget(image, args, envNames, origin) : undefined;
    },
  },
  mcpb: refusedKind('MCP bundle', 'is published as an MCP bundle, which only a desktop client unpacks'),
  nuget: refusedKind('NuGet package', 'is published as a NuGet package, which needs the .NET runtime'),
  cargo: refusedKind('crate', 'is published as a crate, which would have to be compiled'),
};

/** Other names of the same. */
const ALIASES: Readonly<Record<string, string>> = { docker: 'oci', pip: 'pypi', crates: 'cargo' };

/**
 * The one target for a server of a registry: a remote that needs nothing; else a package that can be started, npm
 * before the others; else what is nearest to that, with the reason why it cannot be listed.
 */
export function serverTarget(server: ServerJson, source: string, given: Given): SourcedTarget {
  const origin: Origin = {
    source,
    ref: server.name,
    ...(server.version !== undefined && { version: server.version }),
  };
  const remotes = server.remotes
    // The newer transport first; the sort is stable.
    .toSorted((a, b) => Number(b.type.startsWith('stream')) - Number(a.type.startsWith('stream')))
    .map((remote) => remoteTarget(remote, origin));
  const packages = server.packages
    .toSorted((a, b) => kindRank(a) - kindRank(b))
    .map((pack) => packageTarget(pack, origin, given));
  const candidates = [...remotes, ...packages];
  const starts = candidates.find(({ failure }) => failure === undefined);
  const npm = packages.find(({ target }) => target.id.startsWith('npm:'));
  const configurable = candidates.find(({ failure }) => failure?.code === 'needs-configuration');
  return starts ?? npm ?? configurable ?? candidates[0] ?? nowhere(origin);
}

function nowhere(origin: Origin): SourcedTarget {
  const target = bareTarget(`${origin.source}:${origin.ref}`, origin.ref, origin);
  return withFailure(target, 'not-found', 'is registered with neither a package nor an address');
}

function remoteTarget(remote: Remote, origin: Origin): SourcedTarget {
  const address = fillPlaces(remote.url, remote.variables, 'missing');
  const headers = fillNamed(remote.headers);
  const names = Object.keys(headers.filled);
  const url = URL.parse(address.value);
  if (!url || !/^https?:$/.test(url.protocol)) {
    const target = bareTarget(`${origin.source}:${origin.ref}`, origin.ref, origin);
    if (address.missing.length > 0) return withNeeds(target, address.missing);
    return withFailure(
      target,
      'not-found',
      `has an address that is not one of the web: ${quote(address.value)}`,
    );
  }
  const target = httpTarget(url.href, names, origin);
  const needs = [...address.missing, ...headers.needs];
  if (needs.length > 0) return withNeeds(target, needs);
  return { target, ...(names.length > 0 && { headers: headers.filled }) };
}

function packageTarget(pack: Package, origin: Origin, given: Given): SourcedTarget {
  const kind = KINDS[kindOf(pack)];
  const unknown = bareTarget(`${origin.source}:${origin.ref}`, origin.ref, origin);
  if (kind === undefined) {
    return withFailure(
      unknown,
      'blocked',
      `is published as ${quote(pack.registryType)}, which is not run here`,
    );
  }
  const variables = ownVariables(pack.environmentVariables);
  const passed = variables
    .map(({ name }) => name)
    .filter((name) => given.envNames.includes(name) && given.environment[name] !== undefined);
  const args = fillArguments(pack.packageArguments);
  const env = fillNamed(variables.filter(({ name }) => !passed.includes(name)));
  const envNames = [...passed, ...Object.keys(env.filled)];
  const target = kind.target(pack.identifier, pack, args.filled, envNames, origin);
  if (target === undefined) {
    return withFailure(unknown, 'not-found', `names no ${kind.title}: ${quote(pack.identifier)}`);
  }
  const refused = refusal(kind, pack);
  if (refused !== undefined) return withFailure(target, 'blocked', refused);
  const needs = [...args.needs, ...env.needs];
  if (needs.length > 0) return withNeeds(target, needs);
  return { target, ...(Object.keys(env.filled).length > 0 && { envValues: env.filled }) };
}

/** Why a package is not run, although it could be named. */
function refusal(kind: PackageKind, pack: Package): string | undefined {
  if (kind.refused !== undefined) return kind.refused;
  if (pack.transport !== 'stdio') {
    return `listens at an address of its own (${quote(pack.transport)}), and only servers over stdio are started`;
  }
  const base = URL.parse(pack.registryBaseUrl ?? '');
  if (base && kind.home && !kind.home.test(base.hostname)) {
    return `is in a package registry of its own, at ${quote(base.host)}`;
  }
  const odd = oddArguments(kind, pack);
  return odd.length > 0 ? `asks its runtime for more than to run it: ${quote(odd.join(' '))}` : undefined;
}

/**
 * What the runtime is to be told beyond running the package. It could mount this machine's files or run another
 * program under the package's name, so that only what changes nothing is let through, and then left out.
 */
function oddArguments(kind: PackageKind, pack: Package): string[] {
  const named = [
    pack.identifier,
    `${pack.identifier}@${pack.version}`,
    `${pack.identifier}==${pack.version}`,
  ];
  const variables = pack.environmentVariables.map(({ name }) => name);
  return pack.runtimeArguments
    .filter((argument) => !isVariableOption(argument, variables))
    .flatMap((argument) => fillArguments([{ ...argument, isRequired: false }]).filled)
    .filter((word) => !kind.plain?.test(word) && !named.includes(word));
}

/** `-e NAME` or `-e NAME=…` for docker, of a variable that the package has; we write these ourselves. */
function isVariableOption({ name, value = '' }: Argument, variables: readonly string[]): boolean {
  return /^(?:-e|--env)$/.test(name ?? '') && variables.includes(value.split('=')[0] ?? '');
}

/** The reference of an image; older entries have its registry and its tag in fields of their own. */
function imageReference(id: string, { version, registryBaseUrl }: Package): string {
  const host = URL.parse(registryBaseUrl ?? '')?.host ?? '';
  const first = id.split('/')[0] ?? '';
  const placed = host === '' || host.includes('docker') || /[.:]/.test(first) ? id : `${host}/${id}`;
  const tagged = /:[\w.-]+$|@sha256:/.test(id);
  return tagged || version === undefined ? placed : `${placed}:${version}`;
}

function pythonTarget(
  id: string,
  { version }: Package,
  args: string[],
  envNames: string[],
  origin: Origin,
): ServerTarget | undefined {
  if (!/^[a-z0-9](?:[\w.-]*[a-z0-9])?$/i.test(id)) return undefined;
  const exact = version !== undefined && VERSION.test(version);
  return {
    id: pythonId(id),
    label: id,
    transport: {
      kind: 'stdio',
      command: 'uvx',
      args: [exact ? `${id}@${version}` : id, ...args],
      envNames: envNames.toSorted(),
    },
    origin: { ...origin, ...(exact && { version }) },
  };
}

function refusedKind(title: string, refused: string): PackageKind {
  return {
    title,
    refused,
    target: (id, pack, _args, _envNames, origin) =>
      id === '' ? undefined : bareTarget(`${kindOf(pack)}:${screenUrl(id)}`, origin.ref, origin),
  };
}

function kindOf({ registryType }: Package): string {
  const kind = ALIASES[registryType] ?? registryType;
  return Object.hasOwn(KINDS, kind) ? kind : '';
}

function kindRank(pack: Package): number {
  const at = Object.keys(KINDS).indexOf(kindOf(pack));
  return at < 0 ? Object.keys(KINDS).length : at;
}
