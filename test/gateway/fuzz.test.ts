import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PolicyDocument } from '../../policy/contract.ts';
import { evaluate, type ToolCall } from '../../policy/evaluate.ts';
import { readJson } from '../../policy/json-text.ts';
import { testEnforcement, textOf, type Wire } from '../support/gateway.ts';
import { callsIn, wire } from '../support/gateway-wire.ts';
import { anyCall, anyDocument } from '../support/policies.ts';
import { CLOSED, OPEN, STRICT } from './attacks/policy.ts';

/** Shrinking a failure is worth more than its time, and vitest's own limit would cut it off. */
const TIMEOUT = 60_000;

const NOTHING_USED = () => 0;
const CONTROL: ToolCall = { tool: 'read_file', args: { path: 'control' } };

/** Sends lines to a fresh gateway, makes sure that it is still there, and gives what reached its server. */
async function reachedBy(
  policy: PolicyDocument,
  lines: readonly (string | Buffer)[],
  says: readonly string[] = [],
) {
  const world = testEnforcement(policy);
  try {
    const client = wire(world.enforcement, { tools: [{ name: 'secret' }, { name: 'read_file' }] });
    for (const [index, line] of lines.entries()) {
      client.raw(line);
      const said = says[index];
      if (said !== undefined) client.says(said);
    }
    for (const said of says.slice(lines.length)) client.says(said);
    expect(textOf(await client.call(CONTROL.tool, CONTROL.args))).toBe('done');
    await client.end();
    for (const message of client.received) expect(message).toHaveProperty('jsonrpc', '2.0');
    return client;
  } finally {
    world.close();
  }
}

const toolName = fc.constantFrom(
  'read_file',
  'delete_file',
  'secret',
  'fetch',
  'fetch_all',
  'pay',
  'Delete_File',
  'new_tool',
);
const member = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom<unknown>(
      'https://ok.example/',
      'https://evil.example/',
      'DELETE',
      5,
      101,
      -1,
      0.5,
      null,
    ),
  },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);
const args = fc.dictionary(
  fc.constantFrom(
    'url',
    'Url',
    'httpMethod',
    'http_method',
    'amount',
    'items',
    'path',
    '__proto__',
    'constructor',
  ),
  member,
  { maxKeys: 4 },
);
const items = fc.array(fc.dictionary(fc.constantFrom('url', 'URL', 'x'), member, { maxKeys: 2 }), {
  maxLength: 3,
});
const id = fc.oneof(fc.integer(), fc.string(), fc.constantFrom<unknown>(null, 1.5, {}, [1]));
const method = fc.oneof(
  { weight: 5, arbitrary: fc.constant('tools/call') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'tools/list',
      'ping',
      'Tools/Call',
      'resources/read',
      'completion/complete',
      'notifications/cancelled',
      'x',
    ),
  },
);

/** A call as clients make it. */
const call = fc.record({
  jsonrpc: fc.constant('2.0'),
  id: fc.oneof(fc.nat(), fc.uuid()),
  method: fc.constant('tools/call'),
  params: fc.record(
    { name: toolName, arguments: fc.oneof(args, fc.record({ items })) },
    { requiredKeys: ['name'] },
  ),
});

/** A message that is nearly one. */
const odd = fc.record(
  {
    jsonrpc: fc.oneof({ weight: 9, arbitrary: fc.constant('2.0') }, fc.constantFrom('1.0', 2)),
    id,
    method,
    params: fc.oneof(
      fc.record(
        { name: toolName, arguments: fc.oneof(args, member), _meta: member, Name: toolName },
        { requiredKeys: ['name'] },
      ),
      fc.jsonValue({ maxDepth: 3 }),
    ),
    result: fc.jsonValue({ maxDepth: 2 }),
  },
  { requiredKeys: ['jsonrpc', 'method', 'params'] },
);

const message = fc
  .oneof({ weight: 3, arbitrary: call }, { weight: 1, arbitrary: odd })
  .map((value) => JSON.stringify(value));

