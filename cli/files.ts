import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Io } from './io.ts';

/** Writes a file so that it is never seen half written: a fault leaves what was there before. */
export async function writeFileWhole(io: Pick<Io, 'cwd'>, path: string, text: string): Promise<void> {
  const file = resolve(io.cwd, path);
  const partial = `${file}.${process.pid}.partial`;
  await mkdir(dirname(file), { recursive: true });
  try {
    await writeFile(partial, text, { flag: 'wx' });
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
