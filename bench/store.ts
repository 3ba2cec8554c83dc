import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'rolldown';
import { type SearchFigures, searchText } from './measure-search.ts';
import { startPostgres } from './postgres.ts';
import { median } from './quantile.ts';
import type { Floor, Ingest } from './store-phases.ts';

/**
 * What it costs to keep a crawl: real definitions, multiplied to `--tools` distinct ones on `--servers` servers, stored
 * with their scans, lists and verdicts, beside the floor of a bare COPY of the very same rows into tables without keys.
 * Then the same crawl a day later, making it all searchable, and searches beside look-ups by key. Each measurement is
 * a process of its own, bundled as the command is, on PostgreSQL and on PGlite.
 *
 *     npm run bench:store -- <definitions.jsonl>
 */

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    tools: { type: 'string', default: '250000' },
    servers: { type: 'string', default: '20000' },
    queries: { type: 'string', default: '2000' },
    rounds: { type: 'string', default: '1' },
    engine: { type: 'string', multiple: true, default: ['PostgreSQL', 'PGlite'] },
  },
});

const root = join(import.meta.dirname, '..');
const PROGRAM = join(root, 'dist/store-phases.mjs');

await build({
  input: join(root, 'bench/store-phases.ts'),
  platform: 'node',
  external: [/^@electric-sql\/pglite/],
  logLevel: 'warn',
  output: { file: PROGRAM, format: 'esm', codeSplitting: false },
});
await compare();

interface Run {
  first: Ingest;
  again: Ingest;
  floor: Floor;
}

async function compare(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'catalogue-bench-'));
  const postgres = await startPostgres();
  const places: Record<string, () => Promise<string>> = {
    PostgreSQL: () => postgres.createDatabase(),
    PGlite: async () => mkdtempSync(join(folder, 'pglite-')),
  };
  try {
    for (const engine of values.engine) {
      const runs: Run[] = [];
      let location = '';
      for (let round = 0; round < Number(values.rounds); round++) {
        location = (await places[engine]?.()) ?? '';
        runs.push({
          first: await measure<Ingest>('first', location, folder),
          floor: await measure<Floor>('floor', location, folder),
          again: await measure<Ingest>('again', location, folder),
        });
      }
      process.stdout.write(ingestText(engine, runs));
      const { seconds, peak } = await measure<{ seconds: number; peak: number }>('refresh', location, folder);
      process.stdout.write(`  made searchable               ${rate(seconds)}, peak ${peak.toFixed(0)} MB\n`);
      process.stdout.write(searchText(engine, await measure<SearchFigures>('search', location, folder)));
    }
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function ingestText(engine: string, runs: readonly Run[]): string {
  const of = (value: (run: Run) => number) => median(runs.map(value));
  const times = (value: (run: Run) => number) => of(value).toFixed(2);
  const quarters = runs.at(-1)?.first.quarters ?? [];
  return `${engine}: ${values.tools} tools on ${values.servers} servers, medians of ${runs.length}
  bare COPY of the same rows    ${rate(of(({ floor }) => floor.seconds))} (${of(({ floor }) => floor.megabytes).toFixed(0)} MB)
  a first crawl                 ${rate(of(({ first }) => first.seconds))}: ${times(({ first, floor }) => first.seconds / floor.seconds)} times the floor
  the same crawl again          ${rate(of(({ again }) => again.seconds))}: ${times(({ first, again }) => again.seconds / first.seconds)} of the first
  memory of the process         peak ${of(({ first }) => first.peak).toFixed(0)} MB; after each quarter ${quarters.map((each) => each.toFixed(0)).join(', ')} MB
`;
}

function rate(seconds: number): string {
  return `${seconds.toFixed(1)} s, ${Math.round(Number(values.tools) / seconds)} tools a second`;
}

/** Not `spawnSync`: what PostgreSQL logs is read by this process, and must not pile up. */
async function measure<Result>(phase: string, location: string, folder: string): Promise<Result> {
  const { tools, servers, queries } = values;
  const options = { phase, location, folder, tools, servers, queries };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const definitions = process.argv.slice(2).filter((argument) => argument.endsWith('.jsonl'));
  const child = spawn(process.execPath, [PROGRAM, ...args, ...definitions], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output = Array.fromAsync(child.stdout, String);
  const [status] = await once(child, 'exit');
  if (status !== 0) throw new Error(`${phase} ended with ${status}`);
  return JSON.parse((await output).join('')) as Result;
}
