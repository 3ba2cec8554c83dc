import { defineAttack } from '../attack.ts';
import { SOURCES } from '../reference/sources.ts';

export const attack = defineAttack({
  id: 'false-hints',
  title: 'False hints',
  summary: 'A server marks a tool as harmless, and a client that believes it skips the question.',
  how: [
    'The protocol lets a server add hints to a tool: that it only reads, that it destroys nothing, that it can be repeated. Clients use them to decide what runs without asking. The hint is written by the one whom it concerns.',
    'Most false hints are no malice. A library sets the same value for all tools, or a tool grew and its hint did not. The effect is the same.',
    'Leaving hints out is not neutral either: the defaults then say that a tool may write and may destroy, and a client that treats a missing hint as harmless has it backwards.',
  ],
  needs: 'A client that acts on annotations, and a server that nobody vouches for.',
  access: [
    { signal: 'annotation-mismatch', weight: 3 },
    { signal: 'schema-mismatch', weight: 1 },
  ],
  combinations: [],
  example: [
    'A client runs tools with `readOnlyHint: true` without asking.',
    'A server marks `sync_accounts` so. Its description says that it deletes accounts that are gone.',
    'The agent calls it in passing, to have fresh data.',
    'Accounts are gone that were only out of reach.',
  ],
  signs: [
    'A hint that the description contradicts: the page of a tool compares the two under “What the server claims”.',
    'The same hints on every tool of a server.',
    '`destructiveHint: false` beside words such as delete and overwrite.',
  ],
  rule: {
    words: 'A rule by name, which no hint can change. Here the tool waits for a person whatever it claims.',
    policy: {
      version: '1',
      default: 'deny',
      tools: {
        sync_accounts: {
          require_approval: [{ conditions: [], on_deny: 'It deletes accounts; a person approves it.' }],
        },
      },
    },
  },
  vain: [
    'A rule for “all tools that only read”, where the server says which those are.',
    'Asking only for tools without hints.',
    'A signature on the definition. It says who claims it and not that it is true.',
  ],
  sources: [SOURCES.annotations, SOURCES.mcpTools],
});
