import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { CrawlResult, ServerTarget } from '../../crawler/contract.ts';
import { type CrawlOptions, crawl } from '../../crawler/crawl.ts';

const SERVERS = join(import.meta.dirname, '..', 'fixtures', 'servers');

/** A folder of its own for one test file; `remove` takes it away. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'crawler-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export function options(folder: string, more: Partial<CrawlOptions> = {}): CrawlOptions {
  return {
    environment: process.env,
    cwd: join(import.meta.dirname, '..', '..'),
    now: () => new Date(),
    scratchRoot: join(folder, 'scratch'),
    // Fake servers write their process ids outside of their own folders.
    sandbox: 'none',
    timeoutMs: 20_000,
    ...more,
  };
}

/** The target for a fake server, which writes its process ids into `folder`. */
export function fakeTarget(
  name: string,
  folder: string,
  more: { args?: string[]; envNames?: string[] } = {},
): ServerTarget {
  return {
    id: `command:${name}-00000000`,
    label: name,
    transport: {
      kind: 'stdio',
      command: process.execPath,
      args: [join(SERVERS, `${name}.ts`), folder, ...(more.args ?? [])],
      envNames: more.envNames ?? [],
    },
    origin: { source: 'command', ref: `-- ${name}` },
  };
}

/** Crawls a fake server in a folder of its own and tells which of its processes are still alive afterwards. */
export async function crawlFake(
  name: string,
  more: Partial<CrawlOptions> & { args?: string[]; envNames?: string[] } = {},
): Promise<{ result: CrawlResult; alive: number[]; started: number; leftFolders: string[] }> {
  const folder = temporaryFolder();
  try {
    const { args, envNames, ...rest } = more;
    const target = fakeTarget(name, folder.path, { ...(args && { args }), ...(envNames && { envNames }) });
    const result = await crawl(target, options(folder.path, rest));
    const pids = readdirSync(folder.path)
      .filter((file) => file.endsWith('.pid'))
      .map((file) => Number(readFileSync(join(folder.path, file), 'utf8')));
    const leftFolders = readdirSync(join(folder.path, 'scratch'));
    return { result, alive: pids.filter(isAlive), started: pids.length, leftFolders };
  } finally {
    folder.remove();
  }
}

/** Whether a process is alive; one that has ended and was not collected by its parent is not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !/\) [ZX] /.test(readFileSync(stat, 'utf8'));
}
