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
    const scan = scanOf('broken', [{ ...LIST, name: 'broken_list' }, DELETE]);
    const [first, ...rest] = scan.classifications;
    const spoilt = { ...first, category: null } as unknown as typeof first;
    await expect(catalogue.save({ ...scan, classifications: [spoilt, ...rest] as never })).rejects.toThrow();
    expect((await catalogue.view('broken')).servers).toEqual([]);
  });

  test('a server that two sources name is one server with two origins', async () => {
    const scan = scanOf('found-twice', [LIST]);
    await catalogue.save(scan);
    const origin = { source: 'list', ref: 'servers.txt' };
    await catalogue.saveOrigin({ ...scan.crawl.target, origin });
    await catalogue.saveOrigin({ ...scan.crawl.target, origin });
    const [server] = (await catalogue.view('found-twice')).servers;
    expect(server?.origins).toEqual([origin, { source: 'npm', ref: 'npm:found-twice' }]);
    expect(server?.tools).toHaveLength(1);
  });

  test('a pass over a source is taken up until it has ended, with one outcome for each server', async () => {
    const first = await catalogue.beginCrawl('list', 'a.txt');
    expect(first.done.size).toBe(0);
    await catalogue.saveInCrawl([scanOf('passed', [LIST]), failedScanOf('failed')], first.id);
    await catalogue.saveInCrawl([scanOf('passed', [])], first.id);
    expect((await catalogue.view('passed')).servers[0]?.listing?.toolCount).toBe(1);

    const again = await catalogue.beginCrawl('list', 'a.txt');
    expect(again).toEqual({ id: first.id, done: new Set(['npm:passed', 'npm:failed']) });
    expect((await catalogue.beginCrawl('list', 'b.txt')).id).not.toBe(first.id);
    await catalogue.endCrawl(first.id);
    await catalogue.endCrawl(first.id);
    const next = await catalogue.beginCrawl('list', 'a.txt');
    expect(next.id).not.toBe(first.id);
    expect(next.done.size).toBe(0);
  });

  test('scans that are saved together are saved all or none, and look-alike labels keep apart', async () => {
    const pass = await catalogue.beginCrawl('list', 'together.txt');
    const labels = ['together one', 'together-one', 'together.one', 'other'];
    const slugs = await catalogue.saveInCrawl(
      labels.map((label) => scanOf(label, [LIST])),
      pass.id,
    );
    expect(slugs).toEqual(['together-one', 'together-one~2', 'together-one~3', 'other']);
    const spoilt = { ...scanOf('spoilt', [LIST]), classifications: [{ toolHash: 'x' }] as never };
    await expect(catalogue.saveInCrawl([scanOf('whole', [LIST]), spoilt], pass.id)).rejects.toThrow();
    expect((await catalogue.view('whole')).servers).toEqual([]);
  });

  test('what was declared and not observed stays told apart', async () => {
    const scan = scanOf('declared', [LIST]);
    await catalogue.save({ ...scan, crawl: { ...scan.crawl, provenance: 'declared' } as typeof scan.crawl });
    expect((await catalogue.view('declared')).servers[0]?.listing?.provenance).toBe('declared');
  });

  test('keeps what a source wants to know next time', async () => {
    expect(await catalogue.loadSourceState('mcp-registry', 'here')).toBeUndefined();
    await catalogue.saveSourceState('mcp-registry', 'here', { since: 1 });
    await catalogue.saveSourceState('mcp-registry', 'here', { since: 2 });
    expect(await catalogue.loadSourceState('mcp-registry', 'here')).toEqual({ since: 2 });
  });

  test('counts why servers have tools or none, each by its newest scan', async () => {
    const outcomes = await catalogue.countOutcomes();
    const total = outcomes.reduce((sum, { servers }) => sum + servers, 0);
    expect(total).toBe((await catalogue.serverNames()).length);
    expect(outcomes.find(({ code }) => code === 'timeout')).toMatchObject({
      status: 'failed',
      phase: 'initialize',
      servers: 3,
      examples: ['failed', 'flaky', 'silent'],
    });
    expect(outcomes.find(({ withoutTools }) => withoutTools)).toMatchObject({
      status: 'complete',
      examples: ['empty'],
    });
  });

  test('opening it again, which migrates again, loses nothing', async () => {
    const before = await catalogue.view();
    await catalogue.close();
    catalogue = await open();
    expect(await catalogue.view()).toEqual(before);
  });
});
