import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { PolicyDocument } from '../../policy/contract.ts';
import { evaluate, type ToolCall } from '../../policy/evaluate.ts';
import { parsePolicy } from '../../policy/parse.ts';
import { recommend } from '../../policy/recommend.ts';
import { targets } from '../../policy/targets/index.generated.ts';
import { briefOf, type ToolBrief } from '../../site/brief.ts';
import { type Decision, type Draft, documentOf, EMPTY_DRAFT } from '../../site/builder/draft.ts';
import { draftFromQuery, draftToQuery, isTooLong } from '../../site/builder/link.ts';
import { fileFor, filesOf, matchServers, namedFiles } from '../../site/builder/names.ts';
import { ruleWords } from '../../site/builder/rule-words.ts';
import { outlineOf } from '../../site/outline.ts';
import { exportPolicy, isShaped } from '../../site/policy-export.ts';
import { awkward, HIDDEN_NAME, hostile, opinionated, seeds } from './samples.ts';
import { sheetsOf } from './view.ts';

const FETCHER = {
  label: 'fetcher',
  tools: [
    {
      name: 'fetch_page',
      description: 'Fetches the page at a URL.',
      inputSchema: { type: 'object', properties: { url: { type: 'string' } }, required: ['url'] },
    },
    { name: '*', description: 'Deletes all records permanently.', inputSchema: { type: 'object' } },
    { name: '__proto__', description: 'Sends a message.', inputSchema: { type: 'object' } },
    { name: HIDDEN_NAME, description: 'Creates a note.', inputSchema: { type: 'object' } },
    { name: 'Fetch_Page', description: 'Lists pages.', inputSchema: { type: 'object' } },
  ],
};

const sheets = sheetsOf([...seeds, ...awkward, hostile, opinionated, FETCHER]);

function toolsOf(label: string): ToolBrief[] {
  const sheet = sheets.find((each) => each.label === label);
  if (sheet === undefined) throw new Error(`no server ${label}`);
  return briefOf(outlineOf(sheet)).tools;
}

const fetcher = toolsOf('fetcher');

function draftOf(decisions: Record<string, Decision>, rest: Partial<Draft> = {}): Draft {
  return { ...EMPTY_DRAFT, decisions: new Map(Object.entries(decisions)), ...rest };
}

/** What comes of a call, counters at zero. */
function outcome(document: PolicyDocument, tool: string, args: ToolCall['args'] = {}, used = 0): string {
  return evaluate(document, { tool, args }, () => used).outcome;
}

function reparsed(document: PolicyDocument): PolicyDocument {
  const parsed = parsePolicy(JSON.stringify(document));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.document;
}

describe('without a decision', () => {
  test.each(sheets.filter(({ tools }) => tools.length > 0).map((sheet) => [sheet.label, sheet] as const))(
    'every export of %s is what the command line writes',
    (label, sheet) => {
      const judged = sheet.tools.map(
        ({ definition: { name, description, inputSchema }, classification }) => ({
          name,
          description,
          inputSchema,
          classification,
        }),
      );
      for (const target of targets) {
        const shaped = isShaped(target);
        const context = { serverName: sheet.slug, tools: judged.map(({ name }) => name) };
        const ours = exportPolicy(documentOf(toolsOf(label), EMPTY_DRAFT, shaped), target, context);
        const theirs = exportPolicy(recommend(judged, { shaped }), target, context);
        expect(ours, target.id).toEqual(theirs);
      }
    },
  );
});

describe('a decision', () => {
  const url = { url: 'https://example.org/' };
  const names = fetcher.map(({ name }) => name);
  const cases: [Decision, string, string][] = [
    [{ choice: 'allow' }, 'allow', 'allow'],
    [{ choice: 'ask' }, 'ask', 'ask'],
    [{ choice: 'deny' }, 'deny', 'deny'],
    [{ choice: 'hide' }, 'deny', 'deny'],
    [{ choice: 'limit', max: 7, window: 'hour' }, 'allow', 'deny'],
    [{ choice: 'limit', max: 0, window: 'day' }, 'deny', 'deny'],
  ];
  for (const name of names) {
    test.each(cases)(`%j of ${JSON.stringify(name)} is what the gateway does`, (decision, first, usedUp) => {
      const document = reparsed(documentOf(fetcher, draftOf({}, { decisions: new Map([[name, decision]]) })));
      expect(outcome(document, name, url)).toBe(first);
      expect(outcome(document, name, url, 7)).toBe(usedUp);
      // No other tool is any better or worse off.
      const before = documentOf(fetcher, EMPTY_DRAFT);
      for (const other of names.filter((each) => each !== name)) {
        expect(ruleWords(document, other)).toBe(ruleWords(before, other));
      }
    });
  }

  it('hides a tool, and only that', () => {
    const document = documentOf(fetcher, draftOf({ fetch_page: { choice: 'hide' } }));
    expect(document.hide).toEqual(['fetch_page']);
    expect(outcome(document, 'Fetch_Page')).not.toBe('deny');
  });

  it('keeps the rules about arguments, unless told otherwise', () => {
    const plain = { url: 'http://example.org/' };
    const decided = { fetch_page: { choice: 'allow' } } as const;
    expect(outcome(documentOf(fetcher, draftOf(decided)), 'fetch_page', plain)).toBe('deny');
    const loose = documentOf(fetcher, draftOf(decided, { guards: false }));
    expect(outcome(loose, 'fetch_page', plain)).toBe('allow');
  });

  test.each([Number.NaN, -1, 1.5])('of a limit of %d is refused by the validator, with its place', (max) => {
    const document = documentOf(fetcher, draftOf({ fetch_page: { choice: 'limit', max, window: 'hour' } }));
    const parsed = parsePolicy(JSON.stringify(document));
    expect(parsed.ok ? [] : parsed.faults.map(({ pointer }) => pointer)).toEqual([
      '/tools/fetch_page/limits/0/max',
    ]);
  });
});

