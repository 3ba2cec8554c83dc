import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openCatalogue } from '../../catalogue/catalogue.ts';
import type { DatabaseLocation } from '../../catalogue/database.ts';
import { estimateOf } from '../../classifier/review/request.ts';
import { define } from '../classifier/tools.ts';
import { ENGINES } from '../support/engines.ts';
import {
  apiError,
  completion,
  type ModelRequest,
  type ModelServer,
  quotedData,
  type Reply,
  startModelServer,
} from '../support/model-server.ts';
import { type CliWorld, runCli } from '../support/run-cli.ts';
import { scanOf } from '../support/scans.ts';
import { ROOT } from '../support/sources.ts';

const KEY = 'sk-test-0123456789abcdef';

/** Of the first three the definitions tell nothing; the rules are sure of the fourth. */
const TOOLS = [
  { name: 'gizmo', inputSchema: { type: 'object' } },
  { name: 'widget', inputSchema: { type: 'object' } },
  { name: 'gadget', inputSchema: { type: 'object' } },
  { name: 'list_notes', description: 'List all notes of the user.', inputSchema: { type: 'object' } },
];

/** A catalogue with these tools, copied for each test: making one takes PGlite three seconds. */
const template = mkdtempSync(join(tmpdir(), 'catalogue-template-'));

async function fill(location: DatabaseLocation): Promise<void> {
  const now = () => new Date('2026-01-01T00:00:00Z');
  const catalogue = await openCatalogue({ location, classifierVersion: '1.0.0', now });
  await catalogue.save(scanOf('things', TOOLS));
  await catalogue.close();
}

let folder: string;
let db: string[];
let model: ModelServer | undefined;
beforeAll(() => fill({ directory: template }));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'catalogue-review-test-'));
  cpSync(template, join(folder, 'db'), { recursive: true });
  db = ['--db', join(folder, 'db')];
});
afterEach(async () => {
  await model?.stop();
  model = undefined;
});

function opinion(request: ModelRequest, more: Record<string, unknown> = {}): Reply {
  const { name } = quotedData(request);
  const flags = { destructive: true, financial: false };
  return completion({
    category: 'Write',
    ...flags,
    pointer: 'name',
    quote: name,
    reason: 'Going by its name.',
    ...more,
  });
}

/** Runs a command line beside a model that replies by this script. */
async function withModel(
  args: readonly string[],
  script: (request: ModelRequest, index: number) => Reply = (request) => opinion(request),
  world: CliWorld = {},
) {
  await model?.stop();
  model = await startModelServer(script);
  const env = { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: model.url, OPENAI_MODEL: 'model-1', ...world.env };
  return { ...(await runCli(args, { cwd: folder, ...world, env })), requests: model.requests };
}

async function shown(tool: string, where = db, env: Record<string, string> = {}) {
  const { stdout } = await runCli(['show', 'things', tool, '--json', ...where], { env });
  return JSON.parse(stdout);
}

describe.each(ENGINES)('second opinions on $engine', ({ create }) => {
  test('are stored beside the verdict of the rules, and both are shown', async () => {
    const place = await create();
    const env: Record<string, string> = 'url' in place.location ? { DATABASE_URL: place.location.url } : {};
    const where = 'directory' in place.location ? ['--db', place.location.directory] : [];
    await fill(place.location);
    const { exit, stdout } = await withModel(['review', ...where], undefined, { env });
    expect([exit, stdout]).toEqual([0, expect.stringContaining('3 asked')]);
    expect(await shown('gizmo', where, env)).toMatchObject({
      category: 'Write',
      destructive: true,
      risk: 'critical',
      reviewer: 'model-1',
      review: {
        model: 'model-1',
        outcome: 'raised',
        opinion: { category: 'Write', destructive: true, evidence: { pointer: '/name', quote: 'gizmo' } },
        rules: { category: 'Execute', destructive: false, risk: 'high', confidence: 'low' },
      },
    });
    expect(await shown('list_notes', where, env)).toMatchObject({ reviewer: 'rules', category: 'Read' });
    await place.remove();
  });
});

