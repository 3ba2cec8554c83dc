import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Catalogue, openCatalogue } from '../../catalogue/catalogue.ts';
import {
  type ChangedServers,
  DELETE,
  day,
  hashOf,
  LIST,
  LIST_OF_FOLDER,
  letters,
  openChangedServers,
  partial,
  SEARCH,
  tool,
} from '../support/changed-servers.ts';
import { ENGINES } from '../support/engines.ts';
import { failedScanOf, scanOf } from '../support/scans.ts';

describe.each(ENGINES)('a revision on $engine', ({ create }) => {
  let servers: ChangedServers;
  let catalogue: Catalogue;

  beforeAll(async () => {
    servers = await openChangedServers(await create());
    catalogue = servers.catalogue;
  });
  afterAll(() => servers.remove());

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
      join(servers.corrections, 'ours.yaml'),
      `- server: ${server}\n  tool: ${wire.name}\n  hash: ${hashOf(wire)}\n  risk: critical\n  reason: It does.\n  by: A. Person\n`,
    );

  // Each begins where the one before it ended.
  test.each<[string, () => Promise<void> | void, string[]]>([
    ['nothing', () => {}, []],
    ['a scan that is stored again', () => servers.save(scanOf('notes', [LIST_OF_FOLDER], day(8))), []],
    ['a scan that finds the same', () => servers.save(scanOf('notes', [LIST_OF_FOLDER], day(10))), ['notes']],
    ['a scan that fails', () => servers.save(failedScanOf('notes', day(11))), ['notes']],
    [
      'a list with a tool more',
      () => servers.save(scanOf('notes', [LIST_OF_FOLDER, LIST], day(12))),
      ['notes'],
    ],
    ['another order', () => servers.save(scanOf('notes', [LIST, LIST_OF_FOLDER], day(13))), ['notes']],
    [
      'a list cut short',
      () => servers.save(partial(scanOf('notes', [LIST, LIST_OF_FOLDER], day(14)))),
      ['notes'],
    ],
    ['a scan that is stored late', () => servers.save(scanOf('notes', [LIST, DELETE], day(5))), ['notes']],
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
    ['a server that is new', () => servers.save(scanOf('new', [tool('x', 'Reads x.')], day(15))), ['new']],
    [
      'a new verdict on a tool that is listed',
      () => servers.judge(tool('x', 'Reads x.'), day(16), { risk: 'medium', category: 'Write' }),
      ['new'],
    ],
    [
      'a new verdict that says the same',
      () =>
        servers.judge(tool('x', 'Reads x.'), day(17), {
          risk: 'medium',
          category: 'Write',
          reviewer: 'other',
        }),
      ['new'],
    ],
    [
      'a verdict that is there already',
      () => servers.judge(tool('x', 'Reads x.'), day(18), { risk: 'high', reviewer: 'other' }),
      [],
    ],
    [
      'a new verdict on a tool that has vanished',
      () => servers.judge(letters('c')[0], day(19), { risk: 'medium', category: 'Write' }),
      ['cut'],
    ],
    [
      'a new verdict on a definition that was replaced',
      () => servers.judge(letters('b', ' and 24')[0], day(20), { risk: 'medium', category: 'Write' }),
      ['busy'],
    ],
    ['a correction of a tool that is listed', () => correction(SEARCH, 'npm:steady'), ['steady']],
    ['a correction of a tool that has vanished', () => correction(SEARCH, 'notes'), ['notes', 'steady']],
    ['a correction that is taken back', () => rmSync(join(servers.corrections, 'ours.yaml')), ['notes']],
    ['what is searched', () => catalogue.refreshSearch(), []],
    [
      'a clean-up',
      async () => {
        await servers.save(scanOf('steady', [...letters('ba'), SEARCH], day(2)));
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
      now: () => new Date(day(31)),
    });
    await copy.save(scanOf('empty', [], day(1)));
    const [revision] = await Array.fromAsync(copy.revisions());
    expect(revision?.revision).toBe(after.get('empty')?.[1]);
    await copy.close();
    await place.remove();
  });
});
