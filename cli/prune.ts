import { sizeText } from '../catalogue/doctor-words.ts';
import type { PruneProgress, PruneResult } from '../catalogue/prune.ts';
import { usageError } from '../crawler/fault.ts';
import { count, number } from '../site/words.ts';
import type { Io } from './io.ts';
import { textColumns, wrap } from './terminal.ts';

const DAY_MS = 86_400_000;

/** Further back there is nothing, and dates are written in another way. */
const MAX_YEARS = 100;

/**
 * The instant before which scans may go: a span of whole days, months or years before now, such as `90d`, `12m` or
 * `2y`. Months and years are those of the calendar, in UTC. Throws a usage error for anything else, and for less than a
 * day.
 */
export function pruneBefore(keep: string, now: Date): Date {
  const [, amount = '', unit] = /^(\d{1,5})([dmy])$/.exec(keep) ?? [];
  const before = unit === undefined ? undefined : earlier(now, Number(amount), unit);
  const oldest = new Date(now);
  oldest.setUTCFullYear(now.getUTCFullYear() - MAX_YEARS);
  if (before === undefined || now.getTime() - before.getTime() < DAY_MS || before < oldest) {
    throw usageError(
      `--keep takes a span of days, months or years, such as 90d, 12m or 2y, from 1d to ${MAX_YEARS}y, not '${keep}'.`,
    );
  }
  return before;
}

function earlier(now: Date, amount: number, unit: string): Date {
  if (unit === 'd') return new Date(now.getTime() - amount * DAY_MS);
  const months = unit === 'y' ? amount * 12 : amount;
  const before = new Date(now);
  before.setUTCDate(1);
  before.setUTCMonth(before.getUTCMonth() - months);
  const lastDay = new Date(Date.UTC(before.getUTCFullYear(), before.getUTCMonth() + 1, 0)).getUTCDate();
  before.setUTCDate(Math.min(now.getUTCDate(), lastDay));
  return before;
}

/** What was asked for, and what came of it. */
export interface PruneReport extends PruneResult {
  before: Date;
  dryRun: boolean;
}

/** The JSON for programs. */
export function publishPrune({ before, dryRun, ...result }: PruneReport): Record<string, unknown> {
  return { before: before.toISOString(), dryRun, ...result };
}

/** What a person reads in the end. */
export function pruneText(report: PruneReport, io: Pick<Io, 'stdout'>): string {
  const { before, dryRun, removed, bytes, scansKept, finished, textsLeft } = report;
  const day = before.toISOString().slice(0, 10);
  const rows = [
    count(removed.scans, 'scan'),
    ...(removed.texts > 0 ? [count(removed.texts, 'text')] : []),
    ...(removed.crawls > 0 ? [count(removed.crawls, 'pass', 'passes')] : []),
    ...(removed.sourceStates > 0
      ? [count(removed.sourceStates, 'state of a source', 'states of sources')]
      : []),
  ];
  const isNothing = Object.values(removed).every((rowsOfTable) => rowsOfTable === 0);
  const head = isNothing
    ? `Nothing ${dryRun ? 'would go' : 'went'}: before ${day} there is nothing that only repeats something else.`
    : `${rows.join(', ')} ${dryRun ? 'would go' : 'went'}, ${sizeText(bytes)}, from before ${day}.`;
  const kept = `${count(scansKept, 'scan')} ${dryRun ? 'would stay' : 'stay'}: all that are newer, and of the older ones each change and the first and the last of each run. Definitions, lists and verdicts stay.`;
  const notes = [
    !finished && 'Broken off: the same command goes on.',
    textsLeft &&
      'Others were storing scans without a pause, so texts that nobody refers to are still there. Prune again when less is going on.',
    dryRun && !isNothing && 'Without --dry-run it is done.',
  ].filter((note) => note !== false);
  return [head, kept, ...notes].map((line) => wrap(line, textColumns(io.stdout), '')).join('');
}

/** Shows how far it is as one line on a terminal, and takes the line away in the end. */
export function pruneProgress({ stderr: { stream, isTerminal } }: Pick<Io, 'stderr'>) {
  const clear = () => void (isTerminal && stream.write('\r\u001b[K'));
  return {
    show({ step, done, of, removed }: PruneProgress) {
      if (!isTerminal) return;
      clear();
      const what = step === 'scans' ? 'servers' : 'unused texts';
      stream.write(`${number(done)} of ${number(of)} ${what}, ${number(removed)} ${step} removed …`);
    },
    end: clear,
  };
}
