import type { JobWithMetadata } from 'pg-boss';
import { z } from 'zod';
import { HEARTBEAT_EVERY_MS, MAX_REASON_CHARS, MIN_REREAD_MS } from './limits.ts';
import { jobId, storable, type WorkQueue } from './queue.ts';
import { type Boss, SCHEDULES } from './queue-boss.ts';
import { isAway } from './queue-retry.ts';
import { affected } from './queue-rows.ts';

/** That a pass over a source is due again and again. */
export const Schedule = z.object({
  source: z.string(),
  ref: z.string(),
  everyMs: z.number().int().positive(),
  /** How often a server is tried whose failure may pass. */
  attempts: z.number().int().min(1),
  envNames: z.array(z.string()),
  /** How often the source could not be read since the last time that it could, and why. */
  faults: z.number().int().default(0),
  lastFault: z.string().optional(),
});
export type Schedule = z.infer<typeof Schedule>;

/** What the schedule needs to begin a pass. */
export interface DueSteps {
  /** Reads the source into the queue. Rejects when it cannot be read. */
  read(schedule: Schedule): Promise<void>;
  fault?(schedule: Schedule, error: unknown): void;
  now(): Date;
  wait(ms: number, signal: AbortSignal): Promise<void>;
  /** Fires when the worker stops: a source that has not been read to its end by then is read by another. */
  stop: AbortSignal;
}

/** Makes a pass due at this interval, from an interval after now; one that was set before is replaced. */
export async function setSchedule({ boss }: WorkQueue, schedule: Schedule): Promise<void> {
  const id = scheduleId(schedule);
  await boss.transaction(async (db) => {
    await boss.boss.deleteJob(SCHEDULES, id, { db });
    await boss.boss.insert(SCHEDULES, [{ id, data: schedule, startAfter: schedule.everyMs / 1_000 }], { db });
  });
}

/** Ends a schedule, and says whether there was one. A pass that has begun goes on. */
export async function removeSchedule(
  { boss }: WorkQueue,
  of: Pick<Schedule, 'source' | 'ref'>,
): Promise<boolean> {
  return affected(await boss.boss.deleteJob(SCHEDULES, scheduleId(of))) > 0;
}

/** The id of a schedule's job: there is one for a source and reference. */
function scheduleId({ source, ref }: Pick<Schedule, 'source' | 'ref'>): string {
  return jobId('schedule', source, ref);
}

/**
 * Begins the pass that is due, if one is; one worker does it, however many there are. While the pass before it is
 * still under way, this one is left out. A source that cannot be read is read again after a while.
 */
export async function beginDue(queue: WorkQueue, steps: DueSteps): Promise<void> {
  const { boss } = queue;
  const [job] = await boss.boss.fetch<unknown>(SCHEDULES, { includeMetadata: true });
  if (job === undefined) return;
  const schedule = Schedule.parse(job.data);
  const read = new AbortController();
  const living = sayAlive(boss, job, steps, read.signal);
  try {
    if (!(await queue.isUnderWay(schedule.source, schedule.ref))) await steps.read(schedule);
    // Broken off: whoever is alive goes on with it.
    if (steps.stop.aborted) await putBack(boss, job, schedule, 0);
    else await putBack(boss, job, healthy(schedule), untilNext(job, schedule, steps.now()));
  } catch (error) {
    if (isAway(error)) throw error;
    if (steps.stop.aborted) return await putBack(boss, job, schedule, 0);
    steps.fault?.(schedule, error);
    const faults = schedule.faults + 1;
    const lastFault = storable(error instanceof Error ? error.message : String(error)).slice(
      0,
      MAX_REASON_CHARS,
    );
    const delayMs = Math.min(schedule.everyMs, MIN_REREAD_MS * 2 ** Math.min(faults - 1, MAX_DOUBLINGS));
    await putBack(boss, job, { ...schedule, faults, lastFault }, delayMs);
  } finally {
    read.abort();
    await living;
  }
}

/** A minute doubled six times is an hour. */
const MAX_DOUBLINGS = 6;

function healthy({ source, ref, everyMs, attempts, envNames }: Schedule): Schedule {
  return { source, ref, everyMs, attempts, envNames, faults: 0 };
}

/** Intervals are counted from when the pass was due, so that it stays at its time of day. What was missed is left out. */
function untilNext(
  { startAfter }: JobWithMetadata<unknown>,
  { everyMs, faults }: Schedule,
  now: Date,
): number {
  const late = faults > 0 ? 0 : Math.max(0, now.getTime() - startAfter.getTime());
  return everyMs - (late % everyMs);
}

async function putBack(
  { boss, transaction }: Boss,
  job: JobWithMetadata<unknown>,
  schedule: Schedule,
  delayMs: number,
): Promise<void> {
  await transaction(async (db) => {
    // Only while it is ours: it may have been ended or replaced meanwhile.
    if (affected(await boss.deleteJob(SCHEDULES, job, { db })) === 0) return;
    await boss.insert(SCHEDULES, [{ id: job.id, data: schedule, startAfter: delayMs / 1_000 }], { db });
  });
}

async function sayAlive(
  { boss }: Boss,
  job: JobWithMetadata<unknown>,
  { wait }: DueSteps,
  end: AbortSignal,
): Promise<void> {
  while (!end.aborted) {
    await wait(HEARTBEAT_EVERY_MS, end);
    // Whether the database is away shows where it matters.
    if (!end.aborted) await boss.touch(SCHEDULES, job).catch(() => {});
  }
}
