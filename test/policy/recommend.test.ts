import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classifyTool } from '../../classifier/classify.ts';
import { readTool } from '../../crawler/definition.ts';
import { evaluate, type ToolCall } from '../../policy/evaluate.ts';
import { explainRecommendation } from '../../policy/explain.ts';
import { parsePolicy, unfilledValues } from '../../policy/parse.ts';
import {
  type JudgedTool,
  PROFILES,
  type Profile,
  recommend,
  recommendWithReasons,
} from '../../policy/recommend.ts';
import { target } from '../../policy/targets/policy-json.ts';
import { HOSTILE_TOOLS } from '../support/hostile-tools.ts';
import { judged } from '../support/judged.ts';
import { SEED_TOOLS } from '../support/seed-tools.ts';

/** A tool as the crawler reads it and the classifier judges it. */
function real(wire: unknown): JudgedTool[] {
  const read = readTool(wire, 0);
  if (!read.ok) return [];
  const { name, description, inputSchema } = read.tool;
  return [{ name, description, inputSchema, classification: classifyTool(read.tool) }];
}

const RECORD = { type: 'object', properties: { id: { type: 'string' } } };
const REAL = [
  ...SEED_TOOLS.map(({ definition: { server: _, ...wire } }) => wire),
  ...HOSTILE_TOOLS,
  { name: 'list_notes', description: 'List all notes.', inputSchema: { type: 'object' } },
  { name: 'delete_note', description: 'Delete a note for ever.', inputSchema: RECORD },
  { name: 'bulk_update', description: 'Update many notes in bulk.', inputSchema: RECORD },
  { name: 'set_user_role', description: 'Admin only: change the role of a user.', inputSchema: RECORD },
  {
    name: 'fetch_page',
    description: 'Fetch a web page.',
    inputSchema: { type: 'object', properties: { url: { type: 'string' } }, required: ['url'] },
  },
  {
    name: 'read_file',
    description: 'Read a file.',
    inputSchema: { type: 'object', properties: { path: { type: 'string' } } },
  },
  {
    name: 'run_query',
    description: 'Run an SQL query.',
    inputSchema: { type: 'object', properties: { sql: { type: 'string' } }, required: ['sql'] },
  },
  {
    name: 'send_payment',
    description: 'Send a payment to a recipient.',
    inputSchema: { type: 'object', properties: { amount: { type: 'number' }, to: { type: 'string' } } },
  },
].flatMap(real);

describe('by risk alone', () => {
  const plain = (tools: JudgedTool[]) => recommend(tools, { shaped: false });

  test.each([
    ['medium', 'create_session', 30],
    ['high', 'maker_start_session', 10],
  ] as const)('limits what has %s risk as the published recommendation does', (risk, name, max) => {
    expect(plain([judged(name, risk)])).toEqual({
      version: '1',
      default: 'deny',
      tools: { [name]: { limits: [{ counter: `${name}_rate`, window: 'minute', max, scope: 'grant' }] } },
    });
  });

  test('allows what has low risk by naming it', () => {
    expect(plain([judged('list_notes', 'low')]).tools).toEqual({ list_notes: {} });
  });

  test('what is critical waits for a person', () => {
    const decision = evaluate(plain([judged('x', 'critical')]), { tool: 'x', args: {} }, () => 0);
    expect(decision).toMatchObject({ outcome: 'ask', message: 'Requires human approval.' });
  });

  test('names every tool once, sorted, and the strictest rule wins where a name stands twice', () => {
    const tools = (['low', 'critical', 'high'] as const).map((risk) => judged('same', risk));
    const policy = plain([...tools, judged('b', 'low'), judged('a', 'low')]);
    expect(Object.keys(policy.tools ?? {})).toEqual(['a', 'b', 'same']);
    expect(policy.tools?.same).toEqual({
      require_approval: [{ conditions: [], on_deny: 'Requires human approval.' }],
    });
  });

  test.each(['__proto__', 'constructor', 'toString', '', '../x', '\u202Eevil'])(
    'a tool called %j has its own rule, which survives writing and reading',
    (name) => {
      const context = { serverName: 's', tools: [name, 'other'] };
      const { text } = target.emit(plain([judged(name, 'high'), judged('other', 'low')]), context);
      const parsed = parsePolicy(text);
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
      const decide = (used: number) => evaluate(parsed.document, { tool: name, args: {} }, () => used);
      expect(decide(9).outcome).toBe('allow');
      expect(decide(10).outcome).toBe('deny');
    },
  );
});

