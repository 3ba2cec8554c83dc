import { expect, test } from 'vitest';
import { factsOf } from '../../classifier/facts.ts';
import { splitWords } from '../../classifier/text.ts';
import { define } from './tools.ts';

test.each([
  ['get_user_by_id', ['get', 'user', 'by', 'id']],
  ['get-user', ['get', 'user']],
  ['getUserById', ['get', 'user', 'by', 'id']],
  ['mail.messages.send', ['mail', 'messages', 'send']],
  ['getHTTPStatus', ['get', 'http', 'status']],
  ['listIDs', ['list', 'ids']],
  ['API-post-page', ['api', 'post', 'page']],
  ['d1_query', ['d1', 'query']],
  ['TRANSFER', ['transfer']],
  ['', []],
])('the words of %s', (name, words) => {
  expect(splitWords(name, 'identifier').map((word) => word.text)).toEqual(words);
});

test('sentences are slices of the text, and an abbreviation ends none', () => {
  const text = 'Reads a file, e.g. a note. Done!\n- Works with v1.2 too\nArgs:\n  path: where';
  const { description } = factsOf(define({ name: 'x', description: text }));
  const slices = description?.sentences.map(({ first, last }) => {
    const words = description.words;
    return text.slice(words[first]?.start, words[last - 1]?.end);
  });
  expect(slices).toEqual(['Reads a file, e.g. a note', 'Done', 'Works with v1.2 too', 'Args', 'path: where']);
});

test('a blank description is none', () => {
  expect(factsOf(define({ name: 'x', description: ' \n' })).description).toBeUndefined();
});

test('parameters are found wherever a schema may put them', () => {
  const text = { type: 'string' };
  const inputSchema = {
    type: 'object',
    required: ['plain'],
    properties: {
      plain: { type: ['string', 'null'], description: 'A plain one' },
      object: { type: 'object', properties: { inner: text } },
      list: { type: 'array', items: { type: 'object', properties: { url: text } } },
      either: { anyOf: [{ type: 'object', properties: { left: text } }, { $ref: '#/$defs/Right' }] },
      'odd/name~': { enum: ['a', 'b'] },
    },
    allOf: [{ properties: { extra: { type: 'integer' } } }],
    $defs: { Right: { type: 'object', properties: { right: text, again: { $ref: '#/$defs/Right' } } } },
  };
  const { parameters, propertyCount } = factsOf(define({ name: 'x', inputSchema }));
  expect(parameters.map(({ path, pointer }) => [path, pointer])).toEqual([
    ['plain', '/inputSchema/properties/plain'],
    ['object', '/inputSchema/properties/object'],
    ['list', '/inputSchema/properties/list'],
    ['either', '/inputSchema/properties/either'],
    ['odd/name~', '/inputSchema/properties/odd~1name~0'],
    ['object.inner', '/inputSchema/properties/object/properties/inner'],
    ['list[].url', '/inputSchema/properties/list/items/properties/url'],
    ['either.left', '/inputSchema/properties/either/anyOf/0/properties/left'],
    ['either.right', '/inputSchema/$defs/Right/properties/right'],
    ['either.again', '/inputSchema/$defs/Right/properties/again'],
    ['extra', '/inputSchema/allOf/0/properties/extra'],
  ]);
  expect(propertyCount).toBe(5);
  expect(parameters[0]).toMatchObject({
    required: true,
    types: ['string', 'null'],
    description: 'A plain one',
  });
  expect(parameters[4]?.choices.map((choice) => choice.value)).toEqual(['a', 'b']);
});

test('keys that name what every object inherits are parameters like others', () => {
  const inputSchema: unknown = JSON.parse(
    '{"properties":{"__proto__":{"type":"string"},"constructor":{"type":"string"}}}',
  );
  const { parameters } = factsOf(define({ name: 'x', inputSchema }));
  expect(parameters.map((parameter) => parameter.path)).toEqual(['__proto__', 'constructor']);
});

test('hints are what was said, and unset where nothing was', () => {
  const annotations = { readOnlyHint: false, destructiveHint: true, openWorldHint: 'yes' };
  expect(factsOf(define({ name: 'x', annotations })).hints).toEqual({
    readOnlyHint: 'false',
    destructiveHint: 'true',
    idempotentHint: 'unset',
    openWorldHint: 'unset',
  });
});
