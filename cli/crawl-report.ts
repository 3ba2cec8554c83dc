import type { CrawlResult } from '../crawler/contract.ts';
import { count } from '../site/words.ts';
import type { Io } from './io.ts';
import { table } from './terminal.ts';

/** What came of a crawl. */
export interface CrawlSummary {
  /** Whether the source was read to its end; if not, the same command goes on. */
  finished: boolean;
  /** Outcomes of this run, by status. */
  complete: number;
  partial: number;
  failed: number;
  /** Tools listed in this run. */
  tools: number;
  /** Servers that had their outcome before this run began. */
  before: number;
  /** Servers that the source named once more. */
  again: number;
  /** Failures of this run by code, the commonest first. */
  failures: { code: string; servers: number }[];
}

/** Counts outcomes, and shows the count as one line on a terminal. */
export interface Tally {
  add(result: CrawlResult): void;
  again(): void;
  /** How many servers there are in all, once that is known. */
  total(servers: number): void;
  /** Says something to the user without spoiling the line. */
  say(message: string): void;
  end(): void;
  summary(finished: boolean): CrawlSummary;
}

const MS_PER_SECOND = 1_000;

/** Begins to count; `before` is how many servers had their outcome already. */
export function createTally(io: Pick<Io, 'stderr' | 'now'>, before: number): Tally {
  const { stream, isTerminal } = io.stderr;
  const started = io.now().getTime();
  const counts = { complete: 0, partial: 0, failed: 0, tools: 0, again: 0 };
  const codes = new Map<string, number>();
  let total: number | undefined;
  const clear = () => isTerminal && stream.write('\r\u001b[K');
  const draw = () => {
    if (!isTerminal) return;
    const done = counts.complete + counts.partial + counts.failed;
    const seconds = Math.max(1, io.now().getTime() - started) / MS_PER_SECOND;
    const rate = done / seconds;
    const left =
      total === undefined || rate === 0 ? '' : `, ${Math.ceil((total - before - done) / rate)} s left`;
    const earlier = before === 0 ? '' : `, ${before} before`;
    clear();
    stream.write(
      `${count(done, 'server')} done${earlier}, ${counts.failed} failed, ${rate.toFixed(1)} a second${left} …`,
    );
  };
  return {
    add(result) {
      counts[result.status]++;
      if (result.status === 'failed') {
        codes.set(result.failure.code, (codes.get(result.failure.code) ?? 0) + 1);
      } else {
        counts.tools += result.tools.length;
      }
      draw();
    },
    again() {
      counts.again++;
    },
    total(servers) {
      total = servers;
      draw();
    },
    say(message) {
      clear();
      stream.write(`${message}\n`);
      draw();
    },
    end: () => void clear(),
    summary: (finished) => ({
      finished,
      ...counts,
      before,
      failures: [...codes]
        .map(([code, servers]) => ({ code, servers }))
        .toSorted((a, b) => b.servers - a.servers || (a.code < b.code ? -1 : 1)),
    }),
  };
}

/** What a person reads at the end of a crawl. */
export function summaryText(summary: CrawlSummary): string {
  const { finished, complete, partial, failed, tools, before, failures } = summary;
  const earlier = before === 0 ? '' : ` ${count(before, 'server')} had an outcome before.`;
  const head = `${count(complete + partial + failed, 'server')}: ${complete} complete, ${partial} partial, ${failed} failed; ${count(tools, 'tool')}.${earlier}\n`;
  const why =
    failures.length === 0
      ? ''
      : `\n${table(
          ['Servers', 'Failed with'],
          failures.map(({ code, servers }) => [servers, code]),
        )}`;
  const next = finished
    ? '`catalogue report` sums up all servers.'
    : 'Broken off: the same command goes on from here.';
  return `${head}${why}\n${next}\n`;
}
