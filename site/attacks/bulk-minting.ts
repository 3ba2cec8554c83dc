import { defineAttack } from '../attack.ts';
import { SOURCES } from '../reference/sources.ts';

export const attack = defineAttack({
  id: 'bulk-minting',
  title: 'Bulk minting',
  summary:
    'An agent brings many keys, codes, accounts or tokens into being, and each outlives the conversation.',
  how: [
    'Some tools create things that others accept as proof or as worth: access keys, invitations, vouchers, sessions, coins. To the tool it is one more record. To whoever holds it, it opens something.',
    'One call may make hundreds. They are valid from that moment, and nobody has a list of where they went: in the answer, in the context of the model, in a log.',
    'For an intruder it is the way to stay. A second key on an account that is in use looks like housekeeping and survives the change of the first.',
  ],
  needs: 'A tool that mints credentials or value, above all one that takes a number or a list.',
  access: [
    { signal: 'minting', weight: 3 },
    { signal: 'grants-access', weight: 2 },
  ],
  combinations: ['untrusted-text-and-access'],
  example: [
    'A school has `start_sessions_bulk`, which returns a code for each learner, to be printed.',
    'The agent is asked for the codes of one class and gives the number of the school.',
    'It gets 2,400 codes, notices, and calls again with 24.',
    'The 2,400 remain valid, and stand in the log of the conversation.',
  ],
  signs: [
    'Verbs such as mint, issue, generate, invite and provision with an object that others accept.',
    'Parameters such as `count`, `quantity` and `recipients`.',
    'A tool that creates keys in a server that has none to list or revoke them.',
  ],
  rule: {
    words:
      'Count what is made and not how often: the limit adds up the number in the arguments. Anything over a class waits for a person.',
    policy: {
      version: '1',
      default: 'deny',
      tools: {
        start_sessions_bulk: {
          require: [
            {
              conditions: [{ path: 'args.count', op: 'lte', value: 100 }],
              on_deny: 'At most 100 codes in one call.',
            },
          ],
          require_approval: [
            {
              conditions: [{ path: 'args.count', op: 'gt', value: 30 }],
              on_deny: 'More than 30 codes wait for a person.',
            },
          ],
          limits: [
            {
              counter: 'codes_made',
              window: 'day',
              max: 200,
              scope: 'tool',
              increment_from: 'args.count',
            },
          ],
        },
      },
    },
  },
  vain: [
    'A limit on calls: one call makes them all.',
    'Codes that cannot be guessed. They were handed out.',
    'Deleting the conversation.',
  ],
  sources: [SOURCES.businessFlows, SOURCES.cloudCredentials, SOURCES.resourceConsumption],
});
