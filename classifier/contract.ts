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
 * A server's claim beside our verdict. `unset` stays apart from the protocol's default; `library-default` is a value
 * that a library sent and nobody chose; `not-judged` is a claim that the definition gives no ground to check.
 */
export const HintCheck = z.object({
  hint: HintName,
  claim: z.enum(['true', 'false', 'unset']),
  verdict: z.enum(['unset', 'agrees', 'understates', 'overstates', 'library-default', 'not-judged']),
});
export type HintCheck = z.infer<typeof HintCheck>;

/**
 * What a signal is about: what the tool can do, how well it is defined, or text that is written to mislead whoever
 * reads the definition.
 */
export type SignalGroup = 'capability' | 'definition' | 'attack-text';

/** What a verdict comes down to. */
export const Ruling = z.object({
  category: Category,
  destructive: z.boolean(),
  financial: z.boolean(),
  risk: RiskLevel,
  confidence: Confidence,
  /** One or two sentences, as a person would write them. */
  rationale: z.string(),
});
export type Ruling = z.infer<typeof Ruling>;

/** A second opinion by a language model, and what came of it. */
export const Review = z.object({
  model: z.string(),
  promptVersion: z.string(),
  opinion: Ruling.pick({ category: true, destructive: true, financial: true, rationale: true }).extend({
    /** Found verbatim in the definition; an opinion without such a quote is not kept. */
    evidence: Evidence,
  }),
  /** `not-followed`: it saw less risk than rules that were sure of theirs, or than a signal demands. */
  outcome: z.enum(['agrees', 'raised', 'lowered', 'not-followed']),
  /** What the rules said alone. */
  rules: Ruling,
});
export type Review = z.infer<typeof Review>;

/** That a person overrode a verdict. */
export const Correction = z.object({
  by: z.string(),
  reason: z.string(),
  /** What was said before. */
  replaced: Ruling,
});
export type Correction = z.infer<typeof Correction>;

export const Classification = z.object({
  toolHash: z.string(),
  category: Category,
  destructive: z.boolean(),
  financial: z.boolean(),
  risk: RiskLevel,
  confidence: Confidence,
  /** The category of a second reading that the definition leaves open, where there is one. */
  alternative: Category.optional(),
  rationale: z.string(),
  /** What the category rests on, strongest first; never empty. */
  evidence: z.tuple([Evidence], Evidence),
  /** One per signal, in the order of the signals' ids. */
  findings: z.array(Finding),
  hints: z.array(HintCheck),
  classifierVersion: z.string(),
  /** SHA-256 over the signals' ids and versions: two verdicts can be compared only when it agrees. */
  signalSetHash: z.string(),
  /** `rules`, the name of a language model, or the person who corrected it. */
  reviewer: z.string(),
  review: Review.optional(),
  correction: Correction.optional(),
});
export type Classification = z.infer<typeof Classification>;

/** A tool among those that an agent has at once. `server` is whatever name the caller knows the server by. */
export const ToolReference = z.object({ server: z.string(), tool: z.string() });
export type ToolReference = z.infer<typeof ToolReference>;

/** Tools that together can do what none of them can alone. */
export const Combination = z.object({
  id: z.string(),
  title: z.string(),
  /** What an attacker could do with it, in one sentence. */
  why: z.string(),
  /** No single server has all of its parts. */
  acrossServers: z.boolean(),
  /** What each part contributes, and the tools that can; never empty. */
  parts: z.array(z.object({ role: z.string(), tools: z.array(ToolReference) })),
});
export type Combination = z.infer<typeof Combination>;
