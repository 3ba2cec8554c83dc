import { resolve } from 'node:path';
import { hasCode, usageError } from './fault.ts';
import { MAX_SOURCE_FILE_CHARS, MAX_SOURCE_LINE_CHARS } from './limits.ts';
import type { SourceDeps } from './source.ts';
import { errorText, quote } from './text.ts';

/** A line that is not blank, with its number from 1. */
export interface NumberedLine {
  number: number;
  text: string;
}

/** The path that a reference means: from the user's folder, or from the home directory after `~/`. */
export function sourcePath(ref: string, { cwd, home }: Pick<SourceDeps, 'cwd' | 'home'>): string {
  return resolve(
    cwd,
    ref.replace(/^~(?=[\\/]|$)/, () => home),
  );
}

/** The text of a file, or undefined when there is none. Rejects when it cannot be read or is too long. */
export async function readIfThere(
  path: string,
  { readFile }: Pick<SourceDeps, 'readFile'>,
  maxChars = MAX_SOURCE_FILE_CHARS,
): Promise<string | undefined> {
  try {
    const text = await readFile(path);
    if (text.length > maxChars) throw new Error(`it is longer than ${maxChars} characters`);
    return text;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The text of a file that a user named. Rejects with a usage error when there is none or it cannot be read. */
export async function readNamedFile(
  what: string,
  ref: string,
  deps: Pick<SourceDeps, 'cwd' | 'home' | 'readFile'>,
): Promise<string> {
  const refuse = (reason: string) => usageError(`The ${what} ${quote(ref)} cannot be read: ${reason}.`);
  const text = await readIfThere(sourcePath(ref, deps), deps).catch((error: unknown) => {
    throw refuse(errorText(error));
  });
  if (text === undefined) throw refuse('there is no such file');
  return text;
}

/**
 * The lines of a file that a user named, without blank ones. One that is too long is warned about. Rejects with a
 * usage error when the file cannot be read, also when that shows in its middle.
 */
export async function* numberedLines(
  what: string,
  ref: string,
  deps: Pick<SourceDeps, 'cwd' | 'home' | 'readLines' | 'warn'>,
): AsyncGenerator<NumberedLine> {
  const lines = deps.readLines(sourcePath(ref, deps))[Symbol.asyncIterator]();
  const next = () =>
    lines.next().catch((error: unknown) => {
      const reason = isMissing(error) ? 'there is no such file' : errorText(error);
      throw usageError(`The ${what} ${quote(ref)} cannot be read: ${reason}.`);
    });
  try {
    for (let number = 1, line = await next(); !line.done; number++, line = await next()) {
      const text = line.value.replace(/^\uFEFF/, '').trim();
      if (text.length > MAX_SOURCE_LINE_CHARS)
        deps.warn(`${lineName(number, ref)} was left out: it is too long.`);
      else if (text !== '') yield { number, text };
    }
  } finally {
    await lines.return?.();
  }
}

/** What a line is called in a sentence. */
export function lineName(number: number, ref: string): string {
  return `Line ${number} of ${quote(ref)}`;
}

/** Whether a file system says that there is nothing of that name. */
export function isMissing(error: unknown): boolean {
  return hasCode(error, 'ENOENT', 'ENOTDIR');
}
