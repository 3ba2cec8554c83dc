import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Catalogue, openCatalogue } from '../../catalogue/catalogue.ts';
import type { SearchAnswer, SearchQuery } from '../../catalogue/search-contract.ts';
import { ENGINES, type TestPlace } from '../support/engines.ts';
import { HOSTILE_NAMES, HOSTILE_TOOLS } from '../support/hostile-tools.ts';
import { scanOf } from '../support/scans.ts';

function tool(name: string, description = '', properties: Record<string, unknown> = {}) {
  return { name, description, inputSchema: { type: 'object', properties } };
}

const SERVERS: Record<string, unknown[]> = {
  code: [
    tool('search_repositories', 'Find repositories by their topic.'),
    tool('delete_repository', 'Deletes a repository for ever. This cannot be undone.'),
    tool('listIssues', 'Lists the issues of a repository.', { repository: { type: 'string' } }),
    tool('x', 'Returns the coordinate.'),
  ],
  shell: [
    tool('run', 'Runs a shell command on the host.', { command: { type: 'string' } }),
    tool('café_menu', 'Reads the menu of a café.'),
    tool("it's", 'Quotes what was said.'),
  ],
  languages: [
    tool('天気予報', '東京の天気を調べます。'),
    tool('发送邮件', '向收件人发送电子邮件。'),
    tool('ค้นหา', 'ค้นหาร้านอาหาร'),
  ],
  hostile: HOSTILE_TOOLS as unknown[],
};

const names = ({ hits }: SearchAnswer) => hits.map(({ definition }) => definition.name);

