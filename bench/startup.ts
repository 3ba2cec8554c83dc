import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from './quantile.ts';

/**
 * How long the built command takes to show its help, beside the floor of starting Node at all: both in turns, in one
 * run. `npm run build` first.
 */

const ROUNDS = 41;

const entry = join(dirname(dirname(fileURLToPath(import.meta.url))), 'dist/catalogue.cjs');
if (!existsSync(entry)) throw new Error('dist/catalogue.cjs is missing: run `npm run build` first.');

const floor: number[] = [];
const help: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  floor.push(time(['-e', '0']));
  help.push(time([entry, '--help']));
}
const ratios = help.map((ms, round) => ms / (floor[round] ?? Number.NaN));
process.stdout.write(
  [
    `node -e 0             median ${median(floor).toFixed(1)} ms`,
    `catalogue --help      median ${median(help).toFixed(1)} ms`,
    `ratio                 ${(median(help) / median(floor)).toFixed(2)} (pairs: median ${median(ratios).toFixed(2)})`,
    '',
  ].join('\n'),
);

function time(args: string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} failed: ${stderr}`);
  return performance.now() - start;
}
