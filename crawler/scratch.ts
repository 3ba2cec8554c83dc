import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Throw-away folders of one server. */
export interface Scratch {
  /** Holds the others. */
  folder: string;
  home: string;
  temporary: string;
  /** Where a package's server runs. */
  work: string;
}

/** Makes the folders for one server under `root`, and gives what removes them. Rejects when `root` is not writable. */
export async function makeScratch(root: string): Promise<Scratch & { remove(): Promise<void> }> {
  await mkdir(root, { recursive: true });
  const folder = await mkdtemp(join(root, 'server-'));
  const scratch = { home: join(folder, 'home'), temporary: join(folder, 'tmp'), work: join(folder, 'work') };
  for (const path of Object.values(scratch)) await mkdir(path);
  return {
    folder,
    ...scratch,
    async remove() {
      // What a server made undeletable stays in the scratch root, which is the caller's to clear.
      await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
    },
  };
}
