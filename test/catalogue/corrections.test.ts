import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openCatalogue } from '../../catalogue/catalogue.ts';
import { readCorrections, stateOf } from '../../catalogue/corrections.ts';
import { ENGINES, type TestPlace } from '../support/engines.ts';
import { scanOf } from '../support/scans.ts';

const TOOLS = [
  { name: 'delete_note', description: 'Delete a note for ever.', inputSchema: { type: 'object' } },
  { name: 'list_notes', description: 'List all notes.', inputSchema: { type: 'object' } },
];
const scan = scanOf('notes', TOOLS);
const [HASH = ''] = scan.classifications.map(({ toolHash }) => toolHash);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'corrections-'));
});

function write(file: string, text: string): void {
  writeFileSync(join(folder, file), text);
}

function entry(more: Record<string, string> = {}): string {
  const values = {
    server: 'notes',
    tool: 'delete_note',
    hash: HASH,
    reason: 'Kept for 30 days.',
    by: 'A. Person',
    ...more,
  };
  const [first = '', ...rest] = Object.entries({ destructive: 'false', ...values }).map(
    ([key, value]) => `${key}: ${['true', 'false'].includes(value) ? value : JSON.stringify(value)}`,
  );
  return [`- ${first}`, ...rest.map((line) => `  ${line}`), ''].join('\n');
}

const read = (required = true) => readCorrections({ path: folder, required });

