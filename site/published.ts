import { z } from 'zod';
import {
  Category,
  Classification,
  Effect,
  type Evidence,
  HintCheck,
  PresentFinding,
  Review,
  RiskLevel,
  type Ruling,
} from '../classifier/contract.ts';
import { CrawlFailureCode, CrawlPhase } from '../crawler/contract.ts';

/**
 * The site as data. These are types of their own, so that what others build on stays the same when the catalogue's own
 * change; a change that breaks a reader gets a new number in `format` and a new schema beside the old one.
 */

const TOOL_FORMAT = 'tool-risk-catalogue/tool-1';
const SERVER_FORMAT = 'tool-risk-catalogue/server-1';
const INDEX_FORMAT = 'tool-risk-catalogue/index-1';

const Address = z
  .string()
  .describe('Relative to this file, or absolute where the site knows its own address.');
const Time = z.string().describe('ISO 8601, UTC.');
const Said = z.string().describe('As the server sent it; nothing is escaped or replaced.');
const Json = z.record(z.string(), z.unknown());

const Risks = z.object({
  low: z.number().int(),
  medium: z.number().int(),
  high: z.number().int(),
  critical: z.number().int(),
});
const Categories = z.object({ Read: z.number().int(), Write: z.number().int(), Execute: z.number().int() });

const PublishedEvidence = z.object({
  pointer: z.string().describe('A JSON Pointer (RFC 6901) into `definition`.'),
  quote: z.string(),
  note: z.string(),
  parameter: z.string().optional(),
}) satisfies z.ZodType<Evidence>;

const PublishedSignal = z.object({
  id: z.string(),
  label: z.string(),
  why: z.string().describe('What it lets happen, in a sentence.'),
  confidence: PresentFinding.shape.confidence,
  raises: RiskLevel.optional().describe('The least risk that a tool with this signal has.'),
  effects: z.array(Effect).optional(),
  parameters: z.array(z.string()).describe('Paths such as `sessions[].url`.'),
  evidence: z.array(PublishedEvidence),
});

const PublishedRuling = z.object({
  category: Category,
  destructive: z.boolean(),
  financial: z.boolean(),
  risk: RiskLevel,
  confidence: Classification.shape.confidence,
  rationale: z.string(),
}) satisfies z.ZodType<Ruling>;

const PublishedState = z.object({
  hash: z.string(),
  category: Category.optional(),
  risk: RiskLevel.optional(),
});

const PublishedChange = z.object({
  kind: z.enum(['appeared', 'changed', 'vanished', 'returned', 're-judged']),
  at: Time,
  raises: z.boolean().describe('The risk rose, an effect is new, or the definition now speaks to the model.'),
  reasons: z.array(z.string()),
  before: PublishedState.optional(),
  after: PublishedState.optional(),
});

/** The twin of a tool's page. */
export const ToolTwin = z.object({
  format: z.literal(TOOL_FORMAT),
  name: Said,
  slug: z.string(),
  server: z.object({ slug: z.string(), id: z.string(), label: z.string() }),
  addresses: z.object({ page: Address, json: Address, badge: Address, server: Address }),
  hash: z.string().describe('SHA-256 of the canonical JSON of `definition`.'),
  definition: Json.describe('The entry of `tools/list`, as the server sent it.'),
  firstSeenAt: Time.describe('When this very definition was first seen on this server; ISO 8601, UTC.'),
  vanishedAt: Time.optional().describe('The server no longer lists it; ISO 8601, UTC.'),
  ...PublishedRuling.shape,
  alternative: Category.optional().describe('A second reading that the definition leaves open.'),
  evidence: z.array(PublishedEvidence).describe('What the category rests on, strongest first.'),
  signals: z.array(PublishedSignal),
  unknownSignals: z.array(z.string()).describe('Signals that could not be worked out for this definition.'),
  hints: z
    .array(
      z.object({
        hint: HintCheck.shape.hint,
        claim: HintCheck.shape.claim,
        verdict: HintCheck.shape.verdict,
      }),
    )
    .describe('What the server claims by its annotations, beside what was found.'),
  parameters: z.array(
    z.object({
      path: z.string(),
      types: z.array(z.string()).describe('JSON types; empty where the schema says nothing.'),
      required: z.boolean(),
    }),
  ),
  policy: Json.optional().describe(
    'The recommended policy.json that allows no other tool; absent once it has vanished.',
  ),
  reviewer: z.string().describe('`rules`, the name of a language model, or the person who corrected it.'),
  classifierVersion: z.string(),
  signalSetHash: z.string(),
  correction: z.object({ by: z.string(), reason: z.string(), replaced: PublishedRuling }).optional(),
  review: z
    .object({
      model: z.string(),
      promptVersion: z.string(),
      opinion: PublishedRuling.omit({ risk: true, confidence: true }).extend({ evidence: PublishedEvidence }),
      outcome: Review.shape.outcome,
      rules: PublishedRuling,
    })
    .optional(),
  related: z.array(
    z.object({
      name: Said,
      server: z.object({ slug: z.string(), label: z.string() }),
      category: Category,
      risk: RiskLevel,
      json: Address,
    }),
  ),
  history: z
    .array(PublishedChange)
    .describe('What happened to tools of this name on this server, newest first.'),
});
export type ToolTwin = z.infer<typeof ToolTwin>;

