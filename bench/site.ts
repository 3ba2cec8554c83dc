import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { build as bundle } from 'rolldown';
import { serveFolder } from '../cli/serve.ts';
import { ROOT } from '../test/support/sources.ts';
import { measureSiteSearch, siteSearchText } from './measure-site-search.ts';
import { startPostgres } from './postgres.ts';
import { median } from './quantile.ts';
import { fillCatalogue, writeTasks } from './site-fill.ts';
import { measured } from './site-peers/process.ts';
import {
  buildEleventy,
  buildHugo,
  hugoVersion,
  type PeerRun,
  prepareEleventy,
  prepareHugo,
} from './site-peers.ts';
import { readDefinitions } from './store-data.ts';

/**
 * What it costs to build the site: real definitions, multiplied to `--tools` on `--servers` servers, in a PostgreSQL on
 * this machine. `catalogue build` as it is bundled, with all its pages; the tool pages alone (page, data, badge), from what
 * was read before; the same as Hugo and Eleventy make them from our data; and the floors of writing the very same files. All
 * in turns, each into a folder of its own, after what was written before has reached the disk. Nothing is removed before
 * the end: ext4 avoids the inodes of what was removed lately, and looks for others at each file that it makes. Then a build after 1 % of
 * the tools have changed, one after nothing has, and a build of a quarter of the catalogue for its memory; then
 * searches in a browser.
 *
 *     npm run bench:site -- <definitions.jsonl>
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tools: { type: 'string', default: '100000' },
    servers: { type: 'string', default: '8000' },
    rounds: { type: 'string', default: '3' },
    /** Peers to run beside it. */
    peer: { type: 'string', multiple: true, default: ['hugo', 'hugo-ugly', 'eleventy'] },
    /** A folder on the disk that is meant; the default is beside the project. */
    out: { type: 'string', default: join(ROOT, 'dist') },
  },
});
const CATALOGUE = join(ROOT, 'dist/catalogue.cjs');
const TOOL_PAGES = join(ROOT, 'dist/site-pages.mjs');
const CHANGED_SERVERS = 0.02;
const toolCount = Number(values.tools);
const serverCount = Number(values.servers);
const [definitions = ''] = positionals;

