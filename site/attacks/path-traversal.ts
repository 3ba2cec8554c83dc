import { defineAttack } from '../attack.ts';
import { SOURCES } from '../reference/sources.ts';

export const attack = defineAttack({
  id: 'path-traversal',
  title: 'Path traversal',
  summary: 'A path that the caller writes leads out of the folder that the tool was meant for.',
  how: [
    'A server for one folder gets a path and puts the two together. Steps upwards, an absolute path, a link inside the folder that points elsewhere: each leads out if the check is made on the text and not on the place where the path ends.',
    'A comparison of beginnings is not enough either. `/srv/project-old` begins with `/srv/project`.',
    'Reading out of bounds finds keys and settings. Writing out of bounds finds files that are run: shell profiles, hooks, the configuration of the client itself.',
  ],
  needs: 'A tool with a path among its parameters, on a file system that holds more than its folder.',
  access: [
    { signal: 'path-input', weight: 3 },
    { signal: 'host-code-execution', weight: 1 },
  ],
  combinations: ['write-and-run'],
  example: [
    'A server for `/srv/project` offers `read_file` with the parameter `path`.',
    'An issue that the agent reads asks to compare the settings with `../../home/dev/.aws/credentials`.',
    'The check sees that the text begins with the allowed folder, after it was put in front.',
    'The credentials are returned as the content of a file.',
  ],
  signs: [
    'Parameters such as `path`, `file`, `filename`, `directory` and `destination` without a word about bounds.',
    'Arguments with `..`, with a drive letter, with `~`, or with `%2e`.',
    'A tool that makes links, next to one that follows them.',
  ],
  rule: {
    words:
      'Require the folder at the beginning and deny every step upwards, also an encoded one. Links have to be caught by the server, or by a cage around it that holds no other files.',
    policy: {
      version: '1',
      default: 'deny',
      tools: {
        read_file: {
          require: [
            {
              conditions: [{ path: 'args.path', op: 'regex', value: '^/srv/project/' }],
              on_deny: 'Only files below /srv/project may be read.',
            },
          ],
          deny_if: [
            {
              conditions: [
                {
                  path: 'args.path',
                  op: 'regex',
                  value: '(?i)(?:^|[/\\\\]|%2f|%5c)(?:\\.|%2e){2}(?:$|[/\\\\]|%2f|%5c)|\\x00|%00',
                },
              ],
              on_deny: 'No step to a folder above may be in the path.',
            },
          ],
        },
      },
    },
  },
  vain: [
    'Removing `../` from the text: `....//` leaves one behind.',
    'The roots that a client names. They tell a server where to work and hold nobody to it.',
    'A read-only tool. Keys are read, too.',
  ],
  sources: [SOURCES.escapeRoute, SOURCES.cwePath],
});
