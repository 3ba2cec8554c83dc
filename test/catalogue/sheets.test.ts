import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Catalogue, openCatalogue } from '../../catalogue/catalogue.ts';
import type { CatalogueChange, ServerSheet, ToolChange } from '../../catalogue/contract.ts';
import type { JudgedScan } from '../../catalogue/pipeline.ts';
import type { Classification } from '../../classifier/contract.ts';
import { ENGINES, type TestPlace } from '../support/engines.ts';
import { HOSTILE_TOOLS } from '../support/hostile-tools.ts';
import { failedScanOf, scanOf } from '../support/scans.ts';

function tool(name: string, description: string) {
  return { name, description, inputSchema: { type: 'object' } };
}

const LIST = tool('list_notes', 'Lists all notes.');
const LIST_OF_FOLDER = tool('list_notes', 'Lists the notes of a folder.');
const SEARCH = tool('search_notes', 'Searches the notes.');
const DELETE = tool('delete_note', 'Deletes a note permanently. This cannot be undone.');

/** The day of a month, as an instant. */
function day(n: number): string {
  return `2026-01-${String(n).padStart(2, '0')}T00:00:00.000Z`;
}

function partial(scan: JudgedScan): JudgedScan {
  return { ...scan, crawl: { ...scan.crawl, status: 'partial' } as JudgedScan['crawl'] };
}

function hashOf(wire: unknown): string {
  return scanOf('any', [wire]).classifications[0]?.toolHash ?? '';
}

/** The names of a server's tools, as its lists of one letter a tool have them. */
function letters(text: string, about = '') {
  return [...text].map((letter) => tool(letter, `Reads ${letter}${about}.`));
}

