import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ServerOutline, ToolOutline } from '../../site/contract.ts';
import { SEARCH_KEPT } from '../../site/limits.ts';
import { page } from '../../site/pages/search-index.ts';
import { type Load, openFiles } from '../../site/search/files.ts';
import { countsOf, partsOf, readPostings, writePostings } from '../../site/search/postings.ts';
import { type SearchAnswer, type SearchQuery, search } from '../../site/search/search.ts';
import { readShard, writeShard } from '../../site/search/shard.ts';
import { unpack } from '../../site/search/unpack.ts';
import { wordsOf } from '../../site/search/words.ts';
import { awkward, hostile, mailbox, opinionated, seeds } from './samples.ts';
import { type GivenServer, SETTINGS, siteOf } from './view.ts';

/** Asks the files of a built site as the browser does. */
type Ask = (query: SearchQuery, wanted?: number) => Promise<SearchAnswer>;

function asker(load: Load): Ask {
  const files = openFiles(load);
  return async (query, wanted = 12) => search(await files, query, wanted);
}

function loaderOf(files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>): Load {
  return async (path) => {
    const bytes = files.get(path);
    if (bytes === undefined) throw new Error(`${path} is missing`);
    return bytes;
  };
}

/** The search over servers as they are given, judged by the real classifier and written by a real build. */
async function built(given: readonly GivenServer[]): Promise<Ask> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const [path, text] of await siteOf(given)) {
    const encoding = path.endsWith('.gz') ? 'latin1' : 'utf8';
    if (path.startsWith('search/')) files.set(path, new Uint8Array(Buffer.from(text, encoding)));
  }
  return asker(loaderOf(files));
}

/** The files of the search over outlines: for catalogues that are too large to be judged in a test. */
async function filesOf(servers: readonly ServerOutline[]): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  if (page.of !== 'outlines') throw new Error('not an index page');
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  async function* read() {
    yield* servers;
  }
  for await (const { path, contents } of page.files(SETTINGS, read)) {
    files.set(path, new Uint8Array(Buffer.from(contents)));
  }
  return files;
}

function outline(slug: string, tools: readonly Partial<ToolOutline>[]): ServerOutline {
  const at = '2026-11-20T09:30:00.000Z';
  return {
    slug,
    id: `npm:${slug}`,
    label: slug,
    status: 'complete',
    scannedAt: at,
    firstSeenAt: at,
    tokens: 0,
    tools: tools.map((tool, index) => ({
      slug: `tool-${index}`,
      name: `tool_${index}`,
      category: 'Read',
      risk: 'low',
      destructive: false,
      financial: false,
      signals: [],
      about: '',
      ...tool,
    })),
    vanished: [],
  };
}

const tool = (name: string, description = '') => ({ name, description, inputSchema: { type: 'object' } });
const namesOf = ({ hits }: SearchAnswer) => hits.map((hit) => hit.tool.name);
const placesOf = ({ hits }: SearchAnswer) => hits.map((hit) => `${hit.server.label}/${hit.tool.name}`);

