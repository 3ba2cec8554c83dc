import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Catalogue, openCatalogue } from '../../catalogue/catalogue.ts';
import { REJUDGED_TOGETHER } from '../../catalogue/limits.ts';
import type { JudgedScan } from '../../catalogue/pipeline.ts';
import type { Rejudged } from '../../catalogue/reclassify.ts';
import { CLASSIFIER_VERSION, classifyTool } from '../../classifier/classify.ts';
import type { Classification } from '../../classifier/contract.ts';
import { applyOpinion } from '../../classifier/review/apply.ts';
import type { Answer, Opinion } from '../../classifier/review/opinion.ts';
import { ENGINES, type TestPlace } from '../support/engines.ts';
import { scanOf } from '../support/scans.ts';

const USAGE = { promptTokens: 1, completionTokens: 1 };

function tool(name: string) {
  return { name, description: `Handles ${name}.`, inputSchema: { type: 'object' } };
}

/** What a classifier from before would have said. */
function older(verdict: Classification, more: Partial<Classification> = {}): Classification {
  return { ...verdict, classifierVersion: '1.0.0', ...more };
}

describe.each(ENGINES)('reclassify on $engine', ({ create }) => {
  let place: TestPlace;
  let catalogue: Catalogue;

  beforeAll(async () => {
    place = await create();
    catalogue = await openCatalogue({
      location: place.location,
      classifierVersion: CLASSIFIER_VERSION,
      now: () => new Date('2026-02-01T00:00:00Z'),
    });
  });
  afterAll(async () => {
    await catalogue.close();
    await place.remove();
  });

  async function judgeAll(options: Parameters<Catalogue['reclassify']>[0] = {}): Promise<Rejudged[]> {
    const batches = await Array.fromAsync(catalogue.reclassify(options));
    const shares = batches.map(({ share }) => share);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    return batches.flatMap(({ judged }) => judged);
  }

  /** Stores a scan as an older classifier judged it. */
  async function saveOlder(
    label: string,
    names: readonly string[],
    more: Partial<Classification> = {},
  ): Promise<JudgedScan> {
    const scan = scanOf(label, names.map(tool));
    await catalogue.save({
      ...scan,
      classifications: scan.classifications.map((verdict) => older(verdict, more)),
    });
    return scan;
  }

  const shown = async (slug: string) =>
    (await catalogue.view(slug)).servers[0]?.tools.map(({ classification }) => classification) ?? [];

  test('judges each definition once, newest verdict first in every view, and keeps the verdict before', async () => {
    const scan = await saveOlder('plain', ['delete_all', 'read_all'], { risk: 'low', category: 'Read' });
    const judged = await judgeAll();
    expect(judged.map(({ name }) => name).toSorted()).toEqual(['delete_all', 'read_all']);
    expect(judged.find(({ name }) => name === 'delete_all')).toMatchObject({
      before: { risk: 'low', category: 'Read', classifierVersion: '1.0.0' },
      after: { risk: classifyTool(toolOf(scan, 'delete_all')).risk, classifierVersion: CLASSIFIER_VERSION },
    });
    expect((await shown('plain')).map(({ classifierVersion }) => classifierVersion)).toEqual([
      CLASSIFIER_VERSION,
      CLASSIFIER_VERSION,
    ]);
    expect(await judgeAll()).toEqual([]);
    const { changes } = await catalogue.history('plain', { limit: 10, tool: 'delete_all' });
    expect(changes.map(({ kind }) => kind)).toEqual(['re-judged', 'appeared']);
  });

  test('stores nothing in a dry run, and says the same as the run that does', async () => {
    await saveOlder('dry', ['drop_table', 'send_mail'], { risk: 'low' });
    const dry = await judgeAll({ dryRun: true });
    expect(dry).toHaveLength(2);
    expect((await shown('dry')).map(({ risk }) => risk)).toEqual(['low', 'low']);
    expect(await judgeAll()).toEqual(dry);
  });

  test('goes on where it was broken off', async () => {
    const names = Array.from({ length: REJUDGED_TOGETHER + 40 }, (_, n) => `get_item_${n}`);
    await saveOlder('many', names);
    const [first] = await judgeAll({ limit: 1 });
    for await (const { judged } of catalogue.reclassify({})) {
      expect(judged.length).toBeGreaterThan(0);
      expect(judged.map(({ hash }) => hash)).not.toContain(first?.hash);
      break;
    }
    const rest = await judgeAll();
    expect(rest.length).toBeGreaterThan(0);
    expect(rest.length).toBeLessThan(names.length - 1);
    expect(await judgeAll()).toEqual([]);
    expect(
      (await shown('many')).every(({ classifierVersion }) => classifierVersion === CLASSIFIER_VERSION),
    ).toBe(true);
  });

  describe('a second opinion', () => {
    const model = 'example-model';
    const opinion: Opinion = {
      kind: 'opinion',
      category: 'Execute',
      destructive: true,
      financial: false,
      evidence: { pointer: '/description', quote: 'Handles', note: 'quoted in the second opinion' },
      reason: 'It is more than it looks.',
    };

    async function saveReviewed(label: string, name: string, answer?: Answer) {
      const scan = scanOf(label, [tool(name)]);
      const definition = toolOf(scan, name);
      const rules = older(classifyTool(definition), { confidence: 'low' });
      const reviewed = applyOpinion(definition, rules, opinion, { model, promptVersion: 'p1' });
      await catalogue.save({ ...scan, classifications: [rules] });
      await catalogue.saveReviewed([{ rules, reviewed }]);
      if (answer) await catalogue.reviews(model, 'p1').put(definition.hash, answer, USAGE);
      return { scan, definition };
    }

    test('is put on the new verdict', async () => {
      const { definition } = await saveReviewed('opinion-kept', 'frobnicate', opinion);
      expect(await judgeAll()).toMatchObject([
        {
          name: 'frobnicate',
          opinion: 'kept',
          after: { destructive: true, reviewer: model, promptVersion: 'p1' },
        },
      ]);
      const wanted = applyOpinion(definition, classifyTool(definition), opinion, {
        model,
        promptVersion: 'p1',
      });
      expect(await shown('opinion-kept')).toEqual([wanted]);
      expect(await judgeAll()).toEqual([]);
    });

    test('is put on a verdict that a scan by the new classifier has given in the meantime', async () => {
      const { scan } = await saveReviewed('opinion-scan', 'transmogrify', opinion);
      await catalogue.save({ ...scan, crawl: { ...scan.crawl, observedAt: '2026-01-09T00:00:00.000Z' } });
      expect((await shown('opinion-scan'))[0]?.reviewer).toBe('rules');
      expect(await judgeAll()).toMatchObject([{ opinion: 'kept', before: { reviewer: 'rules' } }]);
      expect((await shown('opinion-scan'))[0]).toMatchObject({
        reviewer: model,
        classifierVersion: CLASSIFIER_VERSION,
      });
      expect(await judgeAll()).toEqual([]);
    });

    test('whose answer was not kept is lost, and said to be', async () => {
      await saveReviewed('opinion-lost', 'defenestrate');
      expect(await judgeAll()).toMatchObject([{ opinion: 'lost', after: { reviewer: 'rules' } }]);
      expect(await judgeAll()).toEqual([]);
    });
  });
});

function toolOf({ crawl }: JudgedScan, name: string) {
  const found = crawl.status === 'failed' ? undefined : crawl.tools.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no tool ${name}`);
  return found;
}