describe('a folder of corrections', () => {
  test('is read in the order of the files, with the line of each entry; other files are left alone', async () => {
    write('b.yml', `# ours\n\n${entry({ tool: 'list_notes' })}`);
    write('a.yaml', `${entry()}${entry({ hash: 'f'.repeat(64) })}`);
    write('notes.txt', 'not YAML: [');
    write('.hidden.yaml', 'not YAML: [');
    const places = (await read()).map(({ file, line, entry: { tool } }) => [file, line, tool]);
    expect(places).toEqual([
      ['a.yaml', 1, 'delete_note'],
      ['a.yaml', 7, 'delete_note'],
      ['b.yml', 3, 'list_notes'],
    ]);
  });

  test('need not be there, unless somebody named it', async () => {
    const missing = join(folder, 'missing');
    expect(await readCorrections({ path: missing, required: false })).toEqual([]);
    await expect(readCorrections({ path: missing, required: true })).rejects.toThrow(
      /missing cannot be read/,
    );
  });

  test.each<[string, string, RegExp]>([
    ['text that is not YAML', '- server: [', /bad\.yaml line \d+: is not YAML/],
    ['a key given twice', `${entry()}  by: "B"\n`, /bad\.yaml line 7: is not YAML: .*unique/i],
    ['two documents', `${entry()}---\n${entry()}`, /bad\.yaml line \d+: is not YAML/],
    ['an unknown tag', '- !!js/function "x"', /bad\.yaml line 1: is not YAML/],
    ['an unknown key', `${entry()}  serverity: x\n`, /bad\.yaml line 7: \/0\/serverity is not a key/],
    ['a key that hides something', `${entry()}  "x\\e[31m": 1\n`, /\/0\/x\[U\+1B\]\[31m is not a key/],
    ['a wrong value', entry({ category: 'read' }), /bad\.yaml line 7: \/0\/category must be one of/],
    ['a missing key', entry().replace(/ {2}by: .*\n/, ''), /bad\.yaml line 1: \/0\/by is missing/],
    ['aliases without end', bomb(), /bad\.yaml: is not YAML/],
    ['the same tool twice', entry() + entry(), /bad\.yaml line 7: .* same tool as bad\.yaml line 1/],
    ['the same tool by a part of the hash', entry() + entry({ hash: HASH.slice(0, 12) }), /same tool/],
  ])('with %s is refused whole, and says where', async (_, text, message) => {
    write('good.yaml', entry({ tool: 'list_notes' }));
    write('bad.yaml', text);
    const refused = read();
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toMatchObject({ code: 'usage' });
    await expect(refused).rejects.toThrow(/none of them is/);
  });

  test('tells a few of very many faults', async () => {
    write('bad.yaml', entry({ risk: 'none' }).repeat(500));
    const error = await read().catch((thrown: Error) => thrown.message);
    expect(String(error).split('\n').length).toBeLessThan(30);
    expect(error).toMatch(/and \d+ more/);
  });
});

function bomb(): string {
  const lines = ['a0: &a0 [x]'];
  for (let n = 1; n < 30; n++) lines.push(`a${n}: &a${n} [*a${n - 1}, *a${n - 1}, *a${n - 1}]`);
  return `${lines.join('\n')}\n`;
}

describe.each(ENGINES)('a catalogue in $engine', ({ create }) => {
  let place: TestPlace;
  beforeAll(async () => {
    place = await create();
    await withCatalogue((catalogue) => catalogue.save(scan));
  }, 60_000);
  afterAll(() => place.remove());

  async function withCatalogue<T>(use: (catalogue: Awaited<ReturnType<typeof openCatalogue>>) => Promise<T>) {
    const now = () => new Date('2026-01-02T03:04:05.678Z');
    const corrections = folder === undefined ? undefined : { path: folder, required: true };
    const catalogue = await openCatalogue({
      location: place.location,
      classifierVersion: '1.0.0',
      now,
      ...(corrections && { corrections }),
    });
    return use(catalogue).finally(() => catalogue.close());
  }

  const verdicts = () =>
    withCatalogue(async (catalogue) => {
      const [server] = (await catalogue.view()).servers;
      return server?.tools.map(({ classification }) => classification) ?? [];
    });

  test.each([['notes'], ['npm:notes']])(
    'shows the verdict as corrected, the server named as %s',
    async (server) => {
      write('ours.yaml', entry({ server, hash: HASH.slice(0, 12) }));
      const [corrected, other] = await verdicts();
      expect(corrected).toMatchObject({
        destructive: false,
        risk: 'medium',
        reviewer: 'A. Person',
        correction: { by: 'A. Person', replaced: { destructive: true, risk: 'critical' } },
      });
      expect(other?.correction).toBeUndefined();
    },
  );

  test('is as it was when the correction is gone: nothing of it is stored', async () => {
    write('ours.yaml', entry());
    expect((await verdicts())[0]?.risk).toBe('medium');
    write('ours.yaml', '');
    expect((await verdicts())[0]).toMatchObject({ risk: 'critical', reviewer: 'rules' });
  });

  test('refuses two corrections of one tool under two names of its server', async () => {
    write('ours.yaml', entry() + entry({ server: 'npm:notes' }));
    await expect(verdicts()).rejects.toThrow(/ours\.yaml line 1 and at ours\.yaml line 7/);
  });

  test('knows which corrections hold, have expired, or are about nothing', async () => {
    const old = 'f'.repeat(64);
    write(
      'ours.yaml',
      [entry(), entry({ hash: old }), entry({ tool: 'gone' }), entry({ server: 'nobody' })].join(''),
    );
    const corrections = await read();
    const view = await withCatalogue((catalogue) => catalogue.view());
    const states = corrections.map((correction) => stateOf(correction, view));
    expect(states).toMatchObject([
      { status: 'active' },
      { status: 'expired', hashes: [HASH] },
      { status: 'unknown', what: 'tool' },
      { status: 'unknown', what: 'server' },
    ]);
  });

  test('a definition that changes takes the correction off', async () => {
    write('ours.yaml', entry());
    const changed = TOOLS.map((tool) => ({ ...tool, description: `${tool.description} At once.` }));
    await withCatalogue((catalogue) => catalogue.save(scanOf('notes', changed, '2026-01-03T03:04:05.678Z')));
    expect((await verdicts()).map(({ correction }) => correction)).toEqual([undefined, undefined]);
  });
});

test('PGlite leaves a folder of corrections in its directory alone', async () => {
  const [pglite] = ENGINES;
  const place = await pglite?.create();
  if (place === undefined || !('directory' in place.location)) throw new Error('PGlite has a directory');
  const path = join(place.location.directory, 'corrections');
  mkdirSync(path);
  writeFileSync(join(path, 'ours.yaml'), entry());
  const options = { location: place.location, classifierVersion: '1.0.0', now: () => new Date(0) };
  for (const _ of ['made', 'opened again']) {
    const catalogue = await openCatalogue({ ...options, corrections: { path, required: false } });
    await catalogue.save(scan);
    expect((await catalogue.view()).servers[0]?.tools[0]?.classification.risk).toBe('medium');
    await catalogue.close();
  }
  await place.remove();
}, 60_000);
