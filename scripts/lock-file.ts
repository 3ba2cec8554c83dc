/**
 * A registry that mirrors only some platforms leaves the other platforms' optional packages out of the lock file, and
 * `npm ci` then refuses it everywhere. This puts them back, as npm itself records a package that it need not fetch.
 */

interface LockedPackage {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  cpu?: string[];
  os?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

interface LockFile {
  packages: Record<string, LockedPackage>;
}

/** The lock file with every optional package that one of its packages names in an exact version, sorted. */
export function completeLock(lock: LockFile): { lock: LockFile; added: string[] } {
  const missing = missingOptionals(lock);
  const packages = Object.entries({ ...lock.packages, ...Object.fromEntries(missing) });
  packages.sort(([a], [b]) => (a === '' || b === '' ? a.length - b.length : a.localeCompare(b, 'en')));
  return { lock: { ...lock, packages: Object.fromEntries(packages) }, added: missing.map(([path]) => path) };
}

function missingOptionals({ packages }: LockFile): [path: string, entry: LockedPackage][] {
  return Object.entries(packages).flatMap(([parent, { dev, optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !isLocked(packages, parent, name))
      .flatMap(([name, version]): [string, LockedPackage][] => {
        const platform = platformOf(name);
        if (platform === undefined || !/^\d/.test(version)) return [];
        return [[`node_modules/${name}`, { version, ...platform, ...(dev && { dev }), optional: true }]];
      }),
  );
}

/** Whether a package that stands in `parent` finds the one called `name`: beside it or in a folder above. */
function isLocked(packages: LockFile['packages'], parent: string, name: string): boolean {
  for (let folder = parent; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (Object.hasOwn(packages, folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`))
      return true;
    if (folder === '') return false;
  }
}

const PLATFORM =
  /[-/](?<os>android|darwin|freebsd|linux|openharmony|win32)-(?<cpu>arm64|arm|ia32|ppc64|riscv64|s390x|x64)(?:-(?<abi>gnu|musl|msvc|eabi|gnueabihf|musleabihf))?$/;

/** The platform that a package's name says it is for. */
function platformOf(name: string): Pick<LockedPackage, 'cpu' | 'os' | 'libc'> | undefined {
  const { os, cpu, abi } = PLATFORM.exec(name)?.groups ?? {};
  if (os === undefined || cpu === undefined) return undefined;
  const libc = abi?.startsWith('gnu') ? ['glibc'] : abi?.startsWith('musl') ? ['musl'] : undefined;
  return { cpu: [cpu], ...(libc && { libc }), os: [os] };
}
