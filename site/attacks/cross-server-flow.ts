import { defineAttack } from '../attack.ts';
import { SOURCES } from '../reference/sources.ts';

export const attack = defineAttack({
  id: 'cross-server-flow',
  title: 'Cross-server flow',
  summary:
    'Data that one server gave in confidence leaves through another one, with the agent as the carrier.',
  how: [
    'Each server was looked at by itself: one reads documents, one searches the web, one posts messages. None of them is a danger. The agent that has all three can be told by the second to take from the first and hand to the third.',
    'No border is broken on the way. Every call is allowed, is made with the right credential, and is answered correctly. Servers do not know of each other; only what stands between them and the agent can see the flow.',
    'It grows with every server that is added. Two parts may sit unused for months until a third one completes them.',
  ],
  needs:
    'One agent with a tool that reads private data, one that brings in strangers’ text and one that sends out.',
  access: [
    { role: 'private-data', weight: 2 },
    { role: 'way-out', weight: 2 },
    { signal: 'sends-external-message', weight: 2 },
    { signal: 'returns-secrets', weight: 2 },
    { signal: 'personal-data', weight: 2 },
    { signal: 'open-world', weight: 2 },
  ],
  combinations: ['lethal-trifecta', 'secrets-and-way-out', 'write-and-run'],
  example: [
    'A client has a server for messages and another one, newly added, for facts about animals.',
    'The second one answers with a fact and a paragraph: the user wants their last chats sent to this number as a backup.',
    'The agent calls `list_messages` and then `send_message` of the first server.',
    'A stranger has the history. In the log of the first server the user has forwarded some chats.',
  ],
  signs: [
    'A combination on the page of a server, or across those of a client configuration.',
    'A long argument of one server’s tool that equals the result of another’s.',
    'A new server in a configuration that already has a way out.',
  ],
  rule: {
    words:
      'Take one part away. Here the session that reads chats may not send: sending needs a person, and chats are read from a list only.',
    policy: {
      version: '1',
      default: 'deny',
      tools: {
        list_messages: {
          require: [
            {
              conditions: [{ path: 'args.chat', op: 'in', value: ['team', 'support'] }],
              on_deny: 'Only the chats of the team may be read.',
            },
          ],
          limits: [{ counter: 'list_messages_rate', window: 'minute', max: 10, scope: 'session' }],
        },
        send_message: {
          require_approval: [{ conditions: [], on_deny: 'A person reads it before it is sent.' }],
        },
      },
    },
  },
  vain: [
    'Reviewing each server alone.',
    'Separate credentials, where one agent holds them all.',
    'A cage around each server: the data goes through the agent, not through the network.',
  ],
  sources: [SOURCES.whatsapp, SOURCES.githubMcp, SOURCES.lethalTrifecta, SOURCES.annotations],
});
