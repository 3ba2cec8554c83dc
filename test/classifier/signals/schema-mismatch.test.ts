import { expect, test } from 'vitest';
import { finding, judges, taking, tool } from './cases.ts';

const text = { type: 'string' };
const flag = { type: 'boolean' };

function documented(...lines: string[]): string {
  return [
    'Plot a chart.',
    '',
    'Args:',
    ...lines.map((line) => `    ${line}`),
    '',
    'Returns:',
    '    chart: The chart',
  ].join('\n');
}

judges('schema-mismatch', [
  [
    'an argument too many',
    taking({ data: text, title: text }, 'plot', documented('data: It', 'title: It', 'size: It')),
    true,
  ],
  ['in a list', taking({ data: text }, 'plot', documented('- `data` (str): It', '- `size` (int): It')), true],
  [
    'all there',
    taking({ data: text, title: text }, 'plot', documented('data: It', 'title (str): It')),
    false,
  ],
  [
    'passed by the framework',
    taking({ data: text }, 'plot', documented('data: It', 'ctx: The context')),
    false,
  ],
  ['another language of names', taking({ data: text }, 'plot', documented('daten: It', 'titel: It')), false],
  ['many by one name', taking({ data: text }, 'plot', documented('data: It', 'filter_*: Filters')), false],
  ['without a schema', tool('plot', documented('data: It', 'size: It')), false],
  [
    'nothing needed but something required',
    taking({ id: text }, 'status', 'Get the status. No parameters required.', ['id']),
    true,
  ],
  [
    'nothing needed and all optional',
    taking({ id: text }, 'status', 'Get the status. No parameters required.'),
    false,
  ],
  ['a list that is emptied', taking({ clear: flag }, 'logs', 'Get the logs of the page'), ['clear']],
  [
    'a message that is gone',
    taking({ remove_message: flag }, 'receive', 'Get the next message'),
    ['remove_message'],
  ],
  ['a cache', taking({ clear_cache: flag }, 'logs', 'Get the logs of the page'), false],
  ['a filter', taking({ deleted: flag, delete_protection: text }, 'logs', 'Get the logs of the page'), false],
  ['a tool that says so', taking({ purge: flag }, 'logs', 'Delete the logs of the page'), false],
  [
    'a switch against the promise',
    taking({ sql: text, allow_writes: flag }, 'query', 'Read-only SQL query'),
    ['allow_writes'],
  ],
  ['a promise alone', taking({ sql: text, write: text }, 'query', 'Read-only SQL query'), false],
  [
    'a choice that is not named',
    taking({ mode: { description: 'One of "fast" or "slow"', enum: ['fast', 'slow', 'destroy'] } }),
    ['mode', 'mode'],
  ],
  [
    'examples of choices',
    taking({ mode: { description: 'One of the modes, such as fast', enum: ['fast', 'slow'] } }),
    false,
  ],
  ['all choices', taking({ mode: { description: 'Either fast or slow', enum: ['fast', 'slow'] } }), false],
]);

test('without parameters there is nothing to compare', () => {
  expect(finding('schema-mismatch', tool('plot', 'Plot. Args:\n    data: It')).outcome).toBe(
    'not-applicable',
  );
});
