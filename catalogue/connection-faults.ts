import { CatalogueUnavailable } from './errors.ts';

/** Where a catalogue is, in the words of an error message, and so without a password. */
export interface Place {
  engine: 'pglite' | 'postgres';
  /** As in "The catalogue in /home/me/catalogue". */
  name: string;
}

interface Fault {
  /** SQLSTATEs, codes of postgres.js and codes of Node; the first two characters of a SQLSTATE stand for its class. */
  codes: readonly string[];
  /** It may be over by the next try. */
  passing?: true;
  /** What to do about it. */
  advice: Readonly<Record<Place['engine'], string>>;
}

const both = (advice: string) => ({ pglite: advice, postgres: advice });

const REACH = both('Start the server, or correct DATABASE_URL.');
const ROLE = both('Correct the user and the password in DATABASE_URL.');
const RIGHTS = {
  pglite: 'Make it readable and writable, or name another directory with --db.',
  postgres: 'Grant the role what it needs, or name another one in DATABASE_URL.',
};
const ROOM = {
  pglite: 'Make room there, or move the directory to a larger disk and name it with --db.',
  postgres: 'Make room on the server.',
};
const AGAIN = both('Try again.');
const DAMAGE = {
  pglite: 'Restore the directory from a backup, or name another one with --db.',
  postgres: 'Restore the database from a backup, or name another one in DATABASE_URL.',
};

/**
 * Faults that are not the program's, the first that fits. SQLSTATEs:
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const FAULTS: readonly Fault[] = [
  {
    codes: ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'],
    passing: true,
    advice: REACH,
  },
  {
    codes: ['ENOTFOUND', 'EAI_AGAIN', 'CONNECT_TIMEOUT', 'CONNECTION_CLOSED', 'CONNECTION_DESTROYED', '08'],
    passing: true,
    advice: REACH,
  },
  // The server shuts down, has crashed, starts, or has ended a session that stood still.
  { codes: ['57P01', '57P02', '57P03', '57P05', '25P03'], passing: true, advice: AGAIN },
  { codes: ['53300'], passing: true, advice: both('Let the server take more connections, or try again.') },
  // Somebody else was in the way: a serialization failure, a deadlock, a lock that was not to be had.
  { codes: ['40001', '40P01', '55P03'], passing: true, advice: AGAIN },
  { codes: ['28'], advice: ROLE },
  { codes: ['3D000'], advice: both('Create that database, or correct DATABASE_URL.') },
  { codes: ['42501', '25006', 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT'], advice: RIGHTS },
  { codes: ['53100', 'ENOSPC', 'EDQUOT', 'EFBIG'], advice: ROOM },
  { codes: ['53', '57014'], advice: both('Give the server what it lacks, or try again.') },
  { codes: ['58', 'XX001', 'XX002', 'EIO'], advice: DAMAGE },
];

/** True for a fault that may be over by the next try, such as a lost connection or a deadlock. */
export function isPassing(error: unknown): boolean {
  return faultOf(error)?.passing === true;
}

/**
 * The error for whoever uses the catalogue, where the fault is not the program's: what happened to which catalogue, and
 * what to do, in one line. Any other error comes back as it is.
 */
export function asUnavailable(error: unknown, place: Place): unknown {
  const known = innermost(error);
  if (known instanceof CatalogueUnavailable) return known;
  const fault = faultOf(error);
  return fault === undefined
    ? error
    : unavailable(`The catalogue ${place.name} cannot be used`, error, fault, place);
}

/** The error for a catalogue that cannot be opened, whatever the reason. */
export function notOpened(error: unknown, place: Place): CatalogueUnavailable {
  const known = innermost(error);
  if (known instanceof CatalogueUnavailable) return known;
  const fault = faultOf(error) ?? { codes: [], advice: adviceInWords(error) };
  return unavailable(`The catalogue ${place.name} cannot be opened`, error, fault, place);
}

function unavailable(
  what: string,
  error: unknown,
  { advice }: Fault,
  { engine }: Place,
): CatalogueUnavailable {
  const why = reason(error)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/\.$/, '');
  return new CatalogueUnavailable(`${what}: ${why}. ${advice[engine]}`, { cause: error });
}

function faultOf(error: unknown): Fault | undefined {
  const code = codeOf(error);
  if (code === undefined) return undefined;
  const isClass = (known: string) => known.length === 2 && code.length === 5 && code.startsWith(known);
  return FAULTS.find(({ codes }) => codes.some((known) => known === code || isClass(known)));
}

/** What PGlite and SQLite say of the file system, for which a server has a code. */
const WORDS: readonly (readonly [RegExp, Fault['advice']])[] = [
  [/no space left|disk is full/i, ROOM],
  [/read-only|readonly|permission denied|not permitted|unable to open database file/i, RIGHTS],
];

function adviceInWords(error: unknown): Fault['advice'] {
  return WORDS.find(([pattern]) => pattern.test(reason(error)))?.[1] ?? DAMAGE;
}

export function codeOf(error: unknown): string | undefined {
  const cause = innermost(error);
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
}

/** drizzle wraps the driver's error; Node gives one for several addresses of a host. */
function innermost(error: unknown): unknown {
  if (error instanceof CatalogueUnavailable) return error;
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors[0]);
  return error instanceof Error && error.cause !== undefined ? innermost(error.cause) : error;
}

function reason(error: unknown): string {
  const cause = innermost(error);
  return cause instanceof Error ? cause.message : String(cause);
}
