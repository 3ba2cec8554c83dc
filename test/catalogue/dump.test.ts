import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Catalogue } from '../../catalogue/catalogue.ts';
import { DumpLine, RECORD_KINDS } from '../../catalogue/dump-format.ts';
import { dumpText, fill, importText, judgedAnew, NOTES, openTicking, THING } from '../support/dumps.ts';
import { createPostgresDatabase, ENGINES, type TestPlace } from '../support/engines.ts';
import { HOSTILE_TOOLS } from '../support/hostile-tools.ts';
import { failedScanOf, scanOf } from '../support/scans.ts';

const pairs = ENGINES.flatMap((from) => ENGINES.map((to) => ({ from, to })));

/** Opens new catalogues, and closes and removes them in the end. */
function shelf() {
  const open: { catalogue: Catalogue; place: TestPlace }[] = [];
  afterAll(async () => {
    for (const { catalogue, place } of open) {
      await catalogue.close();
      await place.remove();
    }
  });
  return async (create: () => Promise<TestPlace>): Promise<Catalogue> => {
    const place = await create();
    const catalogue = await openTicking(place.location);
    open.push({ catalogue, place });
    return catalogue;
  };
}

function linesOf(dump: string): { kind: string; [field: string]: unknown }[] {
  return dump
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe.each(pairs)('from $from.engine to $to.engine', ({ from, to }) => {
  const create = shelf();
  let source: Catalogue;
  let target: Catalogue;
  let dump: string;
  beforeAll(async () => {
    source = await create(from.create);
    target = await create(to.create);
    await fill(source);
    dump = await dumpText(source);
    await importText(target, dump);
  });

  test('what was imported gives the same dump, byte for byte', async () => {
    expect(new Set(linesOf(dump).map(({ kind }) => kind))).toEqual(new Set(['dump', ...RECORD_KINDS, 'end']));
    expect(await dumpText(target)).toBe(dump);
  });

  test('what was imported reads the same: the newest verdict, slugs, and what was first and last seen', async () => {
    expect(await target.view()).toEqual(await source.view());
    const [judged] = (await target.view('judged-again')).servers;
    expect(judged?.tools[0]?.classification).toMatchObject({ classifierVersion: '1.0.0', risk: 'low' });
  });

  test('importing once more changes nothing', async () => {
    const { added, renamedCount, olderVerdicts } = await importText(target, dump);
    expect(new Set(Object.values(added))).toEqual(new Set([0]));
    expect({ renamedCount, olderVerdicts }).toEqual({ renamedCount: 0, olderVerdicts: 0 });
    expect(await dumpText(target)).toBe(dump);
  });

  test('a pass that had not ended is taken up again, with what was done in it', async () => {
    const open = await target.beginCrawl('list', 'a.txt');
    expect(open.done).toEqual(new Set(['npm:passed']));
    expect(await target.loadSourceState('list', 'a.txt')).toEqual({ since: 2, note: '\0\ud800' });
    expect(await target.reviews('model-1', 'v1').get('f'.repeat(64))).toMatchObject({ reason: 'No \0.' });
  });

  test('hostile definitions arrive as they were sent', async () => {
    const [server] = (await target.view('hostile')).servers;
    expect(server?.tools).toHaveLength(HOSTILE_TOOLS.length);
    for (const { definition } of server?.tools ?? []) {
      expect(JSON.stringify(definition.wire)).toBe(JSON.stringify(HOSTILE_TOOLS[definition.position]));
    }
  });

  test('every line is what the published schema says', () => {
    for (const line of linesOf(dump)) expect(() => DumpLine.parse(line)).not.toThrow();
  });
});

describe.each(ENGINES)(
  'importing into a catalogue that is not empty, on $engine',
  ({ create: createPlace }) => {
    const create = shelf();

    test('what is there stays, and what is new is added', async () => {
      const source = await create(createPostgresDatabase);
      const target = await create(createPlace);
      await source.save(scanOf('both', [NOTES], '2026-01-01T00:00:00.000Z'));
      await source.save(scanOf('theirs', [THING]));
      await target.save(scanOf('both', [THING], '2026-01-02T00:00:00.000Z'));
      await target.save(scanOf('ours', [NOTES]));
      const { added } = await importText(target, await dumpText(source));
      expect(added).toMatchObject({ server: 1, definition: 0, list: 0, scan: 2 });
      const { servers } = await target.view();
      expect(servers.map(({ slug }) => slug)).toEqual(['both', 'ours', 'theirs']);
      expect(servers[0]).toMatchObject({
        firstSeenAt: '2026-01-01T00:00:00.000Z',
        tools: [{ definition: { name: 'thing' } }],
      });
    });

    test('a server whose slug is taken gets another, is reported, and keeps it', async () => {
      const source = await create(createPostgresDatabase);
      const target = await create(createPlace);
      await source.save(scanOf('acme.tools', [NOTES]));
      await target.save(scanOf('@acme/tools', [THING]));
      const dump = await dumpText(source);
      const { renamed, renamedCount } = await importText(target, dump);
      expect({ renamed, renamedCount }).toEqual({
        renamed: [{ id: 'npm:acme.tools', slug: 'acme-tools', given: 'acme-tools~2' }],
        renamedCount: 1,
      });
      expect((await importText(target, dump)).renamedCount).toBe(0);
      const names = await target.serverNames();
      expect(names.map(({ slug, id }) => [slug, id])).toEqual([
        ['acme-tools', 'npm:@acme/tools'],
        ['acme-tools~2', 'npm:acme.tools'],
      ]);
    });

    test.each([
      { imported: 'newer', first: '2026-03-01T00:00:00.000Z', risk: 'critical', left: 0 },
      { imported: 'older', first: '2026-01-01T00:00:00.000Z', risk: 'low', left: 1 },
    ])('a verdict that is $imported than ours: the newer one counts', async ({ first, risk, left }) => {
      const source = await openTicking((await createKept(createPostgresDatabase)).location, first);
      const target = await create(createPlace);
      const scan = scanOf('server', [THING]);
      await source.save(judgedAnew(scan, '1.0.0', 'critical'));
      await target.save(judgedAnew(scan, '3.0.0', 'low'));
      const { olderVerdicts } = await importText(target, await dumpText(source));
      await source.close();
      expect(olderVerdicts).toBe(left);
      const [server] = (await target.view('server')).servers;
      expect(server?.tools[0]?.classification.risk).toBe(risk);
    });

    const kept: TestPlace[] = [];
    async function createKept(make: () => Promise<TestPlace>): Promise<TestPlace> {
      const place = await make();
      kept.push(place);
      return place;
    }
    afterAll(async () => {
      for (const place of kept) await place.remove();
    });

    test('a broken dump leaves nothing behind', async () => {
      const source = await create(createPostgresDatabase);
      const target = await create(createPlace);
      await fill(source);
      const before = await dumpText(target);
      const lines = (await dumpText(source)).split('\n');
      await expect(importText(target, lines.slice(0, -3).join('\n'))).rejects.toThrow('dump.jsonl is cut');
      expect(await dumpText(target)).toBe(before);
    });
  },
);

const moment = fc.integer({ min: 1, max: 9 }).map((day) => `2026-01-0${day}T00:00:00.000Z`);
const wire = fc
  .record({
    name: fc.oneof(fc.constantFrom('a', 'b', 'delete_it'), fc.string({ unit: 'binary' })),
    description: fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
    inputSchema: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 3 }),
  })
  // A server sends JSON, in which nothing is undefined.
  .map((tool) => JSON.parse(JSON.stringify(tool)));
const step = fc.record({
  server: fc.oneof(fc.constantFrom('one', 'One', 'one!'), fc.string({ unit: 'binary', maxLength: 20 })),
  at: moment,
  what: fc.oneof(
    fc.constant('fails' as const),
    fc.record({
      tools: fc.array(wire, { maxLength: 3 }),
      version: fc.constantFrom('1.0.0', '2.0.0', '3.0.0'),
    }),
  ),
});

test('random catalogues survive the way', async () => {
  const property = fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
    const places = [await createPostgresDatabase(), await createPostgresDatabase()];
    const [source, target] = await Promise.all(places.map(({ location }) => openTicking(location)));
    if (source === undefined || target === undefined) throw new Error('there are two places');
    for (const { server, at, what } of steps) {
      if (what === 'fails') await source.save(failedScanOf(server, at));
      else await source.save(judgedAnew(scanOf(server, what.tools, at), what.version, 'low'));
    }
    const dump = await dumpText(source);
    await importText(target, dump);
    expect(await dumpText(target)).toBe(dump);
    expect(await target.view()).toEqual(await source.view());
    await Promise.all([source.close(), target.close()]);
    for (const place of places) await place.remove();
  });
  await fc.assert(property, { numRuns: 5 });
});
