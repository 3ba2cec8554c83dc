import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HintCheck, type HintName } from '../../classifier/contract.ts';
import { HINT_DEFAULTS, HINT_NAMES } from '../../classifier/hints.ts';
import { classify, ids } from './tools.ts';

type Verdict = HintCheck['verdict'];

const read = { name: 'get_note', description: 'Get a note by its id' };
const write = { name: 'create_note', description: 'Create a note' };
const removal = { name: 'delete_note', description: 'Delete a note for good' };
const update = { name: 'update_note', description: 'Update the text of a note' };
const upsert = { name: 'create_page', description: 'Create a page, or replace it if it already exists' };
const folder = { name: 'create_directory', description: 'Create a directory or ensure that it exists' };
const mail = {
  name: 'send_email',
  description: 'Send an email to a recipient',
  inputSchema: { properties: { to: { type: 'string' }, body: { type: 'string' } } },
};
const search = { name: 'web_search', description: 'Search the web and return the results' };
const local = { name: 'count_words', description: 'Count the words of a local file' };
const vague = { name: 'zap' };

const cases: [string, object, Record<string, boolean>, HintName, Verdict][] = [
  ['silence is no claim', read, {}, 'readOnlyHint', 'unset'],
  ['silence about another hint stays silence', read, { readOnlyHint: true }, 'openWorldHint', 'unset'],
  ['a read said to be one', read, { readOnlyHint: true }, 'readOnlyHint', 'agrees'],
  ['a read said to change', read, { readOnlyHint: false }, 'readOnlyHint', 'overstates'],
  ['a change said to be a read', write, { readOnlyHint: true }, 'readOnlyHint', 'understates'],
  ['a removal said to destroy', removal, { destructiveHint: true }, 'destructiveHint', 'agrees'],
  ['a removal said to be harmless', removal, { destructiveHint: false }, 'destructiveHint', 'understates'],
  ['a new note said to destroy', write, { destructiveHint: true }, 'destructiveHint', 'overstates'],
  [
    'destruction means nothing beside read-only',
    read,
    { readOnlyHint: true, destructiveHint: true },
    'destructiveHint',
    'not-judged',
  ],
  ['nor does repeating', write, { readOnlyHint: true, idempotentHint: true }, 'idempotentHint', 'not-judged'],
  ['a second note', write, { idempotentHint: true }, 'idempotentHint', 'understates'],
  ['a second note, admitted', write, { idempotentHint: false }, 'idempotentHint', 'agrees'],
  ['a second mail', mail, { idempotentHint: true }, 'idempotentHint', 'understates'],
  ['the same text again', update, { idempotentHint: true }, 'idempotentHint', 'agrees'],
  ['the same text again, doubted', update, { idempotentHint: false }, 'idempotentHint', 'not-judged'],
  ['what replaces what is there', upsert, { idempotentHint: true }, 'idempotentHint', 'not-judged'],
  ['what is only ensured', folder, { idempotentHint: true }, 'idempotentHint', 'not-judged'],
  ['a read repeated', read, { idempotentHint: true }, 'idempotentHint', 'agrees'],
  ['a read said to add up', read, { idempotentHint: false }, 'idempotentHint', 'overstates'],
  ['the web said to be closed', search, { openWorldHint: false }, 'openWorldHint', 'understates'],
  ['the web', search, { openWorldHint: true }, 'openWorldHint', 'agrees'],
  ['mail said to stay inside', mail, { openWorldHint: false }, 'openWorldHint', 'understates'],
  ['a local file', local, { openWorldHint: false }, 'openWorldHint', 'agrees'],
  ['a local file said to be the world', local, { openWorldHint: true }, 'openWorldHint', 'overstates'],
  ['a service somewhere', read, { openWorldHint: true }, 'openWorldHint', 'not-judged'],
  ['no ground', vague, { readOnlyHint: true }, 'readOnlyHint', 'not-judged'],
  ['no ground to doubt', vague, { idempotentHint: true }, 'idempotentHint', 'not-judged'],
];

test.each(cases)('%s', (_, tool, annotations, hint, verdict) => {
  const check = classify({ ...tool, annotations }).hints.find((one) => one.hint === hint);
  expect(check?.verdict).toBe(verdict);
});

test('the defaults of the protocol, sent for every tool, are known for what they are', () => {
  const sent = Object.fromEntries(
    Object.entries(HINT_DEFAULTS).map(([name, value]) => [name, value === 'true']),
  );
  for (const tool of [read, write, removal, search]) {
    expect(classify({ ...tool, annotations: sent }).hints.map(({ verdict }) => verdict)).toEqual(
      HINT_NAMES.map(() => 'library-default'),
    );
  }
  const chosen = classify({ ...read, annotations: { ...sent, openWorldHint: false } });
  expect(chosen.hints[0]?.verdict).toBe('overstates');
});

test.each([
  ['a pair that cannot both be true', { readOnlyHint: true, destructiveHint: true }, true],
  ['a read that destroys nothing', { readOnlyHint: true, destructiveHint: false }, false],
])('%s', (_, annotations, isFound) => {
  expect(ids(classify({ ...read, annotations })).includes('annotation-mismatch')).toBe(isFound);
});

test('every claim gets a verdict, and silence never counts as its default', () => {
  const claims = fc.record(Object.fromEntries(HINT_NAMES.map((name) => [name, fc.boolean()])), {
    requiredKeys: [],
  });
  fc.assert(
    fc.property(
      fc.constantFrom<object>(read, write, removal, update, mail, search, vague),
      claims,
      (tool, annotations) => {
        const { hints } = classify({ ...tool, annotations });
        expect(hints.map(({ hint }) => hint)).toEqual([...HINT_NAMES]);
        for (const check of hints) {
          expect(HintCheck.safeParse(check).success).toBe(true);
          expect(check.verdict === 'unset').toBe(!Object.hasOwn(annotations, check.hint));
        }
      },
    ),
  );
});
