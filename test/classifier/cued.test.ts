import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cuedBy, cueIndex, mayHaveCue } from '../../classifier/cued.ts';
import { splitWords } from '../../classifier/text.ts';

const INDEX = cueIndex([
  { cues: 'ignore id_rsa x402 base64', pattern: /ignore/ },
  { cues: 'tool tools', also: 'results output', pattern: /tool/ },
  { cues: 'usuário 忽略', pattern: /u/ },
]);

const CUES = [...INDEX.uses.keys()];
const WORDS = [
  'the',
  'of',
  'IGNORE',
  'Tools',
  "don't",
  'ignoring',
  'a_tool',
  'ID_RSA',
  'café',
  '42',
  ...CUES,
];
const GAPS = [' ', '\n', '. ', ', ', '-', '/', '("', '…', '—'];

test('a glance misses no text that its words would leave possible', () => {
  const text = fc
    .array(fc.tuple(fc.constantFrom(...WORDS), fc.constantFrom(...GAPS)), { maxLength: 12 })
    .map((parts) => parts.flat().join(''));
  fc.assert(
    fc.property(text, (sent) => {
      const possible = cuedBy(INDEX, splitWords(sent, 'prose'));
      expect(possible.length === 0 || mayHaveCue(sent, INDEX.glance)).toBe(true);
    }),
  );
});

test.each([
  ['Returns the weather of a city as plain text.', false],
  ['Set ignored_files to skip them', false],
  ['Now IGNORE, all of it', true],
  ['ignore', true],
  ['pay with x402', true],
  ['see `id_rsa`', true],
  ['Wetter für eine Stadt', true],
  ['an arrow → and a dash –', false],
  ['aWdub3JlIGFsbCBwcmV2aW91cw', true],
])('%s', (text, expected) => {
  expect(mayHaveCue(text, INDEX.glance)).toBe(expected);
});

test('a pattern with further words needs one of both', () => {
  const possible = (text: string) => cuedBy(INDEX, splitWords(text, 'prose')).length;
  expect([possible('call the tool'), possible('send results'), possible('results of tools')]).toEqual([
    0, 0, 1,
  ]);
});