describe('a pasted document', () => {
  const base: PolicyDocument = {
    version: '1',
    default: 'allow',
    hide: ['*'],
    methods: { sampling: 'deny' },
    tools: { fetch_page: { deny_if: [{ conditions: [], on_deny: 'no' }] }, gone: { limits: [] } },
  };

  it('is gone on from as it is', () => {
    expect(documentOf(fetcher, { ...EMPTY_DRAFT, base })).toEqual(base);
  });

  it('that hides everything lets through only what is decided', () => {
    const document = reparsed(documentOf(fetcher, draftOf({ fetch_page: { choice: 'allow' } }, { base })));
    expect(document.methods).toEqual({ sampling: 'deny' });
    expect(outcome(document, 'fetch_page')).toBe('allow');
    for (const name of ['*', 'Fetch_Page', '__proto__', HIDDEN_NAME, 'gone', 'tomorrow']) {
      expect(outcome(document, name), name).toBe('deny');
    }
  });
});

describe('the link', () => {
  const choice = fc.oneof(
    fc.constantFrom('allow', 'ask', 'deny', 'hide').map((each) => ({ choice: each }) as Decision),
    fc.record({
      choice: fc.constant('limit' as const),
      max: fc.nat(1000),
      window: fc.constantFrom('minute', 'hour', 'day'),
    }) as fc.Arbitrary<Decision>,
  );

  it('brings back every draft, whatever the tools are called', () => {
    const tools = [...fetcher, ...toolsOf('awkward')];
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...tools), choice)), fc.boolean(), (all, guards) => {
        const draft = { guards, decisions: new Map(all.map(([{ name }, decision]) => [name, decision])) };
        const address = `https://x.example/builder.html?${draftToQuery(draft, tools)}`;
        const back = draftFromQuery(new URL(address).searchParams, tools);
        expect(back.lost).toBe(0);
        expect(documentOf(tools, back.draft)).toEqual(documentOf(tools, draft));
      }),
    );
  });

  test.each([
    ['deny=gone', 1],
    ['limit=7.week.fetch_page', 1],
    ['limit=-1.hour.fetch_page', 1],
    ['limit=.hour.fetch_page', 1],
    ['allow=fetch_page.gone.gone2', 2],
    ['nothing=fetch_page', 0],
  ])('%s loses %d decisions', (query, lost) => {
    expect(draftFromQuery(new URLSearchParams(query), fetcher).lost).toBe(lost);
  });

  it('is too long from some length on', () => {
    expect(isTooLong(`https://x.example/?${'a'.repeat(100)}`)).toBe(false);
    expect(isTooLong(`https://x.example/?${'a'.repeat(3000)}`)).toBe(true);
  });
});

describe('a server is found by name', () => {
  const servers = [
    ['a', 'a', 1],
    ['github-mcp', 'GitHub MCP', 3],
    ['server~1', '高德地图', 2],
    ['z-github', 'Z github', 1],
  ] as const;
  const files = namedFiles(servers);

  test.each([
    ['git', ['github-mcp', 'z-github']],
    ['GITHUB z', ['z-github']],
    ['hub', []],
    ['高德', ['server~1']],
    ['mcp', ['github-mcp']],
  ])('%s', (typed, slugs) => {
    const file = files.get(fileFor(typed) ?? '');
    expect(file ? matchServers(file, typed).found.map(([slug]) => slug) : []).toEqual(slugs);
  });

  it('in some file, whatever it is called', () => {
    for (const [slug, label] of servers) expect(filesOf(slug, label)).not.toEqual([]);
  });
});
