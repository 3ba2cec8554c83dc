import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { CrawlFailure, ServerTarget } from './contract.ts';

/** A target, with the secret values that go with it beside it: the target itself has only their names. */
export interface SourcedTarget {
  target: ServerTarget;
  /** Values of environment variables, by name. */
  envValues?: Readonly<Record<string, string>>;
  /** Values of HTTP headers, by name. */
  headers?: Readonly<Record<string, string>>;
  /** Why it cannot be listed at all, known before anything is started: a package that needs another runtime, say. */
  failure?: CrawlFailure;
  /** Entries of a `tools/list` that the source itself holds, so that nothing need be started. */
  listing?: KnownListing;
}

/** A list of tools that came with the target. */
export interface KnownListing {
  provenance: 'observed' | 'declared';
  /** Entries as `tools/list` would have them. */
  tools: readonly unknown[];
  /** What the capture says of its circumstances, where it says anything. */
  serverInfo?: { name?: string; version?: string };
  instructions?: string;
  protocolVersion?: string;
  clientCapabilities?: Readonly<Record<string, unknown>>;
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
  /** The lines of a text file, unpacked where its name ends in `.gz`. Rejects when it cannot be read. */
  readLines(path: string): AsyncIterable<string>;
  /** The names in a folder, sorted. Rejects when it cannot be read. */
  readFolder(path: string): Promise<string[]>;
  /** The network, with the crawler's guard in front of it. */
  fetch: FetchLike;
  /** Settles after that many milliseconds; sources wait with it to be polite. */
  wait(ms: number): Promise<void>;
  now(): Date;
  /** What this source kept for itself at the end of its last run on this reference; undefined before the first. */
  state?: unknown;
  /** Keeps a JSON value for the next run; to be called when all targets have been given. */
  saveState(state: unknown): Promise<void>;
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
  /** The reference that is meant where none is given, for a source that has one. */
  defaultRef?: string;
  /** Whether a target of `scan` is one of this source's, by its text; absent where only `crawl` uses the source. */
  accepts?(ref: string): boolean;
  /** The servers that a reference names, as they are found. Rejects with a usage error when it cannot be read. */
  targets(ref: string, deps: SourceDeps): AsyncIterable<SourcedTarget>;
}

/** Gives a source its type. */
export function defineSource(source: Source): Source {
  return source;
}
