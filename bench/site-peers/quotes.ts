import type { Parameter } from '../../classifier/parameters.ts';
import { placeOf } from '../../site/evidence.ts';
import { MAX_EVIDENCE, MAX_EVIDENCE_CHARS, MAX_EVIDENCE_EACH, MAX_QUOTE_CHARS } from '../../site/limits.ts';
import type { ToolTwin } from '../../site/published.ts';
import { visible } from '../../site/visible.ts';
import { capitalised, cut, shownName } from '../../site/words.ts';

type Evidence = ToolTwin['evidence'][number];

/** The quotes of one tool as its page shows them: numbered, and marked in the description. */
export interface Quotes {
  all: {
    number: number;
    quote: string;
    notes: string;
    place: string;
    parameter: string;
    highlighted: boolean;
    carries: { id: string; label: string }[];
  }[];
  omitted: number;
  passages: { text: string; marked: boolean; cites: number[] }[];
  numbersOf(evidence: readonly Evidence[]): number[];
}

interface Numbered {
  number: number;
  evidence: Evidence;
  notes: Set<string>;
  carries: { id: string; label: string }[];
  from: number;
}

/** Numbers the quotes of a twin, those of the category first, as our pages do. */
export function numberQuotes(twin: ToolTwin, description: string, parameters: readonly Parameter[]): Quotes {
  const numbered = new Map<string, Numbered>();
  const omitted = new Set<string>();
  const groups = [{ id: '', label: 'category', evidence: twin.evidence }, ...twin.signals];
  for (const { id, label, evidence } of groups) {
    for (const [index, one] of evidence.entries()) {
      const known = numbered.get(keyOf(one));
      if (known !== undefined) {
        known.notes.add(one.note);
        if (!known.carries.some((other) => other.id === id)) known.carries.push({ id, label });
      } else if (index >= MAX_EVIDENCE_EACH || numbered.size >= MAX_EVIDENCE) {
        omitted.add(keyOf(one));
      } else {
        numbered.set(keyOf(one), {
          number: numbered.size + 1,
          evidence: one,
          notes: new Set([one.note]),
          carries: [{ id, label }],
          from: one.pointer === '/description' && one.quote !== '' ? description.indexOf(one.quote) : -1,
        });
      }
    }
  }
  const all = [...numbered.values()];
  return {
    all: all.map((one) => shown(one, parameters)),
    omitted: [...omitted].filter((key) => !numbered.has(key)).length,
    passages: passagesOf(cut(description, MAX_QUOTE_CHARS), all),
    numbersOf(evidence) {
      const numbers = new Set(evidence.flatMap((one) => numbered.get(keyOf(one))?.number ?? []));
      return [...numbers].sort((a, b) => a - b);
    },
  };
}

function keyOf({ pointer, quote }: Evidence): string {
  return `${pointer}\n${quote}`;
}

function shown(
  { number, evidence, notes, carries, from }: Numbered,
  parameters: readonly Parameter[],
): Quotes['all'][number] {
  const { words, parameter } = placeOf(evidence.pointer, parameters);
  return {
    number,
    quote: visible(cut(evidence.quote, MAX_EVIDENCE_CHARS), { lines: true }),
    notes: capitalised(visible([...notes].join('; '))),
    place: words,
    parameter: parameter === undefined ? '' : shownName(parameter),
    highlighted: from >= 0,
    carries,
  };
}

/** The description in pieces: what is quoted, with its numbers, and what lies between. */
function passagesOf(description: string, numbered: readonly Numbered[]): Quotes['passages'] {
  const found = numbered
    .filter(({ from }) => from >= 0 && from < description.length)
    .map(({ number, from, evidence }) => ({ from, to: from + evidence.quote.length, cites: [number] }))
    .sort((a, b) => a.from - b.from || a.to - b.to);
  const pieces: Quotes['passages'] = [];
  let last: (typeof found)[number] | undefined;
  let at = 0;
  const finish = () => {
    if (last === undefined) return;
    pieces.push({ text: textOf(at, last.from), marked: false, cites: [] });
    pieces.push({ text: textOf(last.from, last.to), marked: true, cites: last.cites });
    at = last.to;
  };
  for (const passage of found) {
    if (last !== undefined && passage.from < last.to) {
      last.to = Math.max(last.to, passage.to);
      last.cites.push(...passage.cites);
      continue;
    }
    finish();
    last = passage;
  }
  finish();
  pieces.push({ text: textOf(at, description.length), marked: false, cites: [] });
  return pieces.filter(({ text }) => text !== '');

  function textOf(from: number, to: number): string {
    return visible(description.slice(from, to), { lines: true });
  }
}
