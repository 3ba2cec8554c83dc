import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Catalogue, openCatalogue } from '../../catalogue/catalogue.ts';
import type { JudgedScan } from '../../catalogue/pipeline.ts';
import { applyOpinion } from '../../classifier/review/apply.ts';
import type { Answer, Opinion } from '../../classifier/review/opinion.ts';
import { ENGINES, type TestPlace } from '../support/engines.ts';
import { scanOf } from '../support/scans.ts';

const LIST = { name: 'list_notes', description: 'List all notes.', inputSchema: { type: 'object' } };
const THING = { name: 'thing', inputSchema: { type: 'object' } };

const USAGE = { promptTokens: 900, completionTokens: 60 };
const SOURCE = { model: 'model-1', promptVersion: 'v1' };

function opinionOn(quote: string, more: Partial<Opinion> = {}): Opinion {
  const evidence = { pointer: '/name', quote, note: 'quoted in the second opinion' };
  return {
    kind: 'opinion',
    category: 'Execute',
    destructive: true,
    financial: false,
    evidence,
    reason: 'It \0might.',
    ...more,
  };
}

/** A scan in which every tool has this opinion on it. */
function reviewedScan(
  label: string,
  wire: { name: string },
  source = SOURCE,
  more: Partial<Opinion> = {},
): JudgedScan {
  const { crawl, classifications: rules } = scanOf(label, [wire]);
  if (crawl.status === 'failed') throw new Error('the scan has no tools');
  const classifications = rules.map((verdict, index) => {
    const tool = crawl.tools[index];
    if (tool === undefined) throw new Error('a verdict without a tool');
    return applyOpinion(tool, verdict, opinionOn(wire.name, more), source);
  });
  return { crawl, classifications, rules };
}

describe.each(ENGINES)('second opinions on $engine', ({ create }) => {
  let place: TestPlace;
  let catalogue: Catalogue;
  beforeAll(async () => {
    place = await create();
    catalogue = await openCatalogue({
      location: place.location,
      classifierVersion: '1.0.0',
      now: () => new Date('2026-01-01T00:00:00Z'),
    });
  });
  afterAll(async () => {
    await catalogue.close();
    await place.remove();
  });

  async function shown(slug: string) {
    const [server] = (await catalogue.view(slug)).servers;
    return server?.tools.map(({ classification }) => classification) ?? [];
  }

  test('an answer is kept for its tool, model and question, before any scan of the tool', async () => {
    const answers = catalogue.reviews('model-1', 'v1');
    const refusal: Answer = { kind: 'refusal', reason: 'No.' };
    await answers.put('hash-1', opinionOn('thing'), USAGE);
    await answers.put('hash-2', refusal, USAGE);
    expect(await answers.get('hash-1')).toEqual(opinionOn('thing'));
    expect(await answers.get('hash-2')).toEqual(refusal);
    expect(await catalogue.reviews('model-2', 'v1').get('hash-1')).toBeUndefined();
    expect(await catalogue.reviews('model-1', 'v2').get('hash-1')).toBeUndefined();
    expect(await answers.get('hash-3')).toBeUndefined();
  });

  test('an answer is never edited', async () => {
    const answers = catalogue.reviews('model-1', 'v1');
    await answers.put('hash-4', opinionOn('first'), USAGE);
    await answers.put('hash-4', opinionOn('second'), USAGE);
    expect(await answers.get('hash-4')).toEqual(opinionOn('first'));
  });

  test('a scan keeps both verdicts, and the reviewed one is shown with the other inside', async () => {
    const scan = reviewedScan('both', THING);
    await catalogue.save(scan);
    expect(await shown('both')).toEqual(scan.classifications);
    expect((await shown('both'))[0]).toMatchObject({
      risk: 'critical',
      reviewer: 'model-1',
      review: { model: 'model-1', outcome: 'raised', rules: { risk: 'high', destructive: false } },
    });
  });

  test('a later scan without a review leaves the opinion standing', async () => {
    const wire = { ...THING, name: 'thing_again' };
    await catalogue.save(reviewedScan('again', wire));
    await catalogue.save(scanOf('again', [wire], '2026-02-02T00:00:00.000Z'));
    expect(await shown('again')).toMatchObject([{ reviewer: 'model-1' }]);
  });

  test('a tool that was judged before is shown with the opinion that came later', async () => {
    const wire = { ...THING, name: 'thing_before' };
    await catalogue.save(scanOf('before', [wire]));
    const { classifications, rules = [] } = reviewedScan('before', wire);
    const [reviewed] = classifications;
    const [alone] = rules;
    if (reviewed === undefined || alone === undefined) throw new Error('no verdict');
    await catalogue.saveReviewed([{ rules: alone, reviewed }]);
    expect(await shown('before')).toEqual([reviewed]);
  });

  test('the opinion on a new question, or of another model, is the newer one', async () => {
    const wire = { ...THING, name: 'thing_anew' };
    await catalogue.save(reviewedScan('anew', wire));
    await catalogue.save(reviewedScan('anew', wire, { model: 'model-1', promptVersion: 'v2' }));
    expect(await shown('anew')).toMatchObject([{ review: { promptVersion: 'v2' } }]);
    await catalogue.save(reviewedScan('anew', wire, { model: 'model-2', promptVersion: 'v2' }));
    expect(await shown('anew')).toMatchObject([{ review: { model: 'model-2' } }]);
  });

  test('current tools are those of the newest listings, each once', async () => {
    await catalogue.save(scanOf('now-1', [LIST, { ...LIST, name: 'gone' }]));
    await catalogue.save(scanOf('now-1', [LIST], '2026-02-02T00:00:00.000Z'));
    await catalogue.save(scanOf('now-2', [LIST]));
    const all = await Array.fromAsync(catalogue.currentTools());
    expect(all.filter(({ name }) => name === 'list_notes')).toHaveLength(1);
    expect(all.filter(({ name }) => name === 'gone')).toHaveLength(0);
    const own = await Array.fromAsync(catalogue.currentTools('now-2'));
    expect(own.map(({ name }) => name)).toEqual(['list_notes']);
  });
});
