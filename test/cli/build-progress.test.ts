import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { startBuildLine } from '../../cli/build-progress.ts';

function terminal(isTerminal: boolean) {
  let text = '';
  let now = 0;
  const stream = new Writable({
    write(chunk, _, done) {
      text += chunk;
      done();
    },
  });
  const line = startBuildLine({ stderr: { stream, isTerminal, columns: 80 }, now: () => new Date(now) });
  const at = (ms: number, phase: 'reading' | 'pages' | 'whole', tools: number) => {
    now = ms;
    line.show({ phase, servers: 1, serversInAll: 9, tools, toolsInAll: 12_000 });
  };
  return { at, line, shown: () => text.split('\r\u001b[K').at(-1), all: () => text };
}

test('says on a terminal how far a build is, how fast it goes and how long it will take', () => {
  const { at, line, shown } = terminal(true);
  at(0, 'reading', 0);
  expect(shown()).toBe('Finding out what changed …');
  at(1_000, 'pages', 0);
  at(3_000, 'pages', 4_000);
  expect(shown()).toBe('4,000 of 12,000 tools, 2,000 a second, 4 s left …');
  at(7_000, 'whole', 12_000);
  expect(shown()).toBe('Making the pages about the whole catalogue …');
  line.end();
  expect(shown()).toBe('');
});

test('writes nothing where nobody looks', () => {
  const { at, line, all } = terminal(false);
  at(0, 'reading', 0);
  at(1_000, 'pages', 5);
  line.end();
  expect(all()).toBe('');
});
