import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path';
import type { View } from './types.ts';

/** Programs whose first argument that is a file is the server itself. */
const INTERPRETER = /^(?:node|nodejs|bun|deno|tsx|ts-node|python[\d.]*|ruby|php|perl|java|bash|sh)$/;

/** What a project has in its folder. */
const PROJECT_FILES = ['package.json', 'pyproject.toml', 'pyvenv.cfg', 'Gemfile', 'composer.json'];

/** Folders that say too much of the machine, whatever is started in them. */
const TOO_WIDE = new Set(['/', '/home', '/root', '/Users', '/etc', '/var', '/run', '/proc', '/sys', '/dev']);

/** Folders that a sandbox has of its own. */
const OWN = /^\/(?:usr|bin|sbin|lib\w*|etc|proc|dev|sys)(?:\/|$)/;

/**
 * What a command needs to see: its file with the project that it belongs to, the script that an interpreter is given,
 * likewise, and the folder in which it runs. Other files that its arguments name stay hidden, because the arguments
 * may be a stranger's.
 */
export function commandView(
  { command }: { command: string },
  args: readonly string[],
  cwd: string,
  home: string | undefined,
): View {
  const script = INTERPRETER.test(basename(command))
    ? args.map((arg) => resolve(cwd, arg)).find(isFile)
    : undefined;
  const files = [command, ...(script === undefined ? [] : [script])];
  const folder = folderView(cwd, home);
  return {
    readable: [...folder.readable, ...files.flatMap((file) => withProject(file, home))],
    empty: [...folder.empty, ...namedFolders(args)],
  };
}

/** A folder as it is; as an empty one where seeing it would be seeing the user's home. */
export function folderView(folder: string, home: string | undefined): View {
  return isTooWide(folder, home)
    ? { readable: [], empty: hidden([folder]) }
    : { readable: [folder], empty: [] };
}

/** The folders that arguments name. A server may insist on them, and what is in them is none of its business. */
export function namedFolders(args: readonly string[]): string[] {
  return hidden(args.filter((arg) => isAbsolute(arg) && isFolder(arg)).map((arg) => resolve(arg)));
}

function hidden(folders: readonly string[]): string[] {
  return folders.filter((folder) => folder !== '/' && !OWN.test(folder));
}

/** A file with the project around it, by its own path and by the one that links lead to. */
function withProject(file: string, home: string | undefined): string[] {
  const places = [...new Set([file, realpathSync(file)])];
  return places.flatMap((place) => {
    const folders = above(place).filter((folder) => !isTooWide(folder, home));
    const project = folders.find((folder) => PROJECT_FILES.some((name) => existsSync(join(folder, name))));
    const modules = above(place)
      .map((folder) => join(folder, 'node_modules'))
      .filter(isFolder);
    // Programs that npm installs for a whole user are links from bin into lib.
    const global = join(dirname(dirname(place)), 'lib', 'node_modules');
    return [
      place,
      ...(project === undefined ? [] : [project]),
      ...modules,
      ...(isFolder(global) ? [dirname(place), global] : []),
    ];
  });
}

function above(path: string): string[] {
  const folder = dirname(path);
  return folder === path ? [] : [folder, ...above(folder)];
}

function isTooWide(folder: string, home: string | undefined): boolean {
  return TOO_WIDE.has(folder) || (home !== undefined && `${home}${sep}`.startsWith(`${folder}${sep}`));
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
