import { z } from 'zod';
import {
  Category,
  type Classification,
  type Correction,
  type Effect,
  type HintCheck,
  type PresentFinding,
  RiskLevel,
  type Ruling,
} from './contract.ts';
import { MIN_HASH_PREFIX } from './limits.ts';
import { BASE_RISK, highestRisk } from './risk.ts';

/**
 * What a person wrote to override a verdict. It is about one definition: when the tool's hash is another, it no longer
 * counts. `docs/corrections.md` has the format for people.
 */
export const CorrectionEntry = z
  .strictObject(
    {
      server: text('the id or the slug of a server', 1_000),
      /** As the server named it; a hostile server's name may be empty. */
      tool: z.string('must be the name of the tool, in quotes'),
      hash: z
        .string('must be in quotes, because YAML would read some hashes as numbers')
        .regex(
          new RegExp(`^[0-9a-f]{${MIN_HASH_PREFIX},64}$`),
          `must be the tool's hash: 64 hex digits in lower case, or at least the first ${MIN_HASH_PREFIX} of them`,
        ),
      category: z.enum(Category.options, `must be one of ${Category.options.join(', ')}`).optional(),
      destructive: z.boolean('must be true or false').optional(),
      financial: z.boolean('must be true or false').optional(),
      risk: z.enum(RiskLevel.options, `must be one of ${RiskLevel.options.join(', ')}`).optional(),
      reason: text('why the verdict is wrong', 2_000),
      by: text('the name of who stands for it', 200),
      date: z.iso.date('must be a day such as "2026-01-31"').optional(),
    },
    {
      error: (issue) =>
        issue.code === 'unrecognized_keys' ? undefined : 'must be a mapping of keys to values',
    },
  )
  .refine(
    (entry) => OVERRIDES.some((key) => entry[key] !== undefined),
    'overrides nothing: give at least one of category, destructive, financial and risk',
  );
export type CorrectionEntry = z.infer<typeof CorrectionEntry>;

const OVERRIDES = ['category', 'destructive', 'financial', 'risk'] as const;

const CorrectionList = z.array(
  CorrectionEntry,
  'must be a list of corrections, each beginning with "- server:"',
);

function text(what: string, most: number) {
  return z
    .string(`must be ${what}, as text in quotes`)
    .max(most, `is longer than ${most} characters`)
    .refine((value) => value.trim() !== '', `is empty: write ${what}`);
}

/** Something in a document of corrections that cannot be used. */
export interface CorrectionFault {
  /** Keys and positions from the top of the document down. */
  path: (string | number)[];
  /** What is wrong and what to write instead, to follow the name of the place. */
  message: string;
}

/** Reads what a YAML document holds. Either every entry can be used, or there are faults and no entries. */
export function parseCorrections(content: unknown): {
  entries: CorrectionEntry[];
  faults: CorrectionFault[];
} {
  // A file in which every line is a comment.
  if (content === null || content === undefined) return { entries: [], faults: [] };
  const parsed = CorrectionList.safeParse(content, { reportInput: true });
  if (parsed.success) return { entries: parsed.data, faults: [] };
  return { entries: [], faults: parsed.error.issues.flatMap(faultsOf) };
}

const KEYS = Object.keys(CorrectionEntry.shape).join(', ');

function faultsOf(issue: z.core.$ZodIssue): CorrectionFault[] {
  const path = issue.path.filter((key) => typeof key !== 'symbol');
  if (issue.code !== 'unrecognized_keys') {
    const isMissing = issue.code === 'invalid_type' && issue.input === undefined && path.length > 1;
    return [{ path, message: isMissing ? `is missing: it ${issue.message}` : issue.message }];
  }
  return issue.keys.map((key) => ({
    path: [...path, key],
    message: `is not a key of a correction; these are: ${KEYS}`,
  }));
}

/** A server as a correction can name it; one that the catalogue does not keep has no slug. */
export interface NamedServer {
  id: string;
  slug?: string;
}

/** Whether an entry names this server. */
export function namesServer({ server }: CorrectionEntry, { id, slug }: NamedServer): boolean {
  return server === id || server === slug;
}

/** Whether two entries are about the same definition, as far as they show by themselves. */
export function collide(a: CorrectionEntry, b: CorrectionEntry): boolean {
  const same = a.server === b.server && a.tool === b.tool;
  return same && (a.hash.startsWith(b.hash) || b.hash.startsWith(a.hash));
}

/**
 * The verdict as the person wants it. What the entry leaves out stays; the risk follows from category and effects
 * anew unless it is given, and what a signal raised it to still holds, unless the signal stands for nothing but an
 * effect that the person denies.
 */
export function applyCorrection(classification: Classification, entry: CorrectionEntry): Classification {
  const { alternative: _, ...rest } = classification;
  const category = entry.category ?? classification.category;
  const destructive = entry.destructive ?? classification.destructive;
  const financial = entry.financial ?? classification.financial;
  const has: Record<Effect, boolean> = { destructive, financial };
  const raised = presentOf(classification).filter(
    ({ effects = [] }) => effects.length === 0 || effects.some((effect) => has[effect]),
  );
  const risk = highestRisk([
    BASE_RISK[category],
    ...(destructive || financial ? (['critical'] as const) : []),
    ...raised.flatMap(({ raises }) => raises ?? []),
  ]);
  const correction: Correction = {
    by: entry.by,
    reason: entry.reason.trim(),
    replaced: rulingOf(classification),
  };
  return {
    ...rest,
    category,
    destructive,
    financial,
    risk: entry.risk ?? risk,
    confidence: 'high',
    rationale: correction.reason,
    hints: classification.hints.map((check) => recheck(check, category, destructive)),
    reviewer: entry.by,
    correction,
  };
}

function presentOf({ findings }: Classification): PresentFinding[] {
  return findings.filter((finding) => finding.outcome === 'present');
}

function rulingOf(classification: Classification): Ruling {
  const { category, destructive, financial, risk, confidence, rationale } = classification;
  return { category, destructive, financial, risk, confidence, rationale };
}

/** A claim beside what the person found. Whatever the verdict says nothing about keeps its check. */
function recheck(check: HintCheck, category: Category, destructive: boolean): HintCheck {
  const { hint, claim, verdict } = check;
  const isOurs = hint === 'readOnlyHint' || hint === 'destructiveHint';
  if (!isOurs || verdict === 'unset' || verdict === 'library-default') return check;
  const truth = hint === 'readOnlyHint' ? category === 'Read' : destructive;
  if ((claim === 'true') === truth) return { hint, claim, verdict: 'agrees' };
  const claimsLess = (claim === 'true') === (hint === 'readOnlyHint');
  return { hint, claim, verdict: claimsLess ? 'understates' : 'overstates' };
}

/**
 * An entry for this very tool as YAML, to be changed and put into a file: what the verdict says now, and the reason
 * and the name left to be filled in. Everything from a server is in double quotes, where YAML reads the escapes of
 * JSON. The hash is whole, because a server could search for a definition with the same first digits.
 */
export function correctionText(server: string, tool: string, classification: Classification): string {
  const { toolHash, category, destructive, financial } = classification;
  return [
    `- server: ${JSON.stringify(server)}`,
    `  tool: ${JSON.stringify(tool)}`,
    `  hash: "${toolHash}"`,
    `  category: ${category}`,
    `  destructive: ${destructive}`,
    `  financial: ${financial}`,
    '  reason: ""',
    '  by: ""',
    '',
  ].join('\n');
}
