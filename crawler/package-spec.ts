/** An npm package as it is named on a command line. */
export interface PackageSpec {
  name: string;
  /** A version, tag or range; undefined when none is named. */
  version: string | undefined;
}

const SPEC = /^((?:@[a-z0-9~_][a-z0-9._~-]*\/)?[a-z0-9~_][a-z0-9._~-]*)(?:@([\w.+~^<>=*|-]+))?$/i;

/** Options of npx that change nothing about what is run. */
const PLAIN_NPX_OPTIONS = new Set(['-y', '--yes', '-q', '--quiet']);

/** Reads `name`, `name@version` or `@scope/name@version`; undefined for a path, a URL or a git address. */
export function parsePackageSpec(text: string): PackageSpec | undefined {
  const [, name, version] = SPEC.exec(text) ?? [];
  return name === undefined ? undefined : { name, version };
}

/** The opposite of `parsePackageSpec`. */
export function formatPackageSpec({ name, version }: PackageSpec): string {
  return version === undefined ? name : `${name}@${version}`;
}

/** An npx command line taken apart. */
export interface NpxCall {
  spec: PackageSpec;
  /** What the server itself gets. */
  args: string[];
}

/**
 * Reads the command line of a server that npx runs, also through `cmd /c` as configurations on Windows have it.
 * Undefined for any other command and for npx with options that decide what is run.
 */
export function parseNpxCall(command: string, args: readonly string[]): NpxCall | undefined {
  if (
    /(?:^|[\\/])cmd(?:\.exe)?$/i.test(command) &&
    args[0]?.toLowerCase() === '/c' &&
    args[1] !== undefined
  ) {
    return parseNpxCall(args[1], args.slice(2));
  }
  if (!/(?:^|[\\/])npx(?:\.cmd)?$/i.test(command)) return undefined;
  const at = args.findIndex((arg) => !PLAIN_NPX_OPTIONS.has(arg));
  const spec = parsePackageSpec(args[at] ?? '');
  if (spec === undefined) return undefined;
  return { spec, args: args.slice(at + 1) };
}

/** The command line, free of anything about this machine, that runs a package's server. */
export function npxCommand(spec: PackageSpec, args: readonly string[]): { command: string; args: string[] } {
  return { command: 'npx', args: ['-y', formatPackageSpec(spec), ...args] };
}
