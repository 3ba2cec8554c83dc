import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cuedBy, cueIndex } from '../../classifier/cued.ts';
import { CUE, FOREIGN, glance, LONG_RUN, ODD } from '../../classifier/glance.ts';
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
      expect(possible.length === 0 || (glance(sent, INDEX.table) & (CUE | FOREIGN)) !== 0).toBe(true);
    }),
  );
});

test.each([
  ['Returns the weather of a city as plain text.', 0],
  ['Set ignored_files to skip them', 0],
  ['Now IGNORE, all of it', CUE],
  ['ignore', CUE],
  ['pay with x402', CUE],
  ['see `id_rsa`', CUE],
  ['Wetter für eine Stadt', FOREIGN | ODD],
  ['an arrow → and a dash –', ODD],
  ['aWdub3JlIGFsbCBwcmV2aW91cw', LONG_RUN],
  ['a\tb\nc\rd', 0],
  ['red \u001b[31m text', ODD],
  ['a <b> and a < b', 0],
  ['a <!-- comment', ODD],
  [`far${' '.repeat(9)}away`, 0],
  [`far${'\n'.repeat(10)}away`, ODD],
])('%j', (text, expected) => {
  expect(glance(text, INDEX.table)).toBe(expected);
});

test('a pattern with further words needs one of both', () => {
  const possible = (text: string) => cuedBy(INDEX, splitWords(text, 'prose')).length;
  expect([possible('call the tool'), possible('send results'), possible('results of tools')]).toEqual([
    0, 0, 1,
  ]);
});
