import { z } from 'zod';
import type { PassOutcomes } from '../catalogue/queue-outcomes.ts';
import type { PassStatus, QueueStatus } from '../catalogue/queue-status.ts';
import { visible } from '../site/visible.ts';
import { count, cut } from '../site/words.ts';
import { cellWidth, nameCell, room } from './cells.ts';
import type { Io } from './io.ts';
import { table, textColumns, wrap } from './terminal.ts';
import { span } from './when.ts';

/** What `catalogue queue --json` prints. Instants are ISO 8601. */
export const PublishedQueue = z.object({
  /** Those that have not ended first, then up to ten that have; the newest first. */
  passes: z.array(
    z.object({
      pass: z.number().int(),
      source: z.string(),
      reference: z.string(),
      /** `filling`: its source has not been read to its end. */
      state: z.enum(['filling', 'under way', 'ended']),
      begunAt: z.string(),
      endedAt: z.string().optional(),
      /** Servers that nobody has. */
      waiting: z.number().int(),
      /** Those among them that wait for their next attempt. */
      waitingForRetry: z.number().int(),
      /** Servers that a worker has. */
      active: z.number().int(),
      /** Servers that have their outcome. */
      done: z.number().int(),
      /** Those among them that could not be listed. */
      failed: z.number().int(),
      /** Servers that could not be brought to an outcome. */
      dead: z.number().int(),
      /** Failures by code, the commonest first. */
      failures: z.array(z.object({ code: z.string(), servers: z.number().int() })),
      /** Outcomes a minute, over the last five at the most. */
      perMinute: z.number(),
      /** Until the pass is done at this rate; absent where that cannot be said. */
      secondsLeft: z.number().int().optional(),
    }),
  ),
  /** Workers that are alive. */
  workers: z.array(z.object({ name: z.string(), since: z.string() })),
  schedules: z.array(
    z.object({
      source: z.string(),
      reference: z.string(),
      everySeconds: z.number(),
      /** When its next pass is due. */
      nextAt: z.string(),
      /** Until then, by the clock of the database; negative when it is late. */
      dueInSeconds: z.number().int(),
      /** A worker is reading the source into the queue. */
      isBeingRead: z.boolean(),
      /** Why its source could not be read the last time. */
      fault: z.string().optional(),
    }),
  ),
  deadLetters: z.object({
    count: z.number().int(),
    /** The newest first, at most 20. */
    newest: z.array(
      z.object({
        server: z.string(),
        pass: z.number().int(),
        reason: z.string(),
        /** How often a worker took it up. */
        tries: z.number().int(),
        at: z.string(),
      }),
    ),
  }),
});
export type PublishedQueue = z.infer<typeof PublishedQueue>;

/** A queue in its published form; an empty one where there is none. */
export function publishQueue(
  status: QueueStatus | undefined,
  outcomes: readonly PassOutcomes[],
): PublishedQueue {
  const { passes = [], workers = [], schedules = [], dead = [], deadCount = 0 } = status ?? {};
  return {
    passes: passes.map((pass) => publishPass(pass, outcomes)),
    workers: workers.map(({ name, since }) => ({ name, since: since.toISOString() })),
    schedules: schedules.map(({ source, ref, everyMs, nextAt, dueInMs, isBeingRead, lastFault }) => ({
      source,
      reference: ref,
      everySeconds: everyMs / 1_000,
      nextAt: nextAt.toISOString(),
      dueInSeconds: Math.round(dueInMs / 1_000),
      isBeingRead,
      ...(lastFault !== undefined && { fault: lastFault }),
    })),
    deadLetters: {
      count: deadCount,
      newest: dead.map(({ label, crawl, reason, tries, at }) => ({
        server: label,
        pass: crawl,
        reason,
        tries,
        at: at.toISOString(),
      })),
    },
  };
}

function publishPass(pass: PassStatus, outcomes: readonly PassOutcomes[]): PublishedQueue['passes'][number] {
  const { crawl, source, ref, state, begunAt, endedAt, waiting, later, active, dead, perMinute, leftMs } =
    pass;
  const { done = 0, failed = 0, failures = [] } = outcomes.find((each) => each.crawl === crawl) ?? {};
  return {
    pass: crawl,
    source,
    reference: ref,
    state,
    begunAt: begunAt.toISOString(),
    ...(endedAt !== undefined && { endedAt: endedAt.toISOString() }),
    waiting,
    waitingForRetry: later,
    active,
    done,
    failed,
    dead,
    failures,
    perMinute: Math.round(perMinute * 10) / 10,
    ...(leftMs !== undefined && { secondsLeft: Math.ceil(leftMs / 1_000) }),
  };
}

