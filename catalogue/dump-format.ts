import { z } from 'zod';
import { Classification, Finding } from '../classifier/contract.ts';
import { Answer } from '../classifier/review/opinion.ts';
import {
  CrawlContext,
  CrawlFailure,
  CrawlPhase,
  RejectedTool,
  ServerInfo,
  ServerTarget,
} from '../crawler/contract.ts';
import { MAX_INDEX_ENTRY_BYTES, MAX_INDEXED_CHARS } from './limits.ts';

/**
 * The lines of a dump: JSONL, a heading first, then a record a line, then the end. Records refer to each other by hash
 * and by the id of the server, and only to records before them. The JSON Schema is in `docs/schemas/`.
 */

export const DUMP_FORMAT = 'tool-risk-catalogue';

/** Goes up when an older program could no longer read a dump, or would lose some of it. */
export const DUMP_VERSION = 1;

/** Text that both engines can store: neither takes the NUL character, nor half of a surrogate pair. */
const Text = z
  .string()
  .refine((text) => text.isWellFormed() && !text.includes('\0'), 'holds a character that cannot be stored');

const Hash = z.string().regex(/^[0-9a-f]{64}$/, 'is not a SHA-256 in lower-case hex');

/** ISO 8601, UTC, with milliseconds. */
const Instant = z.iso
  .datetime({ precision: 3 })
  .refine((text) => !text.startsWith('0000'), 'has a year that does not exist');

const INT32_MAX = 2_147_483_647;
const Count = z.number().int().min(0).max(INT32_MAX);

/** What an index holds together. */
function indexed(texts: readonly string[]): boolean {
  return Buffer.byteLength(texts.join('')) <= MAX_INDEX_ENTRY_BYTES;
}
const TOO_LONG = 'has names that are too long together';

export const DumpHead = z.object({
  kind: z.literal('dump'),
  format: z.literal(DUMP_FORMAT),
  version: z.literal(DUMP_VERSION),
  /** How many records follow. */
  records: z.number().int().nonnegative(),
});

export const DumpEnd = z.object({
  kind: z.literal('end'),
  /** How many records came before: a file without this line has been cut. */
  records: z.number().int().nonnegative(),
});

/** What a source keeps for its next run on a reference. */
const DumpedState = z
  .object({
    kind: z.literal('source-state'),
    source: Text,
    ref: Text,
    savedAt: Instant,
    /** The source's own; any JSON. */
    state: z.unknown(),
  })
  .refine(({ source, ref }) => indexed([source, ref]), TOO_LONG);

/** Names a pass over a source. */
const PassName = z.object({
  source: Text,
  ref: Text,
  startedAt: Instant,
  /** From 2 where several passes began at one instant. */
  nth: Count.min(2).optional(),
});
export type PassName = z.infer<typeof PassName>;

/** A pass over a source. */
const DumpedPass = PassName.extend({
  kind: z.literal('pass'),
  /** Absent while it can be taken up again. */
  endedAt: Instant.optional(),
}).refine(({ source, ref }) => indexed([source, ref]), TOO_LONG);

const DumpedServer = z.object({
  kind: z.literal('server'),
  id: Text.max(MAX_INDEXED_CHARS),
  /** Names it in addresses and file names, and so is made of few characters. */
  slug: z
    .string()
    .regex(/^(?!(con|prn|aux|nul|com\d|lpt\d|index)$)[a-z0-9][a-z0-9-]{0,79}(~[0-9a-f]{1,12}){0,2}$/),
  label: Text,
  firstSeenAt: Instant,
  /** Every place where it was found. */
  origins: z.array(
    z
      .object({ source: Text, ref: Text, firstSeenAt: Instant })
      .refine(({ source, ref }) => indexed([source, ref]), TOO_LONG),
  ),
});

