import { hash } from 'node:crypto';
import { briefOf } from '../brief.ts';
import { MAX_BUCKET_CHARS } from '../limits.ts';
import { stackBucketPath, stackIndexPath } from '../links.ts';
import { defineIndexPage, type PageFile, type ReadOutlines } from '../page.ts';
import { bucketName, bucketNames, digitsFor, lookupKey, MAX_DIGITS } from '../stack/buckets.ts';

export const page = defineIndexPage({
  id: 'stack-lookup',
  title: 'Servers by hash',
  summary: 'What “My stack” looks servers up in: files of servers whose identities hash alike.',
  files: (_, read) => lookupFiles(read),
});

/** The index, and then the buckets; memory holds as many of these at once as fit into the bound. */
async function* lookupFiles(read: ReadOutlines): AsyncGenerator<PageFile> {
  const fine = new Map<string, number>();
  let servers = 0;
  for await (const outline of read()) {
    const name = bucketOf(outline.id, MAX_DIGITS);
    fine.set(name, (fine.get(name) ?? 0) + JSON.stringify(briefOf(outline)).length);
    servers++;
  }
  const digits = digitsFor(servers);
  yield { path: stackIndexPath, contents: `${JSON.stringify({ digits })}\n` };
  const sizes = new Map(bucketNames(digits).map((name) => [name, 0]));
  for (const [hash, size] of fine) {
    const name = bucketName(hash, digits);
    sizes.set(name, (sizes.get(name) ?? 0) + size);
  }
  for (const names of batches(sizes)) yield* bucketFiles(read, digits, names);
}

async function* bucketFiles(
  read: ReadOutlines,
  digits: number,
  names: readonly string[],
): AsyncGenerator<PageFile> {
  const lines = new Map(names.map((name): [string, string[]] => [name, []]));
  for await (const outline of read()) {
    lines.get(bucketOf(outline.id, digits))?.push(JSON.stringify(briefOf(outline)));
  }
  for (const [name, own] of lines) {
    yield { path: stackBucketPath(name), contents: `{"servers":[${own.join(',\n')}]}\n` };
  }
}

function bucketOf(id: string, digits: number): string {
  return bucketName(hash('sha256', lookupKey(id)), digits);
}

/** Buckets that are made in one pass over the catalogue. */
function batches(sizes: ReadonlyMap<string, number>): string[][] {
  const made: string[][] = [];
  let room = 0;
  for (const [name, size] of sizes) {
    const last = made.at(-1);
    if (last !== undefined && size <= room) last.push(name);
    else {
      made.push([name]);
      room = MAX_BUCKET_CHARS;
    }
    room -= size;
  }
  return made;
}
