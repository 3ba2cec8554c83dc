import { createHash } from 'node:crypto';

/**
 * Names made from what strangers sent, for file names and addresses. A plain name stays as it is; every other one
 * gets a `~` (which no plain name has) and a hash of the exact name, so that names which differ only in case, or in
 * characters that a file system folds, stay apart.
 */

const MAX_LENGTH = 80;
const HASH_LENGTH = 12;

/** Names that Windows gives to devices, and the files that every server's folder of the site has. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d|index|policy|badge)$/;

/** The slug of a tool name. Two different names have different slugs unless their hashes collide. */
export function toolSlug(name: string): string {
  const plain = /^[a-z0-9][a-z0-9_-]*$/.test(name) && name.length <= MAX_LENGTH && !RESERVED.test(name);
  if (plain) return name;
  const base = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, MAX_LENGTH - HASH_LENGTH - 1);
  return `${base}~${hash(name)}`;
}

/** The slug of a server: its label, plain; the caller makes it unique with `distinct`. */
export function serverSlug(label: string): string {
  const base = label
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, MAX_LENGTH);
  return base === '' || RESERVED.test(base) ? `server~${hash(label)}` : base;
}

/** `slug`, or when it is taken `slug~2`, `slug~3` and so on: the first that is free. */
export function distinct(slug: string, taken: ReadonlySet<string>): string {
  if (!taken.has(slug)) return slug;
  for (let n = 2; ; n++) {
    const next = `${slug}~${n}`;
    if (!taken.has(next)) return next;
  }
}

function hash(text: string): string {
  return createHash('sha256').update(JSON.stringify(text)).digest('hex').slice(0, HASH_LENGTH);
}
