import { describe, expect, test } from 'vitest';
import { quoteHolds } from '../../../classifier/evidence.ts';
import { readCompletion } from '../../../classifier/review/opinion.ts';
import { completion } from '../../support/model-server.ts';
import { define } from '../tools.ts';

const TOOL = define({
  name: 'manage_jobs',
  title: 'Job manager',
  description: 'Manages jobs.\nA deleted job is "gone" for good.',
  inputSchema: {
    type: 'object',
    properties: {
      action: { type: 'string', enum: ['list', 'delete'] },
      job: {
        type: 'object',
        properties: { 'a/b': { type: 'string', description: 'Path of the job file.' } },
      },
      ref: { $ref: '#/$defs/Ref' },
    },
    $defs: { Ref: { type: 'string', description: 'A git reference.' } },
  },
  annotations: { readOnlyHint: true, title: 'Only looks around' },
});

const GOOD = {
  category: 'Write',
  destructive: true,
  financial: false,
  pointer: 'description',
  quote: 'A deleted job is "gone" for good.',
  reason: 'It deletes jobs.',
};

const read = (body: unknown) => readCompletion(TOOL, body);

describe('a completion', () => {
  test('gives the opinion and what it took', () => {
    expect(read(completion(GOOD).body)).toEqual({
      answer: {
        kind: 'opinion',
        category: 'Write',
        destructive: true,
        financial: false,
        evidence: { pointer: '/description', quote: GOOD.quote, note: 'quoted in the second opinion' },
        reason: 'It deletes jobs.',
      },
      usage: { promptTokens: 900, completionTokens: 60 },
    });
  });

  test.each([
    ['broken JSON', completion('{"category": "Read", '), 'malformed'],
    ['a text', completion('It is a Write.'), 'malformed'],
    ['a category of its own', completion({ ...GOOD, category: 'Harmless' }), 'not-the-schema'],
    ['a flag as text', completion({ ...GOOD, destructive: 'no' }), 'not-the-schema'],
    ['a field too many', completion({ ...GOOD, risk: 'low' }), 'not-the-schema'],
    ['no quote', completion({ ...GOOD, quote: undefined }), 'not-the-schema'],
    ['an invented quote', completion({ ...GOOD, quote: 'Only lists jobs.' }), 'quote-not-found'],
    ['an empty quote', completion({ ...GOOD, quote: ' ' }), 'quote-not-found'],
    ['a quote of one letter', completion({ ...GOOD, quote: 'a' }), 'quote-not-found'],
    ['a quote in other letters', completion({ ...GOOD, quote: 'a DELETED job' }), 'quote-not-found'],
    [
      "a quote from the server's own hints",
      completion({ ...GOOD, pointer: 'annotations/title', quote: 'Only looks around' }),
      'quote-not-found',
    ],
    ['an answer that was cut off', completion(GOOD, { finish: 'length' }), 'truncated'],
    ['a filter', completion(null, { finish: 'content_filter' }), 'filtered'],
    ['an empty answer', completion(''), 'empty'],
    ['no answer', completion(null), 'empty'],
    ['no choices', { body: { choices: [] } }, 'empty'],
    ['choices that are none', { body: { choices: 'none' } }, 'empty'],
    ['another JSON', { body: [1] }, 'malformed'],
    ['nothing', { body: undefined }, 'malformed'],
  ])('with %s counts for nothing', (_, { body }, discarded) => {
    const result = read(body);
    expect(result.answer).toBeUndefined();
    expect(result.discarded).toBe(discarded);
  });

  test('that refuses is an answer, on one line', () => {
    const { body } = completion(null, { refusal: 'I cannot\nhelp with that.' });
    expect(read(body).answer).toEqual({ kind: 'refusal', reason: 'I cannot help with that.' });
  });

  test.each([
    ['a fence', '```json\n%\n```'],
    ['thoughts', '<think>Is it a Write?</think>\n%'],
  ])('is read through %s, as servers without structured output send it', (_, frame) => {
    expect(read(completion(frame.replace('%', JSON.stringify(GOOD))).body).answer?.kind).toBe('opinion');
  });

  test('keeps no more than a line of what the model says', () => {
    const { answer } = read(completion({ ...GOOD, reason: `a\u2028b\n${'x'.repeat(10_000)}` }).body);
    expect(answer?.reason.length).toBeLessThan(400);
    expect(answer?.reason).not.toMatch(/[\n\u2028]/);
  });
});

describe('a quote', () => {
  test.each([
    ['the name', 'name', 'manage_jobs', '/name', undefined],
    ['the title', '/title', 'Job manager', '/title', undefined],
    ['a choice', 'action', 'delete', '/inputSchema/properties/action/enum/1', 'action'],
    ['a parameter', 'job', 'job', '/inputSchema/properties/job', 'job'],
    [
      'a nested one with a slash in its name',
      'job.a/b',
      'Path of the job',
      '/inputSchema/properties/job/properties/a~1b/description',
      'job.a/b',
    ],
    ['a referenced one', 'ref', 'git reference', '/inputSchema/$defs/Ref/description', 'ref'],
    ['elsewhere than said', 'name', 'gone', '/description', undefined],
    [
      'a place that is none',
      'nowhere',
      'Path of',
      '/inputSchema/properties/job/properties/a~1b/description',
      'job.a/b',
    ],
  ])('in %s gets its pointer', (_, pointer, quote, expected, parameter) => {
    const { answer } = read(completion({ ...GOOD, pointer, quote }).body);
    const evidence = answer?.kind === 'opinion' ? answer.evidence : undefined;
    expect(evidence).toMatchObject({ pointer: expected, quote });
    expect(evidence?.parameter).toBe(parameter);
    expect(evidence && quoteHolds(TOOL.wire, evidence)).toBe(true);
  });

  test('that is long is cut, and still stands there', () => {
    const tool = define({ name: 'x', description: `Deletes ${'everything '.repeat(100)}` });
    const { answer } = readCompletion(
      tool,
      completion({ ...GOOD, quote: `Deletes ${'everything '.repeat(50)}`.trim() }).body,
    );
    expect(answer?.kind === 'opinion' && answer.evidence.quote.length).toBeLessThanOrEqual(160);
  });
});
