import type { ToolDefinition } from '../../crawler/contract.ts';
import { signalById } from '../classify.ts';
import type {
  Category,
  Classification,
  Confidence,
  Evidence,
  PresentFinding,
  Review,
  RiskLevel,
  Ruling,
} from '../contract.ts';
import { factsOf } from '../facts.ts';
import { checkHints } from '../hints.ts';
import { MAX_EVIDENCE } from '../limits.ts';
import { BASE_RISK, highestRisk } from '../risk.ts';
import type { Opinion } from './opinion.ts';

/** Who gave an opinion, and to which question. */
export interface Source {
  model: string;
  promptVersion: string;
}

/** What a verdict says that the tool does; the risk follows from it and from the signals. */
type Reading = Pick<Ruling, 'category' | 'destructive' | 'financial'>;

const CATEGORIES: readonly Category[] = ['Read', 'Write', 'Execute'];

/**
 * A rules' verdict with a second opinion on it. The opinion may raise the verdict; it lowers it only where the rules
 * had low confidence, never below what a signal demands, and never where the definition has text that is written to
 * mislead. Pure: the same verdict and opinion give the same result.
 */
export function applyOpinion(
  definition: ToolDefinition,
  rules: Classification,
  opinion: Opinion,
  source: Source,
): Classification {
  const reading = settle(rules, opinion);
  const outcome = outcomeOf(rules, opinion, reading);
  const confidence = confidenceOf(rules, reading, outcome);
  const isChanged = outcome === 'raised' || outcome === 'lowered';
  const { alternative, ...rest } = rules;
  return {
    ...rest,
    ...reading,
    confidence,
    ...(alternative !== undefined && alternative !== reading.category && { alternative }),
    ...(isChanged && {
      rationale: rationaleOf(rules, opinion, reading, source.model),
      evidence: evidenceOf(rules, opinion),
      hints: checkHints(factsOf(definition), {
        ...reading,
        grounded: confidence !== 'low',
        present: presentIn(rules),
      }),
    }),
    reviewer: source.model,
    review: reviewOf(rules, opinion, outcome, source),
  };
}

/** Whether a model is asked about this verdict. */
export function wantsReview(rules: Classification, which: 'doubtful' | 'all'): boolean {
  return which === 'all' || rules.confidence === 'low' || rules.alternative !== undefined;
}

/** What the verdict comes down to. Where the rules were sure, only what lies above them counts. */
function settle(rules: Classification, opinion: Opinion): Reading & { risk: RiskLevel } {
  const findings = presentIn(rules);
  const isOpen = rules.confidence === 'low' && !findings.some(isAttackText);
  const least = isOpen ? floorOf(rules, findings) : rules;
  const reading = {
    category: highest([least.category, opinion.category]),
    destructive: least.destructive || opinion.destructive,
    financial: least.financial || opinion.financial,
  };
  const isCritical = reading.destructive || reading.financial;
  const risk = highestRisk([
    BASE_RISK[reading.category],
    ...findings.flatMap(({ raises }) => raises ?? []),
    ...(isCritical ? (['critical'] as const) : []),
    ...(isAbove(rules, reading) ? [] : [rules.risk]),
  ]);
  return { ...reading, risk };
}

function presentIn({ findings }: Classification): PresentFinding[] {
  return findings.filter((finding) => finding.outcome === 'present');
}

/** What the signals hold, whatever a model says: the category that they speak for, and the effects they found. */
function floorOf(rules: Classification, findings: readonly PresentFinding[]): Reading {
  const supported = highest(findings.flatMap(({ supports }) => supports ?? []));
  const effects = new Set(findings.flatMap((finding) => finding.effects ?? []));
  return {
    // Rules that are below a signal's category had a reason, such as a promise to read only.
    category: lowest(supported, rules.category),
    destructive: effects.has('destructive'),
    financial: effects.has('financial'),
  };
}

/** A definition that speaks to its reader may have spoken to the model. */
function isAttackText({ signal }: PresentFinding): boolean {
  return signalById(signal)?.group === 'attack-text';
}

function outcomeOf(
  rules: Classification,
  opinion: Opinion,
  reading: Reading & { risk: RiskLevel },
): Review['outcome'] {
  if (isSame(rules, reading)) return isSame(rules, opinion) ? 'agrees' : 'not-followed';
  if (reading.risk === rules.risk) return isAbove(reading, rules) ? 'raised' : 'lowered';
  return highestRisk([reading.risk, rules.risk]) === reading.risk ? 'raised' : 'lowered';
}

function isSame(a: Reading, b: Reading): boolean {
  return a.category === b.category && a.destructive === b.destructive && a.financial === b.financial;
}

/** Whether any part of a reading is above another. */
function isAbove(a: Reading, b: Reading): boolean {
  return (
    CATEGORIES.indexOf(a.category) > CATEGORIES.indexOf(b.category) ||
    (a.destructive && !b.destructive) ||
    (a.financial && !b.financial)
  );
}

/**
 * Two readings that agree are not a guess any more. A raise that the rules left room for is worth as much; one against
 * rules that were sure leaves two readings that disagree, and what is lowered rests on the model alone.
 */
function confidenceOf(rules: Classification, reading: Reading, outcome: Review['outcome']): Confidence {
  if (outcome === 'not-followed') return rules.confidence;
  if (outcome === 'agrees') return rules.confidence === 'low' ? 'medium' : rules.confidence;
  if (outcome === 'lowered') return 'low';
  const leftRoom = rules.confidence === 'low' || rules.alternative === reading.category;
  return leftRoom ? 'medium' : 'low';
}

/** In our own words: what the model wrote is kept in the review and goes no further. */
function rationaleOf(rules: Classification, opinion: Opinion, reading: Reading, model: string): string {
  const held = isSame(reading, opinion) ? '' : ' What the rules were sure of, or a signal found, was kept.';
  return `A second opinion by the model ${model} reads it as ${inWords(opinion)}; the rules alone said ${inWords(rules)}.${held}`;
}

/** `Write, destructive`. */
function inWords({ category, destructive, financial }: Reading): string {
  return [category, ...(destructive ? ['destructive'] : []), ...(financial ? ['financial'] : [])].join(', ');
}

function evidenceOf(rules: Classification, opinion: Opinion): [Evidence, ...Evidence[]] {
  return [opinion.evidence, ...rules.evidence.slice(0, MAX_EVIDENCE - 1)];
}

function reviewOf(
  rules: Classification,
  opinion: Opinion,
  outcome: Review['outcome'],
  source: Source,
): Review {
  const { category, destructive, financial, risk, confidence, rationale } = rules;
  return {
    ...source,
    opinion: {
      category: opinion.category,
      destructive: opinion.destructive,
      financial: opinion.financial,
      rationale: opinion.reason,
      evidence: opinion.evidence,
    },
    outcome,
    rules: { category, destructive, financial, risk, confidence, rationale },
  };
}

function highest(categories: readonly Category[]): Category {
  return CATEGORIES.findLast((category) => categories.includes(category)) ?? 'Read';
}

function lowest(a: Category, b: Category): Category {
  return CATEGORIES.indexOf(a) < CATEGORIES.indexOf(b) ? a : b;
}