const folder = mkdtempSync(join(values.out, 'bench-site-'));
const out = join(folder, 'public-0');
const postgres = await startPostgres();
try {
  await compare();
} finally {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function compare(): Promise<void> {
  const wires = await readDefinitions(definitions);
  const url = await postgres.createDatabase();
  const day = (n: number) => `2026-01-0${n}T00:00:00.000Z`;
  await fillCatalogue(url, wires, { toolCount, serverCount, observedAt: day(1) });
  say(`${toolCount} tools on ${serverCount} servers\n`);

  const tasks = await prepareToolPages(url);
  const peers = await preparePeers(url);
  const runs: Record<string, PeerRun[]> = {};
  for (let round = 0; round < Number(values.rounds); round++) {
    const steps: Record<string, () => Promise<PeerRun>> = {
      ours: () => buildAnew(url, round),
      'tool pages': () => buildToolPages(tasks, join(folder, `pages-${round}`)),
      floor: () => floor(join(folder, `public-${round}`), join(folder, `floor-${round}`)),
      'their floor': () => floor(join(folder, `pages-${round}`), join(folder, `pages-floor-${round}`)),
      ...Object.fromEntries(peers.map(([name, run]) => [name, () => run(join(folder, `${name}-${round}`))])),
    };
    for (const [name, run] of Object.entries(steps)) {
      await settle();
      const made = await run();
      runs[name] = [...(runs[name] ?? []), made];
      say(`  ${name.padEnd(12)} ${runText(made)}\n`);
    }
  }
  sayRatios(runs);
  await rebuild(url, wires, runs.ours ?? [], day);
  await search();
  await quarter(wires);
}

type Peer = [name: string, run: (out: string) => Promise<PeerRun>];

async function preparePeers(url: string): Promise<Peer[]> {
  const peers: Peer[] = [];
  if (values.peer.includes('none')) return peers;
  await buildAnew(url, 'first');
  const tree = join(folder, 'public-first.build', 'a');
  const work = (name: string) => join(folder, `work-${name}`);
  if (values.peer.some((name) => name.startsWith('hugo'))) {
    const version = await hugoVersion();
    if (version === undefined)
      throw new Error('Hugo is not installed: apt-get install hugo, or leave it out with --peer.');
    say(`Hugo ${version}\n`);
    await prepareHugo(tree, work('hugo'));
    if (values.peer.includes('hugo')) peers.push(['hugo', (to) => buildHugo(work('hugo'), to, 'default')]);
    if (values.peer.includes('hugo-ugly'))
      peers.push(['hugo-ugly', (to) => buildHugo(work('hugo'), to, 'ugly')]);
  }
  if (values.peer.includes('eleventy')) {
    await prepareEleventy(tree, work('eleventy'));
    peers.push(['eleventy', (to) => buildEleventy(work('eleventy'), to)]);
  }
  return peers;
}

/** Our own pages of tools alone, from what was read before, as the peers make them. */
async function buildToolPages(tasks: readonly string[], out: string): Promise<PeerRun> {
  return measured(process.execPath, [TOOL_PAGES, '--out', out, ...tasks], { cwd: folder, out });
}

async function prepareToolPages(url: string): Promise<string[]> {
  await bundle({
    input: join(ROOT, 'bench/site-pages.ts'),
    platform: 'node',
    external: [/^@electric-sql\/pglite/],
    logLevel: 'warn',
    output: { file: TOOL_PAGES, format: 'esm', codeSplitting: false },
  });
  const files = Array.from({ length: availableParallelism() }, (_, n) => join(folder, `tasks-${n}.jsonl`));
  await writeTasks(url, files);
  return files;
}

/** `catalogue build` into a place where nothing was built. */
async function buildAnew(url: string, name: string | number): Promise<PeerRun> {
  return build(url, join(folder, `public-${name}`));
}

async function build(url: string, out: string): Promise<PeerRun> {
  const args = [CATALOGUE, 'build', '--out', out, '--base-url', 'https://catalogue.example/', '--json'];
  return measured(process.execPath, args, { cwd: folder, out, env: { DATABASE_URL: url } });
}

/** Writes files of the same names and sizes, one after another, which is the fastest way on this machine. */
async function floor(link: string, target: string): Promise<PeerRun> {
  const tree = realpathSync(link);
  const files = filesIn(tree).map((path) => ({ path, size: statSync(join(tree, path)).size }));
  const bytes = Buffer.alloc(
    files.reduce((largest, { size }) => Math.max(largest, size), 0),
    'x',
  );
  const folders = new Set<string>();
  await settle();
  const start = performance.now();
  for (const { path, size } of files) {
    const file = join(target, path);
    const parent = dirname(file);
    if (!folders.has(parent)) mkdirSync(parent, { recursive: true });
    folders.add(parent);
    writeFileSync(file, bytes.subarray(0, size));
  }
  const ms = performance.now() - start;
  return { ms, peakMb: 0, files: files.length, bytes: files.reduce((sum, { size }) => sum + size, 0) };
}

function sayRatios(runs: Record<string, PeerRun[]>): void {
  const of = (name: string, value: (run: PeerRun) => number) => median((runs[name] ?? []).map(value));
  const ms = (name: string) => of(name, (run) => run.ms);
  const rate = (name: string) => Math.round(toolCount / (ms(name) / 1000));
  const peers = Object.keys(runs).filter((name) => /^hugo|^eleventy/.test(name));
  const times = (name: string) =>
    peers.map((peer) => `${(ms(peer) / ms(name)).toFixed(2)} times ${peer}`).join(', ') || 'no peers';
  say(`medians of ${values.rounds}:
  the whole site: ${rate('ours')} tool pages a second, peak ${of('ours', ({ peakMb }) => peakMb).toFixed(0)} MB
    ${(ms('ours') / ms('floor')).toFixed(2)} times the floor; ${times('ours')}
  the tool pages alone: ${rate('tool pages')} a second, peak ${of('tool pages', ({ peakMb }) => peakMb).toFixed(0)} MB
    ${(ms('tool pages') / ms('their floor')).toFixed(2)} times the floor; ${times('tool pages')}
`);
}

async function rebuild(
  url: string,
  wires: readonly string[],
  full: readonly PeerRun[],
  day: (n: number) => string,
): Promise<void> {
  const size = { toolCount, serverCount };
  const whole = median(full.map(({ ms }) => ms));
  const share = (ms: number) =>
    `${(ms / 1000).toFixed(2)} s, ${((ms / whole) * 100).toFixed(1)} % of a full build`;
  const nothing = await build(url, out);
  say(`  again, nothing changed: ${share(nothing.ms)}\n`);
  for (const n of [2, 3, 4]) {
    const changed = await fillCatalogue(url, wires, {
      ...size,
      observedAt: day(n),
      changed: CHANGED_SERVERS,
    });
    await settle();
    const run = await build(url, out);
    say(`  again, ${changed} tools changed: ${share(run.ms)}, peak ${run.peakMb.toFixed(0)} MB\n`);
  }
  await fillCatalogue(url, wires, { ...size, observedAt: day(5) });
  await settle();
  const scanned = await build(url, out);
  say(`  again, every server scanned anew: ${share(scanned.ms)}\n`);
}

async function search(): Promise<void> {
  const server = await serveFolder({ folder: out, cwd: folder, host: '127.0.0.1', port: 0 });
  say(siteSearchText(await measureSiteSearch(server.url)));
  await server.close();
}

/** The memory of a build of a quarter of the tools, which is to be the same. */
async function quarter(wires: readonly string[]): Promise<void> {
  const url = await postgres.createDatabase();
  const size = { toolCount: Math.round(toolCount / 4), serverCount: Math.round(serverCount / 4) };
  await fillCatalogue(url, wires, { ...size, observedAt: '2026-01-01T00:00:00.000Z' });
  const run = await buildAnew(url, 'quarter');
  say(`  a quarter of the catalogue: peak ${run.peakMb.toFixed(0)} MB\n`);
}

function filesIn(link: string): string[] {
  const root = realpathSync(link);
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1));
}

/** Waits until what was written is on the disk, so that nobody pays for another. */
async function settle(): Promise<void> {
  await new Promise((resolve) => spawn('sync').once('exit', resolve));
}

function runText({ ms, peakMb, files, bytes }: PeerRun): string {
  const memory = peakMb === 0 ? '' : `, peak ${peakMb.toFixed(0)} MB`;
  return `${(ms / 1000).toFixed(1)} s, ${Math.round(toolCount / (ms / 1000))} tool pages a second, ${files} files of ${(bytes / 1e6).toFixed(0)} MB${memory}`;
}

function say(text: string): void {
  process.stdout.write(text);
}
