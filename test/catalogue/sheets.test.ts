import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Catalogue } from '../../catalogue/catalogue.ts';
import type { CatalogueChange, ServerSheet, ToolChange } from '../../catalogue/contract.ts';
import {
  type ChangedServers,
  DELETE,
  day,
  hashOf,
  LIST,
  LIST_OF_FOLDER,
  letters,
  openChangedServers,
  SEARCH,
  tool,
} from '../support/changed-servers.ts';
import { ENGINES } from '../support/engines.ts';
import { HOSTILE_TOOLS } from '../support/hostile-tools.ts';
import { scanOf } from '../support/scans.ts';

describe.each(ENGINES)('sheets on $engine', ({ create }) => {
  let servers: ChangedServers;
  let catalogue: Catalogue;

  beforeAll(async () => {
    servers = await openChangedServers(await create());
    catalogue = servers.catalogue;
  });
  afterAll(() => servers.remove());

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
      await servers.save(scanOf('many', [], day(28)), scanOf('many', fresh, day(29)));
      const changes = await catalogue.newestChanges(25);
      expect(changes.filter(({ server }) => server.slug === 'many')).toHaveLength(20);
      expect(changes[0]).toMatchObject({ name: 'z', raises: true, kind: 'appeared' });
      expect(changes[20]).toMatchObject({ at: day(25), server: { slug: 'busy' } });
    });
  });

  test('what people corrected counts everywhere', async () => {
    writeFileSync(
      join(servers.corrections, 'ours.yaml'),
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

  test('tell a thousand lost tools, those that went last', async () => {
    const many = Array.from({ length: 1_001 }, (_, n) => tool(`t${n}`, 'Reads.'));
    await servers.save(
      scanOf('large', many, day(1)),
      scanOf('large', many.slice(0, 1_000), day(2)),
      scanOf('large', [], day(3)),
    );
    const { vanished } = await sheetOf('large');
    expect(vanished).toHaveLength(1_000);
    expect(vanished.filter(({ vanishedAt }) => vanishedAt !== day(3))).toEqual([]);
  });
});
