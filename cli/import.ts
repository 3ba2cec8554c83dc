import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { ImportReport } from '../catalogue/import.ts';
import { isUsageError, usageError } from '../crawler/fault.ts';
import { visible } from '../site/visible.ts';
import { showProgress } from './dump.ts';
import { openInput } from './input.ts';
import type { Io } from './io.ts';

/**
 * Adds a dump to the catalogue, from a file or from stdin for `-`, compressed or not. Throws a usage error, which names
 * the file and the line, where it cannot be read, and aborts with the signal; nothing is imported then.
 */
export async function readImport(catalogue: Catalogue, file: string, io: Io): Promise<ImportReport> {
  const name = file === '-' ? 'stdin' : file;
  const input = await openInput(io, file);
  const stop = () => input.destroy(io.signal.reason);
  io.signal.addEventListener('abort', stop);
  const progress = showProgress(io, 'record');
  try {
    return await catalogue.import(unzipped(input, name), {
      name,
      signal: io.signal,
      progress: progress.draw,
    });
  } catch (error) {
    io.signal.throwIfAborted();
    throw isUsageError(error) ? usageError(visible(error.message)) : error;
  } finally {
    io.signal.removeEventListener('abort', stop);
    input.destroy();
    progress.end();
  }
}

/** RFC 1952, section 2.3.1. */
const GZIP_MAGIC = [0x1f, 0x8b];

/** The bytes of the file, decompressed where they are gzip, whatever its name says. */
async function* unzipped(input: Readable, name: string): AsyncGenerator<Uint8Array> {
  const chunks = bytesOf(input, name);
  const { head, rest } = await peek(chunks, GZIP_MAGIC.length);
  if (!GZIP_MAGIC.every((byte, index) => head[index] === byte)) {
    if (name.endsWith('.gz')) throw usageError(`${name} is not a gzip file, whatever its name says.`);
    yield* rest;
    return;
  }
  const gunzip = createGunzip();
  const piped = pipeline(Readable.from(rest), gunzip);
  // The fault is also that of reading, below.
  piped.catch(() => {});
  try {
    yield* gunzip;
  } catch (error) {
    throw gzipFault(error, name);
  }
}

function gzipFault(error: unknown, name: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'Z_BUF_ERROR') {
    return usageError(
      `${name} is cut: its compressed data has no end. Nothing of it was imported. Copy it again.`,
    );
  }
  return typeof code === 'string' && code.startsWith('Z_')
    ? usageError(`${name} is damaged: it cannot be decompressed. Nothing of it was imported.`)
    : error;
}

async function* bytesOf(input: Readable, name: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of input) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    throw usageError(`${name} cannot be read: ${error.message}.`);
  }
}

/** The first bytes, if there are so many, and all of them again. */
async function peek(
  chunks: AsyncGenerator<Uint8Array>,
  length: number,
): Promise<{ head: Uint8Array; rest: AsyncGenerator<Uint8Array> }> {
  let head: Uint8Array = Buffer.alloc(0);
  while (head.length < length) {
    const next = await chunks.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  const rest = (async function* () {
    yield head;
    yield* chunks;
  })();
  return { head, rest };
}
