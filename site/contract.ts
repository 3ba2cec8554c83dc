import type { CatalogueChange, ServerNames, ServerRevision, ServerSheet } from '../catalogue/contract.ts';
import type { RoleId } from '../classifier/combinations/roles.ts';
import type { Category, RiskLevel } from '../classifier/contract.ts';
import type { ToolRule } from '../policy/contract.ts';

/** What the pages are made from. */

/** What holds for a whole build. */
export interface SiteSettings {
  /**
   * Where the site will stand, with the base path and a `/` at its end; absent where that is not known, and then
   * nothing that needs a whole address is written.
   */
  baseUrl?: string;
  /** The path part of that address: begins and ends with `/`. */
  basePath: string;
  classifierVersion: string;
  /** Names the program that makes the pages: another one may make other pages of the same catalogue. */
  program: string;
}

/** One tool as lists, totals and the search know it. */
export interface ToolOutline {
  slug: string;
  name: string;
  category: Category;
  risk: RiskLevel;
  destructive: boolean;
  financial: boolean;
  /** The ids of the signals that are present, in their order. */
  signals: string[];
  /** The parts that it can play in combinations; left out where there are none. */
  roles?: RoleId[];
  /** What its signals add to the recommended rule; left out where they add nothing. */
  shape?: ToolRule;
  /** The beginning of what the server says it does: title and description on one line, cut. */
  about: string;
}

/** One server as lists, totals and the search know it. It is kept in the manifest, for the builds after this one. */
export interface ServerOutline {
  slug: string;
  id: string;
  label: string;
  /** How its newest scan ended. */
  status: 'complete' | 'partial' | 'failed';
  /** Why, where it failed. */
  failure?: string;
  /** When its newest scan was made, and the one that listed what is shown; ISO 8601, UTC. */
  scannedAt: string;
  listedAt?: string;
  firstSeenAt: string;
  /** What the definitions take of a model's context, estimated in tokens. */
  tokens: number;
  tools: ToolOutline[];
  vanished: { slug: string; name: string }[];
}

/** The way to a tool's page, and what a reader has to know before taking it. */
export interface ToolLink {
  server: { slug: string; label: string };
  tool: { slug: string; name: string; category: Category; risk: RiskLevel };
}

/** What the pages of one server are made from. */
export interface ServerSubject {
  settings: SiteSettings;
  server: ServerSheet;
  /** By the slug of a tool: tools like it on other servers, the most alike first. */
  related: ReadonlyMap<string, readonly ToolLink[]>;
}

export type RiskCounts = Record<RiskLevel, number>;
export type CategoryCounts = Record<Category, number>;

/** One server in a list of many. */
export interface ServerRow extends Omit<ServerOutline, 'tools' | 'vanished'> {
  toolCount: number;
  risks: RiskCounts;
  categories: CategoryCounts;
}

/** How many tools there are of some kind, and some of them to look at. */
export interface ToolGroup {
  count: number;
  /** On how many servers. */
  servers: number;
  risks: RiskCounts;
  categories: CategoryCounts;
  /** At most one of each server, chosen by a hash, so that they stay the same while they are there. */
  examples: ToolLink[];
}

/** What the pages about the whole catalogue are made from. */
export interface SiteSubject {
  settings: SiteSettings;
  /** When the newest scan was made; absent while there is none. */
  takenAt?: string;
  /** All tools. */
  all: ToolGroup;
  byRisk: Record<RiskLevel, ToolGroup>;
  byCategory: Record<Category, ToolGroup>;
  /** By the id of a signal; one that no tool has is missing. */
  bySignal: ReadonlyMap<string, ToolGroup>;
  destructive: ToolGroup;
  financial: ToolGroup;
  /** Every server, in the order of the slugs. */
  servers: readonly ServerRow[];
  /** How many servers have never been listed, by the code of their newest failure. */
  failures: ReadonlyMap<string, number>;
  /** The newest changes of the whole catalogue, the newest first. */
  changes: readonly CatalogueChange[];
}

/** What a build reads of a catalogue; the catalogue has all of it. */
export interface SiteSource {
  /** Every server, in the order of the slugs. */
  revisions(): AsyncIterable<ServerRevision>;
  /** The sheets of at most a hundred servers, in the order of their slugs. */
  sheets(slugs: readonly string[]): Promise<ServerSheet[]>;
  listedNames(slugs: readonly string[]): Promise<ServerNames[]>;
  newestChanges(limit: number): Promise<CatalogueChange[]>;
}
