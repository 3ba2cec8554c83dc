import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createEventReader } from '../../gateway/http-events.ts';

describe('events', () => {
  const text =
    '\ufeffdata: one\n\n: a comment\r\nid: 1\r\ndata:two\rdata:  three\r\r' +
    'event: endpoint\ndata: not for us\n\ndata\n\nevent: message\ndata: fünf ✓\n\nretry: 7\n\ndata: never ended\n';
  const expected = { data: ['one', 'two\n three', 'fünf ✓'], ids: ['1'], retries: [7] };

  test('are the same however the bytes are cut', () => {
    const bytes = Buffer.from(text);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
        const found = { data: [] as string[], ids: [] as string[], retries: [] as number[] };
        const reader = createEventReader(1_000, {
          onData: (data) => found.data.push(data),
          onId: (id) => found.ids.push(id),
          onRetry: (ms) => found.retries.push(ms),
          onTooLong: () => expect.unreachable(),
        });
        const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        for (const [index, place] of places.entries()) reader.push(bytes.subarray(place, places[index + 1]));
        expect(found).toEqual(expected);
      }),
    );
  });

  test('are bounded one by one', () => {
    const data: string[] = [];
    let tooLong = 0;
    const reader = createEventReader(100, {
      onData: (each) => data.push(each),
      onId: () => {},
      onRetry: () => {},
      onTooLong: () => {
        tooLong += 1;
      },
    });
    for (let count = 0; count < 10; count++) reader.push(Buffer.from(`data: ${'x'.repeat(80)}\n\n`));
    expect(data).toHaveLength(10);
    for (let count = 0; count < 3; count++) reader.push(Buffer.from(`data: ${'x'.repeat(60)}\n`));
    expect([data.length, tooLong]).toEqual([10, 1]);
  });
});