describe('catalogue review', () => {
  test('asks about a tool once: a second run finds every answer', async () => {
    const first = await withModel(['review', 'things', '--json', ...db]);
    expect(JSON.parse(first.stdout)).toMatchObject({
      model: 'model-1',
      wanted: 3,
      asked: 3,
      fromCache: 0,
      outcomes: { raised: 3 },
      spent: { promptTokens: 2_700, completionTokens: 180 },
      stopped: null,
    });
    const second = await withModel(['review', '--json', ...db]);
    expect(second.requests).toHaveLength(0);
    expect(JSON.parse(second.stdout)).toMatchObject({ asked: 0, fromCache: 3, spent: { promptTokens: 0 } });
    const other = await withModel(['review', '--model', 'model-2', ...db]);
    expect(other.requests.map(({ body }) => body.model)).toEqual(['model-2', 'model-2', 'model-2']);
  });

  test('--all asks about the tools that the rules are sure of, too', async () => {
    const { requests } = await withModel(['review', '--all', ...db], (request) =>
      opinion(request, { category: 'Read', destructive: false }),
    );
    expect(requests).toHaveLength(4);
    expect(await shown('list_notes')).toMatchObject({ review: { outcome: 'agrees' } });
  });

  test('prints what it came to and what it cost', async () => {
    const prices = ['--price-in', '2', '--price-out', '10'];
    const { stdout, stderr } = await withModel(['review', ...prices, ...db], (request, index) =>
      index === 0 ? completion('no JSON') : opinion(request),
    );
    expect(stdout).toContain('3 tools');
    expect(stdout).toContain('2 raised');
    expect(stdout).toContain('discarded: 1 malformed');
    expect(stdout).toContain('2,700 tokens in, 180 out, $0.0072');
    expect(stderr).toBe('');
  });

  test('stops before the budget is passed; with a larger one it goes on', async () => {
    const { promptTokens, completionTokens } = estimateOf(define(TOOLS[0]));
    // Enough for one request beside the 960 tokens that another has taken; the names differ by a letter.
    const tokens = String(promptTokens + completionTokens + 960 + 10);
    const first = await withModel(['review', '--tokens', tokens, '--concurrency', '1', ...db]);
    expect(first.exit).toBe(0);
    expect(first.requests).toHaveLength(2);
    expect(first.stdout).toContain('1 tool not asked about');
    const second = await withModel(['review', '--tokens', '900000', ...db]);
    expect(second.requests).toHaveLength(1);
  });

  test('keeps what is done when it is interrupted, and goes on from there', async () => {
    const interrupt = new AbortController();
    const first = await withModel(
      ['review', '--concurrency', '1', ...db],
      (request, index) => {
        if (index === 0) return opinion(request);
        interrupt.abort();
        return 'hang';
      },
      { signal: interrupt.signal },
    );
    expect(first.exit).toBe(130);
    expect(first.stdout).toContain('1 asked');
    const second = await withModel(['review', ...db]);
    expect(second.requests).toHaveLength(2);
  });

  test('a refused key ends it with one line, and is in no output and no table', async () => {
    const refuse = () => apiError(401, `Incorrect API key provided: ${KEY}`);
    const refused = await withModel(['review', '--concurrency', '1', ...db], refuse);
    expect(refused.exit).toBe(2);
    expect(refused.requests).toHaveLength(1);
    expect(refused.stderr.match(/\n/g)).toHaveLength(1);
    expect(refused.stderr).toContain('OPENAI_API_KEY');
    const told = await withModel(['review', ...db], () => apiError(400, `You sent ${KEY}`));
    const good = await withModel(['review', '--json', ...db]);
    for (const { stdout, stderr } of [refused, told, good]) expect(stdout + stderr).not.toContain(KEY);
    expect(filesUnder(join(folder, 'db')).filter((file) => readFileSync(file).includes(KEY))).toEqual([]);
  });

  test('waits as long as the server asks', async () => {
    const busy = apiError(429, 'slow down', { headers: { 'retry-after-ms': '20' } });
    const { requests, stdout } = await withModel(['review', '--concurrency', '1', ...db], (request, index) =>
      index % 2 === 0 ? busy : opinion(request),
    );
    expect(requests).toHaveLength(6);
    expect(stdout).toContain('3 asked');
  });

  test("a model's words are made visible before they are printed", async () => {
    const reason = '\u001b[2Jcleared \u202e reversed';
    await withModel(['review', ...db], (request) => opinion(request, { reason }));
    const { stdout } = await runCli(['show', 'things', 'gizmo', ...db]);
    expect(stdout).toContain('cleared');
    for (const hidden of ['\u001b', '\u202e']) expect(stdout).not.toContain(hidden);
  });

  test('shows a running total on a terminal', async () => {
    const { stderr } = await withModel(['review', ...db], undefined, { isTerminal: true });
    expect(stderr).toContain('2,700 tokens in');
    expect(stderr.endsWith('\r\u001b[K')).toBe(true);
  });

  test.each([
    ['no key', [], { OPENAI_API_KEY: '', OPENAI_BASE_URL: '' }, 'OPENAI_API_KEY'],
    ['a key that is none', [], { OPENAI_API_KEY: 'two words' }, 'OPENAI_API_KEY'],
    ['an address that is none', [], { OPENAI_BASE_URL: 'localhost' }, 'OPENAI_BASE_URL'],
    ['no model', [], { OPENAI_MODEL: '' }, '--model'],
    ['a budget without prices', ['--budget', '1'], {}, '--price-in'],
    ['one price', ['--price-in', '1'], {}, '--price-out'],
    ['tokens that are none', ['--tokens', 'many'], {}, '--tokens'],
    ['nobody to ask', ['--concurrency', '0'], {}, '--concurrency'],
    ['two things at once', ['--batch', 'a', '--apply', 'b'], {}, '--apply'],
    ['a file that is not there', ['--apply', 'missing.jsonl'], {}, 'missing.jsonl'],
    ['a folder that is not there', ['--batch', 'missing/a.jsonl'], {}, 'missing/a.jsonl'],
    ['a server that is not there', ['nowhere'], {}, 'nowhere'],
  ])('refuses %s', async (_, args, env, word) => {
    const { exit, stderr, requests } = await withModel(['review', ...args, ...db], undefined, { env });
    expect(exit).toBe(2);
    expect(stderr).toContain(word);
    expect(requests).toHaveLength(0);
  });
});

