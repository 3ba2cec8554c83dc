import { z } from 'zod';

/**
 * What the crawler takes and gives. Everything here can be stored and published: environment variables and
 * headers appear by name only, and arguments have been screened for secrets.
 */

export const StdioTransport = z.object({
  kind: z.literal('stdio'),
  command: z.string(),
  args: z.array(z.string()),
  /** Names of the variables passed through to the server beyond the allow-list; never their values. */
  envNames: z.array(z.string()),
  cwd: z.string().optional(),
});
export type StdioTransport = z.infer<typeof StdioTransport>;

export const HttpTransport = z.object({
  kind: z.literal('http'),
  url: z.string(),
  /** Names of the headers sent; never their values. */
  headerNames: z.array(z.string()),
});
export type HttpTransport = z.infer<typeof HttpTransport>;

export const Origin = z.object({
  /** Id of the crawl source that named the server, e.g. `npm`. */
  source: z.string(),
  /** What the source was given, e.g. `npm:@playwright/mcp` or a config file's name and key. */
  ref: z.string(),
  version: z.string().optional(),
});
export type Origin = z.infer<typeof Origin>;

export const ServerTarget = z.object({
  /** Identity of the server across scans, e.g. `npm:@playwright/mcp`. */
  id: z.string(),
  /** What people call it. */
  label: z.string(),
  transport: z.discriminatedUnion('kind', [StdioTransport, HttpTransport]),
  origin: Origin,
});
export type ServerTarget = z.infer<typeof ServerTarget>;

/** Kept by reference: copying it, as `z.record` does, would lose a key called `__proto__`. */
const JsonObject = z.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'expected a JSON object',
);

/**
 * A server's hints about a tool. A hint that is not a boolean is dropped, so `undefined` means "unset": it must
 * never be read as the default that the protocol gives it.
 */
export const ToolAnnotations = z.object({
  title: z.string().optional().catch(undefined),
  readOnlyHint: z.boolean().optional().catch(undefined),
  destructiveHint: z.boolean().optional().catch(undefined),
  idempotentHint: z.boolean().optional().catch(undefined),
  openWorldHint: z.boolean().optional().catch(undefined),
});
export type ToolAnnotations = z.infer<typeof ToolAnnotations>;

export const ToolDefinition = z.object({
  name: z.string(),
  title: z.string().optional(),
  description: z.string().optional(),
  inputSchema: JsonObject,
  outputSchema: JsonObject.optional(),
  annotations: ToolAnnotations.optional(),
  /** Place in the server's list, from 0. */
  position: z.number().int().nonnegative(),
  /** SHA-256, lower-case hex, of the canonical JSON of `wire`. */
  hash: z.string(),
  /** Exactly what the server sent for this tool. */
  wire: JsonObject,
});
export type ToolDefinition = z.infer<typeof ToolDefinition>;

/** An entry of `tools/list` that cannot be a tool: no object, or no name. */
export const RejectedTool = z.object({
  position: z.number().int().nonnegative(),
  label: z.string().optional(),
  reason: z.string(),
});
export type RejectedTool = z.infer<typeof RejectedTool>;

export const CrawlPhase = z.enum(['resolve', 'spawn', 'initialize', 'list']);
export type CrawlPhase = z.infer<typeof CrawlPhase>;

export const CrawlFailureCode = z.enum([
  'not-found',
  'spawn-failed',
  'unreachable',
  'auth-required',
  'needs-configuration',
  'timeout',
  'protocol',
  'limit',
  'blocked',
  'aborted',
]);
export type CrawlFailureCode = z.infer<typeof CrawlFailureCode>;

export const CrawlFailure = z.object({
  code: CrawlFailureCode,
  /** One sentence for a person: what happened and to what. */
  message: z.string(),
  /** More, e.g. the head of the server's stderr. */
  detail: z.string().optional(),
  /** It may pass by itself, as a timeout or an overloaded server does: trying again makes sense. */
  transient: z.boolean().optional(),
  /** Milliseconds after which the server asked to be tried again. */
  retryAfterMs: z.number().nonnegative().optional(),
});
export type CrawlFailure = z.infer<typeof CrawlFailure>;

/** What kept a local server from the rest of the machine while it ran. */
export const Isolation = z.enum(['none', 'bubblewrap', 'docker']);
export type Isolation = z.infer<typeof Isolation>;

/** What a listing depends on: two listings can be compared only when their contexts agree. */
export const CrawlContext = z.object({
  /** Absent where nothing was run on this machine. */
  isolation: Isolation.optional(),
  args: z.array(z.string()),
  envNames: z.array(z.string()),
  clientCapabilities: JsonObject,
  protocolVersion: z.string().optional(),
});
export type CrawlContext = z.infer<typeof CrawlContext>;

export const ServerInfo = z.object({
  name: z.string().optional().catch(undefined),
  title: z.string().optional().catch(undefined),
  version: z.string().optional().catch(undefined),
});
export type ServerInfo = z.infer<typeof ServerInfo>;

const CrawlHead = {
  target: ServerTarget,
  /** ISO 8601, UTC. */
  observedAt: z.string(),
  durationMs: z.number().nonnegative(),
  context: CrawlContext,
};

export const CrawlListing = z.object({
  ...CrawlHead,
  /** `partial`: a cap was reached or a page was lost; `warnings` says what is missing. */
  status: z.enum(['complete', 'partial']),
  /** `declared`: written down by somebody, as in a registry; the server itself was not asked. */
  provenance: z.enum(['observed', 'declared']).default('observed'),
  serverInfo: ServerInfo,
  instructions: z.string().optional(),
  tools: z.array(ToolDefinition),
  rejected: z.array(RejectedTool),
  warnings: z.array(z.string()),
});
export type CrawlListing = z.infer<typeof CrawlListing>;

const CrawlFailed = z.object({
  ...CrawlHead,
  status: z.literal('failed'),
  phase: CrawlPhase,
  failure: CrawlFailure,
});

export const CrawlResult = z.discriminatedUnion('status', [CrawlListing, CrawlFailed]);
export type CrawlResult = z.infer<typeof CrawlResult>;
