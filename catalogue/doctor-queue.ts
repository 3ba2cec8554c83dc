import type { Finding } from './doctor.ts';
import { ageText, plural } from './doctor-words.ts';
import { QUEUE_STUCK_MS } from './limits.ts';
import type { QueueHealth } from './queue-status.ts';

/** Whether the queue moves. */
export function queueFinding(state: QueueHealth, now: Date): Finding {
  const { waiting, active, oldestWaitingMs = 0, lostHeartbeats, dead, lastDoneAt, workers } = state;
  const found = `${plural(waiting, 'server')} waiting, ${active} under way, ${dead} given up; ${plural(workers, 'worker')}.`;
  const values = { waiting, active, dead, workers, lostHeartbeats, oldestWaitingMs };
  const isOld = oldestWaitingMs >= QUEUE_STUCK_MS;
  const sinceDone =
    lastDoneAt === undefined ? Number.POSITIVE_INFINITY : now.getTime() - lastDoneAt.getTime();
  if (isOld && workers === 0) {
    return {
      health: 'problem',
      found: `${found} Nobody works at it, and the oldest has been waiting for ${ageText(oldestWaitingMs)}.`,
      advice: 'Start a worker, or take what waits out of the queue.',
      values,
    };
  }
  if (
    (isOld && sinceDone >= QUEUE_STUCK_MS) ||
    (lostHeartbeats > 0 && active === lostHeartbeats && workers > 0)
  ) {
    return {
      health: 'problem',
      found: `${found} It is stuck: the oldest has been waiting for ${ageText(oldestWaitingMs)}, ${plural(lostHeartbeats, 'server')} ${lostHeartbeats === 1 ? 'has' : 'have'} a worker that is not heard of, and nothing was done for ${Number.isFinite(sinceDone) ? ageText(sinceDone) : 'a long time'}.`,
      advice: 'Look at what the workers say, and start them again.',
      values,
    };
  }
  if (lostHeartbeats > 0) {
    return {
      health: 'warning',
      found: `${found} Of ${plural(lostHeartbeats, 'server')} the worker is not heard of.`,
      advice: 'They go to another worker by themselves, if there is one.',
      values,
    };
  }
  if (dead > 0) {
    return { health: 'warning', found, advice: 'See why some were given up, and try them again.', values };
  }
  return { health: 'ok', found, values };
}