describe('a batch', () => {
  test('is written, answered elsewhere and applied', async () => {
    const noKey = { env: { OPENAI_API_KEY: '', OPENAI_BASE_URL: '' } };
    const written = await withModel(['review', '--batch', 'ask.jsonl', '--json', ...db], undefined, noKey);
    expect(JSON.parse(written.stdout)).toMatchObject({ files: ['ask.jsonl'], requests: 3 });
    const lines = readFileSync(join(folder, 'ask.jsonl'), 'utf8').trimEnd().split('\n');

    const results = lines.map((line, index) => {
      const { custom_id, body } = JSON.parse(line);
      const request = { path: '', headers: {}, body };
      if (index === 2) return { custom_id, response: { status_code: 500, body: {} }, error: null };
      const reply = opinion(request);
      return {
        custom_id,
        response: { status_code: 200, body: typeof reply === 'object' && reply.body },
        error: null,
      };
    });
    const stranger = { ...results[0], custom_id: 'of-another-model' };
    const file = join(folder, 'answers.jsonl');
    writeFileSync(file, [...results, stranger].map((each) => `${JSON.stringify(each)}\n`).join(''));
    const applied = await withModel(['review', '--apply', file, '--json', ...db], undefined, noKey);
    expect(applied.exit).toBe(0);
    expect(JSON.parse(applied.stdout)).toMatchObject({
      wanted: 3,
      outcomes: { raised: 2 },
      failed: { rejected: 1 },
      resultsWithoutTool: 1,
      spent: { promptTokens: 1_800 },
    });
    expect([...written.requests, ...applied.requests]).toHaveLength(0);
    expect(await shown(nameIn(lines[0]))).toMatchObject({ review: { outcome: 'raised' } });

    // What came from the batch is not asked again, now or in a second batch.
    const rest = await withModel(['review', '--batch', 'rest.jsonl', '--json', ...db], undefined, noKey);
    expect(JSON.parse(rest.stdout)).toMatchObject({ requests: 1 });
    expect((await withModel(['review', ...db])).requests).toHaveLength(1);
    const none = await withModel(['review', '--batch', 'none.jsonl', ...db], undefined, noKey);
    expect(none.stdout).toContain('nothing to ask');
    expect(readdirSync(folder).filter((name) => /none|partial/.test(name))).toEqual([]);
  });

  test('does not hold the key', async () => {
    await withModel(['review', '--batch', 'ask.jsonl', ...db]);
    expect(readFileSync(join(folder, 'ask.jsonl'), 'utf8')).not.toContain(KEY);
  });
});

