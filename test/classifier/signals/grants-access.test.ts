import { expect, test } from 'vitest';
import { classify, ids } from '../tools.ts';
import { judges, tool } from './cases.ts';

judges('grants-access', [
  ['a role', tool('assign', 'Assign a client role to a user'), true],
  ['a permission', tool('update', "Update a user's permission on a file"), true],
  ['a share', tool('share', 'Share a file or folder with everyone in a domain'), true],
  ['an invitation', tool('invite', 'Invite one or more users to your organization'), true],
  ['a member', tool('add', 'Add a member to a project'), true],
  ['made public', tool('open', 'Make a bucket public'), true],
  ['how far it is seen', tool('set', 'Change the visibility of a repository'), true],
  ['a firewall', tool('rule', 'Creates a firewall rule for a server'), true],
  ['an access list', tool('acl', 'Sets an access control entry to an item'), true],
  ['a level', tool('edit', "Edit a project member's access level"), true],
  ['a look', tool('list', 'List the permissions of a file'), false],
  ['taken away', tool('revoke', 'Revoke the access of a team to a project'), false],
  ['a thought', tool('share', 'Share your thoughts on a topic'), false],
  ['a work item', tool('assign', 'Assign an issue to a member of the team'), false],
  ['a part in a play', tool('role', 'Set the role of the character in the story'), false],
  ['a shape', tool('group', 'Add a shape to a group'), false],
  ['a request', tool('approve', 'Grants all pending approval requests'), false],
  ['addresses', tool('share_ips', 'Share IP addresses between machines'), false],
]);

test('letting somebody in is a high risk, and is not left to the signal about administration', () => {
  const share = classify({ name: 'drive_share', description: 'Share a file with a user' });
  expect(share).toMatchObject({ category: 'Write', risk: 'high' });
  expect(ids(share)).toContain('grants-access');
  expect(ids(share)).not.toContain('admin');
  expect(share.rationale).toContain('lets somebody in');
});
