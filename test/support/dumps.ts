import { type Catalogue, openCatalogue } from '../../catalogue/catalogue.ts';
import type { DatabaseLocation } from '../../catalogue/database.ts';
import type { ImportReport } from '../../catalogue/import.ts';
import type { JudgedScan } from '../../catalogue/pipeline.ts';
import { applyOpinion } from '../../classifier/review/apply.ts';
import { HOSTILE_NAMES, HOSTILE_TOOLS } from './hostile-tools.ts';
import { failedScanOf, scanOf } from './scans.ts';

export const NOTES = { name: 'list_notes', description: 'List all notes.', inputSchema: { type: 'object' } };
export const THING = { name: 'thing', inputSchema: { type: 'object' } };

/** Opens a catalogue whose clock goes on by a second each time that it is read. */
export function openTicking(
  location: DatabaseLocation,
  start = '2026-02-01T00:00:00.000Z',
): Promise<Catalogue> {
  let time = Date.parse(start);
  return openCatalogue({
    location,
    classifierVersion: '2.0.0',
    now: () => {
      time += 1_000;
      return new Date(time);
    },
  });
}

/** The text of a dump of everything. */
export function dumpText(catalogue: Catalogue): Promise<string> {
  return catalogue.dump(async ({ chunks }) => (await Array.fromAsync(chunks(() => {}))).join(''));
}

/** Imports the text of a dump. */
export function importText(catalogue: Catalogue, text: string): Promise<ImportReport> {
  const bytes = (async function* () {
    yield Buffer.from(text);
  })();
  return catalogue.import(bytes, { name: 'dump.jsonl' });
}

/** The scan, judged by another classifier and at another risk. */
export function judgedAnew(
  scan: JudgedScan,
  classifierVersion: string,
  risk: 'low' | 'critical',
): JudgedScan {
  const classifications = scan.classifications.map((verdict) => ({ ...verdict, classifierVersion, risk }));
  return { ...scan, classifications };
}

/** The scan, with a second opinion on each tool. */
function reviewedScan(scan: JudgedScan): JudgedScan {
  const { crawl, classifications: rules } = scan;
  if (crawl.status === 'failed') throw new Error('the scan has no tools');
  const classifications = rules.map((verdict, index) => {
    const tool = crawl.tools[index];
    if (tool === undefined) throw new Error('a verdict without a tool');
    const evidence = { pointer: '/name', quote: tool.name, note: 'quoted in the second opinion' };
    const opinion = {
      kind: 'opinion',
      category: 'Execute',
      destructive: true,
      financial: false,
      evidence,
    } as const;
    const source = { model: 'model-1', promptVersion: 'v1' };
    return applyOpinion(tool, verdict, { ...opinion, reason: 'It \0might.' }, source);
  });
  return { crawl, classifications, rules };
}

/** Fills a catalogue with something of everything that it can hold. */
export async function fill(catalogue: Catalogue): Promise<void> {
  await catalogue.save(scanOf('@acme/tools', [NOTES]));
  await catalogue.save(scanOf('acme.tools', [NOTES, THING], '2026-01-02T00:00:00.000Z'));
  await catalogue.save(scanOf('acme.tools', [NOTES], '2026-01-04T00:00:00.000Z'));
  await catalogue.save(scanOf('acme.tools', [THING], '2026-01-03T00:00:00.000Z'));
  await catalogue.save(failedScanOf('acme.tools', '2026-01-05T00:00:00.000Z'));
  await catalogue.save(failedScanOf('silent'));
  await catalogue.save(scanOf('empty', []));
  await catalogue.save(scanOf('日本語', [{ ...NOTES, description: 'ノート\u202e' }]));
  await catalogue.save(scanOf('hostile', HOSTILE_TOOLS));
  for (const name of HOSTILE_NAMES) await catalogue.save(failedScanOf(name, '2026-01-06T00:00:00.000Z'));

  const thing = scanOf('judged-again', [THING], '2026-01-06T00:00:00.000Z');
  await catalogue.save(judgedAnew(thing, '3.0.0', 'critical'));
  await catalogue.save(
    reviewedScan({ ...thing, crawl: { ...thing.crawl, observedAt: '2026-01-07T00:00:00.000Z' } }),
  );
  await catalogue.save(judgedAnew(thing, '1.0.0', 'low'));

  const pass = await catalogue.beginCrawl('list', 'a.txt');
  await catalogue.saveInCrawl([scanOf('passed', [NOTES]), failedScanOf('not-passed')], pass.id);
  await catalogue.endCrawl(pass.id);
  const open = await catalogue.beginCrawl('list', 'a.txt');
  await catalogue.saveInCrawl([scanOf('passed', [THING], '2026-01-09T00:00:00.000Z')], open.id);
  const found = scanOf('passed', []).crawl.target;
  await catalogue.saveOrigin({ ...found, origin: { source: 'list', ref: 'servers.txt' } });
  await catalogue.saveSourceState('list', 'a.txt', { since: 1 });
  await catalogue.saveSourceState('list', 'a.txt', { since: 2, note: '\0\ud800' });
  await catalogue.saveSourceState('list', 'b.txt', []);

  const reviews = catalogue.reviews('model-1', 'v1');
  const usage = { promptTokens: 900, completionTokens: 60 };
  await reviews.put('f'.repeat(64), { kind: 'refusal', reason: 'No \0.' }, usage);
  await reviews.put('e'.repeat(64), { kind: 'refusal', reason: 'No.' }, usage);
}
