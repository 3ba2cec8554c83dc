import type { Act } from './acts.ts';
import { alternativeTo, isUnmistakable } from './alternative.ts';
import { saysReadOnly } from './claims.ts';
import type { Category, Classification, Confidence, Evidence, PresentFinding } from './contract.ts';
import type { ToolFacts } from './facts.ts';
import { checkHints, isLibraryDefault } from './hints.ts';
import { MAX_EVIDENCE, MAX_QUOTE_CHARS } from './limits.ts';
import { explain } from './rationale.ts';
import { BASE_RISK, highestRisk } from './risk.ts';
import { clip } from './text.ts';

export type Verdict = Pick<
  Classification,
  | 'category'
  | 'destructive'
  | 'financial'
  | 'risk'
  | 'confidence'
  | 'alternative'
  | 'rationale'
  | 'evidence'
  | 'hints'
>;

/** Why a tool is in its category. */
export interface Ground {
  category: Category;
  confidence: Confidence;
  /** The act it rests on; missing when the definition tells of none. */
  act: Act | undefined;
  evidence: Evidence[];
  /** How the ground was found, which decides how it is put into words. */
  by: 'act' | 'signal' | 'hint' | 'promise' | 'nothing';
}

const CATEGORY_ORDER: readonly Category[] = ['Read', 'Write', 'Execute'];

/** Turns what was observed of a tool into a verdict about it. */
export function judge(facts: ToolFacts, present: readonly PresentFinding[]): Verdict {
  const isThin = present.some((finding) => finding.signal === 'thin-definition');
  const ground = raiseByHints(facts, raiseBySignals(groundOf(facts), present), isThin);
  const effects = new Set(present.flatMap((finding) => finding.effects ?? []));
  const silent = isThin || ground.act === undefined;
  const claimsHarm = silent && facts.hints.destructiveHint === 'true' && !isLibraryDefault(facts);
  const destructive = effects.has('destructive') || (claimsHarm && ground.category !== 'Read');
  const financial = effects.has('financial');
  const risks = [BASE_RISK[ground.category], ...present.flatMap((finding) => finding.raises ?? [])];
  if (destructive || financial) risks.push('critical');
  const alternative = alternativeTo(facts, ground);
  const confidence = confidenceIn(ground, isThin, alternative !== undefined);
  const grounded = ground.by !== 'nothing' && confidence !== 'low';
  return {
    category: ground.category,
    destructive,
    financial,
    risk: highestRisk(risks),
    confidence,
    ...(alternative && { alternative: alternative.category }),
    rationale: explain({ facts, ground, alternative, present, destructive, financial, isThin }),
    evidence: evidenceOf(facts, ground),
    hints: checkHints(facts, { category: ground.category, destructive, grounded, present }),
  };
}

/** A name alone is enough where its verb can hardly mean anything else; two readings are never a sure one. */
function confidenceIn(ground: Ground, isThin: boolean, isOpen: boolean): Confidence {
  if (isThin) {
    const isClear = ground.by === 'act' && ground.act?.source === 'name' && isUnmistakable(ground.act);
    return isClear && !isOpen ? 'medium' : 'low';
  }
  return isOpen && ground.confidence === 'high' ? 'medium' : ground.confidence;
}

/** The category that the words of the definition speak for. A verb that nobody knows is never a Read. */
function groundOf(facts: ToolFacts): Ground {
  const { acts } = facts;
  const category = highest(
    CATEGORY_ORDER,
    acts.map((known) => known.category),
  );
  const act = acts.find((candidate) => candidate.category === category);
  if (act?.action === 'execute' && isQuery(act) && saysReadOnly(facts)) {
    return { category: 'Read', confidence: 'medium', act, evidence: [act.evidence], by: 'promise' };
  }
  if (!act) {
    const evidence = {
      pointer: '/name',
      quote: clip(facts.name.text, MAX_QUOTE_CHARS),
      note: 'no known verb says what it does',
    };
    return { category: 'Execute', confidence: 'low', act: undefined, evidence: [evidence], by: 'nothing' };
  }
  const others = acts.filter((other) => other !== act).map((other) => other.evidence);
  return { category, confidence: act.confidence, act, evidence: [act.evidence, ...others], by: 'act' };
}

const QUERIES = new Set('run execute exec query perform'.split(' '));

function isQuery({ lemma }: Act): boolean {
  return QUERIES.has(lemma);
}

function raiseBySignals(ground: Ground, present: readonly PresentFinding[]): Ground {
  if (ground.by === 'promise') return ground;
  const above = present.find(
    ({ supports }) => supports && CATEGORY_ORDER.indexOf(supports) > CATEGORY_ORDER.indexOf(ground.category),
  );
  if (above?.supports) {
    const evidence = [...above.evidence, ...ground.evidence];
    return { ...ground, category: above.supports, confidence: 'medium', evidence, by: 'signal' };
  }
  const backed = ground.by === 'nothing' && present.find(({ supports }) => supports === ground.category);
  if (!backed) return ground;
  return { ...ground, confidence: 'medium', evidence: [...backed.evidence], by: 'signal' };
}

/** A claim to change something counts where the text leaves it open; a claim to change nothing never does. */
function raiseByHints(facts: ToolFacts, ground: Ground, isThin: boolean): Ground {
  const isOpen = isThin || ground.confidence === 'low';
  if (ground.category !== 'Read' || !isOpen || isLibraryDefault(facts)) return ground;
  const hint =
    facts.hints.destructiveHint === 'true'
      ? { name: 'destructiveHint', quote: 'true' }
      : facts.hints.readOnlyHint === 'false'
        ? { name: 'readOnlyHint', quote: 'false' }
        : undefined;
  if (!hint) return ground;
  const note = 'the server itself says that it changes something';
  const evidence = { pointer: `/annotations/${hint.name}`, quote: hint.quote, note };
  return {
    ...ground,
    category: 'Write',
    confidence: 'low',
    evidence: [evidence, ...ground.evidence],
    by: 'hint',
  };
}

function evidenceOf(facts: ToolFacts, ground: Ground): [Evidence, ...Evidence[]] {
  const [first, ...rest] = ground.evidence;
  const last = { pointer: '/name', quote: clip(facts.name.text, MAX_QUOTE_CHARS), note: 'the name' };
  return [first ?? last, ...rest.slice(0, MAX_EVIDENCE - 1)];
}

function highest<T>(order: readonly T[], values: readonly T[]): T {
  const at = Math.max(0, ...values.map((value) => order.indexOf(value)));
  const found = order[at];
  if (found === undefined) throw new Error('an order needs at least one member');
  return found;
}
