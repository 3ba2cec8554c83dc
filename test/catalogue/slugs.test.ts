import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distinct, serverSlug, toolSlug } from '../../catalogue/slugs.ts';

describe('toolSlug', () => {
  test.each(['create_session', 'browser-click', 'a', 'tool2', '7'])('%s stays as it is', (name) => {
    expect(toolSlug(name)).toBe(name);
  });

  test.each([
    '',
    'index',
    'policy',
    'badge',
    'CON',
    'nul',
    '..',
    '-x',
    'a.b',
    'Delete',
    '日本',
    'x'.repeat(81),
  ])('%j gets a slug that is not the name', (name) => {
    expect(toolSlug(name)).not.toBe(name);
  });

  test('is always a file name on every system, and never the same for two names', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        const [slugA, slugB] = [toolSlug(a), toolSlug(b)];
        for (const slug of [slugA, slugB]) {
          expect(slug).toMatch(/^[a-z0-9_~-]{1,93}$/);
          expect(slug).not.toMatch(/^(con|nul|index|policy|badge)$/);
        }
        expect(slugA === slugB).toBe(a === b);
      }),
    );
  });
});

test('serverSlug is a plain name, whatever the label', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (label) => {
      expect(serverSlug(label)).toMatch(/^[a-z0-9~-]+$/);
    }),
  );
});

test('distinct gives the first that is free', () => {
  expect(distinct('a', new Set())).toBe('a');
  expect(distinct('a', new Set(['a', 'a~2', 'a~4']))).toBe('a~3');
});
