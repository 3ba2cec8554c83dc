import { describe, expect, test } from 'vitest';
import { signals } from '../../classifier/signals/index.generated.ts';
import { evaluate } from '../../policy/evaluate.ts';
import { isPlaceholder } from '../../policy/placeholder.ts';
import { type JudgedTool, recommend } from '../../policy/recommend.ts';
import type { Strictness } from '../../policy/shapes.ts';
import { SHAPES } from '../../policy/shapes.ts';
import { toolWith } from '../support/judged.ts';

function decide(
  tool: JudgedTool,
  args: Record<string, unknown>,
  profile: Strictness = 'recommended',
): string {
  return evaluate(recommend([tool], { profile }), { tool: tool.name, args }, () => 0).outcome;
}

/** The same, after every value that was left open has been filled in. */
function decideFilled(
  tool: JudgedTool,
  args: Record<string, unknown>,
  fill: (op: string) => unknown,
): string {
  const text = JSON.stringify(recommend([tool], { profile: 'strict' }), (_, value) =>
    typeof value === 'object' && value !== null && isPlaceholder(value.value)
      ? { ...value, value: fill(value.op) }
      : value,
  );
  return evaluate(JSON.parse(text), { tool: tool.name, args }, () => 0).outcome;
}

function schema(properties: Record<string, unknown>, required: string[] = []): Record<string, unknown> {
  return { type: 'object', properties, required };
}

const TEXT = { type: 'string' };

describe('a URL', () => {
  const required = toolWith('url-input', schema({ url: TEXT }, ['url']), [['/properties/url', 'url']]);
  const optional = toolWith('url-input', schema({ url: TEXT }), [['/properties/url', 'url']]);
  const unknown = toolWith('url-input', undefined, [['/properties/url', 'url']]);
  const nullable = toolWith('url-input', schema({ url: { anyOf: [TEXT, { type: 'null' }] } }), [
    ['/properties/url', 'url'],
  ]);

  test.each([
    ['https://example.com/a', 'allow'],
    ['HTTPS://EXAMPLE.COM', 'allow'],
    ['http://example.com', 'deny'],
    ['file:///etc/passwd', 'deny'],
    [' https://example.com', 'deny'],
    ['x\nhttps://example.com', 'deny'],
    ['https:/', 'deny'],
    ['https:/\n', 'deny'],
    ['httpſ://example.com', 'deny'],
    ['', 'deny'],
    [['https://example.com'], 'deny'],
    [7, 'deny'],
  ])('%j is decided alike, whether it must be given or not', (url, outcome) => {
    for (const tool of [required, optional, unknown, nullable]) expect(decide(tool, { url })).toBe(outcome);
  });

  test('a call without it is denied only where it must be given', () => {
    expect([required, optional, unknown, nullable].map((tool) => decide(tool, {}))).toEqual([
      'deny',
      'allow',
      'allow',
      'allow',
    ]);
    expect(decide(nullable, { url: null })).toBe('allow');
    expect(decide(optional, { url: null })).toBe('deny');
  });

  test('inside lists, every one counts', () => {
    const items = { type: 'array', items: schema({ url: TEXT }, ['url']) };
    const place: [string, string] = ['/properties/sessions/items/properties/url', 'sessions[].url'];
    for (const tool of [
      toolWith('url-input', schema({ sessions: items }, ['sessions']), [place]),
      toolWith('url-input', schema({ sessions: items }), [place]),
    ]) {
      expect(decide(tool, { sessions: [{ url: 'https://a' }, { url: 'https://b' }] })).toBe('allow');
      expect(decide(tool, { sessions: [{ url: 'https://a' }, { url: 'http://b' }] })).toBe('deny');
      expect(decide(tool, { sessions: { url: 'http://b' } })).toBe('deny');
    }
  });

  test('a list of texts is looked into', () => {
    const tool = toolWith('url-input', schema({ urls: { type: 'array', items: TEXT } }, ['urls']), [
      ['/properties/urls', 'urls'],
    ]);
    expect(decide(tool, { urls: ['https://a'] })).toBe('allow');
    expect(decide(tool, { urls: ['https://a', 'http://b'] })).toBe('deny');
  });

  test('behind a reference it is found', () => {
    const withRef = {
      ...schema({ site: { $ref: '#/$defs/Site' } }, ['site']),
      $defs: { Site: schema({ url: TEXT }, ['url']) },
    };
    const tool = toolWith('url-input', withRef, [['/$defs/Site/properties/url', 'site.url']]);
    expect(decide(tool, { site: { url: 'https://a' } })).toBe('allow');
    expect(decide(tool, { site: { url: 'http://a' } })).toBe('deny');
  });

  test.each<[string, JudgedTool]>([
    ['a dot in the name', toolWith('url-input', schema({ 'a.url': TEXT }), [['/properties/a.url', 'a.url']])],
    [
      'a bracket in the name',
      toolWith('url-input', schema({ 'url[]': TEXT }), [['/properties/url[]', 'url[]']]),
    ],
    ['a dotted name, without a schema', toolWith('url-input', undefined, [['/properties/a.url', 'a.url']])],
    [
      'a reference, without a schema',
      toolWith('url-input', undefined, [['/$defs/S/properties/url', 's.url']]),
    ],
    [
      'a text or a list',
      toolWith('url-input', schema({ url: { type: ['string', 'array'] } }), [['/properties/url', 'url']]),
    ],
    ['a place that is not there', toolWith('url-input', schema({}), [['/properties/url', 'url']])],
    [
      'more arguments than a finding can name',
      toolWith(
        'url-input',
        schema(Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`url${n}url`, TEXT]))),
        Array.from({ length: 12 }, (_, n) => [`/properties/url${n}url`, `url${n}url`]),
      ),
    ],
  ])('with %s the tool asks', (_, tool) => {
    expect(decide(tool, {})).toBe('ask');
  });

  test('a host alone is not asked to begin with https', () => {
    const tool = toolWith('url-input', schema({ host: TEXT }, ['host']), [['/properties/host', 'host']]);
    expect(decide(tool, { host: 'db.example.com' })).toBe('allow');
    expect(decide(tool, { host: 'db.example.com' }, 'strict')).toBe('deny');
  });

  test('strict denies until the hosts are filled in, even for who writes the placeholder itself', () => {
    for (const url of ['https://docs.example.com/', 'https://x/FILL IN: the addresses that may be reached']) {
      expect(decide(required, { url }, 'strict')).toBe('deny');
      expect(decide(optional, { url }, 'strict')).toBe('deny');
    }
    expect(decide(optional, {}, 'strict')).toBe('allow');
    const fill = (op: string) =>
      op === 'regex' ? '^https://docs\\.example\\.com/' : ['https://docs.example.com/'];
    for (const tool of [required, optional, nullable]) {
      expect(decideFilled(tool, { url: 'https://docs.example.com/' }, fill)).toBe('allow');
      expect(decideFilled(tool, { url: 'https://evil.example.com/' }, fill)).toBe('deny');
    }
  });
});

