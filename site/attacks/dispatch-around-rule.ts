import { defineAttack } from '../attack.ts';
import { SOURCES } from '../reference/sources.ts';

export const attack = defineAttack({
  id: 'dispatch-around-rule',
  title: 'Dispatch around a rule',
  summary: 'A tool that can call others does what a rule forbids those others to do.',
  how: [
    'Some tools take the name of an operation and its arguments: any endpoint of an API, any action on a record, any tool of a server behind. To a policy that goes by names it is one tool, and allowing it allows all that it can reach.',
    'The rule in front of `delete_user` then stands in front of one door of two. An agent that is denied there tries what else is at hand, as it would after any error, and finds the other.',
    'The same goes for a shell beside a set of careful tools, and for an action that is chosen by a parameter: `manage_users` with `action: "delete"`.',
  ],
  needs: 'A tool whose arguments say what is done, beside a rule on what is done.',
  access: [
    { signal: 'router', weight: 3 },
    { signal: 'host-code-execution', weight: 2 },
    { signal: 'code-or-query-input', category: 'Execute', weight: 1 },
  ],
  combinations: [],
  example: [
    'A server has `delete_user`, which waits for a person, and `call_api` with `method` and `path`, which is allowed because most of it only reads.',
    'The agent is asked to tidy up test accounts. `delete_user` answers that it needs approval.',
    'The agent calls `call_api` with `DELETE` and `/users/17`.',
    'No rule saw a deletion.',
  ],
  signs: [
    'Parameters such as `tool_name`, `method`, `endpoint`, `action` and `operation` beside one that carries arguments.',
    'Descriptions with “any endpoint”, “any command” or “all actions”.',
    'A denied call that is followed at once by one of a broader tool.',
  ],
  rule: {
    words:
      'Judge the broad tool by the argument that chooses: let it do what is named, and nothing else. Hide it where the narrow tools are enough.',
    policy: {
      version: '1',
      default: 'deny',
      tools: {
        call_api: {
          require: [
            {
              conditions: [
                { path: 'args.method', op: 'eq', value: 'GET' },
                { path: 'args.path', op: 'regex', value: '^/(?:users|groups)(?:/[0-9]+)?$' },
              ],
              on_deny: 'Only users and groups may be read by this tool.',
            },
          ],
          limits: [{ counter: 'call_api_rate', window: 'minute', max: 10, scope: 'grant' }],
        },
        delete_user: {
          require_approval: [{ conditions: [], on_deny: 'Deleting a user waits for a person.' }],
        },
      },
    },
  },
  vain: [
    'A rule on the narrow tool alone.',
    'A list of forbidden operations, where new ones come with each release of the API.',
    'A denial without a reason: the agent takes it for a fault and looks for a way around.',
  ],
  sources: [SOURCES.excessiveAgency, SOURCES.owaspMcp],
});
