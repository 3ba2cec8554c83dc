import { z } from 'zod';
import { Classification } from '../classifier/contract.ts';
import {
  CrawlContext,
  CrawlFailure,
  CrawlPhase,
  Origin,
  RejectedTool,
  ServerInfo,
  ServerTarget,
  ToolDefinition,
} from '../crawler/contract.ts';

/** What the catalogue knows, as those who read it see it: the site, the exporter and the command line. */

export const ScanRecord = z.object({
  /** ISO 8601, UTC. */
  observedAt: z.string(),
  durationMs: z.number(),
  status: z.enum(['complete', 'partial', 'failed']),
  /** `declared`: the tools were written down by somebody; the server itself was not asked. */
  provenance: z.enum(['observed', 'declared']),
  phase: CrawlPhase.optional(),
  failure: CrawlFailure.optional(),
  context: CrawlContext,
  serverInfo: ServerInfo,
  instructions: z.string().optional(),
  rejected: z.array(RejectedTool),
  warnings: z.array(z.string()),
  toolCount: z.number().int(),
});
export type ScanRecord = z.infer<typeof ScanRecord>;

export const ToolView = z.object({
  /** Names the tool in file names and addresses; unique on its server even where names are not. */
  slug: z.string(),
  definition: ToolDefinition,
  classification: Classification,
  /** When this very definition was first and last seen on this server; ISO 8601, UTC. */
  firstSeenAt: z.string(),
  lastSeenAt: z.string(),
});
export type ToolView = z.infer<typeof ToolView>;

export const ServerView = z.object({
  /** Names the server in file names, addresses and commands; never given to another server. */
  slug: z.string(),
  id: z.string(),
  label: z.string(),
  /** Every place where it was found, in their order. */
  origins: z.array(Origin),
  transport: ServerTarget.shape.transport,
  firstSeenAt: z.string(),
  /** The newest scan, failed or not. */
  lastScan: ScanRecord,
  /** The newest scan that listed tools; `tools` are its tools. Absent when none ever did. */
  listing: ScanRecord.optional(),
  /** In the order of their names, then of their places in the list. */
  tools: z.array(ToolView),
});
export type ServerView = z.infer<typeof ServerView>;

export const CatalogueView = z.object({
  /** When the newest scan was made; absent while there is none. Every date on the site comes from scans. */
  takenAt: z.string().optional(),
  classifierVersion: z.string(),
  /** In the order of their slugs. */
  servers: z.array(ServerView),
});
export type CatalogueView = z.infer<typeof CatalogueView>;
