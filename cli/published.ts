import { z } from 'zod';
import { signalEntries } from '../classifier/classify.ts';
import { Category, type Classification, Confidence, Evidence, RiskLevel } from '../classifier/contract.ts';
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

/** One line of `catalogue classify`, and one tool of `catalogue scan --json`. */
export const PublishedTool = z.object({
  server: z.string().nullable(),
  name: z.string(),
  category: Category,
  risk: RiskLevel,
  destructive: z.boolean(),
  financial: z.boolean(),
  confidence: Confidence,
  signals: z.array(PublishedSignal),
  /** Where in the definition the verdict and its signals rest. */
  evidence: z.array(Evidence.pick({ pointer: true, quote: true })),
  rationale: z.string(),
  classifierVersion: z.string(),
});
export type PublishedTool = z.infer<typeof PublishedTool>;

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
});
export type PublishedScan = z.infer<typeof PublishedScan>;

/** What `catalogue scan --json` prints. */
export const PublishedScans = z.object({ servers: z.array(PublishedScan) });

/** A verdict in its published form. */
export function publishTool(
  server: string | null,
  name: string,
  classification: Classification,
): PublishedTool {
  return {
    server,
    name,
    category: classification.category,
    risk: classification.risk,
    destructive: classification.destructive,
    financial: classification.financial,
    confidence: classification.confidence,
    signals: signalEntries(classification),
    evidence: evidenceOf(classification),
    rationale: classification.rationale,
    classifierVersion: classification.classifierVersion,
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
