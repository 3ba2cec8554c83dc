import type { Command as Commander } from 'commander';

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

/** Collects an option that may be given several times. */
export function collect(value: string, all: string[] = []): string[] {
  return [...all, value];
}
