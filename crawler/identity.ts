import { createHash } from 'node:crypto';
import { addressId, commandId, commandText, plainUrl } from './command-words.ts';
import type { HttpTransport, Origin, ServerTarget, StdioTransport } from './contract.ts';
import { formatPackageSpec, npxCommand, type PackageSpec, parseNpxCall } from './package-spec.ts';
import { screenArgs } from './secrets.ts';

/** Programs whose first plain argument says more than their own name. */
const RUNNERS = /^(?:node|python[\d.]*|py|uvx|uv|pipx|bunx?|deno|tsx|ruby|java|dotnet|sh|bash|env)$/;

/** Options of those programs that are followed by code, which is no name. */
const INLINE_CODE = /^(?:-e|-c|-p|--eval|--print)$/;

/** A command line as a source found it. */
export interface CommandLine {
  command: string;
  args: readonly string[];
  envNames: readonly string[];
  /** The folder it runs in; undefined for a package's server that does not care. */
  cwd: string | undefined;
  /** What people call it; taken from the command line if left out. */
  label?: string;
}

/** The target for a package of the npm registry: it is the same server wherever it was found. */
export function npmTarget(
  spec: PackageSpec,
  args: readonly string[],
  envNames: readonly string[],
  origin: Origin,
  cwd?: string,
): ServerTarget {
  const exact = spec.version !== undefined && /^\d/.test(spec.version);
  return {
    id: `npm:${spec.name}`,
    label: spec.name,
    transport: {
      kind: 'stdio',
      ...npxCommand(spec, args),
      envNames: [...envNames].sort(),
      ...(cwd !== undefined && { cwd }),
    },
    origin: { ...origin, ...(exact && spec.version !== undefined && { version: spec.version }) },
  };
}

/** The target for an HTTP server; its identity is the URL without anything secret. */
export function httpTarget(url: string, headerNames: readonly string[], origin: Origin): ServerTarget {
  const parsed = plainUrl(url);
  const shown = addressId(url);
  const transport: HttpTransport = { kind: 'http', url: parsed.href, headerNames: [...headerNames].sort() };
  return { id: shown, label: shown.replace(/^https?:\/\//, '').replace(/\/$/, ''), transport, origin };
}

/**
 * The target for a command line. One that lets npx run a package is that package's server; any other is known by its
 * label and a hash of its screened words, to which the folder belongs when a word is a path relative to it.
 */
export function commandTarget(line: CommandLine, origin: Origin): ServerTarget {
  const { command, args, cwd } = line;
  const npx = parseNpxCall(command, args);
  if (npx) return npmTarget(npx.spec, npx.args, line.envNames, origin, cwd);
  const label = line.label ?? commandLabel(command, args);
  const hash = createHash('sha256').update(commandText(line)).digest('hex');
  const transport: StdioTransport = {
    kind: 'stdio',
    command,
    args: [...args],
    envNames: [...line.envNames].sort(),
    ...(cwd !== undefined && { cwd }),
  };
  return { id: commandId(label, hash), label, transport, origin };
}

/** A command line as it may be shown. */
export function describeCommand(command: string, args: readonly string[]): string {
  const npx = parseNpxCall(command, args);
  if (npx) return `npx ${[formatPackageSpec(npx.spec), ...screenArgs(npx.args)].join(' ')}`;
  return [command, ...screenArgs(args)].join(' ');
}

function commandLabel(command: string, args: readonly string[]): string {
  const program = baseName(command);
  const named =
    RUNNERS.test(program) && !args.some((arg) => INLINE_CODE.test(arg))
      ? screenArgs(args).find((arg) => !arg.startsWith('-') && arg !== 'run' && arg !== 'tool')
      : undefined;
  return named === undefined ? program : baseName(named);
}

function baseName(path: string): string {
  const name = path.split(/[\\/]/).findLast((part) => part !== '') ?? path;
  return name.replace(/\.(?:exe|cmd|bat)$/i, '');
}