describe('a path', () => {
  const tool = toolWith('path-input', schema({ path: TEXT }, ['path']), [['/properties/path', 'path']]);
  test.each([
    ['notes/a.txt', 'allow'],
    ['a..b/c', 'allow'],
    ['...', 'allow'],
    ['..', 'deny'],
    ['../x', 'deny'],
    ['a/../../x', 'deny'],
    ['a\\..\\x', 'deny'],
    ['a/%2e%2E/x', 'deny'],
    ['a%2f..%2fx', 'deny'],
    ['a\u0000.txt', 'deny'],
    [['..'], 'deny'],
  ])('%j: %s', (path, outcome) => expect(decide(tool, { path })).toBe(outcome));

  test('strict lets nothing outside the folder that is filled in', () => {
    const fill = () => '^/home/me/';
    expect(decide(tool, { path: '/home/me/a' }, 'strict')).toBe('deny');
    expect(decideFilled(tool, { path: '/home/me/a' }, fill)).toBe('allow');
    expect(decideFilled(tool, { path: '/etc/passwd' }, fill)).toBe('deny');
    expect(decideFilled(tool, { path: '/home/me/../x' }, fill)).toBe('deny');
  });
});

describe('SQL', () => {
  const tool = toolWith('code-or-query-input', schema({ sql: TEXT }, ['sql']), [['/properties/sql', 'sql']]);
  test.each([
    'select * from notes where deleted_at is null and last_update > 1',
    "SELECT replace(name, 'a', 'b'), insert (a, 1, 2, b) FROM t",
    'with recent as (select 1) select * from recent;',
    'explain select 1',
    'show tables',
    'pragma table_info(t)',
    'select created, updates, settings, callers from t',
    '-- reads only\nselect 1',
    'select truncate(1.5, 1)',
  ])('allows %j', (sql) => expect(decide(tool, { sql })).toBe('allow'));

  test.each([
    'delete from t',
    'DeLeTe from t',
    'drop/**/table t',
    'select 1; truncate t',
    'select 1 drop table t',
    'insert/* x */into t values (1)',
    'replace t values (1)',
    'replace\n--x\nt values (1)',
    'with gone as (delete from t returning *) select * from gone',
    'explain analyze update t set a = 1',
    'select * into copy from t',
    '/*!50000 set global x = 1 */',
    '/* hello */ call wipe()',
    '-- hello\ncall wipe()',
    "copy t from '/etc/passwd'",
    'do $$ begin end $$',
    'pragma writable_schema = 1',
    "exec xp_cmdshell 'dir'",
    'select 1;set role admin',
    'grant all on t to x',
    "vacuum into 'x'",
    "load data infile 'x'",
  ])('denies %j', (sql) => expect(decide(tool, { sql })).toBe('deny'));

  test('code that is no SQL is left alone, and under strict a person looks at it', () => {
    const code = toolWith('code-or-query-input', schema({ script: TEXT }), [
      ['/properties/script', 'script'],
    ]);
    expect([decide(code, { script: 'x' }), decide(code, { script: 'x' }, 'strict')]).toEqual([
      'allow',
      'ask',
    ]);
  });
});

