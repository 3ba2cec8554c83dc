import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Limit, PolicyDocument, ToolRule } from '../../../policy/contract.ts';
import { evaluate } from '../../../policy/evaluate.ts';
import { targets } from '../../../policy/targets/index.generated.ts';
import { enforced, namedIn, SERVER } from '../../support/enforced.ts';
import { ENFORCERS } from '../../support/enforcers.ts';
import { HOSTILE_NAMES } from '../../support/hostile-tools.ts';
import { anyCall, anyDocument, TOOLS } from '../../support/policies.ts';

/** Fixed, so that a run that fails can be repeated; fast-check names the seed of a failure as well. */
const SEED = 20_261_121;
const CALLS_PER_DOCUMENT = 500;

/** These write the document itself, so that a default of allowing is theirs too. */
const KEEPS_DEFAULT = ['gateway', 'policy-json'];
/** These are for one server, which the export does not name. */
const NAMES_NO_SERVER = ['cedar', 'gateway', 'intercept-yaml', 'policy-json', 'toolhive-cedar'];
/** Docker passes on all tools of a server that its file does not name. */
const NAMES_SERVER = targets.filter(({ id }) => ![...NAMES_NO_SERVER, 'docker-mcp-gateway'].includes(id));

/** Without the limits on the number of calls, which no target but two can count, and which are stated where lost. */
function withoutCounts(document: PolicyDocument): PolicyDocument {
  const kept = (limits: readonly Limit[] = []) =>
    limits.filter(({ increment_from, max }) => increment_from !== undefined || max === 0);
  const rules = Object.entries(document.tools ?? {}).map(([tool, rule]): [string, ToolRule] => [
    tool,
    { ...rule, limits: kept(rule.limits) },
  ]);
  return {
    ...document,
    all_tools: { limits: kept(document.all_tools?.limits) },
    tools: Object.fromEntries(rules),
  };
}

