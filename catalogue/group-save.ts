import { MAX_SAVED_TOGETHER, SAVE_LINGER_MS } from './limits.ts';
import type { JudgedScan } from './pipeline.ts';

interface Waiting {
  scan: JudgedScan;
  resolve(slug: string): void;
  reject(error: unknown): void;
}

/**
 * Lets scans that end at about the same time be saved together. Each call settles when its own scan is stored, or
 * with the error for which none of its group is.
 */
export function createGroupSaver(
  saveAll: (scans: readonly JudgedScan[]) => Promise<string[]>,
  wait: (ms: number) => Promise<void>,
): (scan: JudgedScan) => Promise<string> {
  let waiting: Waiting[] = [];
  let running = false;

  const run = async () => {
    running = true;
    while (waiting.length > 0) {
      if (waiting.length < MAX_SAVED_TOGETHER) await wait(SAVE_LINGER_MS);
      const group = waiting.slice(0, MAX_SAVED_TOGETHER);
      waiting = waiting.slice(MAX_SAVED_TOGETHER);
      try {
        const slugs = await saveAll(group.map(({ scan }) => scan));
        for (const [index, { resolve }] of group.entries()) resolve(slugs[index] ?? '');
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    running = false;
  };

  return (scan) =>
    new Promise((resolve, reject) => {
      waiting.push({ scan, resolve, reject });
      if (!running) void run();
    });
}