/** A text with a member written twice, a key written in another way, a batch around it, or bytes that were changed. */
const mangled = fc
  .tuple(message, fc.array(fc.tuple(fc.integer({ min: 0, max: 7 }), fc.nat(), fc.nat(255)), { maxLength: 3 }))
  .map(([text, steps]) => mangleAll(text, steps));

type Step = readonly [how: number, where: number, value: number];

function mangleAll(text: string, steps: readonly Step[]): Buffer {
  return steps.reduce<Buffer>(mangle, Buffer.from(text));
}

function mangle(bytes: Buffer, [how, where, value]: Step): Buffer {
  const at = bytes.length === 0 ? 0 : where % bytes.length;
  const text = bytes.toString('utf8');
  switch (how) {
    case 0:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from([value]), bytes.subarray(at)]);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + (value % 8))]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + value), bytes.subarray(at)]);
    case 3:
      return Buffer.from(text.replace('"name":', '"name":"delete_file","n\\u0061me":'));
    case 4:
      return Buffer.from(text.replace('"params":', '"params":{"name":"delete_file"},"params":'));
    case 5:
      return Buffer.from(`[${text}]`);
    case 6:
      return Buffer.from(text.replaceAll('l', '\\u006c'));
    default:
      return Buffer.from(`${text}${value % 2 === 0 ? '\r' : ' '}${text}`);
  }
}

describe('whatever a client sends', () => {
  test.each([
    ['closed', CLOSED],
    ['open', OPEN],
    ['strict', STRICT],
  ] as const)(
    'only calls that the %s policy allows reach the server, each as it was sent, and the gateway lives',
    async (_name, policy) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.oneof(message, mangled), { minLength: 4, maxLength: 12 }),
          async (lines) => {
            const { reached } = await reachedBy(policy, lines);
            const sent = lines.flatMap((line) => readLoosely(line.toString()));
            for (const line of reached) {
              expect(readJson(line).ok).toBe(true);
              expect(line).not.toMatch(/[\r\n\u0085\u2028\u2029]/);
            }
            for (const { name, arguments: given, ...rest } of callsIn(reached)) {
              const call = { tool: String(name), args: (given ?? {}) as Record<string, unknown> };
              expect(evaluate(policy, call, NOTHING_USED).outcome).toBe('allow');
              expect(careless(call.tool)).not.toBe('delete_file');
              expect(careless(call.tool)).not.toBe('secret');
              if (call.args.path !== 'control')
                expect(sent).toContainEqual({
                  name,
                  ...(given !== undefined && { arguments: given }),
                  ...rest,
                });
            }
          },
        ),
        { numRuns: 250 },
      );
    },
    TIMEOUT,
  );
});

/** The parameters that a reader without any care finds in a line. */
function readLoosely(line: string): unknown[] {
  return line.split('\n').flatMap((each) => {
    try {
      return [(JSON.parse(each) as Wire).params];
    } catch {
      return [];
    }
  });
}

/** How a reader without any care hears a name. */
function careless(name: string): string {
  return name
    .normalize('NFKC')
    .replaceAll(/[\p{C}\p{Z}\p{M}]/gu, '')
    .toLowerCase();
}

const LIKE: Readonly<Record<string, string>> = {
  e: '\u0435',
  i: '\u0456',
  t: '\u0442',
  s: '\u0455',
  c: '\u0441',
  d: '\u0501',
  l: '\u0406',
  f: '\u0192',
};
const INVISIBLE = [
  '\u200b',
  '\u200d',
  '\ufeff',
  '\u00ad',
  '\u2060',
  '\u200f',
  '\u202e',
  '\u0301',
  '\ufe0f',
  '\u3164',
  '\u{e0001}',
];

/** A name that a person, or a careless server, takes for another: letter by letter, so that it is a look-alike by how it was made. */
function lookalikeOf(name: string): fc.Arbitrary<string> {
  const letters = [...name].map((letter) =>
    fc
      .tuple(
        fc.oneof(
          { weight: 4, arbitrary: fc.constant(letter) },
          {
            weight: 1,
            arbitrary: fc.constantFrom(
              letter.toUpperCase(),
              String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0),
              LIKE[letter] ?? letter,
            ),
          },
        ),
        fc.oneof({ weight: 8, arbitrary: fc.constant('') }, fc.constantFrom(...INVISIBLE)),
      )
      .map((parts) => parts.join('')),
  );
  return fc
    .tuple(
      fc.constantFrom('', ' ', '\ufeff'),
      fc.tuple(...letters),
      fc.constantFrom('', ' ', '\u00a0', '\u200b', '\t'),
    )
    .map(([before, middle, after]) => `${before}${middle.join('')}${after}`);
}

