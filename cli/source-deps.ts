import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import type { SourceDeps } from '../crawler/source.ts';
import { readTextLines } from '../crawler/text-lines.ts';
import type { Io } from './io.ts';

/** The world as sources see it; what a command asks for beyond it comes in `more`. */
export function sourceDeps(
  io: Io,
  more: Pick<SourceDeps, 'args' | 'envNames' | 'headers' | 'warn'> & Partial<SourceDeps>,
): SourceDeps {
  return {
    cwd: io.cwd,
    home: io.home,
    platform: io.platform,
    environment: io.env,
    readFile: (path) => readFile(path, 'utf8'),
    readLines,
    readFolder: async (path) => (await readdir(path)).sort(),
    fetch: globalThis.fetch,
    wait: (ms) => sleep(ms, undefined, { signal: io.signal }),
    now: io.now,
    saveState: async () => {},
    ...more,
  };
}

async function* readLines(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  const input = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  file.on('error', (error) => input.destroy(error));
  yield* readTextLines(input);
}
