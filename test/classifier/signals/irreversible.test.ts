import { expect, test } from 'vitest';
import { classify } from '../tools.ts';
import { judges, taking, tool } from './cases.ts';

judges('irreversible', [
  [
    'stated late',
    tool('close_year', 'Close a fiscal year. Once closed, it cannot be reopened or undone.'),
    false,
  ],
  ['stated', tool('close_year', 'Close a fiscal year. This cannot be undone.'), true],
  ['stated of a change', tool('set_lock', 'Lock a vault. The locked state is irreversible.'), true],
  ['the adverb behind the object', tool('drop_lead', 'Remove a lead from a campaign permanently.'), true],
  ['the verb alone', tool('purge_queue', 'Remove all messages from a queue'), true],
  ['a table of a database', tool('truncate', 'Truncate a table, optionally resetting the key'), true],
  ['a transaction that is sent', tool('broadcast', 'Broadcast a signed transaction to the network'), true],
  ['a switch', taking({ hard_delete: { type: 'boolean' } }, 'remove', 'Remove an account'), ['hard_delete']],
  ['a version for everyone', tool('publish', 'Publish the package to npm'), true],
  ['rewritten history', tool('push', 'Push commits. Supports force-push to a branch.'), true],
  ['a plain removal', tool('remove', 'Remove a note'), false],
  ['only to the trash', tool('trash', 'Delete a file by moving it to the trash'), false],
  ['denied', tool('hide', 'Hide a post. Nothing is permanently deleted.'), false],
  ['put off', tool('discard', 'Discard a draft. It can be restored until permanently deleted.'), false],
  ['after some days', tool('bin', 'Move a file to the bin. Permanently deleted after 30 days.'), false],
  [
    'left to another tool',
    tool('bin', 'Move a file to the bin. Use erase_file to permanently remove it.'),
    false,
  ],
  ['a look at what is pending', tool('pending', 'List the documents that await permanent deletion'), false],
  ['a table of a restaurant', tool('drop', 'Drop a pin on the map'), false],
  ['text that is cut', tool('shorten', 'Truncate a text to a number of words'), false],
  ['what is fetched again', tool('purge', 'Purge cached pages of the CDN'), false],
  ['not sent yet', tool('prepare', 'Build an unsigned transaction that transfers SOL'), false],
  ['money that a bank can call back', tool('pay', 'Transfer money between two bank accounts'), false],
  ['a message', tool('mail', 'Send an e-mail to a customer'), false],
]);

test('a change that cannot be undone is high even where nothing is removed', () => {
  const publish = classify({ name: 'publish', description: 'Publish the package to npm' });
  expect(publish).toMatchObject({ category: 'Write', destructive: false, risk: 'high' });
});
