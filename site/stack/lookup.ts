import { commandId } from '../../crawler/command-words.ts';
import type { ServerBrief } from '../brief.ts';
import { bucketName, lookupKey, type StackBucket } from './buckets.ts';
import type { StackServer } from './config.ts';

/** SHA-256 of a text, in lower-case hex. */
export type Digest = (text: string) => Promise<string>;

/** Where a server may stand. */
interface Place {
  id: string;
  bucket: string;
}

/** A server of the configuration, and what the catalogue has of it. */
export interface FoundServer {
  server: StackServer;
  brief: ServerBrief | undefined;
}

/** Every id that a server may have, the surest first, with the bucket that it would be in. */
async function placesOf(server: StackServer, digits: number, digest: Digest): Promise<Place[]> {
  const { id, commandText, key } = server;
  const ids = [
    ...(id === undefined ? [] : [id]),
    ...(commandText === undefined ? [] : [commandId(key, await digest(commandText))]),
  ];
  return Promise.all(
    ids.map(async (each) => ({ id: each, bucket: bucketName(await digest(lookupKey(each)), digits) })),
  );
}

/**
 * Looks the servers up. `fetchBucket` is asked for whole buckets, each once, in an order that says nothing of the
 * configuration's.
 */
export async function findServers(
  servers: readonly StackServer[],
  digits: number,
  digest: Digest,
  fetchBucket: (name: string) => Promise<StackBucket>,
): Promise<FoundServer[]> {
  const placed = await Promise.all(
    servers.map(async (server) => ({ server, places: await placesOf(server, digits, digest) })),
  );
  const names = new Set(placed.flatMap(({ places }) => places.map(({ bucket }) => bucket)));
  const buckets = new Map<string, ServerBrief[]>();
  for (const name of [...names].sort()) buckets.set(name, (await fetchBucket(name)).servers);
  return placed.map(({ server, places }) => {
    const briefs = places.flatMap(({ id, bucket }) => {
      const found = pick(buckets.get(bucket) ?? [], id);
      return found === undefined ? [] : [found];
    });
    return { server, brief: briefs[0] };
  });
}

/** The server of this very id, or else the first that is looked up alike. */
function pick(servers: readonly ServerBrief[], id: string): ServerBrief | undefined {
  const key = lookupKey(id);
  return servers.find((server) => server.id === id) ?? servers.find((server) => lookupKey(server.id) === key);
}
