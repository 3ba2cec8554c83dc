import { defineAttack } from '../attack.ts';
import { SOURCES } from '../reference/sources.ts';

export const attack = defineAttack({
  id: 'command-injection',
  title: 'Command injection',
  summary: 'Text that a stranger wrote becomes a command on the machine of the server.',
  how: [
    'A tool for a shell or a script takes whatever it is given. Its caller is a model, and what the model writes depends on what it has read. So the distance between a sentence on a web page and a command is one call.',
    'Tools that take no command can run one, too: a file name, a branch, an address is put into a line for the shell, and a semicolon or a backtick ends the name and begins the next command. That is the oldest fault of this kind, and servers repeat it.',
    'Clients are not exempt. A widely used connector ran what a hostile server put into an address during sign-in.',
  ],
  needs: 'A tool that runs commands or code, or one that builds a command out of its arguments.',
  access: [
    { role: 'code-running', weight: 3 },
    { signal: 'host-code-execution', weight: 3 },
    { signal: 'code-or-query-input', category: 'Execute', weight: 1 },
  ],
  combinations: ['untrusted-text-and-code', 'write-and-run'],
  example: [
    'A server offers `git_log` with the parameter `branch` and runs `git log` with it through a shell.',
    'A stranger names a branch so that it ends the command and begins another, which fetches a script and runs it.',
    'The agent lists the branches and asks for the log of each.',
    'The script runs as the developer.',
  ],
  signs: [
    'Parameters such as `command`, `script`, `code`, `args` and `flags`.',
    'Arguments with `;`, `|`, `&`, `$(` or a backtick where a name is expected.',
    'A description that offers any command and lists those that are meant.',
  ],
  rule: {
    words:
      'Say which commands may be run, whole and from the beginning to the end, and deny the characters that join commands.',
    policy: {
      version: '1',
      default: 'deny',
      tools: {
        run_command: {
          require: [
            {
              conditions: [
                {
                  path: 'args.command',
                  op: 'regex',
                  value: '^(?:npm (?:test|run lint)|git (?:status|diff))$',
                },
              ],
              on_deny: 'Only tests, lint, status and diff may be run.',
            },
          ],
          limits: [{ counter: 'run_command_rate', window: 'minute', max: 10, scope: 'grant' }],
        },
        git_log: {
          require: [
            {
              conditions: [{ path: 'args.branch', op: 'regex', value: '^[A-Za-z0-9][A-Za-z0-9._/-]*$' }],
              on_deny: 'That is no name of a branch.',
            },
          ],
        },
      },
    },
  },
  vain: [
    'A list of forbidden commands. `python`, `awk` and `find` run others.',
    'Checking the first word.',
    'A container that has the source, the keys and the network inside.',
  ],
  sources: [SOURCES.cweCommand, SOURCES.mcpRemote, SOURCES.copilotCommands],
});
