import { z } from 'zod';
import { usageError } from '../fault.ts';
import { MAX_REGISTRY_PAGES } from '../limits.ts';
import { type RegistryEntry, type RegistryPage, readRegistryPage } from '../registry-page.ts';
import { screenUrl } from '../secrets.ts';
import { serverTarget } from '../server-target.ts';
import { defineSource, type SourceDeps, type SourcedTarget } from '../source.ts';
import { quote } from '../text.ts';
import { withFailure } from '../unstarted.ts';
import { isWebError, readWeb } from '../web.ts';

const ID = 'mcp-registry';

/** What is kept between runs: up to when this registry was read. */
const State = z.object({ base: z.string(), updatedSince: z.iso.datetime({ offset: true }) });

/** The official registry of MCP servers, or another one with the same interface. */
export const source = defineSource({
  id: ID,
  title: 'MCP registry',
  summary: 'Every server in a registry with the interface of the official one, and later what changed there.',
  example: 'https://registry.modelcontextprotocol.io',
  defaultRef: 'https://registry.modelcontextprotocol.io',
  async *targets(ref, deps) {
    const base = readBase(ref);
    const started = deps.now();
    const since = State.safeParse(deps.state);
    const updatedSince = since.success && since.data.base === base ? since.data.updatedSince : undefined;
    let newest = updatedSince;
    for await (const { entries } of pages(base, updatedSince, deps)) {
      for (const entry of entries) {
        const sourced = readServer(entry, deps);
        if (sourced) yield sourced;
        newest = later(newest, entry);
      }
    }
    // A time in the future would hide every change until then.
    if (newest !== undefined) {
      const kept = new Date(Math.min(Date.parse(newest), started.getTime())).toISOString();
      await deps.saveState({ base, updatedSince: kept });
    }
  },
});

/** The pages, one after the other. Ends normally only when the registry says that there is no further one. */
async function* pages(
  base: string,
  updatedSince: string | undefined,
  deps: SourceDeps,
): AsyncGenerator<RegistryPage> {
  const seen = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await readPage(base, { updatedSince, cursor }, deps);
    yield page;
    cursor = page.nextCursor;
    if (cursor === undefined) return;
    if (seen.has(cursor)) throw broken(base, 'it gave the same cursor twice');
    seen.add(cursor);
  } while (seen.size < MAX_REGISTRY_PAGES);
  throw broken(base, `it has more than ${MAX_REGISTRY_PAGES} pages`);
}

async function readPage(
  base: string,
  { updatedSince, cursor }: { updatedSince: string | undefined; cursor: string | undefined },
  deps: SourceDeps,
): Promise<RegistryPage> {
  const url = new URL(`${base}/v0.1/servers`);
  url.searchParams.set('limit', '100');
  url.searchParams.set('version', 'latest');
  if (updatedSince !== undefined) url.searchParams.set('updated_since', updatedSince);
  if (cursor !== undefined) url.searchParams.set('cursor', cursor);
  const mayVisit = ({ host }: URL) => host === url.host;
  const answer = await readWeb(url, { accept: 'application/json', mayVisit }, deps).catch(
    (error: unknown) => {
      throw isWebError(error) ? broken(base, `it ${error.message}`) : error;
    },
  );
  if (answer.status !== 200) throw broken(base, `it answered ${answer.status}`);
  const page = readRegistryPage(answer.text);
  if (!page) throw broken(base, 'its answer is not a list of servers');
  return page;
}

function readServer(entry: RegistryEntry, deps: SourceDeps): SourcedTarget | undefined {
  if ('malformed' in entry) {
    deps.warn(`An entry of the registry was left out: ${entry.malformed}.`);
    return undefined;
  }
  const { server, official } = entry;
  // Another version speaks for the server, also when this one is deleted.
  if (official.isLatest === false) return undefined;
  const sourced = serverTarget(server, ID, deps);
  if (official.status !== 'deleted') return sourced;
  const when = official.statusChangedAt ?? official.updatedAt;
  const day = when === undefined ? '' : ` on ${when.slice(0, 10)}`;
  return withFailure(sourced.target, 'not-found', `was taken out of the registry${day}`);
}

function later(newest: string | undefined, entry: RegistryEntry): string | undefined {
  const updated = 'official' in entry ? entry.official.updatedAt : undefined;
  if (updated === undefined) return newest;
  return newest === undefined || Date.parse(updated) > Date.parse(newest) ? updated : newest;
}

/** The address without a slash at its end. Throws a usage error when it is none. */
function readBase(ref: string): string {
  const url = URL.parse(ref);
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== '' || url.username !== '') {
    throw usageError(`${quote(screenUrl(ref))} is not the address of a registry: write https://<host>.`);
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

function broken(base: string, reason: string): Error {
  return usageError(`The registry ${screenUrl(base)} cannot be read: ${reason}.`);
}
