import { defineAttack } from '../attack.ts';
import { SOURCES } from '../reference/sources.ts';

export const attack = defineAttack({
  id: 'write-then-run',
  title: 'Write, then run',
  summary: 'A file that one tool writes decides what another program runs, past the rule in front of either.',
  how: [
    'Many files are commands in waiting: scripts, hooks, build files, settings of an editor, the configuration that lists a client’s servers. A tool that may write files may write those.',
    'The rule in front of the shell does not see it. The shell runs `npm test`, as it may; what that does was written a minute before.',
    'Some settings switch off the questions themselves. An agent that can write the settings of its own client can allow itself everything, and has been made to do so by a comment in source code.',
  ],
  needs: 'A tool that writes files at a path of the caller’s choice, and something that runs or obeys files.',
  access: [
    { role: 'file-writing', weight: 3 },
    { signal: 'path-input', category: 'Write', weight: 3 },
    { signal: 'host-code-execution', weight: 2 },
    { signal: 'code-or-query-input', category: 'Execute', weight: 1 },
  ],
  combinations: ['write-and-run'],
  example: [
    'A coding agent may write in the project and must ask before it runs a command.',
    'A readme that it summarises asks for a line in the settings of the editor that approves all commands.',
    'It writes the file with `write_file`. That needs no approval.',
    'The next command runs without a question.',
  ],
  signs: [
    'A write to `.vscode`, `.cursor`, `.git/hooks`, `package.json`, a shell profile, or a client’s list of servers.',
    'A path parameter on a tool that writes, with no folder named that is off limits.',
    'A harmless command right after a write to what it runs.',
  ],
  rule: {
    words: 'Deny writes to what is run or obeyed, whatever the shell may do. The list is yours to extend.',
    policy: {
      version: '1',
      default: 'deny',
      tools: {
        write_file: {
          deny_if: [
            {
              conditions: [
                {
                  path: 'args.path',
                  op: 'regex',
                  value:
                    '(?i)(?:^|/)(?:\\.vscode|\\.cursor|\\.claude|\\.git|\\.github)/|(?:^|/)(?:\\.?mcp\\.json|package\\.json|\\.[a-z]*(?:rc|profile))$',
                },
              ],
              on_deny: 'Settings, hooks and build files are changed by people.',
            },
          ],
          limits: [{ counter: 'write_file_rate', window: 'minute', max: 30, scope: 'grant' }],
        },
        run_tests: { limits: [{ counter: 'run_tests_rate', window: 'minute', max: 10, scope: 'grant' }] },
      },
    },
  },
  vain: [
    'A rule in front of the shell alone.',
    'A list of allowed commands, if one of them reads its orders from the project.',
    'A review of the change afterwards: the file may have put itself back.',
  ],
  sources: [SOURCES.copilotCommands, SOURCES.cursorSpecialFiles, SOURCES.promptInjection],
});
