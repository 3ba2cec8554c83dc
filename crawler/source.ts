import type { ServerTarget } from './contract.ts';

/** A target, with the secret values that go with it beside it: the target itself has only their names. */
export interface SourcedTarget {
  target: ServerTarget;
  /** Values of environment variables, by name. */
  envValues?: Readonly<Record<string, string>>;
  /** Values of HTTP headers, by name. */
  headers?: Readonly<Record<string, string>>;
}

/** What a source may use of the world, and what the user asked for beyond the reference. */
export interface SourceDeps {
  /** The user's folder; relative paths start here. */
  cwd: string;
  home: string;
  platform: NodeJS.Platform;
  environment: Readonly<Record<string, string | undefined>>;
  /** Arguments for the server, after its own. */
  args: readonly string[];
  /** Names of variables of our environment that the server gets. */
  envNames: readonly string[];
  /** Headers for HTTP servers. */
  headers: Readonly<Record<string, string>>;
  /** The text of a file. Rejects when it cannot be read. */
  readFile(path: string): Promise<string>;
  /** Takes one sentence about something that was left out or could not be used. */
  warn(message: string): void;
}

/** One way to name servers. A unit: one file in `sources/`, whose name is the id. */
export interface Source {
  id: string;
  title: string;
  /** What it reads and what it gives, in a sentence. */
  summary: string;
  /** A reference as a user writes it. */
  example: string;
  /** Whether a reference is one of this source's. Looks at the text only. */
  accepts(ref: string): boolean;
  /** The servers that a reference names. Rejects with a usage error when it cannot be read. */
  targets(ref: string, deps: SourceDeps): Promise<SourcedTarget[]>;
}

/** Gives a source its type. */
export function defineSource(source: Source): Source {
  return source;
}
