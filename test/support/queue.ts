import postgres from 'postgres';
import { type Catalogue, openCatalogue } from '../../catalogue/catalogue.ts';
import { openQueue, type PlacedServer, type WorkQueue } from '../../catalogue/queue.ts';
import type { ServerTarget } from '../../crawler/contract.ts';
import { createPostgresDatabase } from './engines.ts';

/** A PostgreSQL database of its own, with a catalogue and a queue in it. */
export interface QueuePlace {
  url: string;
  location: { url: string };
  queue: WorkQueue;
  catalogue: Catalogue;
  sql: postgres.Sql;
  remove(): Promise<void>;
}

export async function createQueuePlace(): Promise<QueuePlace> {
  const { location, remove } = await createPostgresDatabase();
  const catalogue = await openCatalogue({ location, classifierVersion: '1.0.0', now: () => new Date() });
  const queue = await openQueue(location);
  const sql = postgres(location.url, { max: 1, onnotice: () => {} });
  return {
    url: location.url,
    location,
    queue,
    catalogue,
    sql,
    async remove() {
      await Promise.all([queue.close(), catalogue.close(), sql.end()]);
      await remove();
    },
  };
}

/** An HTTP server for the queue. */
export function queued(
  crawl: number,
  id: string,
  more: Partial<PlacedServer> & { url?: string } = {},
): PlacedServer {
  const { url = `https://a.example/${id}`, ...rest } = more;
  const target: ServerTarget = {
    id,
    label: id,
    transport: { kind: 'http', url, headerNames: [] },
    origin: { source: 'list', ref: id },
  };
  return { crawl, target, attempt: 1, attempts: 3, place: 0, ...rest };
}
