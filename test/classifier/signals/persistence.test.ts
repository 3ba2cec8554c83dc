import { expect, test } from 'vitest';
import { classify } from '../tools.ts';
import { judges, taking, tool } from './cases.ts';

const text = { type: 'string' };

judges('persistence', [
  ['a webhook', tool('hook', 'Register a webhook URL for events'), true],
  ['a schedule that is changed', tool('plan', 'Update a pipeline schedule'), true],
  ['something for later', tool('later', 'Schedule a post for next week'), true],
  ['news from now on', tool('follow', 'Subscribe to notifications of an issue'), true],
  ['a hook in a repository', tool('hooks', 'Install git hooks'), true],
  ['a check that goes on', tool('watch', 'Create an uptime monitor'), true],
  ['an answer on its own', tool('away', 'Update the vacation responder settings'), true],
  ['a process that stays', tool('serve', 'Start the server in the background'), true],
  ['turned on', tool('on', 'Activate a workflow by id'), true],
  ['a timer among the arguments', taking({ cron: text }, 'sync', 'Create a sync of two folders'), ['cron']],
  ['a time among the arguments', taking({ send_at: text }, 'mail', 'Send an e-mail'), ['send_at']],
  [
    'one action of many',
    taking({ action: { enum: ['list', 'create', 'remove'] } }, 'git_hooks', 'Work with git hooks'),
    ['action'],
  ],
  ['a list', tool('hooks', 'List the webhooks'), false],
  ['an end', tool('off', 'Delete a webhook'), false],
  ['a use', tool('call', 'Send a POST request to a webhook'), false],
  ['a single run', tool('go', 'Trigger a pipeline'), false],
  ['a date with people', tool('meet', 'Schedule a meeting with three people'), false],
  ['a plan that is paid', tool('plan', 'Create a subscription for a customer'), false],
  ['who is on duty', tool('duty', 'Update the on-call schedule'), false],
  ['a queue', tool('move', 'Schedule a repository storage move'), false],
  ['code for it', tool('code', 'Generate the code of a webhook handler'), false],
  ['a passing stream', tool('stream', 'Subscribe to a stream of live events'), false],
  ['a time that is looked for', taking({ scheduled_at: text }, 'find', 'List posts'), false],
]);

test('what acts later does not raise a change by itself', () => {
  expect(classify({ name: 'hook', description: 'Create a webhook for a repository' })).toMatchObject({
    category: 'Write',
    risk: 'medium',
  });
});
