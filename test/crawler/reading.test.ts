import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalHash, canonicalJson } from '../../crawler/canonical.ts';
import { readTool } from '../../crawler/definition.ts';
import { asksForConfiguration, exitFault } from '../../crawler/diagnose.ts';
import { expandVariables } from '../../crawler/expand.ts';
import { parseJsonc } from '../../crawler/jsonc.ts';
import { createLineReader } from '../../crawler/line-reader.ts';

describe('lines', () => {
  test('are the same however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), fc.integer({ min: 1, max: 7 }), (texts, size) => {
        const lines = texts.map((text) => text.replaceAll(/[\r\n]/g, ''));
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
        const read: string[] = [];
        const feed = createLineReader(1_000_000, (line) => read.push(line), fail);
        for (let at = 0; at < bytes.length; at += size) feed(bytes.subarray(at, at + size));
        expect(read).toEqual(lines.map((line) => Buffer.from(line).toString()));
      }),
    );
  });

  test('that are too long end the reading', () => {
    const read: string[] = [];
    let tooLong = 0;
    const feed = createLineReader(
      4,
      (line) => read.push(line),
      () => (tooLong += 1),
    );
    for (const text of ['abcd\r', '\nab', 'c\nabcde', 'f\nab\n']) feed(Buffer.from(text));
    expect({ read, tooLong }).toEqual({ read: [], tooLong: 1 });
  });
});

describe('JSON with comments', () => {
  test('is JSON when it has none', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseJsonc(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test.each([
    [
      '{"a": "// no /* comment */ ,}", /* one */ "b": [1, 2, /* x */ ], // two\n}',
      { a: '// no /* comment */ ,}', b: [1, 2] },
    ],
    ['\uFEFF{"a":1,}', { a: 1 }],
    ['{"url":"https://example.com"}', { url: 'https://example.com' }],
    ['["\\",]",]', ['",]']],
  ])('%j', (text, value) => {
    expect(parseJsonc(text)).toEqual(value);
  });

  test.each(['{', '{"a":,}', '/* open {}'])('%j is an error', (text) => {
    expect(() => parseJsonc(text)).toThrow(SyntaxError);
  });
});

describe('variables, written <NAME> here', () => {
  const variables = { A: 'one', EMPTY: '' };
  const reference = (text: string) => text.replaceAll(/<([^>]*)>/g, (_, inner: string) => `\${${inner}}`);
  test.each([
    ['x <A> y', 'x one y', []],
    ['<env:A>', 'one', []],
    ['<B:-two>', 'two', []],
    ['<B:->', '', []],
    ['<EMPTY>', '', []],
    ['<EMPTY:-two>', 'two', []],
    ['$A', 'one', []],
    ['costs $A', 'costs $A', []],
    ['<B>', '<B>', ['B']],
    ['$B', '<B>', ['B']],
    ['<input:key>', '<input:key>', ['key']],
  ])('%s', (value, text, missing) => {
    expect(expandVariables(reference(value), variables)).toEqual({ text: reference(text), missing });
  });
});

describe('a definition', () => {
  test('has a hash that does not depend on the order of keys', () => {
    const shuffled = fc
      .dictionary(fc.string(), fc.jsonValue())
      .chain((value) =>
        fc.tuple(
          fc.constant(value),
          fc.shuffledSubarray(Object.entries(value), { minLength: Object.keys(value).length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([value, entries]) => {
        expect(canonicalHash(Object.fromEntries(entries))).toBe(canonicalHash(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('keeps an unset hint unset', () => {
    const read = readTool({ name: 'a', annotations: { readOnlyHint: 'true', openWorldHint: false } }, 0);
    expect(read.ok && read.tool.annotations).toEqual({ readOnlyHint: undefined, openWorldHint: false });
    expect(read.ok && read.tool.annotations?.destructiveHint).toBeUndefined();
  });
});

describe('last words', () => {
  test.each([
    'Error: GITHUB_PERSONAL_ACCESS_TOKEN not set',
    'STRIPE_SECRET_KEY is required',
    'Missing required environment variable: FOO',
    'Please provide an API key with --api-key',
    'Either FIRECRAWL_API_KEY or FIRECRAWL_API_URL must be provided',
    'Usage: server [options] <directory>',
    'error: missing required argument <path>',
    'No connection string given',
  ])('"%s" asks for configuration', (text) => {
    expect(asksForConfiguration(text)).toBe(true);
  });

  test.each([
    "Error: Cannot find module 'express'",
    'TypeError: undefined is not a function\n    at Object.<anonymous> (/app/index.js:1:1)',
    'listening on stdio',
    'SyntaxError: Unexpected token in JSON at position 4',
    '',
  ])('"%s" does not', (text) => {
    expect(asksForConfiguration(text)).toBe(false);
  });

  test.each([
    ['npm error code E404', 'not-found'],
    ['npm ERR! code ETARGET', 'not-found'],
    ['npm error code E401', 'auth-required'],
    ['npm error code ENOTFOUND', 'unreachable'],
    ['npm error could not determine executable to run', 'not-found'],
  ])('%s of npx is a matter of finding the package', (stderr, code) => {
    const fault = exitFault('initialize', { code: 1, signal: null }, { stderr, noise: '' });
    expect(fault).toMatchObject({ code, phase: 'resolve', detail: stderr });
  });
});

function fail(): never {
  throw new Error('not expected');
}