describe('the words of a text', () => {
  it.each<[string, string[]]>([
    ['create_issue', ['create', 'issue']],
    ['create-issue.now', ['create', 'issue', 'now']],
    ['createIssue', ['create', 'issue', 'createissue']],
    ['HTTPServer', ['http', 'server', 'httpserver']],
    ['get userIDs', ['get', 'user', 'ids', 'userids']],
    ['S3Bucket x', ['s3', 'bucket', 's3bucket', 'x']],
    ['Ｆｕｌｌ ﬁle', ['full', 'file']],
    ['Résumé ÜBER', ['resume', 'uber']],
    ['查询天气', ['查', '询', '查询', '天', '询天', '气', '天气']],
    ['搜索API', ['搜', '索', '搜索', 'api']],
    ['カタカナー', ['カ', 'タ', 'カタ', 'カ', 'タカ', 'ナ', 'カナ', 'ー', 'ナー']],
    ['서울 날씨', ['서울', '날씨']],
    ['получитьДанные', ['получить', 'данные', 'получитьданные']],
    ['!? …', []],
  ])('%j', (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  it('are the same in ASCII whatever stands beside it', () => {
    const ascii = fc.string({ unit: fc.constantFrom(...'abAB19_ -.…—'), maxLength: 60 });
    fc.assert(
      fc.property(ascii, (text) => {
        expect(wordsOf(`${text} é`)).toEqual([...wordsOf(text), 'e']);
      }),
    );
  });
});

describe('the files of the search', () => {
  const numbers = fc
    .uniqueArray(fc.nat(2_000_000), { maxLength: 600 })
    .map((list) => Int32Array.from(list).sort());

  it('give back the lists that were written, head and rest', () => {
    fc.assert(
      fc.property(fc.tuple(numbers, numbers, numbers), (lists) => {
        const written = writePostings(lists);
        const entry = { word: 'x', counts: countsOf(lists), head: written.head };
        const [read = entry] = readShard(writeShard([entry]));
        const { head, rest } = partsOf(read.counts);
        const heads = readPostings(read.head, head);
        const rests = readPostings(written.rest, rest);
        const again = [0, 1, 2].map((level) => [...(heads[level] ?? []), ...(rests[level] ?? [])]);
        expect(again).toEqual(lists.map((list) => [...list]));
      }),
      { numRuns: 50 },
    );
  });

  it('are not read where their end is missing', async () => {
    const files = await filesOf([outline('one', [{ name: 'create_issue' }])]);
    const whole = gunzipSync(files.get('search/words/0.gz') ?? new Uint8Array());
    files.set('search/words/0.gz', new Uint8Array(whole.subarray(0, whole.length - 1)));
    await expect(asker(loaderOf(files))({ words: 'create' })).rejects.toThrow('ends too early');
  });

  it('are read as they are where the host has unpacked them', async () => {
    const files = await filesOf([outline('one', [{ name: 'create_issue' }])]);
    const unpacked = new Map(
      [...files].map(([path, bytes]) => [
        path,
        path.endsWith('.gz') ? new Uint8Array(gunzipSync(bytes)) : bytes,
      ]),
    );
    expect(namesOf(await asker(loaderOf(unpacked))({ words: 'create' }))).toEqual(['create_issue']);
    await expect(unpack(new Uint8Array([0x1f, 0x8b, 8, 0]))).rejects.toThrow();
  });

  it('are the same bytes for the same catalogue, without a time', async () => {
    const servers = [
      outline('a', [{ name: 'x' }, { about: '天气' }]),
      outline('b', [{ signals: ['url-input'] }]),
    ];
    const [first, second] = [await filesOf(servers), await filesOf(servers)];
    expect(second).toEqual(first);
    for (const [path, bytes] of first) {
      if (path.endsWith('.gz')) expect([...bytes.subarray(4, 10)], path).toEqual([0, 0, 0, 0, 0, 255]);
    }
  });

  it('order nothing by what is said about a tool', async () => {
    const tools = (about: string) =>
      outline('a', [{ name: 'b_file', about }, { name: 'a_file' }, { name: 'file' }]);
    for (const about of ['', 'Aardvark file file file.']) {
      const ask = asker(loaderOf(await filesOf([tools(about)])));
      expect(namesOf(await ask({ words: 'file' }))).toEqual(['file', 'a_file', 'b_file']);
    }
  });

  it('say so where one is missing, and can be asked again', async () => {
    const files = await filesOf([outline('one', [{ name: 'create_issue' }])]);
    const shard = files.get('search/words/0.gz');
    files.delete('search/words/0.gz');
    const ask = asker(loaderOf(files));
    await expect(ask({ words: 'create' })).rejects.toThrow('search/words/0.gz is missing');
    if (shard !== undefined) files.set('search/words/0.gz', shard);
    expect(namesOf(await ask({ words: 'create' }))).toEqual(['create_issue']);
  });

  it('of another version are refused', async () => {
    const load: Load = async () => new TextEncoder().encode('{"format":"another/9"}');
    await expect(openFiles(load)).rejects.toThrow('another version');
  });

  it('hold an empty catalogue', async () => {
    const ask = asker(loaderOf(await filesOf([])));
    expect(await ask({ words: 'anything' })).toMatchObject({ hits: [], total: 0, unknown: ['anything'] });
  });
});

const trackers: readonly GivenServer[] = [
  {
    label: 'GitHub',
    tools: [
      tool('create_issue', 'Creates an issue in a repository.'),
      tool('delete_repository', 'Deletes a repository permanently.'),
      tool('list_pull_requests', 'Lists pull requests.'),
    ],
  },
  {
    label: 'Linear',
    tools: [
      tool('createIssue', 'Files a ticket.'),
      tool('issue', 'Shows one.'),
      tool('issue_create', 'The old way.'),
      tool('bulk_create_issue', 'Many at once.'),
    ],
  },
  {
    label: 'Weather',
    tools: [
      tool('天气查询', '查询城市的天气预报'),
      tool('c', 'Compiles.'),
      tool('add_to_cart', 'Puts a thing into the cart.'),
    ],
  },
  {
    label: 'Helpers',
    tools: [
      tool('remember', 'Remembers what happened to an issue.'),
      tool('fetch_page', 'Fetches it from GitHub.'),
    ],
  },
];

describe('what is found, the best first', async () => {
  const ask = await built(trackers);

  it.each<[string, string, string[]]>([
    [
      'the name itself, then longer names, then descriptions',
      'issue',
      ['issue', 'create_issue', 'createIssue', 'issue_create', 'bulk_create_issue', 'remember'],
    ],
    [
      'the words of a name in their order first',
      'create issue',
      ['create_issue', 'createIssue', 'issue_create', 'bulk_create_issue'],
    ],
    [
      'the other order for the other query',
      'issue_create',
      ['issue_create', 'create_issue', 'createIssue', 'bulk_create_issue'],
    ],
    [
      'camel case like any other',
      'createIssue',
      ['create_issue', 'createIssue', 'issue_create', 'bulk_create_issue'],
    ],
    [
      'the label of the server before descriptions',
      'github',
      ['create_issue', 'delete_repository', 'list_pull_requests', 'fetch_page'],
    ],
    [
      'a label in another spelling',
      'GitHub',
      ['create_issue', 'delete_repository', 'list_pull_requests', 'fetch_page'],
    ],
    [
      'words of name, label and description together',
      'github repository',
      ['delete_repository', 'create_issue'],
    ],
    ['beginnings of the last word', 'github iss', ['create_issue']],
    ['beginnings of any longer word', 'repo github', ['delete_repository', 'create_issue']],
    ['two Chinese characters', '天气', ['天气查询']],
    ['one Chinese character', '气', ['天气查询']],
    ['Chinese words that stand apart elsewhere', '城市天气', ['天气查询']],
    ['Chinese with a blank', '城市 天气', ['天气查询']],
    [
      'one letter as a word before its words',
      'c',
      ['c', 'create_issue', 'createIssue', 'issue_create', 'add_to_cart', 'bulk_create_issue'],
    ],
    ['names with words that say nothing', 'add to cart', ['add_to_cart']],
    ['without the words that say nothing', 'what is an issue for the repository', ['create_issue']],
    ['a word that says nothing where it is all there is', 'to ', ['add_to_cart']],
    ['nothing for nothing', '', []],
    ['nothing for signs', '?!', []],
  ])('%s: %j', async (_, words, names) => {
    expect(namesOf(await ask({ words }))).toEqual(names);
  });

  it.each<[string, string, { typed: string; meant: string }[]]>([
    ['isseu', 'issue', [{ typed: 'isseu', meant: 'issue' }]],
    ['sisue', 'issue', [{ typed: 'sisue', meant: 'issue' }]],
    ['xissue', 'issue', [{ typed: 'xissue', meant: 'issue' }]],
    ['isue', 'issue', [{ typed: 'isue', meant: 'issue' }]],
    ['isssue', 'issue', [{ typed: 'isssue', meant: 'issue' }]],
    ['irsue', 'issue', [{ typed: 'irsue', meant: 'issue' }]],
    [
      'githbu repositroy',
      'github repository',
      [
        { typed: 'githbu', meant: 'github' },
        { typed: 'repositroy', meant: 'repository' },
      ],
    ],
    ['delete_reposiotr', 'delete repository', [{ typed: 'reposiotr', meant: 'repository' }]],
  ])('what was meant by %j, and says so', async (typed, meant, corrected) => {
    const answer = await ask({ words: typed });
    expect(answer.corrected).toEqual(corrected);
    expect(placesOf(answer)).toEqual(placesOf(await ask({ words: meant })).slice(0, answer.hits.length));
    expect(answer.total).toBeGreaterThan(0);
  });

  it('puts a known word right where it fits no other', async () => {
    const ask = await built([...trackers, { label: 'x', tools: [tool('repositary', 'Odd.')] }]);
    const answer = await ask({ words: 'delete repositary' });
    expect(namesOf(answer)).toEqual(['delete_repository']);
    expect(answer.corrected).toEqual([{ typed: 'repositary', meant: 'repository' }]);
  });

  it('names a word that nothing is like', async () => {
    expect(await ask({ words: 'issue qwertyuiop' })).toMatchObject({ total: 0, unknown: ['qwertyuiop'] });
  });

  it('finds every tool by its own name', async () => {
    const begin = (text: string) => text.slice(0, 100);
    const given = [...seeds, ...awkward, hostile, opinionated, mailbox, ...trackers];
    const ask = await built(given);
    for (const { tools } of given) {
      for (const { name } of tools) {
        if (typeof name !== 'string' || wordsOf(name).length === 0) continue;
        const answer = await ask({ words: name }, 1000);
        expect(namesOf(answer).map(begin), JSON.stringify(name)).toContain(begin(name));
      }
    }
  });
});

describe('filters', async () => {
  const ask = await built([...trackers, ...seeds, ...awkward]);

  it('work alone, together, and with words', async () => {
    const critical = await ask({ words: '', risk: 'critical' }, 100);
    expect(critical.total).toBeGreaterThan(1);
    expect(critical.hits.every((hit) => hit.tool.risk === 'critical')).toBe(true);
    expect(namesOf(await ask({ words: 'delete', risk: 'critical' }))).toContain('delete_repository');
    expect(namesOf(await ask({ words: 'delete', risk: 'critical', category: 'Read' }))).toEqual([]);
    const reading = await ask({ words: '', category: 'Read', risk: 'low' }, 100);
    expect(reading.hits.every((hit) => hit.tool.risk === 'low' && hit.tool.category === 'Read')).toBe(true);
    expect(reading.hits.length).toBe(reading.total);
  });

  it('by a signal find the tools that have it', async () => {
    const destructive = await built([
      {
        label: 'w',
        tools: [
          tool('fetch_url', 'Fetches the given URL.'),
          {
            ...tool('get', 'Fetches.'),
            inputSchema: {
              type: 'object',
              properties: { url: { type: 'string', description: 'The URL to fetch.' } },
            },
          },
        ],
      },
    ]);
    expect(namesOf(await destructive({ words: '', signal: 'url-input' }))).toContain('get');
    expect(await destructive({ words: '', signal: 'no-such-signal' })).toMatchObject({ hits: [], total: 0 });
  });
});

describe('a large catalogue', async () => {
  const RARE = 17_017;
  const ENDINGS = ['', 's', 'er', 'ing', 'ed'];
  const tools = Array.from({ length: SEARCH_KEPT + 500 }, (_, index) => ({
    name: `common_${index.toString(36)}${index % 2 === 0 ? '_even' : ''}`,
    slug: `t${index}`,
    ...(index === RARE && { risk: 'critical' as const, signals: ['url-input'] }),
    about: `Walk${ENDINGS[index % ENDINGS.length]}.${index % 1000 === 999 ? ' Seldom said, and so uncommonly.' : ''}`,
  }));
  const files = await filesOf([outline('big', tools)]);
  const ask = asker(loaderOf(files));

  it('says that a list is cut, and how many there are', async () => {
    const answer = await ask({ words: 'common ' });
    expect(answer.hits.length).toBe(12);
    expect(answer).toMatchObject({ total: tools.length, isExact: true, isCut: true, listed: SEARCH_KEPT });
    expect((await ask({ words: 'even' })).isCut).toBe(false);
  });

  it('finds the one tool that a common word and a filter leave', async () => {
    const answer = await ask({ words: 'common', risk: 'critical' });
    expect(answer.hits.map((hit) => hit.tool.slug)).toEqual([`t${RARE}`]);
    expect(await ask({ words: 'even', signal: 'url-input' })).toMatchObject({ total: 0, isExact: true });
  });

  it('finds what two long lists have in common', async () => {
    const answer = await ask({ words: 'even seldom' });
    expect(answer).toMatchObject({ total: 0 });
    expect((await ask({ words: 'seldom' })).total).toBe(50);
    expect((await ask({ words: 'uncommonly seldom' }, 100)).hits.length).toBe(50);
  });

  it('gives more of the same list when it is asked for more', async () => {
    const few = await ask({ words: 'even' }, 12);
    const many = await ask({ words: 'even' }, 1200);
    expect(many.hits.slice(0, 12)).toEqual(few.hits);
    expect(new Set(many.hits.map((hit) => hit.tool.slug)).size).toBe(1200);
    expect(many.total).toBe(tools.length / 2);
  });

  it('counts exactly when more is asked for than the beginnings of long lists can tell', async () => {
    const few = await ask({ words: 'walk' });
    expect(few.isExact).toBe(false);
    expect(few.total).toBeGreaterThanOrEqual(Math.floor(tools.length / ENDINGS.length));
    const many = await ask({ words: 'walk' }, 20_000);
    expect(many).toMatchObject({ total: tools.length, isExact: true, isCut: false });
    const slugs = many.hits.map((hit) => hit.tool.slug);
    expect(slugs.slice(0, few.hits.length)).toEqual(few.hits.map((hit) => hit.tool.slug));
    // The whole word first, then what it begins.
    const exact = slugs.findIndex((slug) => Number(slug.slice(1)) % ENDINGS.length !== 0);
    expect(exact).toBe(tools.length / ENDINGS.length);
  });

  it('finds by one letter without reading all the words with it', async () => {
    let read = 0;
    const load = loaderOf(files);
    const counting = asker(async (path, options) => {
      const bytes = await load(path, options);
      read += bytes.length;
      return bytes;
    });
    const answer = await counting({ words: 'e' });
    expect(answer.total).toBeGreaterThanOrEqual(tools.length / 2);
    expect(namesOf(answer)).toContain('common_e_even');
    expect(read).toBeLessThan(110_000);
  });
});
