import { describe, expect, test } from 'vitest';
import { batchLine, createSplitter, customId, readBatchLine } from '../../../classifier/review/batch.ts';
import { define } from '../tools.ts';

const TOOL = define({ name: 'wipe_disk', description: 'Wipes a disk.' });

describe('a batch', () => {
  test('asks one question a line, named after the tool, the model and the question', () => {
    const line = batchLine(TOOL, 'model-1');
    expect(line.endsWith('\n')).toBe(true);
    expect(line.trim()).not.toContain('\n');
    expect(JSON.parse(line)).toMatchObject({
      custom_id: customId(TOOL.hash, 'model-1'),
      method: 'POST',
      url: '/v1/chat/completions',
      body: { model: 'model-1', response_format: { type: 'json_schema' } },
    });
  });

  test('names differ by tool and by model, and are short enough for every service', () => {
    const other = define({ name: 'wipe_disk', description: 'Wipes a disc.' });
    const ids = [customId(TOOL.hash, 'a'), customId(TOOL.hash, 'b'), customId(other.hash, 'a')];
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^[\w-]{1,64}$/);
  });

  test.each([
    ['so many requests', { maxRequests: 2, maxBytes: 1_000 }, ['a', 'b', 'c', 'd', 'e'], [0, 0, 1, 1, 2]],
    ['so many bytes', { maxRequests: 10, maxBytes: 4 }, ['aa', 'aa', 'a', 'é', 'aa'], [0, 0, 1, 1, 2]],
    ['one that is too long alone', { maxRequests: 10, maxBytes: 4 }, ['a', 'aaaaaaaa', 'a'], [0, 1, 2]],
  ])('is split at %s', (_, limits, lines, files) => {
    expect(lines.map(createSplitter(limits))).toEqual(files);
  });

  test.each([
    ['an answer', '{"custom_id":"a","response":{"status_code":200,"body":{"x":1}},"error":null}', true],
    [
      'an error of the model',
      '{"custom_id":"a","response":{"status_code":400,"body":{}},"error":null}',
      false,
    ],
    ['an error of the batch', '{"custom_id":"a","response":null,"error":{"code":"batch_expired"}}', false],
  ])('gives %s', (_, line, isAnswered) => {
    expect(readBatchLine(line)).toMatchObject({ customId: 'a', isAnswered });
  });

  test.each(['', 'no JSON', '[]', '{"id":"x"}', 'null'])('%j is no result', (line) => {
    expect(readBatchLine(line)).toBeUndefined();
  });
});