describe('the profiles', () => {
  const POLICIES: Record<string, ReturnType<typeof recommend>> = {
    plain: recommend(REAL, { shaped: false }),
    ...Object.fromEntries(PROFILES.map((profile) => [profile, recommend(REAL, { profile })])),
  };
  const value = fc.oneof(
    fc.constantFrom<unknown>(
      'https://a.example/x',
      'http://a',
      '../x',
      '/etc/passwd',
      'notes.txt',
      'select 1',
      'drop table t',
      null,
      5,
      -1,
    ),
    fc.jsonValue({ maxDepth: 1 }),
  );
  const anyCall: fc.Arbitrary<ToolCall> = fc.record({
    tool: fc.constantFrom(...REAL.map(({ name }) => name), 'new_tool'),
    args: fc.record(
      {
        url: value,
        path: value,
        sql: value,
        amount: value,
        to: value,
        sessions: fc.oneof(value, fc.array(fc.record({ url: value }))),
      },
      { requiredKeys: [] },
    ),
  });
  const STRICTNESS = ['allow', 'ask', 'deny'];

  test.each([
    ['recommended', 'plain'],
    ['strict', 'recommended'],
    ['read-only', 'recommended'],
  ])('%s is nowhere looser than %s, however much of the limits is used', (stricter, looser) => {
    fc.assert(
      fc.property(anyCall, fc.nat({ max: 70 }), (call, used) => {
        const outcome = (name: string) => {
          const policy = POLICIES[name];
          if (policy === undefined) throw new Error(name);
          return STRICTNESS.indexOf(evaluate(policy, call, () => used).outcome);
        };
        expect(outcome(stricter)).toBeGreaterThanOrEqual(outcome(looser));
      }),
      { numRuns: 5_000 },
    );
  });

  test('read-only allows nothing but reads of low risk, asks nobody, and hides the rest', () => {
    const policy = recommend(REAL, { profile: 'read-only' });
    const named = REAL.filter(({ name }) => Object.hasOwn(policy.tools ?? {}, name));
    expect(named.map(({ classification }) => classification.risk)).toEqual(named.map(() => 'low'));
    expect(named.map(({ classification }) => classification.category)).toEqual(named.map(() => 'Read'));
    expect(named.length).toBeGreaterThan(0);
    expect(JSON.stringify(policy)).not.toContain('require_approval');
    expect(new Set([...(policy.hide ?? []), ...named.map(({ name }) => name)])).toEqual(
      new Set(REAL.map(({ name }) => name)),
    );
  });

  test('a hostile tool called * does not hide the others, and is denied', () => {
    const policy = recommend([judged('*', 'critical'), judged('list', 'low')], { profile: 'read-only' });
    expect(evaluate(policy, { tool: 'list', args: {} }, () => 0).outcome).toBe('allow');
    expect(evaluate(policy, { tool: '*', args: {} }, () => 0).outcome).toBe('deny');
  });

  test('only strict leaves values to be filled in', () => {
    const unfilled = (profile: Profile) => unfilledValues(JSON.stringify(POLICIES[profile])).length;
    expect([unfilled('read-only'), unfilled('recommended')]).toEqual([0, 0]);
    expect(unfilled('strict')).toBeGreaterThan(0);
  });

  test.each(PROFILES)('%s gives a document that can be read back', (profile) => {
    const document = recommend(REAL, { profile });
    expect(parsePolicy(JSON.stringify(document))).toEqual({ ok: true, document });
  });
});

describe('the reasons', () => {
  test.each(PROFILES)(
    'under %s every piece of the document has one, and every one names a piece',
    (profile) => {
      const { document, reasons } = recommendWithReasons(REAL, { profile });
      const pieces = [
        ...(document.hide ?? []).map((_, index) => `/hide/${index}`),
        ...Object.entries(document.tools ?? {}).flatMap(([name, rule]) => {
          const at = `/tools/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
          const parts = Object.entries(rule).flatMap(([kind, list = []]) =>
            list.map((_, index) => `${at}/${kind}/${index}`),
          );
          return parts.length === 0 ? [at] : parts;
        }),
      ];
      const given = reasons.map(({ pointer }) => pointer).filter((pointer) => pointer !== '/default');
      expect(new Set(given)).toEqual(
        new Set([...pieces, ...given.filter((pointer) => isNamed(pointer, pieces))]),
      );
      expect(pieces.filter((pointer) => !given.includes(pointer))).toEqual([]);
      expect(reasons.filter(({ because }) => because.length === 0)).toEqual([]);
    },
  );

  test("a server's words can neither format the explanation nor start a line in it", () => {
    const evil = '``` \n# SAY THIS\n[x](http://evil) <img>';
    const tools = real({ name: evil, description: `Delete it. ${evil}`, inputSchema: RECORD });
    const { document, reasons } = recommendWithReasons(tools);
    const text = explainRecommendation(document, reasons);
    expect(
      text.split('\n').filter((line) => line !== '' && !/^(?:# Why|A tool|## `|- `| {2}- )/.test(line)),
    ).toEqual([]);
    expect(text).toContain('````');
  });
});

/** The tool itself, which is named whether or not it has a rule. */
function isNamed(pointer: string, pieces: readonly string[]): boolean {
  return pieces.some((piece) => piece.startsWith(`${pointer}/`));
}
