import type { Category, Effect, RiskLevel } from '../../classifier/contract.ts';
import { factsOf } from '../../classifier/facts.ts';
import { findSignal, type Signal } from '../../classifier/signal.ts';
import { signals } from '../../classifier/signals/index.generated.ts';
import { judgeExample } from './rule.ts';

/** What a signal has done to the verdicts on its own examples, and so can do to others. */
export interface Consequences {
  /** The least risk that it gives, the highest first. */
  raises: RiskLevel[];
  /** It raised the risk on each of its examples. */
  raisesAlways: boolean;
  effects: Effect[];
  /** The category that it speaks for. */
  supports: Category[];
}

const known = new Map<string, Consequences>();

/** What a signal does to a verdict, seen from its examples: a signal has no list of it to read. */
export function consequencesOf(signal: Signal): Consequences {
  const before = known.get(signal.id);
  if (before !== undefined) return before;
  const findings = signal.examples.fires
    .map((example) => findSignal(signal, factsOf(judgeExample(example).definition)))
    .filter((finding) => finding.outcome === 'present');
  const made: Consequences = {
    raises: unique(findings.flatMap(({ raises }) => raises ?? [])),
    raisesAlways: findings.every(({ raises }) => raises !== undefined),
    effects: unique(findings.flatMap(({ effects }) => effects ?? [])),
    supports: unique(findings.flatMap(({ supports }) => supports ?? [])),
  };
  known.set(signal.id, made);
  return made;
}

/** The signals that can make a tool's risk this one at least. */
export function raisersTo(risk: RiskLevel): Signal[] {
  return signals.filter((signal) => consequencesOf(signal).raises.includes(risk));
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
