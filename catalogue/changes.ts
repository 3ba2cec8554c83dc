import { signalById } from '../classifier/classify.ts';
import type { Classification, PresentFinding, RiskLevel } from '../classifier/contract.ts';
import type { ToolDefinition } from '../crawler/contract.ts';
import { compareText } from '../policy/order.ts';
import type { ToolChange, ToolVerdict } from './contract.ts';
import { diffDefinitions } from './schema-diff.ts';

/** What is different between two lists of a server's tools, and what of it is to be looked at. All of it is pure. */

/** A tool as a list has it. */
export interface Listed {
  name: string;
  hash: string;
  position: number;
}

/** The tools that a server is known to have at some time. */
export interface Inventory {
  tools: readonly Listed[];
  /** False where no whole list has been seen: then what is not in it may have been there. */
  whole: boolean;
}

/** What happened to one tool between two lists. */
export interface ListChange {
  kind: 'appeared' | 'changed' | 'vanished';
  name: string;
  before?: Listed;
  after?: Listed;
}

/**
 * The differences, in the order of the names. Of the tools of one name those with the same definition are the same
 * tool; the others are taken in the order of their places. From a list that was cut short nothing vanishes.
 */
export function compareLists(
  before: readonly Listed[],
  after: readonly Listed[],
  isWhole = true,
): ListChange[] {
  const [old, now] = [byName(before), byName(after)];
  const names = [...new Set([...old.keys(), ...now.keys()])].toSorted(compareText);
  return names.flatMap((name) => {
    const [gone, fresh] = withoutCommon(old.get(name) ?? [], now.get(name) ?? []);
    const changes = gone.length > fresh.length ? gone : fresh;
    return changes.flatMap((_, index): ListChange[] => {
      const [was, is] = [gone[index], fresh[index]];
      if (was === undefined) return is === undefined ? [] : [{ kind: 'appeared', name, after: is }];
      if (is !== undefined) return [{ kind: 'changed', name, before: was, after: is }];
      return isWhole ? [{ kind: 'vanished', name, before: was }] : [];
    });
  });
}

/** What a server is known to have after it gave this list. */
export function takeList(before: Inventory, list: readonly Listed[], isWhole: boolean): Inventory {
  if (isWhole) return { tools: list, whole: true };
  const changes = compareLists(before.tools, list, false);
  const replaced = new Set(changes.map((change) => change.before));
  const kept = before.tools.filter((tool) => !replaced.has(tool));
  return { tools: [...kept, ...changes.flatMap(({ after }) => after ?? [])], whole: before.whole };
}

function byName(tools: readonly Listed[]): Map<string, Listed[]> {
  return Map.groupBy(
    tools.toSorted((a, b) => a.position - b.position),
    ({ name }) => name,
  );
}

function withoutCommon(a: readonly Listed[], b: readonly Listed[]): [Listed[], Listed[]] {
  return [withoutThose(a, b), withoutThose(b, a)];
}

/** Each of `others` takes away one tool with the same definition. */
function withoutThose(tools: readonly Listed[], others: readonly Listed[]): Listed[] {
  const left = new Map<string, number>();
  for (const { hash } of others) left.set(hash, (left.get(hash) ?? 0) + 1);
  return tools.filter(({ hash }) => {
    const n = left.get(hash) ?? 0;
    left.set(hash, n - 1);
    return n <= 0;
  });
}

/** A definition with the newest verdict on it. */
export interface JudgedDefinition {
  definition: ToolDefinition;
  classification?: Classification;
}

/** What a verdict says, and who says it. */
export function verdictOf(classification: Classification): ToolVerdict {
  const { category, risk, destructive, financial, classifierVersion, signalSetHash, reviewer, review } =
    classification;
  return {
    category,
    risk,
    destructive,
    financial,
    signals: presentIn(classification).map(({ signal }) => signal),
    classifierVersion,
    signalSetHash,
    reviewer,
    ...(review !== undefined && { promptVersion: review.promptVersion }),
  };
}

