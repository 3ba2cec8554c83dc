import { createHash } from 'node:crypto';
import type { ToolDefinition } from '../crawler/contract.ts';
import type { Classification, Finding, PresentFinding } from './contract.ts';
import { factsOf, type ToolFacts } from './facts.ts';
import { findSignal, type Signal, type SignalGroup } from './signal.ts';
import { signals } from './signals/index.generated.ts';
import { judge } from './verdict.ts';

export { quoteHolds } from './evidence.ts';

/** Raised whenever the same definition may get a different verdict for a reason outside the signals. */
export const CLASSIFIER_VERSION = '2.0.0';

/** SHA-256, lower-case hex, over the ids and versions of all signals. */
export const signalSetHash: string = createHash('sha256')
  .update(signals.map(({ id, version }) => `${id}@${version}`).join('\n'))
  .digest('hex');

const byId: ReadonlyMap<string, Signal> = new Map(signals.map((signal) => [signal.id, signal]));

/** The signal with this id, if there is one. */
export function signalById(id: string): Signal | undefined {
  return byId.get(id);
}

/**
 * Judges one tool by its definition alone, so that the same definition gets the same verdict from every server.
 * Never throws: whatever a definition holds, there is a verdict.
 */
export function classifyTool(definition: ToolDefinition): Classification {
  const facts = factsOf(definition);
  const findings = signals.map((signal) => findSignal(signal, facts));
  return verdictOn(facts, findings);
}

/** Tools whose facts are held at once; more make it no faster. */
const TOGETHER = 32;

/**
 * Judges tools, each by itself, in their order. Of every few one signal looks at all before the next one does, which is
 * faster than one tool after another: the signals and their patterns together do not fit the processor's nearest memory.
 */
export function classifyTools(definitions: readonly ToolDefinition[]): Classification[] {
  const verdicts: Classification[] = [];
  for (let from = 0; from < definitions.length; from += TOGETHER) {
    const few = definitions.slice(from, from + TOGETHER);
    const all = few.map((definition) => ({ facts: factsOf(definition), findings: [] as Finding[] }));
    for (const signal of signals) {
      for (const { facts, findings } of all) findings.push(findSignal(signal, facts));
    }
    for (const { facts, findings } of all) verdicts.push(verdictOn(facts, findings));
  }
  return verdicts;
}

function verdictOn(facts: ToolFacts, findings: Finding[]): Classification {
  const present = findings.filter((finding): finding is PresentFinding => finding.outcome === 'present');
  return {
    toolHash: facts.definition.hash,
    ...judge(facts, present),
    findings,
    classifierVersion: CLASSIFIER_VERSION,
    signalSetHash,
    reviewer: 'rules',
  };
}

/** A signal as it is printed beside a tool. */
export interface SignalEntry {
  id: string;
  group: SignalGroup;
  /** With the parameter or the detail in brackets, e.g. `Accepts URL/endpoint input (sessions[].url)`. */
  label: string;
  parameter?: string;
}

/** The present signals of a verdict, one entry for each signal and parameter. */
export function signalEntries(classification: Pick<Classification, 'findings'>): SignalEntry[] {
  return classification.findings.flatMap((finding) =>
    finding.outcome === 'present' ? entriesOf(finding) : [],
  );
}

function entriesOf({ signal: id, detail, evidence }: PresentFinding): SignalEntry[] {
  const { label = id, group = 'capability' } = byId.get(id) ?? {};
  const parameters = new Set(evidence.flatMap(({ parameter }) => parameter ?? []));
  if (parameters.size === 0)
    return [{ id, group, label: detail === undefined ? label : `${label} (${detail})` }];
  return [...parameters].map((parameter) => ({ id, group, label: `${label} (${parameter})`, parameter }));
}