describe('catalogue scan --review', () => {
  const fake = ['--', process.execPath, join(ROOT, 'test/fixtures/servers/noise.ts')];

  test('stores and prints the second opinion with the scan', async () => {
    const scan = await withModel(['scan', '--review', '--sandbox', 'none', '--json', ...db, ...fake]);
    expect(scan.exit).toBe(0);
    const [server] = JSON.parse(scan.stdout).servers;
    expect(server.tools).toMatchObject([{ name: 'one', risk: 'critical', review: { outcome: 'raised' } }]);
    expect(scan.stderr).toContain('1 asked');
    // A later scan without it asks nobody and forgets nothing.
    const later = await withModel(['scan', '--sandbox', 'none', ...db, ...fake]);
    expect(later.requests).toHaveLength(0);
    const view = await runCli(['list', '--json', ...db]);
    const { servers } = JSON.parse(view.stdout);
    expect(servers.find(({ label }: { label: string }) => label !== 'things')).toMatchObject({ critical: 1 });
  });

  test('without --review nobody is asked, whatever the environment holds', async () => {
    const { requests, exit } = await withModel(['scan', '--sandbox', 'none', '--no-save', ...fake]);
    expect([requests.length, exit]).toEqual([0, 0]);
  });

  test('a target right behind it stays a target', async () => {
    const file = join(folder, 'mcp.json');
    const [, command, ...args] = fake;
    writeFileSync(file, JSON.stringify({ mcpServers: { noise: { command, args } } }));
    const { exit, requests } = await withModel(['scan', '--no-save', '--sandbox', 'none', '--review', file]);
    expect([exit, requests.length]).toEqual([0, 1]);
  });

  test('a refused key costs the second opinion, and not the scan', async () => {
    const refuse = () => apiError(401, 'bad key');
    const { exit, stdout, stderr } = await withModel(
      ['scan', '--review', '--sandbox', 'none', ...db, ...fake],
      refuse,
    );
    expect(exit).toBe(2);
    expect(stdout).toContain('Policy: catalogue export');
    expect(stderr).toContain('OPENAI_API_KEY');
  });

  test('says at once that the key is missing', async () => {
    const { exit, stderr } = await runCli(['scan', '--review', '--review-model', 'm', '--no-save', ...fake]);
    expect([exit, stderr]).toEqual([2, expect.stringContaining('OPENAI_API_KEY')]);
  });
});

function nameIn(line = ''): string {
  const user = JSON.parse(line).body.messages[1].content;
  return JSON.parse(/^\{.*\}$/m.exec(user)?.[0] ?? '{}').name;
}

function filesUnder(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
