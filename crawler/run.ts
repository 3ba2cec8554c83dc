import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { CrawlPhase, Isolation, ServerInfo, ServerTarget } from './contract.ts';
import type { Guard } from './guard.ts';
import type { ClientCredentials } from './oauth.ts';
import type { ResolvedCommand } from './resolve.ts';
import type { Sandbox } from './sandbox/types.ts';
import type { SandboxChoice } from './sandbox.ts';
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
  /** Called when the list is there, or will never be, and only the closing of the server is left. */
  onListed?: () => void;
  /** What the client says it can do; some servers list more tools for it. Requests for it are still declined. */
  clientCapabilities?: Readonly<Record<string, unknown>>;
  /** The network of HTTP targets; if left out, one that reaches the public internet only. */
  fetch?: FetchLike;
  /** Opens private and loopback addresses to the network that is used when none is given. */
  allowPrivate?: boolean;
  /** For HTTP servers that want a login. Never stored. */
  oauth?: ClientCredentials;
  /** Folders from which installed packages are looked for; `cwd` and this program's own folder if left out. */
  packageRoots?: readonly string[];
  /**
   * What keeps a local server from the rest of the machine: one that was found before, or one to look for. The best
   * that works here if left out, which may be none.
   */
  sandbox?: SandboxChoice | Sandbox;
  /** Folder that keeps fetched packages; a throw-away one under `scratchRoot` if left out. */
  packageCache?: string;
  /** Lets the install scripts of fetched packages run, with the network and outside of any sandbox. */
  installScripts?: boolean;
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
  /** How a local server is kept apart, from when it is started. */
  isolation?: Isolation;
  session?: Session;
  /** Ends the connections that were opened for this run. */
  release?: () => Promise<void>;
  serverInfo: ServerInfo;
  instructions?: string;
}
