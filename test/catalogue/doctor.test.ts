import { describe, expect, test } from 'vitest';
import { overall, runChecks } from '../../catalogue/doctor.ts';
import { queueFinding } from '../../catalogue/doctor-queue.ts';
import { ageText, sizeText } from '../../catalogue/doctor-words.ts';

const NOW = new Date('2026-01-02T00:00:00Z');
const HOUR_MS = 3_600_000;
const ago = (hours: number) => new Date(NOW.getTime() - hours * HOUR_MS);
const IDLE = { waiting: 0, active: 0, lostHeartbeats: 0, dead: 0, workers: 0 };

describe('the queue', () => {
  test.each([
    { what: 'empty, with nobody at it', state: IDLE, health: 'ok' },
    {
      what: 'long, and worked at',
      state: {
        ...IDLE,
        waiting: 900,
        active: 8,
        workers: 2,
        oldestWaitingMs: 5 * HOUR_MS,
        lastDoneAt: ago(0.01),
      },
      health: 'ok',
    },
    {
      what: 'just filled, with no worker yet',
      state: { ...IDLE, waiting: 900, oldestWaitingMs: 60_000 },
      health: 'ok',
    },
    {
      what: 'waiting for hours with no worker',
      state: { ...IDLE, waiting: 900, oldestWaitingMs: 5 * HOUR_MS },
      health: 'problem',
    },
    {
      what: 'with workers that finish nothing',
      state: { ...IDLE, waiting: 9, active: 2, workers: 1, oldestWaitingMs: 5 * HOUR_MS, lastDoneAt: ago(3) },
      health: 'problem',
    },
    {
      what: 'where everything under way was lost',
      state: { ...IDLE, active: 2, workers: 1, lostHeartbeats: 2, lastDoneAt: ago(0.1) },
      health: 'problem',
    },
    {
      what: 'where one worker was lost',
      state: { ...IDLE, active: 5, workers: 2, lostHeartbeats: 1, lastDoneAt: ago(0.1) },
      health: 'warning',
    },
    { what: 'with servers that were given up', state: { ...IDLE, dead: 3 }, health: 'warning' },
  ])('$what: $health', ({ state, health }) => {
    const finding = queueFinding(state, NOW);
    expect(finding.health).toBe(health);
    expect(finding.advice === undefined).toBe(health === 'ok');
  });
});

test('a check that cannot be made costs no other, and says why', async () => {
  const results = await runChecks([
    {
      id: 'broken',
      run: () => Promise.reject(new Error('outer', { cause: new Error('the disk is gone.') })),
    },
    { id: 'silent', run: async () => undefined },
    { id: 'fine', run: async () => ({ health: 'ok', found: 'Fine.' }) },
  ]);
  expect(results).toEqual([
    { id: 'broken', health: 'warning', found: 'It could not be looked at: the disk is gone.' },
    { id: 'fine', health: 'ok', found: 'Fine.' },
  ]);
  expect(overall(results)).toBe('warning');
});

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1_000, '1.0 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [9_940_000, '9.9 MB'],
  [9_960_000, '10 MB'],
  [2e15, '2000 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});

test.each([
  [59_000, 'less than a minute'],
  [60_000, '1 minute'],
  [119 * 60_000, '119 minutes'],
  [2 * HOUR_MS, '2 hours'],
  [47 * HOUR_MS, '47 hours'],
  [48 * HOUR_MS, '2 days'],
])('%d ms are %s', (ms, text) => {
  expect(ageText(ms)).toBe(text);
});
