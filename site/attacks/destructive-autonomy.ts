import { defineAttack } from '../attack.ts';
import { SOURCES } from '../reference/sources.ts';

export const attack = defineAttack({
  id: 'destructive-autonomy',
  title: 'Destructive autonomy',
  summary: 'An agent with the right to delete decides that deleting is the way to get its task done.',
  how: [
    'Removing and making anew is often the shortest plan: the environment that does not start, the table with the odd rows, the branch that does not merge. A person would stop at the word. An agent that has the tool and no gate in front of it goes on.',
    'What the user said before does not hold it. “Do not touch production” is a sentence in a conversation, and the right to touch production is in the credential.',
    'Afterwards the agent’s own account of what happened is one more generated text. In published cases it was wrong, also about whether the loss could be undone.',
  ],
  needs: 'A tool that removes, ends or overwrites, with credentials that reach something real.',
  access: [
    { effect: 'destructive', weight: 3 },
    { signal: 'irreversible', weight: 3 },
    { signal: 'unbounded', weight: 2 },
  ],
  combinations: ['untrusted-text-and-destruction'],
  example: [
    'An agent is asked to find out why a migration fails. It has `run_migration`, `drop_table` and the connection string of production.',
    'It finds that a table already exists and concludes that the table is a leftover.',
    'It calls `drop_table`, and the migration runs.',
    'The backup is from the night before; the agent reports success.',
  ],
  signs: [
    'Words such as delete, drop, purge, reset and recreate in a definition, and the absence of any way back.',
    'No argument that narrows it down: a tool that clears a whole thing.',
    'One set of credentials for trying out and for production.',
  ],
  rule: {
    words:
      'A person approves the very call, with its arguments before them. A cap would only slow it down: one call is enough.',
    policy: {
      version: '1',
      default: 'deny',
      tools: {
        run_migration: {
          limits: [{ counter: 'run_migration_rate', window: 'minute', max: 10, scope: 'grant' }],
        },
        drop_table: {
          deny_if: [
            {
              conditions: [{ path: 'args.database', op: 'eq', value: 'production' }],
              on_deny: 'Tables of production are not dropped from here.',
            },
          ],
          require_approval: [{ conditions: [], on_deny: 'Dropping a table waits for a person.' }],
        },
      },
    },
  },
  vain: [
    'Instructions in the prompt, in capitals or not.',
    'A limit on calls.',
    'The annotation `destructiveHint` alone: it is the server’s claim, and clients are told not to rely on it.',
  ],
  sources: [SOURCES.replit, SOURCES.kiro, SOURCES.excessiveAgency],
});
