import { createHash } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Catalogue, openCatalogue } from '../../catalogue/catalogue.ts';
import { openSharedState, type SharedState } from '../../catalogue/gateway-state.ts';
import { packVerdict } from '../../catalogue/verdicts.ts';
import { APPROVAL_TERMS } from '../../gateway/approvals-file.ts';
import { createPostgresDatabase, type TestPlace } from '../support/engines.ts';
import { explainingSettings, openPlanLog, type PlanLog, scannedTables } from '../support/plan-log.ts';
import { failedScanOf, scanOf } from '../support/scans.ts';

/**
 * Every statement of the catalogue's public methods, as PostgreSQL executes it on tables that are large enough for an
 * index to pay: none may read a large table from the first row to the last.
 */

const SERVERS = 2_500;
const TOOLS_EACH = 12;
const SCANS_EACH = 5;

/** All that grow with servers, tools or scans. */
const LARGE = [
  'servers',
  'origins',
  'texts',
  'tool_versions',
  'listings',
  'listing_tools',
  'scans',
  'classifications',
  'reviews',
  'current_tools',
  'search_words',
  'gateway_steps',
];

const NOW = new Date('2026-03-01T00:00:00Z');
const LIST = { name: 'list_notes', description: 'List all notes.', inputSchema: { type: 'object' } };
const SCAN = scanOf('plans', [LIST]);
/** As many servers as are asked for at once. */
const PAGE = Array.from({ length: 100 }, (_, n) => `plan-${n + 1}`);
const HASH_7 = createHash('sha256').update('7').digest('hex');

let place: TestPlace & { location: { url: string } };
let log: PlanLog;
let catalogue: Catalogue;
let gateway: SharedState;

beforeAll(async () => {
  place = await createPostgresDatabase();
  const open = (url: string) =>
    openCatalogue({ location: { url }, classifierVersion: '1.0.0', now: () => NOW });
  await (await open(place.location.url)).close();
  const name = new URL(place.location.url).pathname.slice(1);
  const admin = postgres(place.location.url, { max: 1, onnotice: () => {} });
  await admin.unsafe(fillSql());
  await admin.unsafe('analyze');
  await admin.unsafe(explainingSettings(name));
  await admin.end();
  log = await openPlanLog(place.location.url);
  catalogue = await open(log.url);
  gateway = await openSharedState(log.url, APPROVAL_TERMS, () => NOW);
  log.take();
});
afterAll(async () => {
  await catalogue.close();
  await gateway.counters.close();
  await gateway.approvals.close();
  log.close();
  await place.remove();
});

const drain = async (items: AsyncIterable<unknown>) => {
  for await (const _ of items);
};

const rules = judged();

function judged() {
  const [verdict] = SCAN.classifications;
  if (verdict === undefined) throw new Error('nothing was judged');
  return verdict;
}

/** A call of each method that asks the database, so that a method which is added must be added here. */
const CALLS: Record<Exclude<keyof Catalogue, 'close'>, () => Promise<unknown>> = {
  save: async () => {
    await catalogue.save(SCAN);
    await catalogue.save(failedScanOf('plans', '2026-01-03T00:00:00.000Z'));
  },
  saveInCrawl: async () =>
    catalogue.saveInCrawl([scanOf('plan 7', [LIST], '2026-02-01T00:00:00.000Z')], await pass()),
  saveOrigin: () => catalogue.saveOrigin(SCAN.crawl.target),
  beginCrawl: () => catalogue.beginCrawl('plans', 'all'),
  endCrawl: async () => catalogue.endCrawl(await pass()),
  withOutcome: async () => catalogue.withOutcome(await pass(), ['npm:plan 7']),
  outcomesOf: async () => catalogue.outcomesOf([await pass()]),
  loadSourceState: () => catalogue.loadSourceState('plans', 'all'),
  saveSourceState: () => catalogue.saveSourceState('plans', 'all', {}),
  reviews: async () => {
    const cache = catalogue.reviews('model', '1');
    await cache.get(HASH_7);
  },
  saveReviewed: () =>
    catalogue.saveReviewed([{ rules, reviewed: { ...rules, risk: 'high', classifierVersion: 'next' } }]),
  currentTools: () => drain(catalogue.currentTools('plan-7')),
  countOutcomes: () => catalogue.countOutcomes(),
  serverNames: () => catalogue.serverNames(),
  view: () => catalogue.view('plan-7'),
  search: async () => {
    const { after = '' } = await catalogue.search({ words: 'common' });
    await catalogue.search({ words: 'common', after });
    await catalogue.search({});
    await catalogue.search({ words: 'rare7' });
    await catalogue.search({ words: 'common rare7', risks: ['low'] });
    await catalogue.search({ words: 'comm' });
    await catalogue.search({ words: 'comon' });
    await catalogue.search({ categories: ['Read'], signals: ['url-input'], origin: 'npm' });
    await catalogue.search({ words: 'common', server: 'plan-7' });
  },
  refreshSearch: () => catalogue.refreshSearch(),
  servers: () => drain(catalogue.servers()),
  revisions: () => drain(catalogue.revisions()),
  sheets: () => catalogue.sheets(PAGE),
  listedNames: () => catalogue.listedNames(PAGE),
  newestChanges: () => catalogue.newestChanges(200),
  history: () => catalogue.history('plan-7', { limit: 20 }),
  diff: () => catalogue.diff('plan-7', {}),
  definitions: () => catalogue.definitions([HASH_7]),
  reclassify: () => drain(catalogue.reclassify({ dryRun: true, limit: 500 })),
  dump: () => catalogue.dump((dump) => drain(dump.chunks(() => {}))),
  import: importOther,
  prune: () => catalogue.prune({ before: NOW, dryRun: true, signal: new AbortController().signal }),
};

