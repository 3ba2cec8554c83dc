import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { AccuracyReport, ConfidenceReport } from '../classifier/accuracy/contract.ts';
import { shareOf } from '../classifier/accuracy/intervals.ts';
import type { Judged } from '../classifier/accuracy/judged.ts';
import {
  accuracyReport,
  confidenceReports,
  type JudgedSet,
  largestProject,
} from '../classifier/accuracy/report.ts';
import { Confidence } from '../classifier/contract.ts';
import { evaluate } from '../cli/eval.ts';
import { table } from '../cli/terminal.ts';
import { type AccuracyPage, accuracyPage, readmeTable } from './accuracy-page.ts';
import { tableRows, tableSets } from './accuracy-table.ts';
import { captureServers, judgeCorpus, missWords } from './corpus.ts';
import { replaceBetween } from './markdown.ts';

/** Measures the classifier on all labels, and writes `docs/accuracy.md`, the table of the README and the site's figures. */

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** Each label file with the definitions that it is about. */
const LABELS: Readonly<Record<string, string>> = {
  'labels-reference.jsonl': 'definitions.jsonl.gz',
  'labels-live.jsonl': 'captures.jsonl.gz',
  'labels-author-annotations.jsonl': 'definitions.jsonl.gz',
  'labels-signals.jsonl': 'definitions.jsonl.gz',
};
const README_MARKERS = { start: '<!-- accuracy -->', end: '<!-- /accuracy -->' };
const EXIT_USAGE = 2;

const { values, positionals } = parseArgs({
  options: { 'accept-misses': { type: 'boolean', default: false } },
  allowPositionals: true,
});
const [folder] = positionals;
const missing = folder === undefined ? [] : missingFiles(folder);

if (folder === undefined && !values['accept-misses']) {
  refuse('usage: npm run accuracy -- <data directory>');
} else if (missing.length > 0) {
  refuse(`${folder} lacks ${missing.join(', ')}.`);
} else {
  const corpus = await judgeCorpus(await captureServers());
  if (values['accept-misses']) acceptMisses(corpus);
  if (folder !== undefined) await writePages(folder, corpus);
}

function missingFiles(data: string): string[] {
  const needed = new Set([...Object.keys(LABELS), ...Object.values(LABELS)]);
  return [...needed].filter((file) => !existsSync(join(data, file)));
}

function refuse(reason: string): void {
  const files = Object.entries(LABELS).map(([labels, definitions]) => `  ${labels} (with ${definitions})`);
  process.stderr.write(
    `${reason}\nThe directory holds labels and the definitions they are about; neither is part of the project:\n${files.join('\n')}\n` +
      'Without it, --accept-misses rewrites test/corpus/known-misses.json alone.\n',
  );
  process.exitCode = EXIT_USAGE;
}

async function writePages(data: string, corpus: readonly JudgedSet[]): Promise<void> {
  const sets = await judgeData(data);
  const report = accuracyReport(sets);
  const page: AccuracyPage = {
    report,
    corpus: accuracyReport(corpus),
    rows: tableRows(tableSets(report)),
    confidence: pooledConfidence(sets),
    definitions: LABELS,
  };
  write('docs/accuracy.md', accuracyPage(page));
  write('site/accuracy.json', `${JSON.stringify(siteFigures(page, [...sets, ...corpus]), undefined, 2)}\n`);
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  write('README.md', replaceBetween(readme, README_MARKERS, readmeTable(page)));
  const rows = page.rows.map(({ measure, ours, floor, reach }) => [measure, ours, floor, reach]);
  process.stdout.write(`\n${table(['Measure', 'Ours', 'Verb list', 'To reach'], rows)}`);
}

/** Each label file with its own definitions, in the order of the table. Throws when one has a fault. */
async function judgeData(data: string): Promise<JudgedSet[]> {
  const judged: JudgedSet[] = [];
  for (const [labels, definitions] of Object.entries(LABELS)) {
    const { sets, faults } = await evaluate(
      { cwd: data, stdin: Readable.from([]) },
      { labels: [labels], definitions: [definitions] },
    );
    if (faults.length > 0) throw new Error(`${labels} cannot be measured:\n${faults.join('\n')}`);
    judged.push(...sets);
  }
  return judged;
}

/** Over the clear labels of every file with classes; the largest project of the authors' hints would outweigh the rest. */
function pooledConfidence(sets: readonly JudgedSet[]): ConfidenceReport[] {
  const parts = sets.flatMap(({ format, judged }) => {
    const [measure] = format.measures;
    if (measure === undefined) return [];
    const largest = format.annotationsAreLabel ? largestProject(judged) : undefined;
    const counts = ({ label }: Judged) => !label.ambiguous && label.project !== largest;
    return confidenceReports(judged.filter(counts), measure);
  });
  return Confidence.options.map((level) => {
    const same = parts.filter((part) => part.level === level);
    const sum = (key: 'count' | 'of') => same.reduce((total, part) => total + part[key], 0);
    return { level, ...shareOf(sum('count'), sum('of')) };
  });
}

/** What the site shows of it. */
function siteFigures({ report, rows, confidence, corpus }: AccuracyPage, sets: readonly JudgedSet[]) {
  const { classifierVersion, signalSetHash } = report;
  return {
    classifierVersion,
    signalSetHash,
    rows: rows.map(({ measure, labels, ours, floor, reach }) => ({ measure, labels, ours, floor, reach })),
    confidence,
    labels: [...report.sets, ...corpus.sets].map(({ file, labels }) => ({ file, matched: labels.matched })),
    signals: signalFigures(accuracyReport(sets)),
  };
}

/** How often each signal was right where it fired on a clear label that would name it, over all sets together. */
function signalFigures({ sets }: AccuracyReport) {
  const all = sets
    .flatMap(({ signals }) => signals)
    .filter(({ exists, clear }) => exists && clear.precision !== null);
  const byId = Map.groupBy(all, ({ id }) => id);
  return [...byId]
    .map(([id, reports]) => {
      const sum = (key: 'truePositives' | 'falsePositives' | 'falseNegatives') =>
        reports.reduce((total, { clear }) => total + clear[key], 0);
      const right = sum('truePositives');
      return {
        id,
        precision: shareOf(right, right + sum('falsePositives')),
        recall: shareOf(right, right + sum('falseNegatives')),
      };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function acceptMisses(corpus: readonly JudgedSet[]): void {
  const misses = missWords(accuracyReport(corpus));
  const list = Object.fromEntries([...misses].map(([tool, words]) => [tool, words.join('; ')]));
  write('test/corpus/known-misses.json', `${JSON.stringify(list, undefined, 2)}\n`);
}

function write(path: string, text: string): void {
  writeFileSync(join(ROOT, path), text);
  process.stdout.write(`wrote ${path}\n`);
}
