import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServerSheet } from '../../catalogue/contract.ts';
import { type BuildOptions, buildSite } from '../../site/build/build-site.ts';
import type { SiteSource } from '../../site/contract.ts';
import { renderSite } from '../../site/render.ts';
import { awkward, hostile, seeds } from './samples.ts';
import { type GivenServer, SETTINGS, sheetsOf, sourceOf } from './view.ts';

const ASSETS = [{ path: 'assets/site.css', contents: 'a {}' }];

let scratch: string;
let out: string;

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'site-'));
  out = join(scratch, 'public');
});

afterEach(() => rm(scratch, { recursive: true }));

const GIVEN: readonly GivenServer[] = [...seeds, ...awkward, hostile];

function build(source: SiteSource, options: Partial<BuildOptions> = {}) {
  return buildSite(source, { out, settings: SETTINGS, assets: ASSETS, threads: 1, ...options });
}

async function built(source: SiteSource, options: Partial<BuildOptions> = {}) {
  const report = await build(source, options);
  if ('refused' in report) throw new Error(report.refused);
  return report;
}

/** Every file below a folder by its path, with what is in it. */
function filesIn(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = names.map(({ parentPath, name }) => join(parentPath, name));
  return new Map(
    paths.sort().map((path) => [path.slice(folder.length + 1), readFileSync(path).toString('latin1')]),
  );
}

