import { type SignalEntry, signalById, signalEntries } from '../classifier/classify.ts';
import type { Classification } from '../classifier/contract.ts';
import type { SignalGroup } from '../classifier/signal.ts';

/** A risk signal of a tool as pages show it: once, with all the parameters that it is about. */
export interface ShownSignal {
  id: string;
  group: SignalGroup;
  /** Without the parameters; a detail such as `19 properties` is part of it. */
  label: string;
  parameters: string[];
}

/** The signals of a verdict, in the order of the classifier's entries. */
export function shownSignals(classification: Classification): ShownSignal[] {
  const byId = Map.groupBy(signalEntries(classification), ({ id }) => id);
  return [...byId].map(([id, entries]) => ({
    id,
    group: entries[0]?.group ?? 'capability',
    label: labelOf(entries),
    parameters: entries.flatMap(({ parameter }) => parameter ?? []),
  }));
}

/** What a signal is about; one that this version no longer has counts as a capability. */
export function groupOf(id: string): SignalGroup {
  return signalById(id)?.group ?? 'capability';
}

/** What a signal is called where it is not printed beside a tool. */
export function titleOf(id: string): string {
  return signalById(id)?.label ?? id;
}

/** Why a reader should care, in a sentence; empty for a signal that this version no longer has. */
export function reasonOf(id: string): string {
  return signalById(id)?.why ?? '';
}

function labelOf([first]: readonly SignalEntry[]): string {
  if (first === undefined) return '';
  return first.parameter === undefined ? first.label : titleOf(first.id);
}

/** Whether this version has the signal, and so a page about it. */
export function isKnownSignal(id: string): boolean {
  return signalById(id) !== undefined;
}
