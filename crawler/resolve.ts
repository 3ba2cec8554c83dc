import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, resolve as resolvePath } from 'node:path';
import process from 'node:process';
import type { StdioTransport } from './contract.ts';
import { crawlFault } from './fault.ts';
import { findLocalPackage } from './local-package.ts';
import { type NpxCall, npxCommand, parseNpxCall } from './package-spec.ts';
import { quote } from './text.ts';

/** What is really started for a target, in terms of this machine. */
export interface ResolvedCommand {
  command: string;
  args: string[];
  cwd: string;
  /** Whether npx is what is started, so that it needs the user's package cache. */
  npx: boolean;
  /** The package's version, when an installed one is used. */
  version?: string;
  /** What the server itself gets; for a package without the words that name it. */
  serverArgs: string[];
  verbatim?: boolean;
}

export interface ResolveContext {
  /** Where the user is: relative commands and local packages are looked for from here. */
  cwd: string;
  /** The folder in which a package's server runs. */
  scratch: string;
  environment: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
  /** Folders above which installed packages are looked for. */
  packageRoots: readonly string[];
}

/**
 * Finds what a stdio target stands for. A package that is installed here is run from its file, another one by npx;
 * any other command is looked up on PATH. Throws a fault of phase `resolve` when there is no such command or folder.
 */
export function resolveCommand(transport: StdioTransport, context: ResolveContext): ResolvedCommand {
  const npx = parseNpxCall(transport.command, transport.args);
  const cwd = transport.cwd ?? (npx ? context.scratch : context.cwd);
  if (!isFolder(cwd)) {
    throw crawlFault('not-found', `is to run in the folder ${quote(cwd)}, which does not exist`, {
      phase: 'resolve',
    });
  }
  const local = npx && resolveLocal(npx, cwd, context);
  if (local) return local;

  const { command, args } = npx ? npxCommand(npx.spec, npx.args) : transport;
  const file = findCommand(command, cwd, context);
  if (file === undefined) {
    throw crawlFault(
      'not-found',
      `needs the command ${quote(command)}, which is not ${missingFrom(command)}`,
      {
        phase: 'resolve',
      },
    );
  }
  return {
    ...(isBatchFile(file) ? batchCall(file, args, context) : { command: file, args: [...args] }),
    cwd,
    npx: npx !== undefined,
    serverArgs: npx ? npx.args : [...transport.args],
  };
}

/** The file that a command name stands for on this PATH; undefined when there is none. */
function findCommand(
  command: string,
  cwd: string,
  { environment, platform }: Pick<ResolveContext, 'environment' | 'platform'>,
): string | undefined {
  const windows = platform === 'win32';
  const path = environment.PATH ?? environment.Path ?? '';
  const endings = windows ? ['', ...(environment.PATHEXT ?? '.COM;.EXE;.BAT;.CMD').split(';')] : [''];
  const folders = /[\\/]/.test(command) ? [''] : path.split(delimiter).filter((folder) => folder !== '');
  return folders
    .flatMap((folder) => endings.map((ending) => resolvePath(cwd, folder, command + ending)))
    .find((file) => isExecutable(file, windows));
}

function resolveLocal(npx: NpxCall, cwd: string, context: ResolveContext): ResolvedCommand | undefined {
  const found = findLocalPackage(npx.spec, context.packageRoots);
  if (!found) return undefined;
  return {
    command: found.script ? process.execPath : found.file,
    args: found.script ? [found.file, ...npx.args] : npx.args,
    cwd,
    npx: false,
    version: found.version,
    serverArgs: npx.args,
  };
}

function missingFrom(command: string): string {
  if (isAbsolute(command) || /[\\/]/.test(command)) return 'there or not executable';
  if (command === 'npx') return 'on PATH: install Node.js with npm';
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

/** Node does not start batch files: npx.cmd is replaced by the script that it calls, others go through cmd.exe. */
function batchCall(file: string, args: readonly string[], { environment }: ResolveContext) {
  const script = join(dirname(file), 'node_modules', 'npm', 'bin', 'npx-cli.js');
  if (/npx\.cmd$/i.test(file) && statSync(script, { throwIfNoEntry: false })) {
    return { command: process.execPath, args: [script, ...args] };
  }
  const line = [file, ...args].map((word) => `"${word.replaceAll('"', '""')}"`).join(' ');
  return { command: environment.ComSpec ?? 'cmd.exe', args: ['/d', '/s', '/c', `"${line}"`], verbatim: true };
}
