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

/** What changed in a text, piece by piece, in the order of the text. What is not shown is counted. */
export const TextDiff = z.object({
  /** `whole`: the two have too little in common to be compared. */
  by: z.enum(['word', 'line', 'whole']),
  parts: z.array(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.enum(['same', 'removed', 'added']), text: z.string() }),
      z.object({
        kind: z.literal('omitted'),
        of: z.enum(['same', 'removed', 'added']),
        chars: z.number().int(),
      }),
    ]),
  ),
});
export type TextDiff = z.infer<typeof TextDiff>;

/** `path` is where a caller puts the parameter, as in `sessions[].url`; empty for the schema itself. */
const inSchema = { schema: z.enum(['input', 'output']), path: z.string() };

/** One difference between two schemas. */
export const SchemaChange = z.discriminatedUnion('change', [
  z.object({
    change: z.enum(['added', 'removed']),
    ...inSchema,
    type: z.string(),
    required: z.boolean(),
    description: z.string().optional(),
  }),
  z.object({ change: z.literal('type'), ...inSchema, before: z.string(), after: z.string() }),
  z.object({ change: z.enum(['required', 'optional']), ...inSchema }),
  z.object({ change: z.literal('description'), ...inSchema, text: TextDiff }),
  z.object({
    change: z.literal('choices'),
    ...inSchema,
    added: z.array(z.string()),
    removed: z.array(z.string()),
  }),
  /** Anything else: the key in the parameter's schema, and its value as JSON text, cut; absent where it has none. */
  z.object({
    change: z.literal('other'),
    ...inSchema,
    key: z.string(),
    before: z.string().optional(),
    after: z.string().optional(),
  }),
]);
export type SchemaChange = z.infer<typeof SchemaChange>;

/** What changed in a definition. Two definitions with different hashes differ in at least one of its parts. */
export const DefinitionDiff = z.object({
  title: TextDiff.optional(),
  description: TextDiff.optional(),
  schema: z.array(SchemaChange),
  /** Differences of the schemas beyond those that are told. */
  moreSchemaChanges: z.number().int(),
  /** Annotations and every other key of the definition, in their order; values as JSON text, cut. */
  other: z.array(z.object({ key: z.string(), before: z.string().optional(), after: z.string().optional() })),
});
export type DefinitionDiff = z.infer<typeof DefinitionDiff>;

/** A verdict in short, and who gave it. */
export const ToolVerdict = z.object({
  category: Classification.shape.category,
  risk: Classification.shape.risk,
  destructive: z.boolean(),
  financial: z.boolean(),
  /** The ids of those that are present, in their order. */
  signals: z.array(z.string()),
  classifierVersion: z.string(),
  signalSetHash: z.string(),
  /** `rules`, the name of a language model, or the person who corrected it. */
  reviewer: z.string(),
  /** Of the question that a model was asked. */
  promptVersion: z.string().optional(),
});
export type ToolVerdict = z.infer<typeof ToolVerdict>;

/** A definition on one side of a change. */
export const ToolState = z.object({
  hash: z.string(),
  /** Its place in the list, from 0. */
  position: z.number().int(),
  /** The newest on this definition; of what was judged again, the one before and the one after. */
  verdict: ToolVerdict.optional(),
});
export type ToolState = z.infer<typeof ToolState>;

/** A list that a server gave, by the first scan that found it. */
export const ListRef = z.object({
  scan: z.number().int(),
  /** ISO 8601, UTC. */
  observedAt: z.string(),
  /** `partial`: it was cut short, so that nothing can be said to be missing from it. */
  status: z.enum(['complete', 'partial']),
  /** `declared`: the tools were written down by somebody; the server itself was not asked. */
  provenance: z.enum(['observed', 'declared']),
});
export type ListRef = z.infer<typeof ListRef>;

/** The two lists between which something changed, and what else was different then. */
export const ListStep = z.object({
  before: ListRef.optional(),
  after: ListRef,
  /** Arguments and names of variables that the server was given: where they change, the tools may change with them. */
  context: z
    .object({
      before: CrawlContext.pick({ args: true, envNames: true }),
      after: CrawlContext.pick({ args: true, envNames: true }),
    })
    .optional(),
});
export type ListStep = z.infer<typeof ListStep>;

