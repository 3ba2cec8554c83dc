import { z } from 'zod';
import { DefinitionDiff, ToolVerdict } from '../catalogue/contract.ts';
import { signalEntries } from '../classifier/classify.ts';
import {
  Category,
  type Classification,
  type Combination,
  Confidence,
  Evidence,
  HintCheck,
  RiskLevel,
  ToolReference,
} from '../classifier/contract.ts';
import { HINT_DEFAULTS } from '../classifier/hints.ts';
import { CrawlFailure, CrawlPhase, Isolation, RejectedTool, ServerTarget } from '../crawler/contract.ts';
import { visibleJson } from '../site/visible.ts';

/**
 * The JSON that the commands print for other programs. A type of its own, so that the inside can change without
 * breaking its readers; the schemas are in `docs/schemas/`.
 */

const PublishedSignal = z.object({
  id: z.string(),
  /** What the tool can do, how well it is defined, or text that is written to mislead. */
  group: z.enum(['capability', 'definition', 'attack-text']),
  /** As on the pages, e.g. `Accepts URL/endpoint input (sessions[].url)`. */
  label: z.string(),
  parameter: z.string().optional(),
});

const PublishedEvidence = Evidence.pick({ pointer: true, quote: true });

/** A verdict in short: what a person or a model would say of the tool. */
const PublishedRuling = z.object({
  category: Category,
  destructive: z.boolean(),
  financial: z.boolean(),
  risk: RiskLevel,
  confidence: Confidence,
  rationale: z.string(),
});

/** One of the server's own hints beside the verdict. */
const PublishedHint = z.object({
  hint: HintCheck.shape.hint,
  claim: HintCheck.shape.claim,
  /** What the protocol takes for granted where nothing is claimed. */
  default: z.enum(['true', 'false']),
  verdict: HintCheck.shape.verdict,
});

/** A second opinion by a language model. */
const PublishedReview = z.object({
  model: z.string(),
  promptVersion: z.string(),
  /** `not-followed`: it saw less risk than rules that were sure of theirs, or than a signal demands. */
  outcome: z.enum(['agrees', 'raised', 'lowered', 'not-followed']),
  opinion: PublishedRuling.omit({ risk: true, confidence: true }).extend({ evidence: PublishedEvidence }),
  /** What the rules said alone. */
  rules: PublishedRuling,
});

/** That a person overrode the verdict, and what it was before. */
const PublishedCorrection = z.object({ by: z.string(), reason: z.string(), replaced: PublishedRuling });

/** One line of `catalogue classify`, and one tool of `catalogue scan --json`. */
export const PublishedTool = z.object({
  server: z.string().nullable(),
  name: z.string(),
  /** SHA-256 of the definition's canonical JSON, lower-case hex. */
  toolHash: z.string(),
  category: Category,
  /** The category of a second reading that the definition leaves open. */
  alternative: Category.optional(),
  risk: RiskLevel,
  destructive: z.boolean(),
  financial: z.boolean(),
  confidence: Confidence,
  signals: z.array(PublishedSignal),
  /** Where in the definition the verdict and its signals rest. */
  evidence: z.array(PublishedEvidence),
  rationale: z.string(),
  hints: z.array(PublishedHint),
  /** `rules`, the name of a language model, or the person who corrected the verdict. */
  reviewer: z.string(),
  review: PublishedReview.optional(),
  correction: PublishedCorrection.optional(),
  classifierVersion: z.string(),
});
export type PublishedTool = z.infer<typeof PublishedTool>;

/** Tools that together can do what none of them can alone. */
export const PublishedCombination = z.object({
  id: z.string(),
  title: z.string(),
  why: z.string(),
  /** No single server has all of its parts. */
  acrossServers: z.boolean(),
  parts: z.array(
    z.object({
      role: z.string(),
      /** How many tools there are for this part, listed or not. */
      toolCount: z.number().int(),
      /** The riskiest first, at most 50. */
      tools: z.array(ToolReference),
    }),
  ),
});
export type PublishedCombination = z.infer<typeof PublishedCombination>;

/** How a scanned server stands against a lock file. */
export const PublishedLockCheck = z.object({
  file: z.string(),
  /** Its keys in the file; none where the file does not name it. */
  keys: z.array(z.string()),
  /** `unknown`: it could not be listed. */
  status: z.enum(['matches', 'differs', 'unknown']),
  /** Why it was not compared, or not in whole. */
  reason: z.string().optional(),
  tools: z.array(
    z.object({
      kind: z.enum(['new', 'changed', 'gone']),
      name: z.string(),
      /** The hash that was pinned; absent of a new tool. */
      locked: z.string().optional(),
      /** The hash that is listed; absent of a tool that is gone. */
      hash: z.string().optional(),
      /** What makes it riskier than what was pinned, in words. */
      reasons: z.array(z.string()),
      /** Where the definition that was pinned is known. */
      definition: DefinitionDiff.optional(),
    }),
  ),
});
export type PublishedLockCheck = z.infer<typeof PublishedLockCheck>;

/** One target of `catalogue scan --json`. */
export const PublishedScan = z.object({
  target: ServerTarget,
  status: z.enum(['complete', 'partial', 'failed']),
  phase: CrawlPhase.optional(),
  failure: CrawlFailure.optional(),
  /** What kept a program that ran here from the rest of the machine. */
  isolation: Isolation.optional(),
  warnings: z.array(z.string()),
  rejected: z.array(RejectedTool),
  tools: z.array(PublishedTool),
  /** What its tools can do together. */
  combinations: z.array(PublishedCombination),
  /** With `--locked`. */
  lock: PublishedLockCheck.optional(),
});
export type PublishedScan = z.infer<typeof PublishedScan>;

