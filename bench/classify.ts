import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { classifyTool } from '../classifier/classify.ts';
import type { ToolDefinition } from '../crawler/contract.ts';
import { readTool } from '../crawler/definition.ts';

/** Classifies a file of definitions, one JSON object a line, beside a floor that only parses and hashes them. */

const RUNS = 5;
const NEWLINE = 10;

const [file] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write('usage: node bench/classify.ts <definitions.jsonl>\n');
  process.exit(2);
}

const bytes = readFileSync(file);
const first = digest();
const floor: number[] = [];
const full: number[] = [];
let count = 0;
// The two take turns, so that a busy machine slows both.
for (let run = 0; run < RUNS; run++) {
  floor.push(seconds(() => readAll(() => undefined)));
  full.push(seconds(() => readAll(classifyTool)));
}
const isSame = first === digest();

print('definitions', String(count));
print('floor: parse and hash', `${rate(floor)} tools/s`);
print('classify, parsing and hashing included', `${rate(full)} tools/s`);
print('ratio', `${(rate(floor) / rate(full)).toFixed(2)} times the floor's time`);
print('peak memory', `${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
print('verdicts identical in two runs', isSame ? 'yes' : 'no');
if (!isSame) process.exitCode = 1;

function digest(): string {
  const hash = createHash('sha256');
  readAll((tool) => hash.update(JSON.stringify(classifyTool(tool))));
  return hash.digest('hex');
}

function readAll(use: (tool: ToolDefinition) => unknown): void {
  count = 0;
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline;
    const line = bytes.toString('utf8', start, end);
    start = end + 1;
    if (line.trim() === '') continue;
    const read = readTool(JSON.parse(line), count++);
    if (read.ok) use(read.tool);
  }
}

function seconds(work: () => void): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

function rate(times: readonly number[]): number {
  const median = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
  return Math.round(count / median);
}

function print(name: string, value: string): void {
  process.stdout.write(`${name.padEnd(42)} ${value}\n`);
}
