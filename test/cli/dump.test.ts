import { createWriteStream, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, gunzipSync, gzipSync } from 'node:zlib';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fill, NOTES, openTicking } from '../support/dumps.ts';
import { createPostgresDatabase, type TestPlace } from '../support/engines.ts';
import { type CliWorld, runCli } from '../support/run-cli.ts';
import { failedScanOf, scanOf } from '../support/scans.ts';
import { ROOT } from '../support/sources.ts';

type Place = TestPlace & { location: { url: string } };

let cwd: string;
let full: Place;
let empty: Place;
/** The lines of a small dump: of each kind that a scan makes there is one, by its kind. */
let lines: Record<string, string>;
let nothing: string;

const urlOf = ({ location }: Place): CliWorld => ({ cwd, env: { DATABASE_URL: location.url } });

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'catalogue-dump-'));
  full = await createPostgresDatabase();
  empty = await createPostgresDatabase();
  const small = await createPostgresDatabase();
  for (const [place, work] of [
    [full, fill],
    [small, async (catalogue) => void (await catalogue.save(scanOf('notes', [NOTES])))],
  ] as [Place, typeof fill][]) {
    const catalogue = await openTicking(place.location);
    await work(catalogue);
    await catalogue.close();
  }
  const { stdout } = await runCli(['dump'], urlOf(small));
  lines = Object.fromEntries(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => [JSON.parse(line).kind, line]),
  );
  await small.remove();
  nothing = (await runCli(['dump'], urlOf(empty))).stdout;
});
afterAll(async () => {
  await full.remove();
  await empty.remove();
  rmSync(cwd, { recursive: true, force: true });
});

/** The small dump with some of its lines changed, or left out where they are null. */
function dumpWith(changes: Record<string, (line: string) => string | null>): string {
  const kept = Object.entries(lines).flatMap(
    ([kind, line]) => changes[kind]?.(line) ?? (kind in changes ? [] : line),
  );
  return `${kept.join('\n')}\n`;
}

/** Changes fields of a line. */
function fields(more: Record<string, unknown>): (line: string) => string {
  return (line) => JSON.stringify({ ...JSON.parse(line), ...more });
}

