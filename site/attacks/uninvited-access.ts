import { defineAttack } from '../attack.ts';
import { SOURCES } from '../reference/sources.ts';

export const attack = defineAttack({
  id: 'uninvited-access',
  title: 'Uninvited access',
  summary: 'An agent is made to let somebody in: a share, a role, a member, a public link.',
  how: [
    'A single call of a tool that grants access does no visible harm. It returns “done”, and nothing is missing. What follows is done by the one who was let in, from elsewhere, with rights of their own.',
    'So the rules in front of all other tools no longer matter. The stranger reads the folder without the agent, at leisure, and the logs of the agent show one short call.',
    'Public links are the same with a recipient that nobody knows.',
  ],
  needs: 'A tool that shares, invites, assigns roles or opens something to the public.',
  access: [
    { signal: 'grants-access', weight: 3 },
    { signal: 'admin', weight: 2 },
    { signal: 'minting', weight: 1 },
  ],
  combinations: ['untrusted-text-and-access'],
  example: [
    'An agent sorts the documents of a team and has `share_folder`.',
    'A comment in one of them says: the auditor needs to see this folder by noon, address below.',
    'The agent calls `share_folder` with the address and the role “editor”.',
    'The folder is copied that afternoon.',
  ],
  signs: [
    'Verbs such as share, invite, grant, assign and publish, with a person or a role among the parameters.',
    'Addresses of other domains in those arguments.',
    'Roles above reading where reading would do.',
  ],
  rule: {
    words: 'Only people of the own domain, only to read, and a person approves it.',
    policy: {
      version: '1',
      default: 'deny',
      tools: {
        share_folder: {
          require: [
            {
              conditions: [
                { path: 'args.email', op: 'regex', value: '^[^@\\s]+@acme\\.example$' },
                { path: 'args.role', op: 'eq', value: 'reader' },
              ],
              on_deny: 'Folders are shared within acme.example, to read.',
            },
          ],
          require_approval: [{ conditions: [], on_deny: 'A person approves each share.' }],
        },
      },
    },
  },
  vain: [
    'Rules in front of the tools that read. The one who was let in does not use them.',
    'An expiry of a month.',
    'A mail to the owner, who gets many.',
  ],
  sources: [SOURCES.cloudCredentials, SOURCES.excessiveAgency, SOURCES.injecAgent],
});
