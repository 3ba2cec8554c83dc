import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { PGlite } from '@electric-sql/pglite';

/**
 * The files of an embedded database in which nothing is, as PGlite packs them. Unpacking them takes two thirds of the
 * time that making them takes. They are made once, and kept in `cache`, whose name says of which PGlite.
 */
export async function emptyDatabase(cache: string): Promise<Uint8Array> {
  if (existsSync(cache)) return readFileSync(cache);
  const pglite = await PGlite.create();
  const packed = new Uint8Array(await (await pglite.dumpDataDir('gzip')).arrayBuffer());
  await pglite.close();
  mkdirSync(dirname(cache), { recursive: true });
  writeFileSync(cache, packed);
  return packed;
}