/** Whether two verdicts say the same, whoever gave them. */
export function isSameVerdict(a: ToolVerdict, b: ToolVerdict): boolean {
  return (
    a.category === b.category &&
    a.risk === b.risk &&
    a.destructive === b.destructive &&
    a.financial === b.financial &&
    a.signals.length === b.signals.length &&
    new Set(a.signals).isSubsetOf(new Set(b.signals))
  );
}

const RISKS: readonly RiskLevel[] = ['low', 'medium', 'high', 'critical'];

/** Why a verdict is to be looked at that took the place of another on the same definition. */
export function verdictReasons(before: ToolVerdict, after: ToolVerdict): string[] {
  return raisesOf(before, after, 'newly found in the definition');
}

/** The risk rose, an effect or an attack is new. */
function raisesOf(before: ToolVerdict, after: ToolVerdict, found: string): string[] {
  const fresh = after.signals.filter((signal) => !before.signals.includes(signal));
  return [
    ...(RISKS.indexOf(after.risk) > RISKS.indexOf(before.risk)
      ? [`the risk rose from ${before.risk} to ${after.risk}`]
      : []),
    ...(after.destructive && !before.destructive ? ['it is destructive now'] : []),
    ...(after.financial && !before.financial ? ['it is financial now'] : []),
    ...fresh.flatMap((signal) => attackLabel(signal) ?? []).map((label) => `${found}: ${label}`),
  ];
}

/** Why a definition that took the place of another is to be looked at. */
export function changeReasons(before: Classification, after: Classification): string[] {
  const had = new Set(presentIn(before).map(({ signal }) => signal));
  const quotes = new Set(presentIn(before).flatMap(quotesOf));
  const more = presentIn(after)
    .filter((finding) => had.has(finding.signal) && quotesOf(finding).some((quote) => !quotes.has(quote)))
    .flatMap(({ signal }) => attackLabel(signal) ?? []);
  return [
    ...raisesOf(verdictOf(before), verdictOf(after), 'new in the definition'),
    ...more.map((label) => `more in the definition: ${label}`),
  ];
}

/** Why a tool that a known server did not have before is to be looked at. */
export function appearedReasons({ risk, signals }: ToolVerdict): string[] {
  return [
    ...(risk === 'critical' ? ['it is critical'] : []),
    ...signals.flatMap((signal) => attackLabel(signal) ?? []).map((label) => `in the definition: ${label}`),
  ];
}

/** What became of a definition, as both sides were sent. */
export function definitionDiff(before: JudgedDefinition, after: JudgedDefinition) {
  return diffDefinitions(before.definition.wire, after.definition.wire);
}

/** Changes that are flagged first, then by kind, name and definition. */
export function byWeight(a: ToolChange, b: ToolChange): number {
  return Number(b.raises) - Number(a.raises) || byOrder(a, b);
}

const KINDS: readonly ToolChange['kind'][] = ['changed', 'returned', 'appeared', 'vanished', 're-judged'];

/** The order of what happened at one time; total, so that pages of it fit together. */
export function byOrder(a: Ordered, b: Ordered): number {
  return (
    KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
    compareText(a.name, b.name) ||
    placeOf(a) - placeOf(b) ||
    compareText(a.after?.hash ?? a.before?.hash ?? '', b.after?.hash ?? b.before?.hash ?? '')
  );
}

export interface Ordered {
  kind: ToolChange['kind'];
  name: string;
  before?: { hash: string; position: number } | undefined;
  after?: { hash: string; position: number } | undefined;
}

function placeOf({ before, after }: Ordered): number {
  return (after ?? before)?.position ?? 0;
}

/** What a signal finds, where it is text that is written to mislead. */
function attackLabel(id: string): string | undefined {
  const signal = signalById(id);
  return signal?.group === 'attack-text' ? signal.label : undefined;
}

function presentIn({ findings }: Classification): PresentFinding[] {
  return findings.filter((finding) => finding.outcome === 'present');
}

function quotesOf({ signal, evidence }: PresentFinding): string[] {
  return evidence.map(({ quote }) => JSON.stringify([signal, quote]));
}