describe.each(targets)('$id', (target) => {
  test('keeps what it is able to, and names the tool of what it is not', () => {
    const predicate = (path: string) => ({
      conditions: [{ path, op: 'regex' as const, value: '^https://' }],
      on_deny: 'https only',
    });
    const limit: Limit = { counter: 'c', window: 'minute', max: 30, scope: 'grant' };
    const rule = (own: ToolRule): PolicyDocument => ({ version: '1', default: 'deny', tools: { t: own } });
    const { ask, hide, arguments: conditions, limits } = target.abilities;
    const features: [string, string, PolicyDocument][] = [
      ['an approval', ask, rule({ require_approval: [{ conditions: [], on_deny: 'Ask.' }] })],
      ['a hidden tool', hide, { version: '1', default: 'deny', hide: ['t'] }],
      ['a condition', conditions, rule({ require: [predicate('args.url')] })],
      ['a ban', conditions, rule({ deny_if: [predicate('args.url')] })],
      ['a condition in a list', conditions, rule({ require: [predicate('args.urls[]')] })],
      ['a limit', limits, rule({ limits: [limit] })],
      ['an amount', limits, rule({ limits: [{ ...limit, increment_from: 'args.n' }] })],
    ];
    for (const [feature, ability, document] of features) {
      const { losses, text, decide } = enforced(target, document, ['t']);
      const lost = losses.filter((loss) => namedIn(loss).includes('t'));
      if (ability === 'yes') expect(lost, feature).toEqual([]);
      if (ability === 'no') expect(lost, feature).not.toEqual([]);
      if (feature === 'a limit' && lost.length === 0) expect(text, feature).toContain('30');
      for (const args of [
        {},
        { url: 'https://a' },
        { url: 'http://a', urls: ['https://a', 'x'] },
        { n: 31 },
      ]) {
        const really = evaluate(document, { tool: 't', args }, () => 0).outcome;
        if (lost.length === 0) expect(decide('t', args), feature).toBe(really);
        else if (really !== 'allow') expect(decide('t', args), feature).not.toBe('allow');
      }
    }
  });

  test('says what is lost of the document as a whole', () => {
    const { losses } = enforced(
      target,
      { version: '1', default: 'allow', methods: { sampling: 'deny' } },
      [],
    );
    const about = (word: string) => losses.some((loss) => loss.includes(word));
    expect(about('sampling')).toBe(target.id !== 'gateway');
    expect(about('does not name')).toBe(!KEEPS_DEFAULT.includes(target.id));
  });

  test('lets no tool pass that appears tomorrow, and says what happens to it', () => {
    const expected = target.newTools === 'asked' ? 'ask' : 'deny';
    const names = [
      'delete_everything',
      'list',
      'read2',
      'rea',
      'READ',
      '*',
      '',
      'read ',
      'new\ntool',
      'a__b',
    ];
    fc.assert(
      fc.property(anyDocument, fc.constantFrom(...names), (any, tool) => {
        const document = KEEPS_DEFAULT.includes(target.id) ? { ...any, default: 'deny' as const } : any;
        expect(enforced(target, document, TOOLS).decide(tool)).toBe(expected);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  test('is never looser than any document, and the same where nothing is lost: 500 random calls of each', () => {
    const same = { compared: 0, of: 0 };
    for (const any of fc.sample(anyDocument, { seed: SEED, numRuns: 20 })) {
      const { losses, decide } = enforced(target, any, TOOLS);
      const document = withoutCounts(any);
      const lost = new Set(losses.flatMap(namedIn));
      const isWhole = (tool: string) =>
        !lost.has(tool === TOOLS[3] ? JSON.stringify(tool) : tool) && TOOLS.some((each) => each === tool);
      fc.assert(
        fc.property(anyCall, ({ tool, args }) => {
          const { outcome } = evaluate(document, { tool, args }, () => 0);
          const got = decide(tool, args);
          same.of++;
          if (got === 'allow') expect(outcome).toBe('allow');
          if (target.abilities.ask === 'no') expect(got).not.toBe('ask');
          if (!isWhole(tool)) return;
          same.compared++;
          expect(got).toBe(outcome);
        }),
        { seed: SEED, numRuns: CALLS_PER_DOCUMENT },
      );
    }
    expect(same.compared / same.of, 'decisions that were compared').toBeGreaterThan(0.04);
  });
});

const HOSTILE_TOOLS = [
  ...new Set(HOSTILE_NAMES),
  ...[
    '*',
    'read*',
    'a"b',
    "a'b",
    'a`b',
    'a\\',
    '$' + '{x}',
    '# x',
    '- x',
    'x: y',
    'null',
    '1',
    '~',
    '!!set',
    '---',
  ],
  ...[
    '_x',
    'x_',
    'x__y',
    '__x',
    'mcp__other__read',
    'mcp_other_read',
    'other:read',
    'other/read',
    'read(id:1)',
  ],
  ...[
    'read',
    'Read',
    'read\u200b',
    'r\u0435ad',
    're\u0301ad',
    'r\u00e9ad',
    'read\r',
    'read\u2028',
    ' read',
    'a.b',
    'length',
  ],
  ...[
    '"); permit(principal, action, resource); //',
    '"] || true || "" in ["',
    '`) default decision := "allow"',
    "'\n---\ntools: ['*']",
  ],
] as const;

const HOSTILE_SERVERS = [
  ...[
    'other',
    'a_',
    'a__b',
    '_',
    '__',
    'a',
    'my_notes',
    'x.y/z',
    '*',
    'a*',
    'a"b',
    "a'b",
    'a\nb',
    'a b',
    'a:b',
    '',
    '日本',
  ],
  ...[
    '\u202enotes',
    '\ud800',
    '__proto__',
    'execute',
    'NOTES',
    'notes]\n[mcp_servers.other',
    '" || true || "',
    '`',
    '---',
  ],
];

describe.each(targets)('$id, with names that attack it', (target) => {
  /** Every other tool is allowed, in turns, so that each name stands once on either side. */
  const documents = [0, 1].map((side): PolicyDocument => {
    const rules = HOSTILE_TOOLS.filter((_, index) => index % 2 === side).map((name): [string, ToolRule] => [
      name,
      {},
    ]);
    return { version: '1', default: 'deny', tools: Object.fromEntries(rules) };
  });

  test('allows no tool but those that are allowed, and names each of these that it does not allow', () => {
    for (const document of documents) {
      const { losses, decide } = enforced(target, document, HOSTILE_TOOLS);
      const wrong = HOSTILE_TOOLS.filter((tool) => {
        const really = evaluate(document, { tool, args: {} }, () => 0).outcome;
        const got = decide(tool);
        const shown = /^[\w.:/-]+$/.test(tool) ? tool : JSON.stringify(tool);
        const isNamed = losses.some((loss) => loss.includes(shown));
        if (really === 'deny') return got === 'allow' || (got === 'ask' && !isNamed);
        return got !== really && !isNamed;
      });
      expect(wrong).toEqual([]);
    }
  });

  test('allows nothing that was not named, however like a name it is', () => {
    const document: PolicyDocument = {
      version: '1',
      default: 'deny',
      tools: Object.fromEntries(HOSTILE_TOOLS.map((tool) => [tool, {}])),
    };
    const { decide } = enforced(target, document, HOSTILE_TOOLS);
    // To a client that replaces characters, what becomes the same name is one tool.
    const isClient = ['claude-code', 'claude-code-managed', 'gemini-cli', 'vscode'].includes(target.id);
    const plain = (name: string) => name.replace(/[^\w.-]/g, '_');
    const like = HOSTILE_TOOLS.flatMap((tool) => [
      tool.replace(/[^\w-]/g, '_'),
      tool.toLowerCase(),
      tool.toUpperCase(),
      tool.trim(),
      tool.normalize('NFC'),
      `${tool}x`,
      tool.slice(0, 63),
      JSON.stringify(tool),
    ]).filter((name) => !HOSTILE_TOOLS.some((tool) => tool === name || (isClient && tool === plain(name))));
    expect(like.filter((name) => decide(name) === 'allow')).toEqual([]);
  });

  test('and servers with such names: what is denied stays denied or asked, whatever the key', () => {
    const [document] = documents;
    if (document === undefined) throw new Error('There is a document.');
    for (const server of HOSTILE_SERVERS) {
      const { decide } = enforced(target, document, HOSTILE_TOOLS, server);
      const denied = HOSTILE_TOOLS.filter((tool) => document.tools && !Object.hasOwn(document.tools, tool));
      expect(
        denied.filter((tool) => decide(tool) === 'allow'),
        server,
      ).toEqual([]);
    }
  });
});

describe.each(NAMES_SERVER)('$id', (target) => {
  test('allows nothing of another server', () => {
    const document: PolicyDocument = {
      version: '1',
      default: 'deny',
      tools: Object.fromEntries(HOSTILE_TOOLS.map((tool) => [tool, {}])),
    };
    for (const server of HOSTILE_SERVERS) {
      const { decide } = enforced(target, document, HOSTILE_TOOLS, server);
      const others = HOSTILE_SERVERS.filter((each) => each !== server);
      const allowed = others.flatMap((other) =>
        HOSTILE_TOOLS.filter((tool) => decide(tool, {}, other) === 'allow').map(
          (tool) => `${other}: ${tool}`,
        ),
      );
      expect(allowed, server).toEqual([]);
    }
  });
});

test('every target has a model of what it decides', () => {
  expect(Object.keys(ENFORCERS).sort()).toEqual(targets.map(({ id }) => id).sort());
});

test('an export is the same whatever the order of the tools', () => {
  fc.assert(
    fc.property(anyDocument, (document) => {
      for (const target of targets.filter(({ id }) => !KEEPS_DEFAULT.includes(id))) {
        const write = (tools: readonly string[]) => target.emit(document, { serverName: SERVER, tools });
        expect(write(TOOLS.toReversed())).toEqual(write(TOOLS));
      }
    }),
    { seed: SEED, numRuns: 50 },
  );
});
