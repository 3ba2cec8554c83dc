import { screenArgs, screenUrl } from './secrets.ts';

/** What makes a server the same server wherever it is found. Pure, so that a browser can ask it, too. */

const SCRIPT_FILE = /\.(?:[cm]?[jt]s|py|rb|sh|jar|exe|dll|json|ya?ml|toml)$/i;

/** Whether a word of a command line means something else in another folder. */
export function isRelativePath(word: string): boolean {
  if (/^(?:[\\/~@]|[A-Za-z]:[\\/]|[a-z][a-z0-9+.-]*:\/\/)/i.test(word)) return false;
  return /^\.{1,2}(?:[\\/]|$)/.test(word) || SCRIPT_FILE.test(word);
}

/** A command line as far as it says which server it starts. */
interface Command {
  command: string;
  args: readonly string[];
  /** The folder it runs in. */
  cwd: string | undefined;
}

/**
 * What the id of a command is made from: its screened words, to which the folder belongs when a word is a path
 * relative to it.
 */
export function commandText({ command, args, cwd }: Command): string {
  const words = [command, ...screenArgs(args)];
  const place = cwd !== undefined && words.some(isRelativePath) ? [cwd] : [];
  return JSON.stringify([...words, ...place]);
}

/** The id of a command that no package stands for, from its label and the SHA-256 of its text in hex. */
export function commandId(label: string, hash: string): string {
  return `command:${label}-${hash.slice(0, 8)}`;
}

/** The id of a Python package, whose name is compared as PyPI does. */
export function pythonId(name: string): string {
  return `pypi:${name.toLowerCase().replaceAll(/[-_.]+/g, '-')}`;
}

/** The URL without user, password and fragment. Throws a TypeError when it is none. */
export function plainUrl(url: string): URL {
  const parsed = new URL(url);
  parsed.username = '';
  parsed.password = '';
  parsed.hash = '';
  return parsed;
}

/** The id of a server at an address: the URL without anything secret. Throws a TypeError when it is none. */
export function addressId(url: string): string {
  return screenUrl(plainUrl(url).href);
}
