import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CrawlResult } from '../crawler/contract.ts';
import { crawl } from '../crawler/crawl.ts';
import { usageError } from '../crawler/fault.ts';
import { type GuardedFetch, guardedFetch } from '../crawler/network-guard.ts';
import { findSandbox, type Sandbox, type SandboxChoice } from '../crawler/sandbox.ts';
import type { SourcedTarget } from '../crawler/source.ts';
import type { CrawlerOptions } from './crawler-options.ts';
import type { Io } from './io.ts';

/** What every server of a command is listed with. */
export interface Crawler {
  sandbox: Sandbox;
  fetch: GuardedFetch;
  list(target: SourcedTarget, onListed?: () => void): Promise<CrawlResult>;
  /** Ends connections and removes what was left for scratch. */
  close(): Promise<void>;
}

const SANDBOXES: readonly SandboxChoice[] = ['auto', 'bubblewrap', 'docker', 'none'];

/** Looks for the sandbox once, and opens the network. Throws a usage error for an option that cannot be. */
export async function openCrawler(options: CrawlerOptions, allowPrivate: boolean, io: Io): Promise<Crawler> {
  const choice = SANDBOXES.find((each) => each === options.sandbox);
  if (choice === undefined) {
    throw usageError(`--sandbox takes one of ${SANDBOXES.join(', ')}, not '${options.sandbox}'.`);
  }
  const timeoutMs = Number(options.timeout) * 1000;
  if (!(timeoutMs > 0)) throw usageError(`--timeout takes a number of seconds, not '${options.timeout}'.`);
  const oauth = credentials(options, io);
  const scratchRoot = await mkdtemp(join(io.tmp, 'catalogue-'));
  const fetch = guardedFetch({ allowPrivate });
  const close = async () => {
    await fetch.close();
    await rm(scratchRoot, { recursive: true, force: true });
  };
  const { env: environment, platform, cwd, now, signal } = io;
  try {
    const sandbox = await findSandbox(choice, { environment, platform, scratchRoot, signal });
    const shared = {
      environment,
      platform,
      cwd,
      now,
      signal,
      scratchRoot,
      timeoutMs,
      fetch,
      allowPrivate,
      sandbox,
    };
    return {
      sandbox,
      fetch,
      list: ({ target, envValues, headers }, onListed) =>
        crawl(target, {
          ...shared,
          packageCache: join(userCacheFolder(io), 'tool-risk-catalogue', 'packages'),
          installScripts: options.installScripts ?? false,
          ...(oauth && { oauth }),
          ...(envValues && { envValues }),
          ...(headers && { headers }),
          ...(onListed && { onListed }),
        }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The secret comes from the environment: command lines are seen by every process of the machine. */
const SECRET_VARIABLE = 'CATALOGUE_OAUTH_SECRET';

function credentials({ oauthClient, oauthTokenUrl, oauthScope }: CrawlerOptions, { env }: Pick<Io, 'env'>) {
  if (oauthClient === undefined) return undefined;
  const clientSecret = env[SECRET_VARIABLE];
  if (!clientSecret) throw usageError(`--oauth-client needs the client's secret in ${SECRET_VARIABLE}.`);
  return {
    clientId: oauthClient,
    clientSecret,
    ...(oauthTokenUrl !== undefined && { tokenUrl: oauthTokenUrl }),
    ...(oauthScope !== undefined && { scope: oauthScope }),
  };
}

/** Where the platform wants what can be fetched again. */
function userCacheFolder({ env, home, platform }: Pick<Io, 'env' | 'home' | 'platform'>): string {
  if (platform === 'darwin') return join(home, 'Library', 'Caches');
  if (platform === 'win32') return env.LOCALAPPDATA ?? join(home, 'AppData', 'Local');
  return env.XDG_CACHE_HOME || join(home, '.cache');
}
