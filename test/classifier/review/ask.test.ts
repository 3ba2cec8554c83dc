import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { type AskOptions, createAsk } from '../../../classifier/review/ask.ts';
import {
  apiError,
  completion,
  type ModelRequest,
  type ModelServer,
  type Reply,
  startModelServer,
} from '../../support/model-server.ts';
import { define } from '../tools.ts';

const KEY = 'sk-secret-0123456789';
const TOOL = define({ name: 'wipe_disk', description: 'Wipes a disk.' });
const GOOD = completion('{}');

let server: ModelServer | undefined;
afterEach(() => server?.stop());

/** Asks a server that replies in this order, the last reply again and again. */
async function ask(
  replies: readonly Reply[] | ((request: ModelRequest) => Reply),
  more: Partial<AskOptions> = {},
) {
  const script = typeof replies === 'function' ? replies : undefined;
  server = await startModelServer(
    (request, index) =>
      script?.(request) ?? (replies as readonly Reply[])[Math.min(index, replies.length - 1)] ?? GOOD,
  );
  const waits: number[] = [];
  const asker = createAsk({
    model: 'model-1',
    apiKey: KEY,
    baseUrl: server.url,
    fetch: globalThis.fetch,
    sleep: async (ms) => void waits.push(ms),
    now: () => new Date('2026-01-02T03:04:05Z'),
    random: () => 0,
    signal: new AbortController().signal,
    ...more,
  });
  return { asked: await asker(TOOL), again: () => asker(TOOL), waits, requests: server.requests };
}

describe('asking', () => {
  test('sends the question with its schema, and the key in the header alone', async () => {
    const { asked, requests } = await ask([GOOD]);
    expect(asked).toMatchObject({ kind: 'answered' });
    const [request] = requests;
    expect(request?.path).toBe('/v1/chat/completions');
    expect(request?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(JSON.stringify(request?.body)).not.toContain(KEY);
    expect(request?.body).toMatchObject({
      model: 'model-1',
      temperature: 0,
      response_format: {
        type: 'json_schema',
        json_schema: {
          strict: true,
          schema: {
            additionalProperties: false,
            required: ['category', 'destructive', 'financial', 'pointer', 'quote', 'reason'],
          },
        },
      },
    });
  });

  test.each([
    ['a number of seconds', { 'retry-after': '7' }, 7_000],
    ['a date', { 'retry-after': 'Fri, 02 Jan 2026 03:04:15 GMT' }, 10_000],
    ['milliseconds', { 'retry-after-ms': '250' }, 250],
    ['nothing', {}, 1_000],
  ])('waits after 429 with %s, then asks again', async (_, headers, ms) => {
    const { asked, waits } = await ask([apiError(429, 'slow down', { headers }), GOOD]);
    expect(asked.kind).toBe('answered');
    expect(waits).toEqual([ms]);
  });

  test('does not wait for hours', async () => {
    const { asked, waits, requests } = await ask([
      apiError(429, 'slow down', { headers: { 'retry-after': '7200' } }),
    ]);
    expect(asked).toMatchObject({ kind: 'failed', reason: 'rate-limited', charged: false });
    expect([waits, requests.length]).toEqual([[], 1]);
  });

  test.each([
    ['500', apiError(500, 'oops')],
    ['502', { status: 502, body: '<html>bad gateway</html>' }],
    ['503', apiError(503, 'overloaded')],
    ['a broken connection', 'reset' as const],
  ])('asks again after %s', async (_, reply) => {
    const { asked, waits } = await ask([reply, reply, GOOD]);
    expect(asked.kind).toBe('answered');
    expect(waits).toEqual([1_000, 2_000]);
  });

  test.each([
    ['503', apiError(503, 'overloaded'), 'server-error'],
    ['a broken connection', 'reset' as const, 'unreachable'],
  ])('gives up in the end on %s', async (_, reply, reason) => {
    const { asked, requests } = await ask([reply]);
    expect(asked).toMatchObject({ kind: 'failed', reason });
    expect(requests).toHaveLength(4);
  });

  test.each([
    ['401', apiError(401, `Incorrect API key provided: ${KEY}`), 'OPENAI_API_KEY'],
    ['403', apiError(403, 'no access'), 'OPENAI_API_KEY'],
    ['404', apiError(404, 'no such model'), 'model-1'],
    ['429 without credit', apiError(429, 'no quota', { code: 'insufficient_quota' }), 'credit'],
  ])('is hopeless after %s, which is told without the key', async (_, reply, word) => {
    const { asked, requests } = await ask([reply]);
    expect(asked).toMatchObject({ kind: 'hopeless', message: expect.stringContaining(word) });
    expect(JSON.stringify(asked)).not.toContain(KEY);
    expect(requests).toHaveLength(1);
  });

  test('tells of a rejected request in the words of the server, without the key', async () => {
    const { asked } = await ask([apiError(400, `too long, dear ${KEY}`)]);
    expect(asked).toMatchObject({
      kind: 'failed',
      reason: 'rejected',
      detail: expect.stringContaining('too long'),
    });
    expect(JSON.stringify(asked)).not.toContain(KEY);
  });

  test('leaves out what a model does not take, and remembers it', async () => {
    const refusals: Record<string, string> = {
      temperature: "Unsupported value: 'temperature' does not support 0 with this model.",
      max_tokens:
        "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead.",
      response_format: 'json_schema is not supported in response_format',
    };
    const { asked, again, requests } = await ask(({ body }) => {
      const field = Object.keys(refusals).find((each) => each in body);
      return field === undefined ? GOOD : apiError(400, refusals[field] ?? '');
    });
    expect(asked.kind).toBe('answered');
    expect(requests.at(-1)?.body).toHaveProperty('max_completion_tokens');
    const before = requests.length;
    await again();
    expect(requests).toHaveLength(before + 1);
  });

  test('ends when a server refuses every form of the question', async () => {
    const { asked } = await ask([apiError(400, 'unknown field max_tokens, max_completion_tokens')]);
    expect(asked).toMatchObject({ kind: 'failed', reason: 'rejected' });
  });

  test('an answer that is no JSON is an answer that says nothing', async () => {
    const { asked } = await ask([{ body: '{"choices": [' }]);
    expect(asked).toEqual({ kind: 'answered', body: undefined });
  });

  test('does not wait for ever, nor twice', async () => {
    const { asked, requests } = await ask(['hang'], { timeoutMs: 150 });
    expect(asked).toMatchObject({ kind: 'failed', reason: 'timeout', charged: true });
    expect(requests).toHaveLength(1);
  });

  test('stops at once when it is interrupted, under way or waiting', async () => {
    const first = new AbortController();
    const [{ asked }] = await Promise.all([
      ask(['hang'], { signal: first.signal }),
      wait(100).then(() => first.abort()),
    ]);
    expect(asked).toEqual({ kind: 'aborted' });
    await server?.stop();

    const second = new AbortController();
    const sleep = async () => second.abort();
    const waiting = await ask([apiError(503, 'overloaded')], { signal: second.signal, sleep });
    expect(waiting.asked).toEqual({ kind: 'aborted' });
    expect(waiting.requests).toHaveLength(1);
  });

  test('asks a server that wants no key', async () => {
    const { asked } = await ask([GOOD], { apiKey: undefined });
    expect(asked.kind).toBe('answered');
  });
});
