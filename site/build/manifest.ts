import { hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { hasCode } from '../../crawler/fault.ts';
import type { ServerOutline } from '../contract.ts';

/**
 * What stands in a tree of the site: one line of JSON for each server in the order of the slugs, and one for the files
 * of the whole catalogue at the end. A build goes through the lines of the last one beside the servers of the catalogue,
 * so that memory holds none of them for long.
 */

/**
 * The files of one server by their names in its folder, or those of the whole catalogue by their paths: the hash of what
 * is in the file, and behind a blank the key of what it was made from, where that is known. One text for both, because
 * most lines are only handed on.
 */
export type Files = Record<string, string>;

/** What a file holds, and what it was made from where that is known. */
interface FileState {
  hash: string;
  key?: string;
}

export function readState(state: string): FileState {
  const [hash = '', key] = state.split(' ');
  return key === undefined ? { hash } : { hash, key };
}

export function stateText({ hash, key }: FileState): string {
  return key === undefined ? hash : `${hash} ${key}`;
}

export interface ServerLine {
  slug: string;
  /** As the catalogue names the state of the server. */
  revision: string;
  /** What else its pages are made from: the settings, and the tools like its own on other servers. */
  made: string;
  related: string;
  outline: ServerOutline;
  files: Files;
  /** A build was broken off while it wrote here: what stands in the folder is not known. */
  unknown?: true;
}

/** The files that belong to no server. No slug is like this one, and it sorts behind all of them. */
export interface RootLine {
  slug: typeof ROOT;
  files: Files;
}

export const ROOT = '~';

export type Line = ServerLine | RootLine;

/** A line as it stands in the file: what it is about, and the rest for who needs it. */
export interface StoredLine {
  slug: string;
  text: string;
}

export function isRoot(line: Line): line is RootLine {
  return line.slug === ROOT;
}

const HASH_CHARS = 16;

/** Names a text or bytes, in 16 characters: 96 bits of SHA-256. */
export function digest(contents: string | Uint8Array): string {
  return hash('sha256', contents, 'base64url').slice(0, HASH_CHARS);
}

/** One line of the file, with its end. */
export function lineText(line: Line): string {
  return `${JSON.stringify(line)}\n`;
}

/**
 * The lines of a manifest; none where there is no file. A line that was broken off at the end is left out. Lines are cut
 * at line feeds alone: `node:readline` also cuts at U+2028, which JSON leaves as it is and a server can send.
 */
export async function* readStored(path: string): AsyncGenerator<StoredLine> {
  const stream = createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 18 });
  let rest = '';
  try {
    for await (const chunk of stream) {
      const texts = `${rest}${chunk}`.split('\n');
      rest = texts.pop() ?? '';
      for (const text of texts) yield { slug: slugIn(text), text: `${text}\n` };
    }
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  } finally {
    stream.destroy();
  }
}

/** Our own writing begins with the slug, which has no character that JSON escapes. */
function slugIn(text: string): string {
  return text.slice(SLUG_AT, text.indexOf('"', SLUG_AT));
}

const SLUG_AT = '{"slug":"'.length;

export function parseLine({ text }: StoredLine): Line {
  return JSON.parse(text);
}

/** The lines with all that they say. */
export async function* readLines(path: string): AsyncGenerator<Line> {
  for await (const line of readStored(path)) yield parseLine(line);
}
