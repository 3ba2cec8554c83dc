import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import type { Source, SourceDeps, SourcedTarget } from '../../../crawler/source.ts';

/** A world of the given files, with what was warned about, waited for and kept. */
export interface World extends SourceDeps {
  warnings: string[];
  waits: number[];
  kept: unknown[];
}

export function world(files: Record<string, string> = {}, more: Partial<SourceDeps> = {}): World {
  const warnings: string[] = [];
  const waits: number[] = [];
  const kept: unknown[] = [];
  const readFile = async (path: string) => files[path] ?? missing(path);
  return {
    cwd: '/work/project',
    home: '/home/someone',
    platform: 'linux',
    environment: {},
    args: [],
    envNames: [],
    headers: {},
    readFile,
    async *readLines(path) {
      yield* (await readFile(path)).split('\n');
    },
    async readFolder(path) {
      const inside = Object.keys(files).filter((file) => file.startsWith(`${path}/`));
      if (inside.length === 0) missing(path);
      return [...new Set(inside.map((file) => file.slice(path.length + 1).split('/')[0] ?? ''))].sort();
    },
    fetch: () => expect.unreachable('nothing is fetched'),
    async wait(ms) {
      waits.push(ms);
    },
    now: () => new Date('2026-01-02T03:04:05Z'),
    async saveState(state) {
      kept.push(state);
    },
    warn: (message) => warnings.push(message),
    warnings,
    waits,
    kept,
    ...more,
  };
}

/** All targets of a reference. */
export function read(source: Source, ref: string, deps: SourceDeps): Promise<SourcedTarget[]> {
  return Array.fromAsync(source.targets(ref, deps));
}

/** The address of a local server that lives as long as the test. */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

function missing(path: string): never {
  throw Object.assign(new Error(`no such file: ${path}`), { code: 'ENOENT' });
}
