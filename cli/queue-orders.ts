import type { DatabaseLocation } from '../catalogue/database.ts';
import { openQueue } from '../catalogue/queue.ts';
import { removeSchedule } from '../catalogue/queue-schedule.ts';
import { usageError } from '../crawler/fault.ts';
import { sourcePath } from '../crawler/source-file.ts';
import { sources } from '../crawler/sources/index.generated.ts';
import { visible } from '../site/visible.ts';
import { count } from '../site/words.ts';
import { type Io, write } from './io.ts';

/** Ends the schedule of a source. Throws a usage error where there is none. */
export async function unschedule(
  location: DatabaseLocation,
  source: string,
  reference: string | undefined,
  io: Io,
): Promise<void> {
  const ref = reference ?? sources.find(({ id }) => id === source)?.defaultRef ?? '';
  const queue = await openQueue(location);
  try {
    // As it was written, or as the path that it was kept as.
    for (const candidate of [ref, sourcePath(ref, io)]) {
      if (!(await removeSchedule(queue, { source, ref: candidate }))) continue;
      await write(io.stderr, `No further pass over ${visible(`${source} ${candidate}`)} begins by itself.\n`);
      return;
    }
  } finally {
    await queue.close();
  }
  throw usageError(`there is no schedule for ${source} ${ref}. \`catalogue queue\` lists them.`);
}

/** Puts the dead letters back into the queue. */
export async function retryDead(location: DatabaseLocation, io: Io): Promise<void> {
  const queue = await openQueue(location);
  const moved = await queue.retryDead().finally(() => queue.close());
  await write(io.stderr, `${count(moved, 'dead letter')} put back into the queue.\n`);
}
