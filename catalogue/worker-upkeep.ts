import { HEARTBEAT_EVERY_MS, QUEUE_POLL_MS, TIDY_EVERY_MS } from './limits.ts';
import type { Claim, WorkQueue } from './queue.ts';
import { isAway } from './queue-retry.ts';
import type { WorkerSteps } from './worker.ts';

type UpkeepSteps = Pick<WorkerSteps, 'endPass' | 'ended' | 'schedules' | 'wait'>;

/** Takes up what dead workers left behind, and ends the passes of which all servers are done. */
export async function tidy(queue: WorkQueue, steps: UpkeepSteps): Promise<void> {
  await queue.reclaim();
  for (const pass of await queue.endPasses(steps.endPass)) steps.ended?.(pass);
}

/**
 * Says again and again that this worker lives, tidies up, and begins what is due, until the end. That the database is
 * away is no fault: the next round asks again.
 */
export async function keepUp(
  queue: WorkQueue,
  steps: UpkeepSteps,
  held: ReadonlyMap<Claim, unknown>,
  { stop, ended }: { stop: AbortSignal; ended: AbortSignal },
): Promise<void> {
  const unlessAway = (error: unknown) => {
    if (!isAway(error)) throw error;
  };
  await Promise.all([
    every(HEARTBEAT_EVERY_MS, ended, steps, () => queue.touch([...held.keys()]).catch(unlessAway)),
    every(TIDY_EVERY_MS, ended, steps, () => tidy(queue, steps).catch(unlessAway)),
    every(QUEUE_POLL_MS, AbortSignal.any([stop, ended]), steps, async () => {
      await steps.schedules?.().catch(unlessAway);
    }),
  ]);
}

async function every(
  ms: number,
  end: AbortSignal,
  { wait }: Pick<WorkerSteps, 'wait'>,
  work: () => Promise<void>,
): Promise<void> {
  while (!end.aborted) {
    await work();
    if (!end.aborted) await wait(ms, end);
  }
}
