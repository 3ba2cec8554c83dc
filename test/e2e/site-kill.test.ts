import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../support/sources.ts';

const SERVERS = 40;

let scratch: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'site-kill-'));
});

afterAll(() => rm(scratch, { recursive: true }));

/** Builds in a process of its own, which is killed without warning when it says `until`. Gives whether it was. */
async function build(out: string, word: string, until?: string): Promise<boolean> {
  const fixture = join(ROOT, 'test/fixtures/build-site.ts');
  const child = spawn(process.execPath, [fixture, join(scratch, out), String(SERVERS), word], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === until) child.kill('SIGKILL');
  }
  const [code, signal] = await ended;
  if (signal === null && code !== 0) throw new Error(`the build ended with ${code}`);
  return signal === 'SIGKILL';
}

/** Every file of the site by its path. */
function filesOf(out: string): Map<string, string> {
  const root = realpathSync(join(scratch, out));
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1)).sort();
  return new Map(paths.map((path) => [path, readFileSync(join(root, path), 'latin1')]));
}

describe('a build that is killed', () => {
  it('leaves the old site as it was, and the next one makes the new site whole', async () => {
    await build('fresh', 'new');
    await build('public', 'old');
    const old = filesOf('public');
    for (const until of ['pages 1', 'pages 17', 'whole 40']) {
      expect(await build('public', 'new', until), until).toBe(true);
      expect(filesOf('public'), until).toEqual(old);
    }
    await build('public', 'new');
    expect(filesOf('public')).toEqual(filesOf('fresh'));
    // Killed while the other tree is made the same: the new site is there already, and the next build mends the rest.
    await build('public', 'newer', 'publishing 40');
    await build('public', 'new');
    expect(filesOf('public')).toEqual(filesOf('fresh'));
    await build('public', 'new');
    expect(filesOf('public')).toEqual(filesOf('fresh'));
  });
});
