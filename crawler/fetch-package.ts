import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { npmFault } from './diagnose.ts';
import { type CrawlFault, crawlFault } from './fault.ts';
import { PACKAGE_FETCH_MS } from './limits.ts';
import { type LocalPackage, packageIn } from './local-package.ts';
import { formatPackageSpec, type PackageSpec } from './package-spec.ts';
import { commandLaunch } from './resolve.ts';
import { type CommandEnd, runCommand } from './run-command.ts';

export interface FetchDeps {
  /** Folder that keeps fetched packages, one folder a version. */
  cache: string;
  /** The user's own environment: npm reads their registry, login and proxy. */
  environment: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
  /** Whether the package and what it depends on may run their install scripts, unisolated. */
  installScripts: boolean;
  signal: AbortSignal;
}

/** A version as npm writes it, which is safe in the name of a folder. */
const VERSION = /^\d+\.\d+\.\d+[\w.+-]*$/;

/**
 * Fetches a package with all that it depends on, or finds the exact version fetched before. This needs the network
 * and runs no code of the package, unless install scripts are allowed. Rejects with a fault of phase `resolve` when
 * the package does not exist, may not be read, cannot be reached or has nothing to start; when it settles, npm has
 * ended.
 */
export async function fetchPackage(spec: PackageSpec, deps: FetchDeps): Promise<LocalPackage> {
  const kept = spec.version === undefined ? undefined : fetched({ ...spec, version: spec.version }, deps);
  if (kept) return kept;
  await mkdir(deps.cache, { recursive: true });
  const staging = await mkdtemp(join(deps.cache, '.fetch-'));
  try {
    const end = await install(spec, staging, deps);
    if (end.how !== 'exit' || end.code !== 0) throw fetchFault(end);
    const found = packageIn(staging, { name: spec.name, version: undefined });
    if (!found || !VERSION.test(found.version)) {
      throw crawlFault('not-found', 'is a package with no program to run as a server', { phase: 'resolve' });
    }
    const exact = { name: spec.name, version: found.version };
    // Another crawl may have been faster; then its copy is used, which nobody changes any more.
    await rename(staging, folderOf(exact, deps)).catch(() => {});
    const moved = fetched(exact, deps);
    if (!moved) throw new Error(`the fetched package did not get into ${deps.cache}`);
    return moved;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

function fetched(spec: PackageSpec & { version: string }, deps: FetchDeps): LocalPackage | undefined {
  if (!VERSION.test(spec.version)) return undefined;
  return packageIn(folderOf(spec, deps), spec);
}

/** What was installed with scripts may differ from what was installed without. */
function folderOf({ name, version }: PackageSpec, { cache, installScripts }: FetchDeps): string {
  const plain = `${name.replace('/', '+')}@${version}`;
  return join(cache, installScripts ? `${plain}+scripts` : plain);
}

async function install(spec: PackageSpec, prefix: string, deps: FetchDeps): Promise<CommandEnd> {
  const { environment, platform, installScripts, signal } = deps;
  const scripts = installScripts ? '--ignore-scripts=false' : '--ignore-scripts';
  const quiet = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--no-update-notifier'];
  const args = ['install', scripts, ...quiet, '--no-global', '--prefix', prefix, formatPackageSpec(spec)];
  const launch = commandLaunch('npm', args, { cwd: prefix, environment, platform });
  return runCommand({ ...launch, env: setVariables(environment) }, { timeoutMs: PACKAGE_FETCH_MS, signal });
}

function fetchFault({ how, stderr, stdout }: CommandEnd): CrawlFault {
  const phase = 'resolve';
  if (how === 'stopped') return crawlFault('aborted', 'was not fetched', { phase });
  if (how === 'timeout') {
    const message = `was not fetched from the package registry within ${PACKAGE_FETCH_MS / 1000} s`;
    return crawlFault('timeout', message, { phase, detail: stderr });
  }
  const known = npmFault(stderr);
  if (known) return known;
  return crawlFault('not-found', 'could not be installed by npm', { phase, detail: stderr || stdout });
}

function setVariables(environment: FetchDeps['environment']): Record<string, string> {
  const entries = Object.entries(environment).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
  return Object.fromEntries(entries);
}
