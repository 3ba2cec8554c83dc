import { isSameVerdict, verdictReasons } from '../catalogue/changes.ts';
import type { ToolVerdict } from '../catalogue/contract.ts';
import type { Rejudged, RejudgedBatch } from '../catalogue/reclassify.ts';
import { signalById } from '../classifier/classify.ts';
import { compareText } from '../policy/order.ts';
import { visible } from '../site/visible.ts';
import { count, kindOf, number, RISKS, shownName } from '../site/words.ts';
import type { Io } from './io.ts';
import type { PublishedReclassify } from './published.ts';
import { painter, textColumns, wrap } from './terminal.ts';

/** Examples that are kept: enough to see what a new classifier does, whatever the size of the catalogue. */
const MAX_EXAMPLES = 20;

const CATEGORIES = ['Read', 'Write', 'Execute'];

/** Adds up what came of a re-judgement; memory stays the same however many definitions there are. */
export interface ReclassifyTally {
  add(batch: RejudgedBatch): void;
  /** How far it is, from 0 to 1, and how many definitions were judged. */
  progress(): { share: number; judged: number };
  result(end: Pick<PublishedReclassify, 'dryRun' | 'complete'>): PublishedReclassify;
}

type Example = PublishedReclassify['examples'][number];

/** A tally of nothing. */
export function createReclassifyTally(): ReclassifyTally {
  const counts = { judged: 0, first: 0, same: 0, raised: 0 };
  const opinions = { kept: 0, lost: 0 };
  const categories = new Map<string, number>();
  const risks = new Map<string, number>();
  const signals = new Map<string, { came: number; went: number }>();
  const flagged: Example[] = [];
  const others: Example[] = [];
  let share = 0;

  function add(judged: Rejudged): void {
    const { name, hash, before, after, opinion } = judged;
    counts.judged++;
    if (opinion !== undefined) opinions[opinion]++;
    if (before === undefined) counts.first++;
    if (before === undefined) return;
    if (isSameVerdict(before, after)) {
      counts.same++;
      return;
    }
    const reasons = verdictReasons(before, after);
    if (reasons.length > 0) counts.raised++;
    if (before.category !== after.category) raise(categories, before.category, after.category);
    if (before.risk !== after.risk) raise(risks, before.risk, after.risk);
    countSignals(signals, before, after);
    const examples = reasons.length > 0 ? flagged : others;
    if (examples.length < MAX_EXAMPLES) examples.push({ name, hash, before, after, reasons });
  }

  return {
    add(batch) {
      share = batch.share;
      for (const judged of batch.judged) add(judged);
    },
    progress: () => ({ share, judged: counts.judged }),
    result: (end) => ({
      ...end,
      ...counts,
      opinions,
      categories: moves(categories, CATEGORIES),
      risks: moves(risks, RISKS.toReversed()),
      signals: [...signals]
        .map(([signal, { came, went }]) => ({ signal, came, went }))
        .toSorted((a, b) => b.came + b.went - a.came - a.went || compareText(a.signal, b.signal)),
      examples: [...flagged, ...others].slice(0, MAX_EXAMPLES),
    }),
  };
}

function raise(counts: Map<string, number>, from: string, to: string): void {
  const key = `${from} ${to}`;
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function moves(counts: ReadonlyMap<string, number>, order: readonly string[]) {
  return [...counts]
    .map(([key, n]) => {
      const [from = '', to = ''] = key.split(' ');
      return { from, to, count: n };
    })
    .toSorted(
      (a, b) => order.indexOf(a.from) - order.indexOf(b.from) || order.indexOf(a.to) - order.indexOf(b.to),
    );
}

function countSignals(
  counts: Map<string, { came: number; went: number }>,
  before: ToolVerdict,
  after: ToolVerdict,
): void {
  const [was, is] = [new Set(before.signals), new Set(after.signals)];
  for (const signal of was.symmetricDifference(is)) {
    const own = counts.get(signal) ?? { came: 0, went: 0 };
    if (is.has(signal)) own.came++;
    else own.went++;
    counts.set(signal, own);
  }
}

const MAX_NAME_CHARS = 56;
const HASH_CHARS = 12;

/** What a person reads at the end of a re-judgement. */
export function reclassifyText(result: PublishedReclassify, io: Pick<Io, 'stdout' | 'env'>): string {
  const { judged, first, same, raised, opinions, dryRun } = result;
  const paint = painter(io.stdout, io.env);
  const columns = textColumns(io.stdout);
  if (judged === 0) return 'There is nothing to judge: every definition has a verdict by this classifier.\n';
  const changed = judged - same - first;
  const line = (text: string) => wrap(text, columns, '  ');
  const arrows = (list: PublishedReclassify['risks']) =>
    list.map(({ from, to, count: n }) => `${from} → ${to} ${number(n)}`).join(' · ');
  return [
    wrap(
      `Judged ${count(judged, 'definition')}${dryRun ? ', and stored nothing' : ''}: ${number(same)} as before, ${number(changed)} changed, ${number(raised)} of them flagged (!)${first > 0 ? `, ${number(first)} for the first time` : ''}.`,
      columns,
      '',
    ),
    ...(result.categories.length > 0 ? [line(`category: ${arrows(result.categories)}`)] : []),
    ...(result.risks.length > 0 ? [line(`risk: ${arrows(result.risks)}`)] : []),
    ...result.signals.map(({ signal, came, went }) =>
      line(`${signalById(signal)?.label ?? visible(signal)}: came ${number(came)}, went ${number(went)}`),
    ),
    ...(opinions.kept + opinions.lost > 0
      ? [line(`second opinions: ${number(opinions.kept)} kept, ${number(opinions.lost)} lost`)]
      : []),
    ...(result.examples.length > 0 ? ['\nExamples\n'] : []),
    ...result.examples.map(({ name, hash, before, after, reasons }) =>
      [
        `${reasons.length > 0 ? '!' : ' '} ${paint.strong(shownName(name, MAX_NAME_CHARS))}  ${paint.faint(hash.slice(0, HASH_CHARS))}\n`,
        wrap(
          `${before.risk} risk, ${kindOf(before)} → ${after.risk} risk, ${kindOf(after)}`,
          columns,
          '    ',
        ),
        ...reasons.map((reason) => wrap(`! ${reason}`, columns, '    ')),
      ].join(''),
    ),
  ].join('');
}

/** One line on a terminal; nothing elsewhere. */
export function reclassifyProgress({ stderr }: Pick<Io, 'stderr'>): {
  draw(tally: ReclassifyTally): void;
  end(): void;
} {
  if (!stderr.isTerminal) return { draw() {}, end() {} };
  return {
    draw(tally) {
      const { share, judged } = tally.progress();
      stderr.stream.write(
        `\r\u001b[KJudged ${number(judged)}, ${Math.floor(share * 100)} % of the catalogue …`,
      );
    },
    end: () => void stderr.stream.write('\r\u001b[K'),
  };
}