/** Something that happened to one tool of a server. A new name is a tool that vanished and one that appeared. */
export const ToolChange = z.object({
  /** `re-judged`: the same definition got another verdict. `returned`: it had vanished before. */
  kind: z.enum(['appeared', 'changed', 'vanished', 'returned', 're-judged']),
  /** When the scan was made that found it, or when it was judged again; ISO 8601, UTC. */
  at: z.string(),
  name: z.string(),
  /** Names the tool in commands; tools of one name share it. */
  slug: z.string(),
  /** How many tools of this name the server has at that time, where it is not one. */
  sameName: z.number().int().optional(),
  /** Absent of what appeared. Of what returned, the definition that was there last. */
  before: ToolState.optional(),
  /** Absent of what vanished. */
  after: ToolState.optional(),
  /** The risk rose, an effect is new, or the definition now speaks to the model: read it before you go on. */
  raises: z.boolean(),
  /** Why, in words. */
  reasons: z.array(z.string()),
  /** What is to be known beside it, such as a list that was cut short. */
  remarks: z.array(z.string()),
  definition: DefinitionDiff.optional(),
  /** Absent of what was judged again. */
  step: ListStep.optional(),
});
export type ToolChange = z.infer<typeof ToolChange>;

const NamedServer = z.object({ slug: z.string(), id: z.string(), label: z.string() });

/** What happened to a server's tools, in the order that was asked for. */
export const ServerHistory = z.object({
  server: NamedServer,
  /** The first list; its tools are no changes, and are given as `appeared` only where one tool is asked for. */
  first: ListRef.extend({ toolCount: z.number().int() }).optional(),
  /** The newest list. */
  last: ListRef.extend({ toolCount: z.number().int() }).optional(),
  /** How often the list was another than before, in all. */
  lists: z.number().int(),
  changes: z.array(ToolChange),
  /** Where the next page begins; absent on the last one. */
  next: z.string().optional(),
});
export type ServerHistory = z.infer<typeof ServerHistory>;

/** What is different between a list and the newest one. */
export const ServerDiff = z.object({
  server: NamedServer,
  /** Verdicts that are newer are told; ISO 8601, UTC. */
  since: z.string().optional(),
  /** Absent where the server was never listed; without `before` where there is one list only. */
  step: ListStep.optional(),
  /** Flagged ones first. */
  changes: z.array(ToolChange),
});
export type ServerDiff = z.infer<typeof ServerDiff>;

/** A tool that a server listed once and does not list now: what it was last, and when it went. */
export const VanishedTool = z.object({
  /** The one that it had, of several tools of its name that of the first; no tool that is listed now has it. */
  slug: z.string(),
  /** The last one that it had. */
  definition: ToolDefinition,
  /** The newest verdict on it; absent where it was never judged. */
  classification: Classification.optional(),
  /** When this very definition was first and last seen on this server; ISO 8601, UTC. */
  firstSeenAt: z.string(),
  lastSeenAt: z.string(),
  /** When the list was made that no longer had it; ISO 8601, UTC. */
  vanishedAt: z.string(),
});
export type VanishedTool = z.infer<typeof VanishedTool>;

/** A server with all that its pages tell: what it lists now, what it listed once, and what happened between. */
export const ServerSheet = ServerView.extend({
  /** How often its list was another than before, in all. */
  lists: z.number().int(),
  /** What happened to its tools, the newest first, a hundred at the most; without the tools of the first list. */
  changes: z.array(ToolChange),
  /** Whether there are older changes than these. */
  moreChanges: z.boolean(),
  /** In the order of their slugs; a thousand at the most, those that went last. */
  vanished: z.array(VanishedTool),
});
export type ServerSheet = z.infer<typeof ServerSheet>;

/** Names a state of a server: it is another as soon as anything is that its sheet tells. */
export const ServerRevision = z.object({ slug: z.string(), revision: z.string() });
export type ServerRevision = z.infer<typeof ServerRevision>;

/** The tools that a server lists now, by name alone: enough to find those that are alike. */
export const ServerNames = z.object({
  slug: z.string(),
  label: z.string(),
  tools: z.array(
    z.object({
      slug: z.string(),
      name: z.string(),
      category: Classification.shape.category,
      risk: Classification.shape.risk,
    }),
  ),
});
export type ServerNames = z.infer<typeof ServerNames>;

/** A change, and the server whose tool it happened to. */
export const CatalogueChange = ToolChange.omit({ definition: true }).extend({ server: NamedServer });
export type CatalogueChange = z.infer<typeof CatalogueChange>;