async function expected(servers: readonly ServerSheet[]): Promise<Map<string, string>> {
  const files = new Map(ASSETS.map(({ path, contents }) => [path, contents]));
  for await (const { path, contents } of renderSite({ servers, changes: [] }, SETTINGS)) {
    files.set(path, Buffer.from(contents).toString('latin1'));
  }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The servers with the description of one tool changed. */
function changed(servers: readonly ServerSheet[], slug: string): ServerSheet[] {
  return servers.map((server) => {
    const [first, ...rest] = server.tools;
    if (server.slug !== slug || first === undefined) return server;
    const definition = { ...first.definition, description: 'Deletes everything.', hash: 'f'.repeat(64) };
    return { ...server, tools: [{ ...first, definition }, ...rest] };
  });
}

const servers = sheetsOf(GIVEN);

describe('a build', () => {
  it('writes the site, once, whatever the number of threads', async () => {
    const first = await built(sourceOf(servers));
    const files = filesIn(`${out}/`.slice(0, -1) && join(scratch, 'public.build', 'a'));
    expect(files).toEqual(await expected(servers));
    expect(first).toMatchObject({ servers: servers.length, written: files.size, unchanged: 0, removed: 0 });
    expect(await built(sourceOf(servers))).toMatchObject({ written: 0, unchanged: files.size, removed: 0 });
    expect(lstatSync(out).isSymbolicLink()).toBe(true);

    const many = Array.from({ length: 4 }, (_, n) =>
      GIVEN.map((one) => ({ ...one, label: `${one.label} ${n}` })),
    );
    const source = sourceOf(sheetsOf(many.flat()));
    await built(source, { out: join(scratch, 'here'), threads: 1 });
    await built(source, { out: join(scratch, 'threads'), threads: 2 });
    expect(filesIn(join(scratch, 'threads.build', 'a'))).toEqual(filesIn(join(scratch, 'here.build', 'a')));
    // What went through a thread is what is made in one piece.
    expect(filesIn(join(scratch, 'threads.build', 'a'))).toEqual(await expected(sheetsOf(many.flat())));
  });

  it('makes the same site from another as from nothing, and writes only what changed', async () => {
    await built(sourceOf(servers));
    const before = statSync(join(out, 'servers/crow/index.html')).mtimeMs;
    const next = changed(servers, 'calculator').filter(({ slug }) => slug !== 'empty');
    const report = await built(sourceOf(next));
    expect(report.written).toBeGreaterThan(0);
    expect(report.written).toBeLessThan(report.unchanged);
    expect(filesIn(join(scratch, 'public.build', 'b'))).toEqual(await expected(next));
    expect(readFileSync(join(out, 'servers/calculator/create_session.html'), 'utf8')).toContain(
      'Deletes everything.',
    );
    expect(existsSync(join(out, 'servers/empty'))).toBe(false);
    expect(statSync(join(out, 'servers/crow/index.html')).mtimeMs).toBe(before);
    // The tree that the next build begins with is the same.
    expect(filesIn(join(scratch, 'public.build', 'a'))).toEqual(await expected(next));
    await built(sourceOf(servers));
    expect(filesIn(join(scratch, 'public.build', 'a'))).toEqual(await expected(servers));
  });

  it('never shows half of itself: the old site stands until the new one is whole', async () => {
    await built(sourceOf(servers));
    const old = filesIn(join(scratch, 'public.build', 'a'));
    const next = changed(servers, 'calculator');
    const seen: boolean[] = [];
    await built(sourceOf(next), {
      onProgress: ({ phase }) => {
        if (phase !== 'publishing') {
          seen.push(filesIn(join(scratch, 'public.build', 'a')).get('index.html') === old.get('index.html'));
          expect(readFileSync(join(out, 'servers/calculator/create_session.html'), 'latin1')).toBe(
            old.get('servers/calculator/create_session.html'),
          );
        }
      },
    });
    expect(seen.length).toBeGreaterThan(servers.length);
    expect(new Set(seen)).toEqual(new Set([true]));
  });

  it.each([1, 4, 9])(
    'that is broken off after %i servers leaves the old site, and the next one goes on',
    async (after) => {
      await built(sourceOf(servers));
      const old = filesIn(join(scratch, 'public.build', 'a'));
      const next = servers.flatMap(({ slug }) => slug).reduce(changed, [...servers]);
      const stop = new AbortController();
      await expect(
        build(sourceOf(next), {
          signal: stop.signal,
          onProgress: (progress) => {
            if (progress.servers === after) stop.abort();
          },
        }),
      ).rejects.toThrow();
      expect(filesIn(out)).toEqual(old);
      const report = await built(sourceOf(next));
      expect(filesIn(out)).toEqual(await expected(next));
      // What was done before was not done again.
      const whole = await built(sourceOf(next), { out: join(scratch, 'other') });
      expect(report.written).toBeLessThan(whole.written);
    },
  );

  it('that was killed while it wrote knows nothing of that server, and makes it anew', async () => {
    await built(sourceOf(servers));
    const work = join(scratch, 'public.build', 'b');
    // As a kill leaves it: begun and not ended, files half written, a stray one among them.
    writeFileSync(`${work}.begun`, 'crow\nnew-server\n~index.html\n');
    rmSync(join(work, 'servers/crow/index.html'));
    writeFileSync(join(work, 'servers/crow/index.html'), 'ha');
    writeFileSync(join(work, 'servers/crow/stray.html'), 'stray');
    mkdirSync(join(work, 'servers/new-server'));
    writeFileSync(join(work, 'servers/new-server/index.html'), 'ha');
    rmSync(join(work, 'index.html'));
    writeFileSync(join(work, 'index.html'), 'ha');
    await built(sourceOf(servers));
    expect(filesIn(out)).toEqual(await expected(servers));
  });

  it('leaves the pages of tools as they are when a crawl finds the same once more', async () => {
    await built(sourceOf(servers));
    const later = '2026-12-24T00:00:00.000Z';
    const again = servers.map((server) => ({
      ...server,
      lastScan: { ...server.lastScan, observedAt: later },
      ...(server.listing && { listing: { ...server.listing, observedAt: later } }),
      tools: server.tools.map((tool) => ({ ...tool, lastSeenAt: later })),
    }));
    const old = filesIn(out);
    await built(sourceOf(again));
    const changed = [...filesIn(out)].filter(([path, text]) => old.get(path) !== text).map(([path]) => path);
    const ofTools = new Set(
      servers.flatMap(({ slug, tools }) => tools.map((tool) => `servers/${slug}/${tool.slug}`)),
    );
    expect(changed.filter((path) => ofTools.has(path.replace(/\.\w+$/, '')))).toEqual([]);
    expect(changed).toContain('servers/crow/index.html');
  });

  it('keeps a page for a tool that is gone, which says so', async () => {
    await built(sourceOf(servers));
    const gone = servers.map((server) => {
      const [first, ...rest] = server.tools;
      if (server.slug !== 'calculator' || first === undefined) return server;
      return { ...server, tools: rest, vanished: [{ ...first, vanishedAt: '2026-11-21T00:00:00.000Z' }] };
    });
    await built(sourceOf(gone));
    const page = readFileSync(join(out, 'servers/calculator/create_session.html'), 'utf8');
    expect(page).toContain('no longer lists it');
    expect(page).toContain('2026-11-21 00:00 UTC');
    expect(page).toContain('<meta name="robots" content="noindex">');
  });

  it('reads its manifest whatever characters a server sent', async () => {
    const odd = {
      label: 'a \u2028 b \u0085 "c"',
      tools: [{ name: 'x\u2029\n"y', description: '\u2028', inputSchema: {} }],
    };
    const source = sourceOf(sheetsOf([odd, ...GIVEN]));
    await built(source);
    expect(await built(source)).toMatchObject({ written: 0, removed: 0 });
  });

  it('makes pages anew when the settings or the program are others', async () => {
    await built(sourceOf(servers));
    const settings = { ...SETTINGS, baseUrl: 'https://other.example/' };
    expect((await built(sourceOf(servers), { settings })).written).toBeGreaterThan(servers.length);
    expect(readFileSync(join(out, 'index.html'), 'utf8')).toContain('https://other.example/');
    const program = { ...settings, program: 'other' };
    expect(await built(sourceOf(servers), { settings: program })).toMatchObject({ written: 0, removed: 0 });
  });

  it.each([
    ['a file', () => writeFileSync(out, 'mine')],
    [
      'a folder with files',
      () => {
        mkdirSync(out);
        writeFileSync(join(out, 'mine.txt'), 'mine');
      },
    ],
  ])('refuses %s that is not its own, and leaves it', async (_, put) => {
    put();
    const before = cpSnapshot();
    expect(await build(sourceOf(servers))).toMatchObject({
      refused: expect.stringContaining('no build of the site wrote'),
    });
    expect(cpSnapshot()).toEqual(before);
  });

  it('refuses a place where another build is at work', async () => {
    const waiting = Promise.withResolvers<void>();
    const slow = {
      ...sourceOf(servers),
      newestChanges: async () => {
        await waiting.promise;
        return [];
      },
    };
    const first = built(slow);
    expect(await build(sourceOf(servers))).toMatchObject({
      refused: expect.stringContaining('another build'),
    });
    waiting.resolve();
    await first;
    expect(await built(sourceOf(servers))).toMatchObject({ written: 0 });
  });
});

function cpSnapshot(): string[] {
  cpSync(out, join(scratch, 'copy'), { recursive: true });
  return readdirSync(scratch, { recursive: true }).map(String).sort();
}
