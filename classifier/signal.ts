import type { Category, Confidence, Effect, Evidence, Finding, RiskLevel, SignalGroup } from './contract.ts';
import type { ToolFacts } from './facts.ts';
import { MAX_EVIDENCE } from './limits.ts';
import type { WordSet } from './vocabulary.ts';

export type { SignalGroup };

/** A tool as an example gives it: only what the point needs. */
export interface ExampleTool {
  name: string;
  title?: string;
  description?: string;
  inputSchema?: Record<string, unknown>;
  annotations?: Record<string, unknown>;
}

/** What a signal says of a tool. */
export type Observation =
  | {
      outcome: 'present';
      confidence: Confidence;
      evidence: [Evidence, ...Evidence[]];
      supports?: Category;
      effects?: Effect[];
      raises?: RiskLevel;
      detail?: string;
    }
  | { outcome: 'absent' | 'not-applicable' };

export interface Signal {
  /** Equals the name of the signal's file. */
  id: string;
  group: SignalGroup;
  /** Raised whenever the signal would judge some tool differently. */
  version: number;
  /** As printed beside a tool. */
  label: string;
  /** As printed at the head of the signal's own page. */
  title: string;
  /** Why a user should care, in one sentence. */
  why: string;
  /** The parts of a definition that it reads, in plain words. */
  looksAt: string;
  /** When it fires though it should not. */
  falsePositives: string;
  examples: { fires: readonly ExampleTool[]; silent: readonly ExampleTool[] };
  /**
   * Lower-case words of which one stands in the name, the title, the description or a parameter's name whenever the
   * signal fires, so that most definitions need no closer look. Left out: the signal always looks. Text without
   * blanks between its words always gets the closer look.
   */
  triggers?: WordSet;
  observe(facts: ToolFacts): Observation;
}

/** Gives a signal its type. */
export function defineSignal(signal: Signal): Signal {
  return signal;
}

export const ABSENT: Observation = { outcome: 'absent' };
export const NOT_APPLICABLE: Observation = { outcome: 'not-applicable' };

/** A present observation when there is evidence, else `absent`. */
export function presentIf(
  evidence: readonly Evidence[],
  more: Omit<Extract<Observation, { outcome: 'present' }>, 'outcome' | 'evidence'>,
): Observation {
  const [first, ...rest] = evidence;
  if (!first) return ABSENT;
  return { outcome: 'present', ...more, evidence: [first, ...rest.slice(0, MAX_EVIDENCE - 1)] };
}

/** Runs a signal. One that throws gives an `error` finding, so that it never costs the others. */
export function findSignal(signal: Signal, facts: ToolFacts): Finding {
  try {
    if (signal.triggers && !facts.mentions(signal.triggers)) return { signal: signal.id, outcome: 'absent' };
    const observation = signal.observe(facts);
    if (observation.outcome !== 'present') return { signal: signal.id, outcome: observation.outcome };
    return { signal: signal.id, ...observation };
  } catch (error) {
    return {
      signal: signal.id,
      outcome: 'error',
      message: error instanceof Error ? error.message : String(error),
    };
  }
}
