import { hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { ServerOutline } from '../contract.ts';

/**
 * What stands in a tree of the site: one line of JSON for each server in the order of the slugs, and one for the files
 * of the whole catalogue at the end. A build goes through the lines of the last one beside the servers of the catalogue,
 * so that memory holds none of them for long.
 */

/** What a file holds, and what it was made from where that is known. */
export interface FileState {
  hash: string;
  key?: string;
}

/** The files of one server by their names in its folder, or those of the whole catalogue by their paths. */
export type Files = Record<string, FileState>;

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

/** With the text from which it was read, so that it need not be written anew where it stands. */
export type Line = (ServerLine | RootLine) & { text?: string };

export function isRoot(line: Line): line is RootLine & { text?: string } {
  return line.slug === ROOT;
}

const HASH_CHARS = 16;

/** Names a text or bytes, in 16 characters: 96 bits of SHA-256. */
export function digest(contents: string | Uint8Array): string {
  return hash('sha256', contents, 'base64url').slice(0, HASH_CHARS);
}

/** One line of the file, with its end. Files are written as `hash` or `hash key`, which is half as long. */
export function lineText({ text, ...line }: Line): string {
  if (text !== undefined) return `${text}\n`;
  const files = Object.fromEntries(
    Object.entries(line.files).map(([name, { hash: of, key }]) => [
      name,
      key === undefined ? of : `${of} ${key}`,
    ]),
  );
  return `${JSON.stringify({ ...line, files })}\n`;
}

/**
 * The lines of a manifest; none where there is no file. A line that was broken off at the end is left out. Lines are cut
 * at line feeds alone: `node:readline` also cuts at U+2028, which JSON leaves as it is and a server can send.
 */
export async function* readLines(path: string): AsyncGenerator<Line> {
  const stream = createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 18 });
  let rest = '';
  try {
    for await (const chunk of stream) {
      const texts = `${rest}${chunk}`.split('\n');
      rest = texts.pop() ?? '';
      for (const text of texts) yield parseLine(text);
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  } finally {
    stream.destroy();
  }
}

function parseLine(text: string): Line {
  const { files, ...line } = JSON.parse(text);
  return { ...line, files: readFiles(files), text };
}

function readFiles(files: Record<string, string>): Files {
  return Object.fromEntries(
    Object.entries(files).map(([name, state]) => {
      const [of = '', key] = state.split(' ');
      return [name, key === undefined ? { hash: of } : { hash: of, key }];
    }),
  );
}
