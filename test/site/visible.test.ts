import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visible, visibleJson } from '../../site/visible.ts';

describe('visible', () => {
  it.each([
    ['plain text', 'plain text'],
    ['Ελληνικά, 工具, emoji 👍🏽 ❤️ 👩‍👩‍👧', 'Ελληνικά, 工具, emoji 👍🏽 ❤️ 👩‍👩‍👧'],
    ['a\u202eb', 'a[U+202E]b'],
    ['a\u200bb\ufeff', 'a[U+200B]b[U+FEFF]'],
    ['a\u200db', 'a[U+200D]b'],
    ['a\ufe0f', 'a[U+FE0F]'],
    ['❤\ufe0f\ufe0f', '❤\ufe0f[U+FE0F]'],
    ['\u001b[31m', '[U+001B][31m'],
    ['\u{e0041}', '[U+E0041]'],
    ['\ud800', '[U+D800]'],
    ['a\nb\tc', 'a[U+000A]b[U+0009]c'],
    ['\u3164\u2800\u2028', '[U+3164][U+2800][U+2028]'],
  ])('shows %j as %j', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it('keeps newlines and tabs where lines are asked for', () => {
    expect(visible('a\r\nb\tc\rd\u200b', { lines: true })).toBe('a\nb\tc[U+000D]d[U+200B]');
  });

  it('leaves nothing hidden in any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visible(text)).not.toMatch(
          /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\u200b\u{e0000}-\u{e007f}]/u,
        );
        expect(visible(visible(text))).toBe(visible(text));
      }),
    );
  });
});

describe('visibleJson', () => {
  it('means the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const json = JSON.stringify({ [`key ${text}`]: text }, undefined, 2);
        expect(JSON.parse(visibleJson(json))).toEqual(JSON.parse(json));
        expect(visibleJson(json)).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b\u{e0000}-\u{e007f}]/u);
      }),
    );
  });

  it('writes hidden characters as escapes', () => {
    expect(visibleJson('{\n  "a\u202eb": "\u{e0041}"\n}')).toBe('{\n  "a\\u202eb": "\\udb40\\udc41"\n}');
  });
});
