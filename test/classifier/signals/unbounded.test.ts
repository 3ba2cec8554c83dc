import { expect, test } from 'vitest';
import { classify } from '../tools.ts';
import { judges, taking, tool } from './cases.ts';

const text = { type: 'string' };

judges('unbounded', [
  ['all of a container', taking({ index: text }, 'empty', 'Delete all documents in an index'), true],
  ['all of a queue that is named', tool('purge', 'Remove all messages from a specific queue'), true],
  ['the whole', tool('forget', 'Clear the entire conversation history'), true],
  ['everyone', tool('news', 'Send a text to all followers'), true],
  ['all over', tool('sweep', 'Delete all artifacts across an entire project'), true],
  ['said by the name alone', tool('delete_all_scripts'), true],
  ['stopped at once', tool('halt', 'Stop all running containers'), true],
  ['of the user who asks', tool('done', 'Mark all to-dos as done for the authenticated user'), true],
  ['a filter', taking({ older_than: text }, 'sweep', 'Delete all logs'), false],
  ['a list of what is meant', taking({ ids: { type: 'array' } }, 'sweep', 'Delete all notes'), false],
  ['said to match', tool('sweep', 'Delete all notes matching a pattern'), false],
  ['of one thing', tool('strip', 'Remove all attachments from a page'), false],
  ['fields of one thing', tool('put', 'Replace all properties of a record'), false],
  ['the whole value', tool('put', 'Replaces the whole value of a setting'), false],
  ['part of it', tool('sell', 'Sell all or part of a position'), false],
  ['one lead, everywhere', tool('opt_out', 'Unsubscribe a lead from all campaigns of the account'), false],
  ['a read', tool('fetch', 'Get all records'), false],
  ['an export of one page', tool('export', 'Export a page with all its blocks'), false],
  ['a cell', tool('clear', 'Clear a cell of a sheet'), false],
  ['a network, not people', tool('tx', 'Broadcast a transaction to all nodes'), false],
]);

test('a mass change is high, and a full export stays a read', () => {
  expect(classify({ name: 'read_all', description: 'Mark all notifications as read' })).toMatchObject({
    category: 'Write',
    risk: 'high',
  });
  const dump = classify({ name: 'dump', description: 'Export the entire database as JSON' });
  expect(dump).toMatchObject({ category: 'Read', risk: 'low' });
});
