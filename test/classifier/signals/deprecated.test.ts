import { expect, test } from 'vitest';
import { finding, judges, taking, tool } from './cases.ts';

judges('deprecated', [
  ['a sign at the head', tool('get_html', 'Deprecated, please use get_markdown instead'), true],
  [
    'a sign with a mark before it',
    tool('list', '⚠️ DEPRECATED: Use list_top instead. Lists protocols.'),
    true,
  ],
  ['a sentence', tool('old', 'Converts a file. This tool has been superseded by convert_file.'), true],
  ['a date', tool('old', 'Converts a file. This endpoint will be removed in a future release.'), true],
  [
    'a reason to stay',
    tool('old', 'Converts a file. This method is kept only for backwards compatibility.'),
    true,
  ],
  ['one parameter of several', taking({ a: { description: 'Deprecated: use b' } }), false],
  [
    'one choice far down',
    tool('manage', `Manage groups. ${'List members. '.repeat(20)}badge_add (deprecated).`),
    false,
  ],
  [
    'what the tool looks for',
    tool('audit', 'Find packages that are obsolete, deprecated or no longer maintained'),
    false,
  ],
  [
    'what happens to the data',
    tool('sweep', 'Removes entries; the replaced file will be removed from disk'),
    false,
  ],
  ['its own subject', tool('find_obsolete_rows', 'Finds rows'), false],
]);

test('what replaces it is part of the evidence', () => {
  const found = finding(
    'deprecated',
    tool('lookup', '[DEPRECATED] Use describe_package instead. Looks up a package.'),
  );
  expect(found.outcome === 'present' && found.evidence.map(({ quote }) => quote)).toEqual([
    '[DEPRECATED]',
    'Use describe_package instead',
  ]);
});