/** What `catalogue scan --json` prints. */
export const PublishedScans = z.object({
  servers: z.array(PublishedScan),
  /** What the tools of several servers can do together and those of none can by itself. */
  acrossServers: z.array(
    z.object({
      /** The client that has these servers at once; null where no client is known. */
      client: z.string().nullable(),
      servers: z.array(z.string()),
      combinations: z.array(PublishedCombination),
    }),
  ),
});
export type PublishedScans = z.infer<typeof PublishedScans>;

const Health = z.enum(['ok', 'warning', 'problem']);

/** What `catalogue doctor --json` prints. */
export const PublishedDoctor = z.object({
  /** The worst of all checks. */
  health: Health,
  /** Whether the catalogue could be opened, or there is none yet. */
  opened: z.boolean(),
  checks: z.array(
    z.object({
      id: z.string(),
      health: Health,
      /** For people. */
      found: z.string(),
      advice: z.string().nullable(),
      /** The same as numbers and words for programs. A check may get more of them. */
      values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    }),
  ),
});
export type PublishedDoctor = z.infer<typeof PublishedDoctor>;

/** How often one value became another. */
const PublishedMoves = z.array(z.object({ from: z.string(), to: z.string(), count: z.number().int() }));

/** What `catalogue reclassify --json` prints. */
export const PublishedReclassify = z.object({
  dryRun: z.boolean(),
  /** Whether nothing is left that the present classifier has not judged. */
  complete: z.boolean(),
  judged: z.number().int(),
  /** Definitions that had no verdict. */
  first: z.number().int(),
  same: z.number().int(),
  /** Those whose risk rose, with a new effect, or with text that is written to mislead. */
  raised: z.number().int(),
  categories: PublishedMoves,
  risks: PublishedMoves,
  signals: z.array(z.object({ signal: z.string(), came: z.number().int(), went: z.number().int() })),
  /** Second opinions on verdicts before: applied to the new one, or no longer to be found in the definition. */
  opinions: z.object({ kept: z.number().int(), lost: z.number().int() }),
  /** Flagged ones first, at most 20. */
  examples: z.array(
    z.object({
      name: z.string(),
      hash: z.string(),
      before: ToolVerdict,
      after: ToolVerdict,
      reasons: z.array(z.string()),
    }),
  ),
});
export type PublishedReclassify = z.infer<typeof PublishedReclassify>;

/** What `catalogue search --json` prints. */
export const PublishedSearch = z.object({
  /** The closest matches first, or without words the riskiest. */
  tools: z.array(PublishedTool.extend({ description: z.string().optional() })),
  /** For `--after`, where there is more. */
  after: z.string().optional(),
  /** Words that no tool has, and what was searched in their place; nothing, where no word is like it. */
  respelt: z.array(z.object({ word: z.string(), as: z.string().optional() })),
  /** Servers whose newest list is not searched yet. */
  waitingServers: z.number().int(),
});
export type PublishedSearch = z.infer<typeof PublishedSearch>;

/** A verdict in its published form. */
export function publishTool(
  server: string | null,
  name: string,
  classification: Classification,
): PublishedTool {
  return {
    server,
    name,
    toolHash: classification.toolHash,
    category: classification.category,
    ...(classification.alternative !== undefined && { alternative: classification.alternative }),
    risk: classification.risk,
    destructive: classification.destructive,
    financial: classification.financial,
    confidence: classification.confidence,
    signals: signalEntries(classification),
    evidence: evidenceOf(classification),
    rationale: classification.rationale,
    hints: classification.hints.map((check) => ({ ...check, default: HINT_DEFAULTS[check.hint] })),
    reviewer: classification.reviewer,
    ...(classification.review !== undefined && { review: PublishedReview.parse(classification.review) }),
    ...(classification.correction !== undefined && {
      correction: PublishedCorrection.parse(classification.correction),
    }),
    classifierVersion: classification.classifierVersion,
  };
}

/** Tools listed for one part of a combination; a large server has hundreds, and the count says so. */
const MAX_TOOLS_LISTED = 50;

/** A combination in its published form. */
export function publishCombination({ parts, ...combination }: Combination): PublishedCombination {
  return {
    ...combination,
    parts: parts.map(({ role, tools }) => ({
      role,
      toolCount: tools.length,
      tools: tools.slice(0, MAX_TOOLS_LISTED),
    })),
  };
}

/** The verdict's own evidence first, then that of its signals; each place and quote once. */
function evidenceOf(classification: Classification): PublishedTool['evidence'] {
  const all = [
    ...classification.evidence,
    ...classification.findings.flatMap((finding) => (finding.outcome === 'present' ? finding.evidence : [])),
  ];
  const distinct = new Map(all.map(({ pointer, quote }) => [`${pointer}\n${quote}`, { pointer, quote }]));
  return [...distinct.values()];
}

/**
 * JSON text without one character that a terminal or an editor could act on: what is not plainly visible is written
 * as its escape, which every JSON reader turns back.
 */
export function jsonText(value: unknown, indent?: number): string {
  return visibleJson(JSON.stringify(value, undefined, indent));
}
