import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { total } from '../catalogue/dump.ts';
import type { RecordKind } from '../catalogue/dump-format.ts';
import { parquetOf } from '../catalogue/parquet.ts';
import { usageError } from '../crawler/fault.ts';
import { visibleJson } from '../site/visible.ts';
import { type Io, write } from './io.ts';

export type DumpFormat = 'jsonl' | 'parquet';

/** The format that is asked for, or else the one that the file's name has. Throws a usage error. */
export function dumpFormat(format: string | undefined, file: string): DumpFormat {
  if (format === undefined) return file.endsWith('.parquet') ? 'parquet' : 'jsonl';
  if (format === 'jsonl' || format === 'parquet') return format;
  throw usageError(`--format takes jsonl or parquet, not '${format}'.`);
}

/**
 * Writes everything that is kept to a file, compressed where its name ends in `.gz`, or to stdout for `-`. Gives the
 * number of records of each kind. Throws a usage error where the file cannot be written, and aborts with the signal.
 */
export function writeDump(catalogue: Catalogue, file: string, io: Io): Promise<Record<RecordKind, number>> {
  const progress = showProgress(io, 'record');
  return catalogue
    .dump(async ({ records, chunks }) => {
      const all = total(records);
      const text = shown(chunks((done) => progress.draw(done, all)));
      if (file === '-') await writeAll(text, io);
      else await writeStreamWhole(file, text, io);
      return records;
    })
    .finally(progress.end);
}

/** Writes the tools that are listed now as Parquet, and gives how many there are. Faults as with `writeDump`. */
export async function writeParquet(catalogue: Catalogue, file: string, io: Io): Promise<number> {
  const progress = showProgress(io, 'tool');
  let tools = 0;
  const bytes = parquetOf(catalogue.servers(), (written) => {
    tools = written;
    progress.draw(written);
  });
  await writeStreamWhole(file, bytes, io).finally(progress.end);
  return tools;
}

/** Without one character that a terminal could act on; JSON text that says the same. */
async function* shown(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const chunk of chunks) yield visibleJson(chunk);
}

async function writeAll(text: AsyncIterable<string>, { stdout, signal }: Io): Promise<void> {
  for await (const chunk of text) {
    signal.throwIfAborted();
    await write(stdout, chunk);
  }
}

/** Writes beside the file and then puts it in its place, so that it is never seen half written. */
async function writeStreamWhole(
  file: string,
  chunks: AsyncIterable<string | Uint8Array>,
  { cwd, signal }: Pick<Io, 'cwd' | 'signal'>,
): Promise<void> {
  const path = resolve(cwd, file);
  const partial = `${path}.${process.pid}.partial`;
  let ownFault: unknown;
  const source = Readable.from(
    (async function* () {
      try {
        yield* chunks;
      } catch (error) {
        ownFault = error;
        throw error;
      }
    })(),
  );
  try {
    await mkdir(dirname(path), { recursive: true });
    const target = createWriteStream(partial, { flush: true });
    if (file.endsWith('.gz')) await pipeline(source, createGzip(), target, { signal });
    else await pipeline(source, target, { signal });
    await rename(partial, path);
  } catch (error) {
    source.destroy();
    await rm(partial, { force: true }).catch(() => {});
    // Whatever the file system refuses is for the user to put right: another folder, more space, other rights.
    if (error === ownFault || !(error instanceof Error) || !('syscall' in error)) throw error;
    throw usageError(`${file} cannot be written: ${error.message}.`);
  }
}

/** One line on a terminal that says how far it is; nothing elsewhere. */
export function showProgress({ stderr, now }: Pick<Io, 'stderr' | 'now'>, unit: string) {
  if (!stderr.isTerminal) return { draw() {}, end() {} };
  let drawn = 0;
  return {
    draw(done: number, all?: number) {
      const time = now().getTime();
      if (time - drawn < MS_BETWEEN_DRAWS && done !== all) return;
      drawn = time;
      const share = all === undefined ? '' : ` of ${all.toLocaleString('en')}`;
      stderr.stream.write(`\r\u001b[K${done.toLocaleString('en')}${share} ${unit}s …`);
    },
    end: () => void stderr.stream.write('\r\u001b[K'),
  };
}

/** Ten times a second is as fast as anybody reads. */
const MS_BETWEEN_DRAWS = 100;
