import { createHash, timingSafeEqual } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { isUsageError, usageError } from '../crawler/fault.ts';
import { errorText } from '../crawler/text.ts';
import { PLAIN_KEY } from './key.ts';
import { MAX_GRANT_SERVERS, MAX_GRANTS, TOKEN_BYTES } from './limits.ts';

const Grant = z.strictObject({
  name: z.string().regex(PLAIN_KEY),
  /** SHA-256 of the token, lower-case hex. The token itself is random enough that no slower hash is needed. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  createdAt: z.iso.datetime(),
  /** Absent: it does not expire. */
  expiresAt: z.iso.datetime().optional(),
  /** Keys of the servers that it opens. Absent: all that the gateway has, now and later. */
  servers: z.array(z.string().regex(PLAIN_KEY)).min(1).max(MAX_GRANT_SERVERS).optional(),
});
export type Grant = z.infer<typeof Grant>;

const GrantsFile = z.strictObject({ version: z.literal(1), grants: z.array(Grant).max(MAX_GRANTS) });

/** Who may speak to the gateway over HTTP. */
export interface Grants {
  /**
   * The grant that a token belongs to, undefined when it belongs to none that is valid now. The file is read again
   * when it has changed, so that a revoked grant ends at once; while it cannot be read nobody is let in.
   */
  check(token: string, now: Date): Grant | undefined;
  /** Makes a grant and gives its token, which is kept nowhere. Throws a usage error when the name is taken or a word odd. */
  add(name: string, how: NewGrant): string;
  /** Whether there was one to revoke. */
  revoke(name: string): boolean;
  /** By name. */
  list(): Grant[];
}

interface NewGrant {
  now: Date;
  /** Cryptographically random bytes. */
  randomBytes(count: number): Uint8Array;
  expiresAt?: Date;
  /** Keys of the servers that it opens; absent for all. */
  servers?: readonly string[];
}

/** Opens the file of grants; one that does not exist has none. Throws a usage error when it cannot be read. */
export function openGrants(path: string): Grants {
  let known = read(path);
  const refresh = () => {
    if (stampOf(path) !== known.stamp) known = read(path);
    return known.grants;
  };
  return {
    check(token, now) {
      let grants: Grant[];
      try {
        grants = refresh();
      } catch {
        return undefined;
      }
      const hash = createHash('sha256').update(token).digest();
      // All are compared, each in constant time, so that the time taken tells nothing.
      const [grant] = grants.filter(({ sha256 }) => timingSafeEqual(Buffer.from(sha256, 'hex'), hash));
      return grant !== undefined && isValid(grant, now) ? grant : undefined;
    },
    add(name, { now, randomBytes, expiresAt, servers }) {
      const token = `cg_${Buffer.from(randomBytes(TOKEN_BYTES)).toString('base64url')}`;
      const grant = Grant.safeParse({
        name,
        sha256: createHash('sha256').update(token).digest('hex'),
        createdAt: now.toISOString(),
        ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
        ...(servers && { servers: [...new Set(servers)].toSorted() }),
      });
      if (!grant.success) throw usageError(wrongWord(grant.error));
      change(path, (grants) => {
        if (grants.some((other) => other.name === name)) {
          throw usageError(`There is a grant ${name} already. Revoke it first, or choose another name.`);
        }
        if (grants.length >= MAX_GRANTS) {
          throw usageError(`There are ${MAX_GRANTS} grants, and no more can be made. Revoke some.`);
        }
        return [...grants, grant.data];
      });
      return token;
    },
    revoke(name) {
      if (!refresh().some((grant) => grant.name === name)) return false;
      change(path, (grants) => grants.filter((grant) => grant.name !== name));
      return true;
    },
    list: () => refresh().toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

/** Whether a grant has not expired. */
export function isValid({ expiresAt }: Grant, now: Date): boolean {
  return expiresAt === undefined || now.getTime() < Date.parse(expiresAt);
}

/** Whether a grant opens the server of this key. */
export function opens({ servers }: Grant, key: string): boolean {
  return servers === undefined || servers.includes(key);
}

function wrongWord({ issues }: z.ZodError): string {
  const [issue] = issues;
  if (issue?.path[0] !== 'servers')
    return 'A grant needs a name of 1 to 64 letters, digits, dots, hyphens and underscores, such as laptop-claude.';
  if (issue.code === 'too_big') return `A grant names ${MAX_GRANT_SERVERS} servers at most.`;
  return "A grant names servers by their keys in the gateway's configuration: 1 to 64 letters, digits, dots, hyphens and underscores each.";
}

interface KnownGrants {
  grants: Grant[];
  /** Changes whenever the file does. */
  stamp: string;
}

function read(path: string): KnownGrants {
  try {
    const stamp = stampOf(path);
    if (stamp === NO_FILE) return { grants: [], stamp };
    return { grants: GrantsFile.parse(JSON.parse(readFileSync(path, 'utf8'))).grants, stamp };
  } catch (error) {
    const why = error instanceof z.ZodError ? 'it is not a file of grants of this version' : errorText(error);
    throw usageError(
      `The grants in ${path} cannot be read: ${why}. Without them nobody is let in. Repair or remove the file.`,
    );
  }
}

const NO_FILE = 'none';

function stampOf(path: string): string {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats === undefined
    ? NO_FILE
    : `${stats.dev} ${stats.ino} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}`;
}

/**
 * Writes the file anew, whole or not at all, from what it holds at that moment. Of two processes that change it at once
 * one is told so.
 */
function change(path: string, next: (grants: Grant[]) => Grant[]): void {
  const partial = `${path}.partial`;
  const descriptor = openPartial(path, partial);
  try {
    const grants = next(read(path).grants);
    writeSync(descriptor, `${JSON.stringify({ version: 1, grants }, undefined, 2)}\n`);
    fsyncSync(descriptor);
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw isUsageError(error) ? error : unwritable(path, error);
  } finally {
    closeSync(descriptor);
  }
}

function openPartial(path: string, partial: string): number {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return openSync(partial, 'wx', 0o600);
  } catch (error) {
    if (!isExisting(error)) throw unwritable(path, error);
    throw usageError(
      `The grants in ${path} are being changed by another process. Try again; if none is, remove ${partial}.`,
    );
  }
}

function unwritable(path: string, error: unknown): Error {
  return usageError(`The grants in ${path} cannot be written: ${errorText(error)}.`);
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}
