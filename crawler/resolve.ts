import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, resolve as resolvePath } from 'node:path';
import process from 'node:process';
import type { StdioTransport } from './contract.ts';
import { crawlFault } from './fault.ts';
import { findLocalPackage, type LocalPackage } from './local-package.ts';
import { type NpxCall, type PackageSpec, parseNpxCall } from './package-spec.ts';
import type { View } from './sandbox/types.ts';
import { commandView, folderView, namedFolders } from './sandbox/view.ts';
import { quote } from './text.ts';

/** What is really started for a target, in terms of this machine. */
export interface ResolvedCommand {
  command: string;
  args: string[];
  cwd: string;
  /** What it needs to see of this machine. */
  view: View;
  /** The package's version, when an installed one is used. */
  version?: string;
  /** What the server itself gets; for a package without the words that name it. */
  serverArgs: string[];
  verbatim?: boolean;
}

/** Where commands are looked for. */
export type CommandContext = Pick<ResolveContext, 'cwd' | 'environment' | 'platform'>;

export interface ResolveContext {
  /** Where the user is: relative commands and local packages are looked for from here. */
  cwd: string;
  /** The folder in which a package's server runs. */
  scratch: string;
  environment: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
  /** Folders above which installed packages are looked for. */
  packageRoots: readonly string[];
  /** Gets a package that is not installed here. Rejects with a fault. */
  fetchPackage(spec: PackageSpec): Promise<LocalPackage>;
}

/**
 * Finds what a stdio target stands for. A package is run from its file, which is fetched when it is not installed
 * here; any other command is looked up on PATH. Rejects with a fault of phase `resolve` when there is no such command,
 * folder or package.
 */
export async function resolveCommand(
  transport: StdioTransport,
  context: ResolveContext,
): Promise<ResolvedCommand> {
  const npx = parseNpxCall(transport.command, transport.args);
  const cwd = transport.cwd ?? (npx ? context.scratch : context.cwd);
  if (!isFolder(cwd)) {
    throw crawlFault('not-found', `is to run in the folder ${quote(cwd)}, which does not exist`, {
      phase: 'resolve',
    });
  }
  if (npx) return resolvePackage(npx, cwd, context);
  const launch = commandLaunch(transport.command, transport.args, { ...context, cwd });
  const home = homeOf(context);
  return { ...launch, view: commandView(launch, transport.args, cwd, home), serverArgs: [...transport.args] };
}

/** What starts a command that is looked up on PATH. Throws a fault of phase `resolve` when there is none. */
export function commandLaunch(command: string, args: readonly string[], context: CommandContext) {
  const file = findCommand(command, context.cwd, context);
  if (file === undefined) {
    const message = `needs the command ${quote(command)}, which is not ${missingFrom(command)}`;
    throw crawlFault('not-found', message, { phase: 'resolve' });
  }
  const call = isBatchFile(file) ? batchCall(file, args, context) : { command: file, args: [...args] };
  return { ...call, cwd: context.cwd };
}

/** The file that a command name stands for on this PATH; undefined when there is none. */
export function findCommand(
  command: string,
  cwd: string,
  { environment, platform }: Omit<CommandContext, 'cwd'>,
): string | undefined {
  const windows = platform === 'win32';
  const path = environment.PATH ?? environment.Path ?? '';
  const endings = windows ? ['', ...(environment.PATHEXT ?? '.COM;.EXE;.BAT;.CMD').split(';')] : [''];
  const folders = /[\\/]/.test(command) ? [''] : path.split(delimiter).filter((folder) => folder !== '');
  return folders
    .flatMap((folder) => endings.map((ending) => resolvePath(cwd, folder, command + ending)))
    .find((file) => isExecutable(file, windows));
}

async function resolvePackage(npx: NpxCall, cwd: string, context: ResolveContext): Promise<ResolvedCommand> {
  const found = findLocalPackage(npx.spec, context.packageRoots) ?? (await context.fetchPackage(npx.spec));
  const own = cwd === context.scratch ? { readable: [], empty: [] } : folderView(cwd, homeOf(context));
  return {
    command: found.script ? process.execPath : found.file,
    args: found.script ? [found.file, ...npx.args] : npx.args,
    cwd,
    view: {
      readable: [...found.folders, ...own.readable],
      empty: [...own.empty, ...namedFolders(npx.args)],
    },
    version: found.version,
    serverArgs: npx.args,
  };
}

function homeOf({ environment, platform }: ResolveContext): string | undefined {
  return platform === 'win32' ? environment.USERPROFILE : environment.HOME;
}

function missingFrom(command: string): string {
  if (isAbsolute(command) || /[\\/]/.test(command)) return 'there or not executable';
  if (command === 'npx' || command === 'npm') return 'on PATH: install Node.js with npm';
  return 'on PATH: install it or give its full path';
}

function isExecutable(file: string, windows: boolean): boolean {
  try {
    if (!statSync(file).isFile()) return false;
    accessSync(file, windows ? constants.F_OK : constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isBatchFile(file: string): boolean {
  return /\.(?:cmd|bat)$/i.test(file);
}

/** Node does not start batch files: npm.cmd is replaced by the script that it calls, others go through cmd.exe. */
function batchCall(file: string, args: readonly string[], { environment }: CommandContext) {
  const [, name] = /(npm|npx)\.cmd$/i.exec(file) ?? [];
  const script = join(dirname(file), 'node_modules', 'npm', 'bin', `${name?.toLowerCase()}-cli.js`);
  if (name !== undefined && statSync(script, { throwIfNoEntry: false })) {
    return { command: process.execPath, args: [script, ...args] };
  }
  const line = [file, ...args].map((word) => `"${word.replaceAll('"', '""')}"`).join(' ');
  return { command: environment.ComSpec ?? 'cmd.exe', args: ['/d', '/s', '/c', `"${line}"`], verbatim: true };
}