describe('catalogue dump', () => {
  test('writes the same to a file, to stdout and compressed, and says how much', async () => {
    const { stdout } = await runCli(['dump', '-'], urlOf(full));
    const file = await runCli(['dump', 'all.jsonl'], urlOf(full));
    const zipped = await runCli(['dump', 'all.jsonl.gz', '--json'], urlOf(full));
    expect([file.exit, zipped.exit]).toEqual([0, 0]);
    expect(file.stderr).toMatch(
      /^Wrote all\.jsonl: \d+ servers, \d+ definitions, .* and 2 second opinions\.\n$/,
    );
    expect(JSON.parse(zipped.stdout)).toMatchObject({
      file: 'all.jsonl.gz',
      records: { review: 2, pass: 2 },
    });
    expect(readFileSync(join(cwd, 'all.jsonl'), 'utf8')).toBe(stdout);
    expect(gunzipSync(readFileSync(join(cwd, 'all.jsonl.gz'))).toString('utf8')).toBe(stdout);
  });

  test('every line is what the published schema says, and shows no hidden character', async () => {
    const { stdout } = await runCli(['dump'], urlOf(full));
    const schema = JSON.parse(readFileSync(join(ROOT, 'docs/schemas/dump.schema.json'), 'utf8'));
    const validate = new Ajv2020({ strict: false, formats: { 'date-time': true } }).compile(schema);
    const wrong = stdout
      .trimEnd()
      .split('\n')
      .filter((line) => !validate(JSON.parse(line)));
    expect(wrong).toEqual([]);
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
  });

  test('broken off, it leaves what was there and nothing beside it', async () => {
    const folder = mkdtempSync(join(cwd, 'stopped-'));
    writeFileSync(join(folder, 'dump.jsonl'), 'before');
    const world = { ...urlOf(full), cwd: folder, signal: AbortSignal.abort() };
    for (const file of ['dump.jsonl', 'dump.jsonl.gz', 'dump.parquet']) {
      const { exit, stderr } = await runCli(['dump', file], world);
      expect([exit, stderr]).toEqual([130, 'catalogue: interrupted, nothing was written.\n']);
    }
    expect(readdirSync(folder)).toEqual(['dump.jsonl']);
    expect(readFileSync(join(folder, 'dump.jsonl'), 'utf8')).toBe('before');
  });

  test.each([
    { args: ['dump', 'all.jsonl/x.jsonl'], says: 'all.jsonl/x.jsonl cannot be written' },
    { args: ['dump', '.'], says: '. cannot be written' },
    { args: ['dump', '--format', 'csv'], says: "--format takes jsonl or parquet, not 'csv'" },
    { args: ['dump', '--format', 'parquet'], says: 'name a file' },
  ])('$args is refused in one line', async ({ args, says }) => {
    writeFileSync(join(cwd, 'all.jsonl'), '');
    const { exit, stderr } = await runCli(args, urlOf(full));
    expect(exit).toBe(2);
    expect(stderr).toContain(says);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('catalogue import', () => {
  test('takes a file, a compressed one and stdin, and says what is new', async () => {
    const place = await createPostgresDatabase();
    const { stdout } = await runCli(['dump'], urlOf(full));
    writeFileSync(join(cwd, 'in.jsonl'), stdout);
    writeFileSync(join(cwd, 'in.jsonl.gz'), gzipSync(stdout));
    const first = await runCli(['import', 'in.jsonl'], urlOf(place));
    expect(first.exit).toBe(0);
    expect(first.stderr).toMatch(/^Read in\.jsonl: .*\nNew to the catalogue: \d+ servers, .*\n$/);
    const again = await runCli(['import', 'in.jsonl.gz'], urlOf(place));
    expect(again.stderr).toMatch(/\nThe catalogue had all of it\.\n$/);
    const piped = await runCli(['import', '-', '--json'], { ...urlOf(place), stdin: stdout });
    expect(JSON.parse(piped.stdout)).toMatchObject({ added: { server: 0 }, renamedCount: 0 });
    expect((await runCli(['dump'], urlOf(place))).stdout).toBe(stdout);
    await place.remove();
  });

  test('names a server whose slug was taken', async () => {
    const place = await createPostgresDatabase();
    const catalogue = await openTicking(place.location);
    await catalogue.save(failedScanOf('Notes'));
    await catalogue.close();
    writeFileSync(join(cwd, 'taken.jsonl'), dumpWith({}));
    const { stderr } = await runCli(['import', 'taken.jsonl'], urlOf(place));
    await place.remove();
    expect(stderr).toContain('  notes is notes~2 here (npm:notes)\n');
  });

  test('broken off, it imports nothing', async () => {
    writeFileSync(join(cwd, 'whole.jsonl'), dumpWith({}));
    const world = { ...urlOf(empty), signal: AbortSignal.abort() };
    const { exit, stderr } = await runCli(['import', 'whole.jsonl'], world);
    expect([exit, stderr]).toEqual([130, 'catalogue: interrupted, nothing was imported.\n']);
    expect((await runCli(['dump'], urlOf(empty))).stdout).toBe(nothing);
  });

  const OTHER = '0'.repeat(64);
  const BROKEN: { title: string; text: () => string; says: string }[] = [
    { title: 'an empty file', text: () => '', says: 'bad.jsonl is empty' },
    { title: 'text', text: () => 'hello\n', says: 'bad.jsonl is not a dump of a catalogue' },
    {
      title: "another program's JSONL",
      text: () => '{"name":"read_file","inputSchema":{}}\n',
      says: 'bad.jsonl is not a dump of a catalogue',
    },
    {
      title: 'a newer version',
      text: () => dumpWith({ dump: fields({ version: 2 }) }),
      says: 'its format has version 2, and this program reads version 1',
    },
    {
      title: 'a file cut between lines',
      text: () => dumpWith({ end: () => null }),
      says: 'bad.jsonl is cut: it ends after 6 of 6',
    },
    {
      title: 'a file cut in a line',
      text: () => dumpWith({}).slice(0, -200),
      says: 'bad.jsonl is cut: it ends in the middle of line 7',
    },
    {
      title: 'a line that is missing',
      text: () => dumpWith({ scan: () => null }),
      says: 'line 7: there are 5 records before it, where 6 were written',
    },
    {
      title: 'a line after the end',
      text: () => `${dumpWith({})}{}\n`,
      says: 'line 9: stands after the end of the dump',
    },
    {
      title: 'an empty line',
      text: () => dumpWith({ server: (line) => `\n${line}` }),
      says: 'line 2: it is not JSON',
    },
    {
      title: 'a line that is not JSON',
      text: () => dumpWith({ server: () => '{"kind"' }),
      says: 'line 2: it is not JSON',
    },
    {
      title: 'a line that is no object',
      text: () => dumpWith({ server: () => '[]' }),
      says: 'line 2: it is not a JSON object',
    },
    {
      title: 'a kind that there is not',
      text: () => dumpWith({ server: fields({ kind: '__proto__' }) }),
      says: "line 2: its kind is '__proto__'",
    },
    {
      title: 'a field of the wrong type',
      text: () => dumpWith({ server: fields({ label: 1 }) }),
      says: 'line 2: the server cannot be read: label: ',
    },
    {
      title: 'a moment that is none',
      text: () => dumpWith({ scan: fields({ observedAt: '2026-02-30T00:00:00.000Z' }) }),
      says: 'line 7: the scan cannot be read: observedAt: ',
    },
    {
      title: 'a slug that leads elsewhere',
      text: () => dumpWith({ server: fields({ slug: '../../etc' }) }),
      says: 'line 2: the server cannot be read: slug: ',
    },
    {
      title: 'a slug that is a page',
      text: () => dumpWith({ server: fields({ slug: 'index' }) }),
      says: 'slug: ',
    },
    {
      title: 'a NUL character',
      text: () => dumpWith({ server: fields({ label: 'a\0b' }) }),
      says: 'label: holds a character that cannot be stored',
    },
    {
      title: 'an id that no index takes',
      text: () => dumpWith({ server: fields({ id: 'x'.repeat(601) }) }),
      says: 'id: ',
    },
    {
      title: 'a hash that does not fit the definition',
      text: () => dumpWith({ definition: fields({ hash: OTHER }) }),
      says: `line 3: the definition does not have the hash ${OTHER}`,
    },
    {
      title: 'a definition that is no tool',
      text: () => dumpWith({ definition: fields({ definition: {} }) }),
      says: 'line 3: the definition cannot be read: definition.name: ',
    },
    {
      title: 'a hash that does not fit the list',
      text: () => dumpWith({ list: fields({ hash: OTHER }) }),
      says: `line 4: the list does not have the hash ${OTHER}`,
    },
    {
      title: 'a list of what is not there',
      text: () => dumpWith({ list: fields({ tools: [{ position: 0, hash: OTHER }] }) }),
      says: `line 4: no line before it has the definition ${OTHER}`,
    },
    {
      title: 'a verdict about an unknown definition',
      text: () => dumpWith({ verdict: fields({ toolHash: OTHER }) }),
      says: `line 6: the verdict is about ${OTHER}`,
    },
    {
      title: 'a verdict of an unknown judge',
      text: () => dumpWith({ verdict: fields({ reviewer: 'me' }) }),
      says: 'line 6: no line before it has the judge',
    },
    {
      title: 'a verdict that says it was corrected',
      text: () => dumpWith({ verdict: (line) => line.replace('"verdict":{', '"verdict":{"correction":{},') }),
      says: 'line 6: the verdict cannot be read: verdict.correction: ',
    },
    {
      title: 'a finding that the judge does not make',
      text: () =>
        dumpWith({
          judge: fields({ signals: [] }),
          verdict: (line) =>
            line.replace('"findings":[', '"findings":[{"signal":"strange","outcome":"not-applicable"},'),
        }),
      says: "line 6: the finding 'strange' is none that the judge makes",
    },
    {
      title: 'a judge with other signals than before',
      text: () => dumpWith({ judge: (line) => `${line}\n${fields({ signals: ['x'] })(line)}` }),
      says: 'line 6: the catalogue has this judge with other signals',
    },
    {
      title: 'a scan of an unknown server',
      text: () => dumpWith({ server: fields({ id: 'npm:other', slug: 'other' }) }),
      says: 'line 7: no line before it has its server',
    },
    {
      title: 'a scan in an unknown pass',
      text: () =>
        dumpWith({
          scan: fields({ pass: { source: 's', ref: 'r', startedAt: '2026-01-01T00:00:00.000Z' } }),
        }),
      says: 'line 7: no line before it has its pass',
    },
    {
      title: 'a scan with an unknown list',
      text: () => dumpWith({ scan: fields({ list: OTHER }) }),
      says: `line 7: no line before it has the list ${OTHER}`,
    },
    {
      title: 'details that would speak for the scan',
      text: () => dumpWith({ scan: (line) => line.replace('"details":{', '"details":{"toolCount":-1,') }),
      says: 'line 7: the scan cannot be read: details: ',
    },
    {
      title: 'a target that is another server',
      text: () =>
        dumpWith({
          scan: (line) => line.replace('"target":{"id":"npm:notes"', '"target":{"id":"npm:other"'),
        }),
      says: 'line 7: its target is another server',
    },
    {
      title: 'deep nesting',
      text: () =>
        dumpWith({
          server: (line) => `${line.slice(0, -1)},"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
        }),
      says: 'line 2: it is nested deeper than 140 levels',
    },
    {
      title: 'a line of 100 MB',
      text: () => dumpWith({ server: () => 'x'.repeat(100_000_000) }),
      says: 'line 2: it is longer than 16 MiB',
    },
  ];

  test.each(BROKEN)('refuses $title, in one line, and imports nothing', async ({ text, says }) => {
    writeFileSync(join(cwd, 'bad.jsonl'), text());
    const { exit, stdout, stderr } = await runCli(['import', 'bad.jsonl'], urlOf(empty));
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    expect(stderr).toContain(says);
    expect(stderr).toMatch(/^catalogue: bad\.jsonl[^\n]+\n$/);
    expect((await runCli(['dump'], urlOf(empty))).stdout).toBe(nothing);
  });

  test('text that is not UTF-8 is refused', async () => {
    const [head = '', ...rest] = dumpWith({}).split('\n');
    writeFileSync(
      join(cwd, 'bad.jsonl'),
      Buffer.concat([Buffer.from(`${head}\n"`), Buffer.from([0xff]), Buffer.from(`"\n${rest.join('\n')}`)]),
    );
    const { exit, stderr } = await runCli(['import', 'bad.jsonl'], urlOf(empty));
    expect([exit, stderr]).toEqual([2, expect.stringContaining('bad.jsonl, line 2: it is not UTF-8')]);
  });

  const GZIP: { title: string; bytes: () => Buffer; says: string }[] = [
    {
      title: 'a name that says gzip',
      bytes: () => Buffer.from(dumpWith({})),
      says: 'bad.gz is not a gzip file',
    },
    { title: 'a cut gzip file', bytes: () => gzipSync(dumpWith({})).subarray(0, -20), says: 'bad.gz is cut' },
    {
      title: 'a damaged gzip file',
      bytes: () => {
        const bytes = gzipSync(dumpWith({}));
        return bytes.fill(0x55, bytes.length / 2, bytes.length / 2 + 40);
      },
      says: 'bad.gz',
    },
  ];
  test.each(['missing.jsonl', '.'])('%s cannot be read, and is no fault of ours', async (file) => {
    const { exit, stderr } = await runCli(['import', file], urlOf(empty));
    expect([exit, stderr]).toEqual([2, expect.stringContaining(`${file} cannot be read`)]);
  });

  test.each(GZIP)('refuses $title', async ({ bytes, says }) => {
    writeFileSync(join(cwd, 'bad.gz'), bytes());
    const { exit, stderr } = await runCli(['import', 'bad.gz'], urlOf(empty));
    expect([exit, stderr]).toEqual([2, expect.stringContaining(says)]);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect((await runCli(['dump'], urlOf(empty))).stdout).toBe(nothing);
  });

  test('a gzip bomb is given up at its first long line', async () => {
    const file = join(cwd, 'bomb.gz');
    const megabyte = Buffer.alloc(1_000_000, 0x20);
    const bomb = (function* () {
      yield `${lines.dump}\n`;
      for (let n = 0; n < 500; n++) yield megabyte;
    })();
    const gzip = createGzip({ level: 1 });
    await pipeline(Readable.from(bomb), gzip, createWriteStream(file));
    const { exit, stderr } = await runCli(['import', 'bomb.gz'], urlOf(empty));
    expect([exit, stderr]).toEqual([2, expect.stringContaining('bomb.gz, line 2: it is longer than 16 MiB')]);
  });
});
