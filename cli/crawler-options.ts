import type { Command as Commander } from 'commander';
import { usageError } from '../crawler/fault.ts';
import type { Io } from './io.ts';

/** What `scan` and `crawl` let the user say about how servers are listed. */
export interface CrawlerOptions {
  timeout: string;
  sandbox: string;
  installScripts?: boolean;
  oauthClient?: string;
  oauthTokenUrl?: string;
  oauthScope?: string;
}

/** Declares them. */
export function addCrawlerOptions(command: Commander): void {
  command
    .option('--timeout <seconds>', 'the most that one server may take', '30')
    .option('--sandbox <kind>', 'what programs run in: auto, bubblewrap, docker or none', 'auto')
    .option('--install-scripts', 'let the install scripts of fetched packages run, with the network')
    .option('--oauth-client <id>', 'log in to HTTP servers as this client; secret: $CATALOGUE_OAUTH_SECRET')
    .option('--oauth-token-url <url>', 'where tokens are given, if the server does not say')
    .option('--oauth-scope <scopes>', 'what to ask for, if the server does not say');
}

/** Throws a usage error for a variable that is to be passed on and is not set. */
export function requireVariables(names: readonly string[], { env }: Pick<Io, 'env'>): void {
  const unset = names.find((name) => env[name] === undefined);
  if (unset !== undefined) throw usageError(`--env ${unset}: this variable is not set.`);
}

/** Collects an option that may be given several times. */
export function collect(value: string, all: string[] = []): string[] {
  return [...all, value];
}
