import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTextLines } from '../../crawler/text-lines.ts';

async function linesOf(pieces: readonly (string | Uint8Array)[]): Promise<string[]> {
  async function* input() {
    yield* pieces;
  }
  return Array.fromAsync(readTextLines(input()));
}

describe('lines of a text', () => {
  test.each([
    ['', []],
    ['a', ['a']],
    ['a\n', ['a']],
    ['a\r\nb\n\nc', ['a', 'b', '', 'c']],
    ['{"a":"x\u2028y\u2029z\u0085"}\n{}', ['{"a":"x\u2028y\u2029z\u0085"}', '{}']],
  ])('%j', async (text, lines) => {
    expect(await linesOf([text])).toEqual(lines);
  });

  test('are the same however the bytes come', async () => {
    const line = fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/[\r\n\ufeff]|\p{Cs}/gu, ''));
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1 }),
        fc.integer({ min: 1, max: 7 }),
        async (lines, size) => {
          const bytes = Buffer.from(`${lines.join('\n')}\n`);
          const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
            bytes.subarray(n * size, n * size + size),
          );
          expect(await linesOf(pieces)).toEqual(lines);
        },
      ),
    );
  });
});
