import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { usageError } from '../crawler/fault.ts';
import type { Io } from './io.ts';

/** A file for reading, or stdin where `-` is given. Throws a usage error when it cannot be opened. */
export async function openInput(io: Pick<Io, 'cwd' | 'stdin'>, file: string): Promise<Readable> {
  if (file === '-') return io.stdin;
  const stream = createReadStream(resolve(io.cwd, file));
  try {
    await once(stream, 'ready');
  } catch (error) {
    throw usageError(`${file} cannot be read: ${(error as Error).message}.`);
  }
  return stream;
}
