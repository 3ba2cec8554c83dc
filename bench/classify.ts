import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { classifyTools } from '../classifier/classify.ts';
import type { ToolDefinition } from '../crawler/contract.ts';
import { readTool } from '../crawler/definition.ts';
import { median } from './quantile.ts';

/** Classifies a file of definitions, one JSON object a line, beside a floor that only parses and hashes them. */

const RUNS = 5;
const CHUNK_BYTES = 1 << 16;
/** As many as `catalogue classify` judges at once. */
const TOGETHER = 100;

const [file] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write('usage: node bench/classify.ts <definitions.jsonl>\n');
  process.exit(2);
}

let count = 0;
const first = digest();
const peak = Math.round(process.resourceUsage().maxRSS / 1024);
const floor: number[] = [];
const full: number[] = [];
// The two take turns, so that a busy machine slows both.
for (let run = 0; run < RUNS; run++) {
  floor.push(seconds(() => readAll(() => undefined)));
  full.push(seconds(() => readAll(classifyTools)));
}
const isSame = first === digest();

print('definitions', String(count));
print('floor: parse and hash', `${rate(floor)} tools/s`);
print('classify, parsing and hashing included', `${rate(full)} tools/s`);
print(
  'classify alone, the difference of the two',
  `${Math.round(1 / (1 / rate(full) - 1 / rate(floor)))} tools/s`,
);
print('ratio', `${(rate(floor) / rate(full)).toFixed(2)} times the floor's time`);
print('peak memory, one pass over the file', `${peak} MB`);
print('verdicts identical in two runs', isSame ? 'yes' : 'no');
if (!isSame) process.exitCode = 1;

function digest(): string {
  const hash = createHash('sha256');
  readAll((tools) => hash.update(JSON.stringify(classifyTools(tools))));
  return hash.digest('hex');
}

function readAll(use: (tools: ToolDefinition[]) => unknown): void {
  count = 0;
  let tools: ToolDefinition[] = [];
  for (const line of linesOf(file ?? '')) {
    if (line.trim() === '') continue;
    const read = readTool(JSON.parse(line), count++);
    if (read.ok) tools.push(read.tool);
    if (tools.length < TOGETHER) continue;
    use(tools);
    tools = [];
  }
  use(tools);
}

/** Reads a file line by line, so that its size does not count as the classifier's memory. */
function* linesOf(path: string): Generator<string> {
  const decoder = new TextDecoder();
  const chunk = Buffer.alloc(CHUNK_BYTES);
  const descriptor = openSync(path, 'r');
  let rest = '';
  for (let size = readSync(descriptor, chunk); size > 0; size = readSync(descriptor, chunk)) {
    const lines = (rest + decoder.decode(chunk.subarray(0, size), { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  closeSync(descriptor);
  yield rest;
}

function seconds(work: () => void): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

function rate(times: readonly number[]): number {
  return Math.round(count / median(times));
}

function print(name: string, value: string): void {
  process.stdout.write(`${name.padEnd(44)} ${value}\n`);
}
