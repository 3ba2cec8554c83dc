import type { Classification, Evidence, PresentFinding } from '../classifier/contract.ts';
import { type Parameter, readParameters } from '../classifier/parameters.ts';
import { type Html, html } from './html.ts';
import { MAX_EVIDENCE, MAX_EVIDENCE_EACH, MAX_QUOTE_CHARS } from './limits.ts';
import { visible } from './visible.ts';
import { cut } from './words.ts';

/** A quote with its number on the page. Findings that rest on the same quote share it. */
export interface Reference {
  number: number;
  evidence: Evidence;
  /** What it shows, said once for each finding that says it differently. */
  notes: string[];
  /** What rests on it: `category`, or the ids of signals. */
  carries: string[];
  /** Whether the quote is highlighted in the description above. */
  highlighted: boolean;
}

/** What a category rests on is listed like a signal's evidence, under this id, which no signal has. */
export const CATEGORY = 'category';

/** The quotes of a verdict, numbered in the order in which the page mentions them. */
export interface References {
  all: readonly Reference[];
  /** The numbers that a list of evidence has on this page, as links. */
  cite(evidence: readonly Evidence[]): Html | string;
  /** How many quotes were left out because there were too many. */
  omitted: number;
}

export function presentFindings(classification: Classification): PresentFinding[] {
  return classification.findings.filter((finding) => finding.outcome === 'present');
}

/** Numbers the quotes of a verdict: those that the category rests on first. */
export function numberEvidence(classification: Classification, description: string): References {
  const numbered = new Map<string, Reference>();
  const omitted = new Set<string>();
  const groups = [
    { id: CATEGORY, evidence: classification.evidence },
    ...presentFindings(classification).map((finding) => ({ id: finding.signal, evidence: finding.evidence })),
  ];
  for (const { id, evidence } of groups) {
    for (const [index, one] of evidence.entries()) {
      const key = keyOf(one);
      const known = numbered.get(key);
      if (known !== undefined) {
        addOnce(known.notes, one.note);
        addOnce(known.carries, id);
      } else if (index >= MAX_EVIDENCE_EACH || numbered.size >= MAX_EVIDENCE) {
        omitted.add(key);
      } else {
        const highlighted = rangeIn(description, one) !== undefined;
        numbered.set(key, {
          number: numbered.size + 1,
          evidence: one,
          notes: [one.note],
          carries: [id],
          highlighted,
        });
      }
    }
  }
  const cite = (evidence: readonly Evidence[]) => {
    const numbers = new Set(evidence.flatMap((one) => numbered.get(keyOf(one))?.number ?? []));
    return [...numbers].sort((a, b) => a - b).map((n) => html`<a class="cite" href="#e${n}">${n}</a>`);
  };
  return {
    all: [...numbered.values()],
    cite: (evidence) => html`${cite(evidence)}`,
    omitted: [...omitted].filter((key) => !numbered.has(key)).length,
  };
}

/** The description with the quoted passages marked, each followed by the numbers of what rests on it. */
export function highlight(description: string, references: References): Html {
  const shown = cut(description, MAX_QUOTE_CHARS);
  const lines = (text: string) => visible(text, { lines: true });
  let at = 0;
  const parts: unknown[] = [];
  for (const passage of passages(shown, references.all)) {
    const numbers = passage.numbers.map((n) => html`<a class="cite" id="q${n}" href="#e${n}">${n}</a>`);
    parts.push(lines(shown.slice(at, passage.from)));
    parts.push(html`<mark>${lines(shown.slice(passage.from, passage.to))}</mark>${numbers}`);
    at = passage.to;
  }
  parts.push(lines(shown.slice(at)));
  return html`${parts}`;
}

interface Passage {
  from: number;
  to: number;
  numbers: number[];
}

/** Passages in their order; those that overlap are one, because a mark cannot lie half inside another. */
function passages(description: string, references: readonly Reference[]): Passage[] {
  const found = references
    .map(({ number, evidence }) => ({ number, range: rangeIn(description, evidence) }))
    .filter((one) => one.range !== undefined)
    .map(({ number, range: [from, to] = [0, 0] }) => ({ from, to, numbers: [number] }))
    .sort((a, b) => a.from - b.from || a.to - b.to);
  const merged: Passage[] = [];
  for (const passage of found) {
    const last = merged.at(-1);
    if (last === undefined || passage.from >= last.to) {
      merged.push(passage);
      continue;
    }
    last.to = Math.max(last.to, passage.to);
    last.numbers.push(...passage.numbers);
  }
  return merged;
}

function rangeIn(description: string, { pointer, quote }: Evidence): [number, number] | undefined {
  if (pointer !== '/description' || quote === '') return undefined;
  const from = description.indexOf(quote);
  return from < 0 ? undefined : [from, from + quote.length];
}

/** Where a quote stands, in words, with the parameter that it is about if it is about one. */
export function placeOf(
  pointer: string,
  parameters: readonly Parameter[],
): { words: string; parameter?: string } {
  const plain = PLACES.get(pointer);
  if (plain !== undefined) return { words: plain };
  const parameter = parameters
    .filter((one) => pointer === one.pointer || pointer.startsWith(`${one.pointer}/`))
    .reduce<Parameter | undefined>(
      (best, one) => (best && best.pointer.length >= one.pointer.length ? best : one),
      undefined,
    );
  if (parameter !== undefined) {
    const rest = pointer.slice(parameter.pointer.length + 1).split('/')[0] ?? '';
    return {
      words: rest === 'description' ? 'the description of a parameter' : 'a parameter',
      parameter: parameter.path,
    };
  }
  if (pointer.startsWith('/annotations/')) return { words: 'its annotations' };
  return { words: pointer };
}

const PLACES = new Map([
  ['', 'the definition as a whole'],
  ['/name', 'its name'],
  ['/title', 'its title'],
  ['/description', 'its description'],
  ['/inputSchema', 'its parameters'],
  ['/inputSchema/properties', 'its parameters'],
]);

/** The parameters of a tool, one for each path, every nested one below the one it is inside. */
export function parametersOf(inputSchema: Record<string, unknown>): Parameter[] {
  const byPath = new Map<string, Parameter>();
  for (const parameter of readParameters(inputSchema)) {
    if (!byPath.has(parameter.path)) byPath.set(parameter.path, parameter);
  }
  return [...byPath.values()];
}

function addOnce(list: string[], item: string): void {
  if (!list.includes(item)) list.push(item);
}

function keyOf({ pointer, quote }: Evidence): string {
  return `${pointer}\n${quote}`;
}