describe.each(ENGINES)('sheets on $engine', ({ create }) => {
  let place: TestPlace;
  let catalogue: Catalogue;
  let clock = day(1);
  const corrections = mkdtempSync(join(tmpdir(), 'catalogue-corrections-'));

  beforeAll(async () => {
    place = await create();
    catalogue = await openCatalogue({
      location: place.location,
      classifierVersion: '1.0.0',
      now: () => new Date(clock),
      corrections: { path: corrections, required: false },
    });
    await fill();
  });
  afterAll(async () => {
    await catalogue.close();
    await place.remove();
    rmSync(corrections, { recursive: true });
  });

  /** Stores scans one after the other, each judged when it was made. */
  async function save(...scans: JudgedScan[]): Promise<void> {
    for (const scan of scans) {
      clock = scan.crawl.observedAt;
      await catalogue.save(scan);
    }
  }

  /** Has a definition judged by somebody else, some days after its server was scanned. */
  async function judge(wire: unknown, at: string, more: Partial<Classification>): Promise<void> {
    clock = at;
    const rules = scanOf('any', [wire]).classifications;
    await catalogue.saveReviewed(
      rules.map((verdict) => ({ rules: verdict, reviewed: { ...verdict, reviewer: 'model', ...more } })),
    );
  }

  async function fill(): Promise<void> {
    await save(
      scanOf('notes', [LIST, SEARCH, DELETE], day(1)),
      scanOf('notes', [LIST_OF_FOLDER, SEARCH], day(2)),
      failedScanOf('notes', day(3)),
      scanOf('notes', [LIST_OF_FOLDER, SEARCH, DELETE], day(4)),
      scanOf('notes', [LIST_OF_FOLDER], day(6)),
      scanOf('notes', [LIST_OF_FOLDER], day(8)),
    );
    await judge(SEARCH, day(7), { risk: 'medium', category: 'Write' });
    await judge(LIST_OF_FOLDER, day(9), { risk: 'high', category: 'Execute' });

    await save(
      scanOf('steady', [...letters('ba'), SEARCH], day(1)),
      scanOf('steady', [...letters('ba'), SEARCH], day(5)),
    );
    await save(
      scanOf('reworded', [LIST], day(1)),
      scanOf('reworded', [LIST_OF_FOLDER], day(2)),
      scanOf('reworded', [SEARCH], day(3)),
    );
    await save(failedScanOf('never', day(1)));
    await save(scanOf('empty', [], day(1)));
    await save(scanOf('hostile', HOSTILE_TOOLS, day(1)), scanOf('hostile', letters('a'), day(2)));
    await save(scanOf('hostile-now', letters('a'), day(1)), scanOf('hostile-now', HOSTILE_TOOLS, day(2)));
    await save(
      scanOf('twins', [LIST, LIST_OF_FOLDER, SEARCH], day(1)),
      scanOf('twins', [SEARCH, LIST], day(2)),
      scanOf('twins', [SEARCH], day(3)),
    );
    await save(
      scanOf('cut', letters('abc'), day(1)),
      scanOf('cut', letters('ab'), day(2)),
      partial(scanOf('cut', letters('d'), day(3))),
    );
    for (let n = 1; n <= 25; n++) await save(scanOf('busy', letters('abcde', ` and ${n}`), day(n)));
    await catalogue.saveOrigin({ ...scanOf('found-only', []).crawl.target });
  }

  const all = async (): Promise<ServerSheet[]> => {
    const revisions = await Array.fromAsync(catalogue.revisions());
    return catalogue.sheets(revisions.map(({ slug }) => slug));
  };

  async function sheetOf(slug: string): Promise<ServerSheet> {
    const [sheet] = await catalogue.sheets([slug]);
    if (sheet === undefined) throw new Error(`no sheet of ${slug}`);
    return sheet;
  }

  test('tell what the view, the history and the names tell', async () => {
    const sheets = await all();
    const view = await catalogue.view();
    expect(sheets.map(({ slug }) => slug)).toEqual(view.servers.map(({ slug }) => slug));
    for (const [index, { lists, changes, moreChanges, vanished, ...server }] of sheets.entries()) {
      expect(server).toEqual(view.servers[index]);
      const history = await catalogue.history(server.slug, { limit: 100 });
      expect({ lists, changes, moreChanges }).toEqual({
        lists: history.lists,
        changes: history.changes,
        moreChanges: history.next !== undefined,
      });
      expect(vanished.map(({ definition }) => definition.name).toSorted()).toEqual(
        await namesGone(server.slug),
      );
    }
    expect(await catalogue.listedNames(sheets.map(({ slug }) => slug).toReversed())).toEqual(
      sheets.map(({ slug, label, tools }) => ({
        slug,
        label,
        tools: tools.map(({ slug, definition, classification: { category, risk } }) => {
          return { slug, name: definition.name, category, risk };
        }),
      })),
    );
  });

  /** The names that vanished and did not return, by what the history tells one change after the other. */
  async function namesGone(slug: string): Promise<string[]> {
    const { changes } = await catalogue.history(slug, { limit: 1_000, oldestFirst: true });
    const { tools } = await sheetOf(slug);
    const gone = new Set<string>();
    for (const { kind, name } of changes) {
      if (kind === 'vanished') gone.add(name);
      else if (kind !== 're-judged') gone.delete(name);
    }
    // One of two tools of a name may go while the other stays.
    for (const { definition } of tools) gone.delete(definition.name);
    return [...gone].toSorted();
  }

  test('tell what was lost as it was last, with the newest verdict on it and the dates', async () => {
    const { vanished, changes, lists } = await sheetOf('notes');
    expect(lists).toBe(4);
    expect(changes.map(({ at, kind, name }) => `${at.slice(8, 10)} ${kind} ${name}`)).toEqual([
      '09 re-judged list_notes',
      '06 vanished delete_note',
      '06 vanished search_notes',
      '04 returned delete_note',
      '02 changed list_notes',
      '02 vanished delete_note',
    ]);
    expect(vanished).toMatchObject([
      {
        slug: 'delete_note',
        definition: { name: 'delete_note', hash: hashOf(DELETE), position: 2 },
        classification: { risk: 'critical', reviewer: 'rules' },
        firstSeenAt: day(1),
        lastSeenAt: day(4),
        vanishedAt: day(6),
      },
      {
        slug: 'search_notes',
        classification: { risk: 'medium', reviewer: 'model' },
        firstSeenAt: day(1),
        lastSeenAt: day(4),
        vanishedAt: day(6),
      },
    ]);
    const reworded = await sheetOf('reworded');
    expect(reworded.vanished).toMatchObject([
      { definition: { hash: hashOf(LIST_OF_FOLDER) }, firstSeenAt: day(2), lastSeenAt: day(2) },
    ]);
    const twins = await sheetOf('twins');
    expect(twins.vanished).toMatchObject([
      { slug: 'list_notes', definition: { hash: hashOf(LIST) }, lastSeenAt: day(2), vanishedAt: day(3) },
    ]);
  });

  test('say of a list that was cut short only what is missing from the whole list before', async () => {
    const { tools, vanished } = await sheetOf('cut');
    expect(tools.map(({ slug }) => slug)).toEqual(['d']);
    expect(vanished.map(({ slug, vanishedAt }) => [slug, vanishedAt])).toEqual([['c', day(2)]]);
  });

  test('give every tool and every lost one a slug of its own', async () => {
    for (const { tools, vanished } of await all()) {
      const slugs = [...tools, ...vanished].map(({ slug }) => slug);
      expect(new Set(slugs).size).toBe(slugs.length);
      expect(vanished.map(({ slug }) => slug)).toEqual(vanished.map(({ slug }) => slug).toSorted());
    }
    const [now, then] = [await sheetOf('hostile-now'), await sheetOf('hostile')];
    const gone = new Map(then.vanished.map(({ slug, definition }) => [definition.name, slug]));
    // A lost tool has the slug that it had; of several of one name, that of the first.
    for (const [name, slug] of gone) {
      expect(now.tools.find(({ definition }) => definition.name === name)?.slug).toBe(slug);
    }
    expect(gone.size).toBe(new Set(HOSTILE_TOOLS.map(({ name }) => name)).size);
  });

  test('stop at the newest hundred changes and say so', async () => {
    const { changes, moreChanges } = await sheetOf('busy');
    expect([changes.length, moreChanges]).toEqual([100, true]);
    expect(changes[0]?.at).toBe(day(25));
    expect((await sheetOf('notes')).moreChanges).toBe(false);
  });

  test('tell a thousand lost tools, those that went last', async () => {
    const many = Array.from({ length: 1_001 }, (_, n) => tool(`t${n}`, 'Reads.'));
    await save(
      scanOf('large', many, day(1)),
      scanOf('large', many.slice(0, 1_000), day(2)),
      scanOf('large', [], day(3)),
    );
    const { vanished } = await sheetOf('large');
    expect(vanished).toHaveLength(1_000);
    expect(vanished.filter(({ vanishedAt }) => vanishedAt !== day(3))).toEqual([]);
  });

  test('leave out who is not known or was never scanned', async () => {
    expect(await catalogue.sheets([])).toEqual([]);
    const sheets = await catalogue.sheets(['nobody', 'steady', 'found-only', 'never', 'steady']);
    expect(sheets.map(({ slug, lists }) => [slug, lists])).toEqual([
      ['never', 0],
      ['steady', 1],
    ]);
    expect(await catalogue.listedNames(['nobody', 'never'])).toEqual([
      { slug: 'never', label: 'never', tools: [] },
    ]);
  });

  describe('the newest changes', () => {
    const timesOf = (changes: readonly ToolChange[]) => changes.map(({ at }) => at);

    test('are those of all histories, in their order', async () => {
      const changes = await catalogue.newestChanges(1_000);
      expect(timesOf(changes)).toEqual(timesOf(changes).toSorted().toReversed());
      const told: CatalogueChange[] = [];
      for (const { slug, id, label } of await catalogue.view().then(({ servers }) => servers)) {
        const { changes } = await catalogue.history(slug, { limit: 1_000 });
        for (const { definition: _, ...change } of changes) {
          if (change.kind !== 're-judged') told.push({ ...change, server: { slug, id, label } });
        }
      }
      const key = ({ server, at, kind, after, before }: CatalogueChange) =>
        `${at} ${server.slug} ${kind} ${after?.position} ${before?.position}`;
      const [wanted, given] = [
        new Map(told.map((change) => [key(change), change])),
        new Map(changes.map((change) => [key(change), change])),
      ];
      const capped = (name: string) => / hostile(-now)? /.test(name);
      expect([...given.keys()].filter((name) => !capped(name)).toSorted()).toEqual(
        [...wanted.keys()].filter((name) => !capped(name)).toSorted(),
      );
      for (const [name, change] of given) expect(change).toEqual(wanted.get(name));
      expect(await catalogue.newestChanges(7)).toEqual(changes.slice(0, 7));
    });

    test('are few of one list, those to be looked at first', async () => {
      const fresh = [...letters('abcdefghijklmnopqrstuvwxy', ' of many'), { ...DELETE, name: 'z' }];
      await save(scanOf('many', [], day(28)), scanOf('many', fresh, day(29)));
      const changes = await catalogue.newestChanges(25);
      expect(changes.filter(({ server }) => server.slug === 'many')).toHaveLength(20);
      expect(changes[0]).toMatchObject({ name: 'z', raises: true, kind: 'appeared' });
      expect(changes[20]).toMatchObject({ at: day(25), server: { slug: 'busy' } });
    });
  });

  describe('a revision', () => {
    /** What every server's sheet tells, and the revision that stands for it. */
    async function states() {
      const revisions = await Array.fromAsync(catalogue.revisions());
      const sheets = await catalogue.sheets(revisions.map(({ slug }) => slug));
      expect(revisions.map(({ slug }) => slug)).toEqual(sheets.map(({ slug }) => slug));
      return new Map(
        sheets.map((sheet, index) => [sheet.slug, [JSON.stringify(sheet), revisions[index]?.revision]]),
      );
    }

    const correction = (wire: { name: string }, server: string) =>
      writeFileSync(
        join(corrections, 'ours.yaml'),
        `- server: ${server}\n  tool: ${wire.name}\n  hash: ${hashOf(wire)}\n  risk: critical\n  reason: It does.\n  by: A. Person\n`,
      );

    // Each begins where the one before it ended.
    test.each<[string, () => Promise<void> | void, string[]]>([
      ['nothing', () => {}, []],
      ['a scan that is stored again', () => save(scanOf('notes', [LIST_OF_FOLDER], day(8))), []],
      ['a scan that finds the same', () => save(scanOf('notes', [LIST_OF_FOLDER], day(10))), ['notes']],
      ['a scan that fails', () => save(failedScanOf('notes', day(11))), ['notes']],
      ['a list with a tool more', () => save(scanOf('notes', [LIST_OF_FOLDER, LIST], day(12))), ['notes']],
      ['another order', () => save(scanOf('notes', [LIST, LIST_OF_FOLDER], day(13))), ['notes']],
      ['a list cut short', () => save(partial(scanOf('notes', [LIST, LIST_OF_FOLDER], day(14)))), ['notes']],
      ['a scan that is stored late', () => save(scanOf('notes', [LIST, DELETE], day(5))), ['notes']],
      [
        'another source',
        () => {
          const { target } = scanOf('steady', []).crawl;
          return catalogue.saveOrigin({ ...target, origin: { source: 'list', ref: 'mine' } });
        },
        ['steady'],
      ],
      [
        'a server that is found and not scanned',
        () => catalogue.saveOrigin(scanOf('found-later', []).crawl.target),
        [],
      ],
      ['a server that is new', () => save(scanOf('new', [tool('x', 'Reads x.')], day(15))), ['new']],
      [
        'a new verdict on a tool that is listed',
        () => judge(tool('x', 'Reads x.'), day(16), { risk: 'medium', category: 'Write' }),
        ['new'],
      ],
      [
        'a new verdict that says the same',
        () => judge(tool('x', 'Reads x.'), day(17), { risk: 'medium', category: 'Write', reviewer: 'other' }),
        ['new'],
      ],
      [
        'a verdict that is there already',
        () => judge(tool('x', 'Reads x.'), day(18), { risk: 'high', reviewer: 'other' }),
        [],
      ],
      [
        'a new verdict on a tool that has vanished',
        () => judge(letters('c')[0], day(19), { risk: 'medium', category: 'Write' }),
        ['cut'],
      ],
      [
        'a new verdict on a definition that was replaced',
        () => judge(letters('b', ' and 24')[0], day(20), { risk: 'medium', category: 'Write' }),
        ['busy'],
      ],
      ['a correction of a tool that is listed', () => correction(SEARCH, 'npm:steady'), ['steady']],
      ['a correction of a tool that has vanished', () => correction(SEARCH, 'notes'), ['notes', 'steady']],
      ['a correction that is taken back', () => rmSync(join(corrections, 'ours.yaml')), ['notes']],
      ['what is searched', () => catalogue.refreshSearch(), []],
      [
        'a clean-up',
        async () => {
          await save(scanOf('steady', [...letters('ba'), SEARCH], day(2)));
          const before = await states();
          const { removed } = await catalogue.prune({
            before: new Date(day(31)),
            dryRun: false,
            signal: new AbortController().signal,
          });
          expect(removed.scans).toBeGreaterThan(0);
          expect(await states()).toEqual(before);
        },
        [],
      ],
    ])('%s changes it where the sheet is another', async (_, change, expected) => {
      const before = await states();
      await change();
      const after = await states();
      const others = (part: 0 | 1) =>
        [...after].flatMap(([slug, state]) => (state[part] === before.get(slug)?.[part] ? [] : slug));
      expect(others(0)).toEqual(expected);
      expect(others(1)).toEqual(expected);
    });

    test('is the same for the same sheet in another catalogue, and names no two states', async () => {
      const after = await states();
      expect(new Set([...after.values()].map(([, revision]) => revision)).size).toBe(after.size);
      const place = await create();
      const copy = await openCatalogue({
        location: place.location,
        classifierVersion: '1.0.0',
        now: () => new Date(clock),
      });
      await copy.save(scanOf('empty', [], day(1)));
      const [revision] = await Array.fromAsync(copy.revisions());
      expect(revision?.revision).toBe(after.get('empty')?.[1]);
      await copy.close();
      await place.remove();
    });
  });

  test('what people corrected counts everywhere', async () => {
    writeFileSync(
      join(corrections, 'ours.yaml'),
      [
        ['notes', LIST_OF_FOLDER],
        ['notes', DELETE],
        ['npm:twins', SEARCH],
      ]
        .map(
          ([server, wire]) =>
            `- server: ${server}\n  tool: ${(wire as typeof LIST).name}\n  hash: ${hashOf(wire)}\n  category: Write\n  risk: medium\n  destructive: false\n  reason: It does.\n  by: A. Person\n`,
        )
        .join(''),
    );
    const by = { category: 'Write', risk: 'medium', reviewer: 'A. Person' };
    const { tools, vanished, changes } = await sheetOf('notes');
    const corrected = tools.filter(({ classification }) => classification.reviewer === 'A. Person');
    expect(corrected.map(({ definition }) => definition.hash)).toEqual([hashOf(LIST_OF_FOLDER)]);
    expect(vanished).toMatchObject([{ classification: by }, { classification: { reviewer: 'model' } }]);
    expect(changes.find(({ kind }) => kind === 'returned')).toMatchObject({ after: { verdict: by } });
    const [names] = await catalogue.listedNames(['twins']);
    expect(names?.tools).toEqual([
      { slug: 'search_notes', name: 'search_notes', category: 'Write', risk: 'medium' },
    ]);
    const newest = await catalogue.newestChanges(1_000);
    const returned = newest.find(({ kind, server }) => kind === 'returned' && server.slug === 'notes');
    expect(returned).toMatchObject({ after: { verdict: by } });
  });
});