describe('an amount', () => {
  const pay = (property: object, required: string[] = []) =>
    toolWith('financial-effect', schema({ maxAmount: property, note: TEXT }, required), [], {
      risk: 'critical',
    });

  test('strict lets no amount pass until a ceiling is filled in, and none above it then', () => {
    for (const tool of [pay({ type: 'number' }, ['maxAmount']), pay({ type: 'number' })]) {
      expect(decide(tool, { maxAmount: 1 })).toBe('ask');
      expect(decide(tool, { maxAmount: 1 }, 'strict')).toBe('deny');
      expect(decideFilled(tool, { maxAmount: 10 }, () => 10)).toBe('ask');
      expect(decideFilled(tool, { maxAmount: 11 }, () => 10)).toBe('deny');
      expect(decideFilled(tool, { maxAmount: '11' }, () => 10)).toBe('deny');
    }
  });

  test('written as a text it has to match a pattern', () => {
    const tool = pay(TEXT, ['maxAmount']);
    expect(decideFilled(tool, { maxAmount: '9' }, () => '^[0-9]$')).toBe('ask');
    expect(decideFilled(tool, { maxAmount: '1e9' }, () => '^[0-9]$')).toBe('deny');
  });
});

test.each(['admin', 'minting', 'grants-access', 'destructive-effect', 'financial-effect'])(
  '%s asks, however low the risk',
  (signal) => expect(decide(toolWith(signal, schema({}), []), {})).toBe('ask'),
);

test.each(['bulk', 'unbounded'])('%s lowers the limit at every risk', (signal) => {
  for (const risk of ['low', 'medium', 'high'] as const) {
    const max = (tool: JudgedTool) =>
      recommend([tool]).tools?.t?.limits?.[0]?.max ?? Number.POSITIVE_INFINITY;
    expect(max(toolWith(signal, schema({}), [], { risk }))).toBeLessThan(
      max(toolWith('none', schema({}), [], { risk })),
    );
  }
});

test('every signal that shapes a rule is one that the classifier has, or is about to have', () => {
  const coming = ['grants-access', 'unbounded'];
  const known = [...signals.map(({ id }) => id), ...coming];
  expect(Object.keys(SHAPES).filter((id) => !known.includes(id))).toEqual([]);
});

test('however deep or circular a schema is, a rule comes of it', () => {
  const circular: Record<string, unknown> = schema({ url: TEXT });
  circular.items = circular;
  let deep: Record<string, unknown> = schema({ url: TEXT });
  for (let depth = 0; depth < 5_000; depth++) deep = schema({ a: deep });
  for (const hostile of [circular, deep, { properties: 7, anyOf: 'x', $ref: '#/a/b' }, { $ref: '#' }]) {
    expect(
      decide(toolWith('url-input', hostile, [['/properties/url', 'url']]), { url: 'http://a' }),
    ).not.toBe('allow');
  }
});