/** What a person reads. */
export function queueText(queue: PublishedQueue, io: Pick<Io, 'stdout'>): string {
  const { passes, workers, schedules, deadLetters } = queue;
  if (passes.length + schedules.length + deadLetters.count === 0) {
    return 'Nothing is in the queue. `catalogue crawl <source> --enqueue` puts servers into it.\n';
  }
  return [
    workersText(workers),
    passesText(passes, io),
    failuresText(passes),
    schedulesText(schedules),
    deadText(deadLetters, io),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function workersText(workers: PublishedQueue['workers']): string {
  if (workers.length === 0) return 'No worker is alive. `catalogue worker` starts one.\n';
  return `${count(workers.length, 'worker')}: ${workers.map(({ name }) => visible(name)).join(', ')}\n`;
}

/** Columns of the other cells in a row of a pass, with the space between them. */
const PASS_COLUMNS = 65;

function passesText(passes: PublishedQueue['passes'], { stdout }: Pick<Io, 'stdout'>): string {
  if (passes.length === 0) return '';
  const width = cellWidth(room(stdout) - PASS_COLUMNS);
  const header = ['Pass', 'Source', 'State', 'Wait', 'Active', 'Done', 'Failed', 'Dead', '/min', 'Left'];
  const rows = passes.map((pass) => [
    pass.pass,
    nameCell(`${pass.source} ${pass.reference}`, width),
    pass.state,
    pass.waiting,
    pass.active,
    pass.done,
    pass.failed,
    pass.dead,
    pass.state === 'ended' ? '–' : pass.perMinute < 10 ? pass.perMinute : Math.round(pass.perMinute),
    pass.secondsLeft === undefined ? '' : left(pass.secondsLeft),
  ]);
  return table(header, rows);
}

function left(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : span(seconds * 1_000);
}

function failuresText(passes: PublishedQueue['passes']): string {
  return passes
    .filter(({ state, failures }) => state !== 'ended' && failures.length > 0)
    .map(({ pass, failures, waitingForRetry }) => {
      const codes = failures.map(({ code, servers }) => `${servers} ${code}`).join(', ');
      const many = `${waitingForRetry} ${waitingForRetry === 1 ? 'waits' : 'wait'}`;
      const later = waitingForRetry === 0 ? '' : `; ${many} for another attempt`;
      return `Failed in pass ${pass}: ${codes}${later}.\n`;
    })
    .join('');
}

function schedulesText(schedules: PublishedQueue['schedules']): string {
  return schedules
    .map(({ source, reference, everySeconds, dueInSeconds, isBeingRead, fault }) => {
      const due = dueInSeconds <= 0 ? 'due now' : `next in ${left(dueInSeconds)}`;
      const next = isBeingRead ? 'being read now' : due;
      const why = fault === undefined ? '' : ` Its source could not be read: ${visible(fault)}`;
      return `${source} ${visible(reference)}: every ${span(everySeconds * 1_000)}, ${next}.${why}\n`;
    })
    .join('');
}

/** Characters of a reason: its first line says what it is about. */
const MAX_REASON = 160;

function deadText(
  { count: all, newest }: PublishedQueue['deadLetters'],
  { stdout }: Pick<Io, 'stdout'>,
): string {
  if (all === 0) return '';
  const shown = newest.length === all ? '' : `, the newest ${newest.length}`;
  const letters = newest.map(({ server, reason, tries, pass }) => {
    const [first = ''] = reason.split('\n');
    const tried = `taken up ${tries === 1 ? 'once' : `${tries} times`} in pass ${pass}`;
    return `  ${nameCell(server, cellWidth(room(stdout) - tried.length - 4))}, ${tried}\n${wrap(
      visible(cut(first, MAX_REASON)),
      textColumns(stdout),
      '    ',
    )}`;
  });
  return `${count(all, 'dead letter')}${shown}; \`catalogue queue --retry-dead\` puts them back:\n${letters.join('')}`;
}
