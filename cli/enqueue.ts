import { existsSync } from 'node:fs';
import type { DatabaseLocation } from '../catalogue/database.ts';
import { openQueue } from '../catalogue/queue.ts';
import { setSchedule } from '../catalogue/queue-schedule.ts';
import { usageError } from '../crawler/fault.ts';
import { guardedFetch } from '../crawler/network-guard.ts';
import type { Source } from '../crawler/source.ts';
import { sourcePath } from '../crawler/source-file.ts';
import { visible } from '../site/visible.ts';
import { count } from '../site/words.ts';
import type { CrawlSettings } from './crawl.ts';
import { type EnqueueSummary, enqueueSource } from './enqueue-source.ts';
import { EXIT, type Exit } from './exit-codes.ts';
import { type Io, write } from './io.ts';
import { type DatabaseOptions, locate, openCatalogueFor } from './location.ts';
import { jsonText } from './published.ts';

/** Throws a usage error for a catalogue that has no queue. */
export function requireQueue(options: DatabaseOptions, io: Io, what: string): DatabaseLocation {
  const location = locate(options, io);
  if ('url' in location) return location;
  throw usageError(
    `${what} needs a catalogue in PostgreSQL, which many processes can use at once; ` +
      `the one in ${location.directory} is embedded. Set DATABASE_URL${options.db === undefined ? '' : ' and leave out --db'}.`,
  );
}

/** An interval as people write it, in milliseconds. Throws a usage error that names the option. */
function interval(text: string, option: string): number {
  const [, amount, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
  const ms = Number(amount) * (UNIT_MS[unit] ?? Number.NaN);
  if (ms > 0) return ms;
  throw usageError(`${option} takes an interval of a minute or more, such as 30m, 24h or 7d, not '${text}'.`);
}

/** Reads a source into the queue, and sets when it is read again, where that is asked for. */
export async function enqueueAndReport(
  source: Source,
  given: string,
  settings: CrawlSettings,
  options: DatabaseOptions & { every?: string; allowPrivate?: boolean; json?: boolean },
  io: Io,
): Promise<Exit> {
  const location = requireQueue(options, io, '--enqueue');
  const everyMs = options.every === undefined ? undefined : interval(options.every, '--every');
  const warn = (message: string) => void io.stderr.stream.write(`${visible(message)}\n`);
  const ref = everyMs === undefined ? given : everywhere(given, io, warn);
  const fetch = guardedFetch({ allowPrivate: options.allowPrivate ?? false });
  try {
    const catalogue = await openCatalogueFor(options, io);
    try {
      const queue = await openQueue(location);
      try {
        if (everyMs !== undefined) {
          const { attempts, envNames } = settings;
          await setSchedule(queue, { source: source.id, ref, everyMs, attempts, envNames, faults: 0 });
        }
        const summary = await enqueueSource(source, ref, settings, { catalogue, queue, fetch, warn }, io);
        if (summary === undefined) {
          throw usageError(`${source.id} ${ref} is being read into the queue by another process.`);
        }
        await write(
          io.stdout,
          options.json ? `${jsonText(summary, 2)}\n` : enqueuedText(summary, options.every),
        );
      } finally {
        await queue.close();
      }
    } finally {
      await catalogue.close();
    }
  } finally {
    await fetch.close();
  }
  return io.signal.aborted ? EXIT.interrupted : EXIT.done;
}

/** A reference that means the same on every machine, as far as that is possible. */
function everywhere(ref: string, io: Pick<Io, 'cwd' | 'home'>, warn: (message: string) => void): string {
  const path = sourcePath(ref, io);
  if (URL.canParse(ref) || !existsSync(path)) return ref;
  warn(
    `${path} is read again by whichever worker finds it due: it has to be there on each of their machines.`,
  );
  return path;
}

function enqueuedText({ finished, queued, already, known, before }: EnqueueSummary, every?: string): string {
  const parts = [
    `${count(queued, 'server')} put into the queue`,
    already > 0 && `${already} in it already`,
    known > 0 && `${known} with an outcome at once`,
    before > 0 && `${before} with an outcome before`,
  ].filter((part) => part !== false);
  const again = every === undefined ? '' : `The next pass is due in ${every}, and so on.\n`;
  const next = finished
    ? `\`catalogue worker\` takes them, on any machine; \`catalogue queue\` shows them.\n${again}`
    : 'Broken off: the same command goes on from here.\n';
  return `${parts.join(', ')}.\n${next}`;
}