const DumpedDefinition = z.object({
  kind: z.literal('definition'),
  /** SHA-256 of the canonical JSON of the definition: keys sorted by UTF-16 code unit, no white space. */
  hash: Hash,
  /** Exactly what a server sent for the tool. */
  definition: z.looseObject({ name: z.string() }),
});

/** A list of tools that a server gave, in their order. */
const DumpedList = z.object({
  kind: z.literal('list'),
  /** SHA-256 over one line for each tool, its position, a blank and its hash, joined by newlines. */
  hash: Hash,
  tools: z.array(z.object({ position: Count, hash: Hash })),
});

/** Who or what gave verdicts. */
const DumpedJudge = z
  .object({
    kind: z.literal('judge'),
    classifierVersion: Text,
    signalSetHash: Text,
    reviewer: Text,
    /** Of the question that a model was asked; empty where none was. */
    promptVersion: Text,
    /** Its signals. In a verdict, those that are not among the findings are absent. */
    signals: z.array(Text),
  })
  .refine(
    (judge) => indexed([judge.classifierVersion, judge.signalSetHash, judge.reviewer, judge.promptVersion]),
    TOO_LONG,
  );

/** A verdict on a definition. Of those on one definition the last is the one that counts. */
const DumpedVerdict = z.object({
  kind: z.literal('verdict'),
  toolHash: Hash,
  judgedAt: Instant,
  classifierVersion: Text,
  signalSetHash: Text,
  reviewer: Text,
  verdict: Classification.omit({
    toolHash: true,
    classifierVersion: true,
    signalSetHash: true,
    reviewer: true,
  }).extend({
    /** Without the signals that are absent. */
    findings: z.array(Finding),
    /** A correction stands in a file of its own, never in the catalogue. */
    correction: z.never().optional(),
  }),
});

const ScanHead = {
  kind: z.literal('scan'),
  /** Id of the server. */
  server: Text.max(MAX_INDEXED_CHARS),
  /** A server has one scan at an instant. */
  observedAt: Instant,
  durationMs: Count,
  pass: PassName.optional(),
  target: ServerTarget,
};

/** What is not said by the rest of the line; nothing else may stand there. */
const ScanDetails = z.strictObject({
  context: CrawlContext,
  serverInfo: ServerInfo,
  instructions: z.string().optional(),
  rejected: z.array(RejectedTool),
  warnings: z.array(z.string()),
});

const DumpedScan = z.discriminatedUnion('status', [
  z.object({
    ...ScanHead,
    status: z.enum(['complete', 'partial']),
    provenance: z.enum(['observed', 'declared']),
    /** What it listed. */
    list: Hash,
    details: ScanDetails,
  }),
  z.object({
    ...ScanHead,
    status: z.literal('failed'),
    phase: CrawlPhase,
    details: ScanDetails.extend({ failure: CrawlFailure }),
  }),
]);

/** What a language model answered about a definition, which need not be in the dump. */
const DumpedReview = z
  .object({
    kind: z.literal('review'),
    toolHash: Text,
    model: Text,
    promptVersion: Text,
    reviewedAt: Instant,
    promptTokens: Count,
    completionTokens: Count,
    answer: Answer,
  })
  .refine(({ toolHash, model, promptVersion }) => indexed([toolHash, model, promptVersion]), TOO_LONG);

/** Every kind of record, in the order in which a dump has them. */
export const RECORDS = {
  'source-state': DumpedState,
  pass: DumpedPass,
  server: DumpedServer,
  definition: DumpedDefinition,
  list: DumpedList,
  judge: DumpedJudge,
  verdict: DumpedVerdict,
  scan: DumpedScan,
  review: DumpedReview,
} as const;
export type RecordKind = keyof typeof RECORDS;

/** The kinds, in the order in which a dump has them. */
export const RECORD_KINDS = Object.keys(RECORDS) as readonly RecordKind[];

/** One line of a dump. */
export const DumpLine = z.union([DumpHead, ...Object.values(RECORDS), DumpEnd]);
