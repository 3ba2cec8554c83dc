import { MAX_SAVED_TOGETHER, MAX_TOOLS_SAVED_TOGETHER, SAVE_LINGER_MS, SAVES_AT_A_TIME } from './limits.ts';
import type { JudgedScan } from './pipeline.ts';

interface Waiting {
  scan: JudgedScan;
  resolve(slug: string): void;
  reject(error: unknown): void;
}

/**
 * Lets scans that end at about the same time be saved together, a few groups at a time: one is made ready while the
 * database stores the other. Each call settles when its own scan is stored, or with the error for which none of its
 * group is.
 */
export function createGroupSaver(
  saveAll: (scans: readonly JudgedScan[]) => Promise<string[]>,
  wait: (ms: number) => Promise<void>,
): (scan: JudgedScan) => Promise<string> {
  const waiting: Waiting[] = [];
  let running = 0;

  const run = async () => {
    running++;
    while (waiting.length > 0) {
      if (waiting.length < MAX_SAVED_TOGETHER) await wait(SAVE_LINGER_MS);
      const group = takeGroup(waiting);
      if (group.length === 0) break;
      try {
        const slugs = await saveAll(group.map(({ scan }) => scan));
        for (const [index, { resolve }] of group.entries()) resolve(slugs[index] ?? '');
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    running--;
  };

  return (scan) =>
    new Promise((resolve, reject) => {
      waiting.push({ scan, resolve, reject });
      const full = waiting.length >= MAX_SAVED_TOGETHER;
      if (running === 0 || (full && running < SAVES_AT_A_TIME)) void run();
    });
}

/** Takes the next group off the list: as many as fit, and one at least. */
function takeGroup(waiting: Waiting[]): Waiting[] {
  let tools = 0;
  let scans = 0;
  for (const { scan } of waiting) {
    tools += scan.classifications.length;
    if (scans === MAX_SAVED_TOGETHER || (scans > 0 && tools > MAX_TOOLS_SAVED_TOGETHER)) break;
    scans++;
  }
  return waiting.splice(0, scans);
}