describe.each(ENGINES)('search on $engine', ({ create }) => {
  let place: TestPlace;
  let catalogue: Catalogue;

  beforeAll(async () => {
    place = await create();
    const corrections = mkdtempSync(join(tmpdir(), 'catalogue-corrections-'));
    catalogue = await openCatalogue({
      location: place.location,
      classifierVersion: '1.0.0',
      now: () => new Date('2026-01-03T00:00:00Z'),
      corrections: { path: corrections, required: true },
    });
    for (const [label, tools] of Object.entries(SERVERS)) await catalogue.save(scanOf(label, tools));
    const run = (await catalogue.view('shell')).servers[0]?.tools.find(
      ({ definition }) => definition.name === 'run',
    );
    const entry = { server: 'shell', tool: 'run', hash: run?.definition.hash };
    const says = { category: 'Read', risk: 'low', reason: 'It only looks.', by: 'A. Person' };
    writeFileSync(join(corrections, 'a.yaml'), JSON.stringify([{ ...entry, ...says }]));
  });
  afterAll(async () => {
    await catalogue.close();
    await place.remove();
  });

  test.each<[string, SearchQuery, string[]]>([
    ['a word of a name', { words: 'issues' }, ['listIssues']],
    ['a word in another form', { words: 'quoting' }, ["it's"]],
    ['a parameter', { words: 'command' }, ['run']],
    ['all words, wherever they stand', { words: 'repository topic' }, ['search_repositories']],
    ['no tool without one of them', { words: 'repository menu' }, []],
    [
      'words in the name before words in the text',
      { words: 'repository' },
      ['delete_repository', 'search_repositories', 'listIssues'],
    ],
    [
      'the beginning of a word',
      { words: 'repo' },
      ['delete_repository', 'search_repositories', 'listIssues'],
    ],
    ['whole words and the beginning of one', { words: 'lists repo' }, ['listIssues']],
    ['a name of one letter', { words: 'x', server: 'code' }, ['x']],
    ['accents or none', { words: 'CAFE' }, ['café_menu']],
    ['a quote', { words: "it's" }, ["it's"]],
    ['operators as text', { words: "issues & ! | :* <-> ( 'repository" }, ['listIssues']],
    ['the NUL character as a blank', { words: 'shell\0host' }, ['run']],
    ['Japanese', { words: '天気' }, ['天気予報']],
    ['Japanese text', { words: '東京' }, ['天気予報']],
    ['Chinese', { words: '邮件' }, ['发送邮件']],
    ['Thai', { words: 'ร้านอาหาร' }, ['ค้นหา']],
    ['nothing but marks', { words: '&& !!' }, []],
    ['a word without end', { words: 'y'.repeat(10_000) }, []],
    ['a filter by risk', { words: 'repository', risks: ['critical'] }, ['delete_repository']],
    ['any of several risks', { risks: ['critical'], server: 'code' }, ['delete_repository']],
    [
      'all of several signals',
      { signals: ['destructive-effect', 'irreversible'], server: 'code' },
      ['delete_repository'],
    ],
    ['a signal that is no signal', { signals: ["x' | 'y"] }, []],
    ['one server', { words: 'repository', server: 'shell' }, []],
    ['a source', { words: 'menu', origin: 'npm' }, ['café_menu']],
    ['another source', { words: 'menu', origin: "' \0 \\" }, []],
  ])('finds %s', async (_, query, expected) => {
    expect(names(await catalogue.search(query))).toEqual(expected);
  });

  test.each([
    ['letters that changed places', 'serach', 'search', 'search_repositories'],
    ['a letter too few', 'repositry', 'repository', 'delete_repository'],
    ['the middle of a word', 'ssue', 'issues', 'listIssues'],
  ])('puts a word right: %s', async (_, word, as, first) => {
    const answer = await catalogue.search({ words: word });
    expect(answer.respelt).toEqual([{ word, as }]);
    expect(names(answer)[0]).toBe(first);
  });

  test('says of a word like no other that nothing has it, and finds nothing', async () => {
    const answer = await catalogue.search({ words: 'repository qqqqqqqq menu' });
    expect(answer).toMatchObject({ hits: [], respelt: [{ word: 'qqqqqqqq' }] });
  });

  test('lists the riskiest first where there is no word', async () => {
    const { hits } = await catalogue.search({ server: 'code' });
    expect(hits.map(({ classification }) => classification.risk)).toEqual(['critical', 'low', 'low', 'low']);
  });

  test.each<[string, SearchQuery]>([
    ['words', { words: 'repo' }],
    ['filters', { categories: ['Read', 'Write', 'Execute'] }],
    ['nothing', {}],
    ['a server', { server: 'hostile' }],
  ])('pages through what %s finds, each tool once and in the order of one answer', async (_, query) => {
    const whole = await catalogue.search({ ...query, limit: 500 });
    expect(whole.after).toBeUndefined();
    const paged: string[] = [];
    let after: string | undefined;
    do {
      const answer = await catalogue.search({ ...query, limit: 2, ...(after !== undefined && { after }) });
      paged.push(...names(answer));
      after = answer.after;
    } while (after !== undefined);
    expect(paged).toEqual(names(whole));
    expect(paged.length).toBeGreaterThan(2);
  });

  test('every hostile tool can be listed, as it was sent', async () => {
    const { hits } = await catalogue.search({ server: 'hostile', limit: 500 });
    expect(hits.map(({ definition }) => definition.name).toSorted()).toEqual(HOSTILE_NAMES.toSorted());
  });

  test.each<[string, SearchQuery, RegExp]>([
    ['text that is no cursor', { words: 'repo', after: 'eyJ4' }, /not what a search gave/],
    ['a server that is not there', { server: "' or \0" }, /no server/],
    [
      'more words than a person types',
      { words: Array.from({ length: 2_000 }, (_, n) => `w${n}`).join(' ') },
      /at most \d+ words/,
    ],
  ])('refuses %s', async (_, query, message) => {
    await expect(catalogue.search(query)).rejects.toThrow(message);
  });

  test('refuses to go on with another query', async () => {
    const { after = '' } = await catalogue.search({ words: 'repo', limit: 1 });
    await expect(catalogue.search({ words: 'menu', limit: 1, after })).rejects.toThrow(/another search/);
  });

  test('what a person corrected is found by what the person said, in its place', async () => {
    const [hit] = (await catalogue.search({ words: 'shell', risks: ['low'], categories: ['Read'] })).hits;
    expect(hit).toMatchObject({
      definition: { name: 'run' },
      classification: { risk: 'low', category: 'Read', reviewer: 'A. Person' },
    });
    expect(names(await catalogue.search({ words: 'shell', risks: ['high', 'critical'] }))).toEqual([]);
    const all = names(await catalogue.search({ server: 'shell' }));
    expect(all).toHaveLength(3);
    const page = await catalogue.search({ server: 'shell', limit: 1 });
    const { after = '' } = page;
    const rest = await catalogue.search({ server: 'shell', after });
    expect([...names(page), ...names(rest)]).toEqual(all);
  });
});