/** Statements that read everything, once, because everything is what they are about: no page and no person waits. */
const WHOLE: Partial<Record<string, RegExp>> = {
  revisions: /with listed as/,
  countOutcomes: /with newest as/,
  // As many servers at once as a test has.
  import: /update servers/,
  dump: /select count\(\*\) from crawls|from reviews/,
  prune: /with repeated as/,
};

async function pass(): Promise<number> {
  return (await catalogue.beginCrawl('plans', 'all')).id;
}

/** A dump of a catalogue with one server. */
async function importOther() {
  const other = await createPostgresDatabase();
  const open = { location: other.location, classifierVersion: '1.0.0', now: () => NOW };
  const from = await openCatalogue(open);
  await from.save(scanOf('other', [LIST]));
  const chunks = await from.dump((dump) => Array.fromAsync(dump.chunks(() => {})));
  await from.close();
  await other.remove();
  const bytes = async function* () {
    for (const chunk of chunks) yield Buffer.from(chunk);
  };
  await catalogue.import(bytes(), { name: 'other' });
}

const CALLER = { grant: 'g', session: 's', server: 's' };
const LIMIT = { counter: 'calls', window: 'hour', max: 5, scope: 'grant' } as const;
const REQUEST = { fingerprint: HASH_7, caller: CALLER, tool: 't', args: {}, rule: 'r', message: 'm' };

const GATEWAY_CALLS: Record<string, () => Promise<unknown>> = {
  'a call that is counted': () =>
    gateway.counters.reserve(CALLER, 't', [{ limit: LIMIT, amount: 1 }], NOW.getTime()),
  'a call that waits for approval': () => gateway.approvals.take(REQUEST, NOW.getTime()),
  'the approvals that can be given': () => gateway.approvals.list(NOW.getTime(), 'live'),
  'an approval': () => gateway.approvals.approve('id 50', 'A. Person', NOW.getTime()),
};

test.each(Object.entries({ ...CALLS, ...GATEWAY_CALLS }))(
  '%s reads no large table row by row',
  async (method, call) => {
    log.take();
    await call();
    const executed = log.take();
    expect(executed.length, `${method} asked the database nothing`).toBeGreaterThan(0);
    const whole = WHOLE[method];
    const breaches = executed.flatMap(({ query, plan }) => {
      const tables = whole?.test(query) ? [] : scannedTables(plan).filter((table) => LARGE.includes(table));
      return tables.length === 0
        ? []
        : [`${tables.join(', ')}: ${query}\n${JSON.stringify(plan, undefined, 1)}`];
    });
    expect(breaches.join('\n\n')).toBe('');
  },
);

/** Something like the hash of a value, in SQL. */
function hash(value: string): string {
  return `encode(sha256((${value})::text::bytea), 'hex')`;
}

