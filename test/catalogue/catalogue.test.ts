import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Catalogue, openCatalogue } from '../../catalogue/catalogue.ts';
import { ENGINES, type TestPlace } from '../support/engines.ts';
import { HOSTILE_NAMES, HOSTILE_TOOLS } from '../support/hostile-tools.ts';
import { failedScanOf, scanOf } from '../support/scans.ts';

const LIST = { name: 'list_notes', description: 'List all notes.', inputSchema: { type: 'object' } };
const DELETE = {
  name: 'delete_note',
  description: 'Delete a note for ever.',
  inputSchema: { type: 'object' },
};

describe.each(ENGINES)('catalogue on $engine', ({ create }) => {
  let place: TestPlace;
  let catalogue: Catalogue;
  const open = () =>
    openCatalogue({
      location: place.location,
      classifierVersion: '1.0.0',
      now: () => new Date('2026-01-01T00:00:00Z'),
    });

  beforeAll(async () => {
    place = await create();
    catalogue = await open();
  });
  afterAll(async () => {
    await catalogue.close();
    await place.remove();
  });

  test('shows a scan as it was stored', async () => {
    const scan = scanOf('notes', [LIST, DELETE]);
    await catalogue.save(scan);
    const { takenAt, servers } = await catalogue.view('notes');
    const [server] = servers;
    expect(takenAt).toBe('2026-01-02T03:04:05.678Z');
    expect(server).toMatchObject({ slug: 'notes', id: 'npm:notes', firstSeenAt: '2026-01-02T03:04:05.678Z' });
    expect(server?.lastScan).toMatchObject({
      status: 'complete',
      toolCount: 2,
      serverInfo: { version: '1.0.0' },
    });
    expect(server?.tools.map(({ definition }) => definition.name)).toEqual(['delete_note', 'list_notes']);
    expect(server?.tools[0]?.definition).toEqual(scan.crawl.status === 'complete' && scan.crawl.tools[1]);
    expect(server?.tools[0]?.classification).toEqual(scan.classifications[1]);
  });

  test('remembers when a definition was first and last seen', async () => {
    await catalogue.save(scanOf('seen', [LIST, DELETE], '2026-01-01T00:00:00.000Z'));
    await catalogue.save(scanOf('seen', [LIST], '2026-01-02T00:00:00.000Z'));
    await catalogue.save(scanOf('elsewhere', [LIST], '2026-01-09T00:00:00.000Z'));
    const [server] = (await catalogue.view('seen')).servers;
    expect(server?.tools.map((tool) => [tool.definition.name, tool.firstSeenAt, tool.lastSeenAt])).toEqual([
      ['list_notes', '2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z'],
    ]);
  });

  test('a failed scan is kept and leaves the last listing standing', async () => {
    await catalogue.save(scanOf('flaky', [LIST], '2026-01-01T00:00:00.000Z'));
    await catalogue.save(failedScanOf('flaky', '2026-01-03T00:00:00.000Z'));
    const [server] = (await catalogue.view('flaky')).servers;
    expect(server?.lastScan).toMatchObject({
      observedAt: '2026-01-03T00:00:00.000Z',
      status: 'failed',
      phase: 'initialize',
      failure: { code: 'timeout' },
    });
    expect(server?.listing?.observedAt).toBe('2026-01-01T00:00:00.000Z');
    expect(server?.tools).toHaveLength(1);
  });

  test('a server that was never listed has no listing, which is not the same as no tools', async () => {
    await catalogue.save(failedScanOf('silent'));
    await catalogue.save(scanOf('empty', []));
    const [silent] = (await catalogue.view('silent')).servers;
    const [empty] = (await catalogue.view('empty')).servers;
    expect(silent?.listing).toBeUndefined();
    expect(empty?.listing?.toolCount).toBe(0);
  });

  test('two servers whose labels look alike get slugs of their own, and keep them', async () => {
    await catalogue.save(scanOf('@acme/tools', [LIST]));
    await catalogue.save(scanOf('acme.tools', [LIST]));
    await catalogue.save(scanOf('@acme/tools', [LIST]));
    const slugs = (await catalogue.serverNames()).filter(({ slug }) => slug.startsWith('acme-tools'));
    expect(slugs.map(({ slug, id }) => [slug, id])).toEqual([
      ['acme-tools', 'npm:@acme/tools'],
      ['acme-tools~2', 'npm:acme.tools'],
    ]);
  });

  test('hostile definitions come back exactly as they were sent, each with a slug of its own', async () => {
    await catalogue.save(scanOf('hostile', HOSTILE_TOOLS));
    const [server] = (await catalogue.view('hostile')).servers;
    const tools = server?.tools ?? [];
    expect(tools.map(({ definition }) => definition.name).toSorted()).toEqual(HOSTILE_NAMES.toSorted());
    expect(new Set(tools.map(({ slug }) => slug.toLowerCase())).size).toBe(HOSTILE_NAMES.length);
    for (const { slug } of tools) expect(slug).toMatch(/^[a-z0-9_-]*(~[a-z0-9]+)*$/);
    for (const { definition } of tools) expect(definition.wire).toEqual(HOSTILE_TOOLS[definition.position]);
  });

  test('a scan that cannot be stored whole leaves nothing behind', async () => {
    const scan = scanOf('broken', [LIST, DELETE]);
    const [first, ...rest] = scan.classifications;
    const spoilt = { ...first, category: null } as unknown as typeof first;
    await expect(catalogue.save({ ...scan, classifications: [spoilt, ...rest] as never })).rejects.toThrow();
    expect((await catalogue.view('broken')).servers).toEqual([]);
  });

  test('opening it again, which migrates again, loses nothing', async () => {
    const before = await catalogue.view();
    await catalogue.close();
    catalogue = await open();
    expect(await catalogue.view()).toEqual(before);
  });
});
