import { asc } from 'drizzle-orm';
import type { CatalogueView } from './contract.ts';
import { type DatabaseLocation, openDatabase } from './database.ts';
import type { JudgedScan } from './pipeline.ts';
import { saveScan } from './save.ts';
import { servers } from './schema.ts';
import { readView } from './view.ts';

/** What names a server: any of the three will do where a person is asked for one. */
export interface ServerName {
  slug: string;
  id: string;
  label: string;
}

/** An open catalogue. */
export interface Catalogue {
  /** Keeps one scan, whole or not at all, and gives its server's slug. */
  save(scan: JudgedScan): Promise<string>;
  /** Every server, in the order of the slugs. */
  serverNames(): Promise<ServerName[]>;
  /** All servers with their tools, or the one with this slug. */
  view(slug?: string): Promise<CatalogueView>;
  close(): Promise<void>;
}

export interface CatalogueOptions {
  location: DatabaseLocation;
  /** Named in the view as the classifier that the program has now. */
  classifierVersion: string;
  now: () => Date;
}

/** Opens the catalogue. Throws CatalogueUnavailable when it is locked or cannot be reached. */
export async function openCatalogue(options: CatalogueOptions): Promise<Catalogue> {
  const { db, close } = await openDatabase(options.location, options.now);
  return {
    save: (scan) => saveScan(db, scan, options.now()),
    serverNames: () =>
      db
        .select({ slug: servers.slug, id: servers.key, label: servers.label })
        .from(servers)
        .orderBy(asc(servers.slug)),
    view: (slug) => readView(db, options.classifierVersion, slug),
    close,
  };
}
