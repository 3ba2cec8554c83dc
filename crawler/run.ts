import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { CrawlPhase, ServerInfo, ServerTarget } from './contract.ts';
import type { Guard } from './guard.ts';
import type { ResolvedCommand } from './resolve.ts';
import type { Session } from './session.ts';

export interface CrawlOptions {
  /** Our whole environment; a server gets an allow-list of it and the variables that its target names. */
  environment: Readonly<Record<string, string | undefined>>;
  /** The user's folder: literal commands run in it, and installed packages are looked for from it upwards. */
  cwd: string;
  now: () => Date;
  /** Folder in which each server gets throw-away folders, removed afterwards. */
  scratchRoot: string;
  /** Values of variables given with the target, by name. Never stored. */
  envValues?: Readonly<Record<string, string>>;
  /** Values of HTTP headers, by name. Never stored. */
  headers?: Readonly<Record<string, string>>;
  /** Milliseconds for the whole server, without its closing. */
  timeoutMs?: number;
  signal?: AbortSignal;
  /** What the client says it can do; some servers list more tools for it. Requests for it are still declined. */
  clientCapabilities?: Readonly<Record<string, unknown>>;
  /** The network of HTTP targets. */
  fetch?: FetchLike;
  /** Folders from which installed packages are looked for; `cwd` and this program's own folder if left out. */
  packageRoots?: readonly string[];
  platform?: NodeJS.Platform;
}

/** What is known about a crawl while it runs. */
export interface Run {
  target: ServerTarget;
  options: CrawlOptions;
  guard: Guard;
  timeoutMs: number;
  phase: CrawlPhase;
  resolved?: ResolvedCommand;
  session?: Session;
  serverInfo: ServerInfo;
  instructions?: string;
}