/** The twin of a server's page. */
export const ServerTwin = z.object({
  format: z.literal(SERVER_FORMAT),
  slug: z.string(),
  id: z.string(),
  label: z.string(),
  addresses: z.object({ page: Address, json: Address, policy: Address, feed: Address, badge: Address }),
  origins: z.array(z.object({ source: z.string(), ref: z.string(), version: z.string().optional() })),
  transport: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('stdio'),
      command: z.string(),
      envNames: z.array(z.string()).describe('Names of variables, never their values.'),
    }),
    z.object({
      kind: z.literal('http'),
      url: z.string(),
      headerNames: z.array(z.string()).describe('Names of headers, never their values.'),
    }),
  ]),
  firstSeenAt: Time,
  lastScan: z.object({
    observedAt: Time,
    status: z.enum(['complete', 'partial', 'failed']),
    phase: CrawlPhase.optional(),
    failure: z.object({ code: CrawlFailureCode, message: z.string() }).optional(),
  }),
  listing: z
    .object({
      observedAt: Time,
      status: z.enum(['complete', 'partial', 'failed']),
      provenance: z
        .enum(['observed', 'declared'])
        .describe('`declared`: the tools were written down by somebody; the server itself was not asked.'),
      protocolVersion: z.string().optional(),
      serverInfo: z.object({
        name: Said.optional(),
        title: Said.optional(),
        version: Said.optional(),
      }),
      instructions: Said.optional(),
      warnings: z.array(z.string()),
      rejected: z.array(z.object({ position: z.number().int(), label: Said.optional(), reason: z.string() })),
    })
    .optional()
    .describe('The newest scan that listed tools; absent when none ever did.'),
  classifierVersion: z.string(),
  counts: z.object({
    tools: z.number().int(),
    risks: Risks,
    categories: Categories,
    destructive: z.number().int(),
    financial: z.number().int(),
  }),
  contextCost: z.object({
    tokens: z.number().int().describe('An estimate of what the definitions take of a model’s context.'),
    shareOf200k: z.number(),
    heaviest: z.array(z.object({ slug: z.string(), name: Said, tokens: z.number().int() })),
  }),
  combinations: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      why: z.string(),
      parts: z.array(z.object({ role: z.string(), tools: z.array(Said) })),
    }),
  ),
  tools: z.array(
    z.object({
      slug: z.string(),
      name: Said,
      category: Category,
      risk: RiskLevel,
      destructive: z.boolean(),
      financial: z.boolean(),
      signals: z.array(z.string()),
      firstSeenAt: Time,
      lastSeenAt: Time,
      json: Address,
    }),
  ),
  vanished: z.array(
    z.object({
      slug: z.string(),
      name: Said,
      lastSeenAt: Time,
      vanishedAt: Time,
      category: Category.optional(),
      risk: RiskLevel.optional(),
      json: Address.optional().describe('Absent where the tool was never judged.'),
    }),
  ),
});
export type ServerTwin = z.infer<typeof ServerTwin>;

/** Every server of the catalogue in short, with the way to its twin. */
export const CatalogueIndex = z.object({
  format: z.literal(INDEX_FORMAT),
  classifierVersion: z.string(),
  takenAt: Time.optional().describe('When the newest scan was made; ISO 8601, UTC.'),
  servers: z.array(
    z.object({
      slug: z.string(),
      id: z.string(),
      label: z.string(),
      status: z.enum(['complete', 'partial', 'failed']).describe('How the newest scan ended.'),
      failure: z.string().optional(),
      scannedAt: Time,
      listedAt: Time.optional(),
      tools: z.number().int(),
      risks: Risks,
      categories: Categories,
      json: Address,
    }),
  ),
});
export type CatalogueIndex = z.infer<typeof CatalogueIndex>;

const PUBLISHED = {
  tool: { type: ToolTwin, title: 'A tool of the catalogue, format 1' },
  server: { type: ServerTwin, title: 'A server of the catalogue, format 1' },
  index: { type: CatalogueIndex, title: 'The index of the catalogue, format 1' },
};

/** The JSON Schema (2020-12) of one kind of file. Its `$id` means the same for good; readers may meet more keys. */
export function publishedSchema(kind: keyof typeof PUBLISHED): Record<string, unknown> {
  const { type, title } = PUBLISHED[kind];
  const { $schema, ...schema } = z.toJSONSchema(type, { io: 'input' });
  return { $schema, $id: `urn:tool-risk-catalogue:${kind}:1`, title, ...schema };
}

/** Data on one line, as its files have it. */
export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
