import { z } from 'zod';

/** What the classifier gives for one tool definition. */

export const Category = z.enum(['Read', 'Write', 'Execute']);
export type Category = z.infer<typeof Category>;

export const RiskLevel = z.enum(['low', 'medium', 'high', 'critical']);
export type RiskLevel = z.infer<typeof RiskLevel>;

export const Confidence = z.enum(['high', 'medium', 'low']);
export type Confidence = z.infer<typeof Confidence>;

export const Effect = z.enum(['destructive', 'financial']);
export type Effect = z.infer<typeof Effect>;

/**
 * Where in the definition a finding rests. `pointer` is a JSON pointer (RFC 6901) into the wire form. Where it
 * names a string, the quote is found in it verbatim; where it names anything else, the quote is the key itself
 * (the last token of the pointer) or, for a number or boolean, its JSON text.
 */
export const Evidence = z.object({
  pointer: z.string(),
  quote: z.string(),
  /** What the quote shows, in a few words. */
  note: z.string(),
  /** The parameter it is about, as a path such as `sessions[].url`. */
  parameter: z.string().optional(),
});
export type Evidence = z.infer<typeof Evidence>;

export const PresentFinding = z.object({
  signal: z.string(),
  outcome: z.literal('present'),
  /** The category that this finding speaks for, if it speaks for one. */
  supports: Category.optional(),
  effects: z.array(Effect).optional(),
  /** The least risk that a tool with this finding has. */
  raises: RiskLevel.optional(),
  confidence: Confidence,
  /** What is printed in brackets after the label when no parameter is, e.g. `19 properties`. */
  detail: z.string().optional(),
  evidence: z.tuple([Evidence], Evidence),
});
export type PresentFinding = z.infer<typeof PresentFinding>;

export const Finding = z.discriminatedUnion('outcome', [
  PresentFinding,
  z.object({ signal: z.string(), outcome: z.enum(['absent', 'not-applicable']) }),
  z.object({ signal: z.string(), outcome: z.literal('error'), message: z.string() }),
]);
export type Finding = z.infer<typeof Finding>;

export const HintName = z.enum(['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint']);
export type HintName = z.infer<typeof HintName>;

/**
 * A server's claim beside our verdict. `unset` stays apart from the protocol's default; `not-judged` is a claim
 * that the definition gives no ground to check.
 */
export const HintCheck = z.object({
  hint: HintName,
  claim: z.enum(['true', 'false', 'unset']),
  verdict: z.enum(['unset', 'agrees', 'understates', 'overstates', 'not-judged']),
});
export type HintCheck = z.infer<typeof HintCheck>;

export const Classification = z.object({
  toolHash: z.string(),
  category: Category,
  destructive: z.boolean(),
  financial: z.boolean(),
  risk: RiskLevel,
  confidence: Confidence,
  /** One or two sentences, as a person would write them. */
  rationale: z.string(),
  /** What the category rests on, strongest first; never empty. */
  evidence: z.tuple([Evidence], Evidence),
  /** One per signal, in the order of the signals' ids. */
  findings: z.array(Finding),
  hints: z.array(HintCheck),
  classifierVersion: z.string(),
  /** SHA-256 over the signals' ids and versions: two verdicts can be compared only when it agrees. */
  signalSetHash: z.string(),
  /** `rules`, or the name of a language model. */
  reviewer: z.string(),
});
export type Classification = z.infer<typeof Classification>;