/** The tables, as crawls would have filled them: two lists a server, one after the other. */
function fillSql(): string {
  const quoted = (value: string) => `'${value.replaceAll("'", "''")}'`;
  const text = (value: unknown) => quoted(JSON.stringify(value));
  const packed = quoted(packVerdict(rules));
  const { crawl } = SCAN;
  const details = { context: crawl.context, serverInfo: {}, rejected: [], warnings: [] };
  return `
    insert into servers (key, slug, label, first_seen_at)
      select 'npm:plan ' || n, 'plan-' || n, 'plan ' || n, '2026-01-01' from generate_series(1, ${SERVERS}) n;
    insert into origins (server_id, source, ref, first_seen_at)
      select id, 'npm', key, first_seen_at from servers;
    insert into texts (hash, body)
      select ${hash(`'details ' || n`)}, ${text(details)} from generate_series(1, ${SERVERS}) n;
    insert into texts (hash, body)
      select ${hash(`'target ' || n`)}, replace(${text(crawl.target)}, 'plans', 'plan ' || n) from generate_series(1, ${SERVERS}) n;
    insert into tool_versions (hash, name, wire)
      select ${hash('n')}, 'common_' || n, json_build_object('name', 'common_' || n,
        'description', 'Returns rare' || n, 'inputSchema', json_build_object('type', 'object'))::text
      from generate_series(1, ${SERVERS * TOOLS_EACH}) n;
    insert into listings (hash, tool_count)
      select ${hash(`'list ' || n`)}, ${TOOLS_EACH} / 2 * (1 + n % 2) from generate_series(1, ${SERVERS * 2}) n;
    insert into listings (hash, tool_count)
      select ${hash(`'other ' || n`)}, 0 from generate_series(1, 60000) n;
    insert into listing_tools (listing_id, position, tool_hash)
      select l.id, p, ${hash(`(((l.id - 1) / 2) * ${TOOLS_EACH} + p + 1)`)}
      from listings l cross join lateral generate_series(0, l.tool_count - 1) p;
    insert into crawls (source, ref, started_at)
      select 'plans', case when n % 2 = 0 then 'all' else 'old' end, '2026-01-01' from generate_series(1, 50) n;
    insert into crawl_ends (crawl_id, ended_at) select id, '2026-01-02' from crawls where id <= 49;
    insert into scans (server_id, crawl_id, observed_at, duration_ms, status, target_hash, details_hash, listing_id, replaces_id)
      select s.id, n + 10, '2026-01-01'::timestamptz + n * interval '1 day', 5, 'complete', ${hash(`'target ' || s.id`)},
        ${hash(`'details ' || s.id`)}, s.id * 2 - (n % 2), case when n > 1 then s.id * 2 - ((n + 1) % 2) end
      from servers s cross join generate_series(1, ${SCANS_EACH}) n;
    insert into judges (classifier_version, signal_set_hash, reviewer, signals)
      select ${quoted(rules.classifierVersion)}, ${quoted(rules.signalSetHash)}, ${quoted(rules.reviewer)},
        array(select json_array_elements_text(${text(rules.findings.map(({ signal }) => signal))}));
    insert into classifications (tool_hash, judge_id, category, risk, confidence, destructive, financial, signals, verdict, judged_at)
      select hash, (select min(id) from judges), 'Read', 'low', 'high', false, false, '{}', ${packed}, '2026-01-01'
      from tool_versions;
    insert into reviews (tool_hash, model, prompt_version, answer, prompt_tokens, completion_tokens, reviewed_at)
      select hash, 'other', '1', '{}', 1, 1, '2026-01-01' from tool_versions;
    insert into current_tools (server_id, position, classification_id, name, name_words, risk_rank, search)
      select s.id, g.position, c.id, v.name, 2, 3,
        array_to_tsvector(array['common', '=2common', v.name, 'rare' || substr(v.name, 8), '/risk=low',
          '/category=Read', '/origin=npm', '/words=2', '/at=32'])
      from servers s join listing_tools g on g.listing_id = s.id * 2 - 1
      join tool_versions v on v.hash = g.tool_hash join classifications c on c.tool_hash = v.hash;
    insert into search_words (word) select 'word' || n from generate_series(1, 20000) n union select 'common';
    insert into gateway_steps (counter, step, amount, ends)
      select 'counter ' || n, n, 1, 4000000000000 from generate_series(1, 20000) n;
    insert into gateway_approvals (id, state, fingerprint, server, "grant", session, tool, arguments, cut, rule, message, asked_at, expires_at)
      select 'id ' || n, case when n % 50 = 0 then 'pending' else 'used' end, 'print ' || n, 's', 'g', 's', 't', '{}', false, 'r', 'm', 0, n
      from generate_series(1, 500) n;
    insert into search_backlog (server_id) select id from servers where id <= 3;`;
}