test(
  'no look-alike of a denied or hidden tool is called',
  async () => {
    const names = fc.oneof(lookalikeOf('delete_file'), lookalikeOf('secret'));
    await fc.assert(
      fc.asyncProperty(fc.array(names, { minLength: 1, maxLength: 20 }), async (list) => {
        const lines = list.map((name, index) =>
          JSON.stringify({ jsonrpc: '2.0', id: index, method: 'tools/call', params: { name } }),
        );
        const { reached } = await reachedBy(OPEN, lines);
        expect(callsIn(reached)).toEqual([{ name: CONTROL.tool, arguments: CONTROL.args }]);
      }),
      { numRuns: 200 },
    );
  },
  TIMEOUT,
);

test(
  'for any policy and call, what is forwarded is what the policy allows, unchanged, and all of it',
  async () => {
    await fc.assert(
      fc.asyncProperty(anyDocument, anyCall, async (policy, { tool, args: given }) => {
        const world = testEnforcement(policy);
        try {
          const client = wire(world.enforcement);
          const answer = await client.call(tool, given);
          const judged = evaluate(policy, { tool, args: JSON.parse(JSON.stringify(given)) }, NOTHING_USED);
          const expected = judged.outcome === 'allow' ? [{ name: tool, arguments: given }] : [];
          expect(JSON.stringify(callsIn(client.reached))).toBe(JSON.stringify(expected));
          expect(textOf(answer) === 'done').toBe(judged.outcome === 'allow');
          await client.end();
        } finally {
          world.close();
        }
      }),
      { numRuns: 400 },
    );
  },
  TIMEOUT,
);

/** What a server may say: answers, requests, notifications, and texts that were one of these. */
const said = fc
  .tuple(
    fc.record(
      {
        jsonrpc: fc.constant('2.0'),
        id: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom('own-1', 1.5, null)),
        method: fc.constantFrom(
          'roots/list',
          'elicitation/create',
          'notifications/cancelled',
          'notifications/progress',
          'notifications/tools/list_changed',
          'tools/call',
        ),
        params: fc.oneof(
          fc.record({ requestId: fc.integer({ min: 0, max: 3 }) }),
          fc.jsonValue({ maxDepth: 2 }),
        ),
        result: fc.oneof(
          fc.record({
            tools: fc.array(fc.record({ name: fc.constantFrom('secret', 'Secret', 'read_file') })),
          }),
          fc.jsonValue({ maxDepth: 2 }),
        ),
        error: fc.jsonValue({ maxDepth: 2 }),
      },
      { requiredKeys: ['jsonrpc'] },
    ),
    fc.array(fc.tuple(fc.integer({ min: 0, max: 7 }), fc.nat(), fc.nat(255)), { maxLength: 2 }),
  )
  .map(([value, steps]) => mangleAll(JSON.stringify(value), steps).toString('utf8'));

test(
  'whatever a server says, the gateway lives, answers each request once, and shows no hidden tool in a list',
  async () => {
    const lists = fc.array(fc.constantFrom('tools/list', 'tools/call', 'ping'), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(lists, fc.array(said, { maxLength: 12 }), async (methods, says) => {
        const lines = methods.map((each, index) =>
          JSON.stringify({ jsonrpc: '2.0', id: index, method: each, params: { name: 'read_file' } }),
        );
        const { received } = await reachedBy(OPEN, lines, says);
        for (const [index, each] of methods.entries()) {
          const answers = received.filter((one) => one.id === index && one.method === undefined);
          expect(answers).toHaveLength(1);
          if (each === 'tools/list') expect(JSON.stringify(answers)).not.toMatch(/"secret"/i);
        }
      }),
      { numRuns: 250 },
    );
  },
  TIMEOUT,
);
