import { prettyJson } from '../escape.ts';
import { defineJointTarget } from '../target.ts';
import { sortedLosses } from '../written-names.ts';
import { claudePermissions } from './claude-code.ts';

export const target = defineJointTarget({
  id: 'claude-code-managed',
  title: 'Claude Code managed settings',
  summary:
    'The same permissions, set by an administrator: users can neither add rules, nor connect a server under another name.',
  abilities: { allow: 'yes', ask: 'yes', deny: 'yes', hide: 'yes', arguments: 'no', limits: 'no' },
  newTools: 'asked',
  usage:
    'Merge it into `managed-settings.json` in `/etc/claude-code/`, `/Library/Application Support/ClaudeCode/` or `C:\\Program Files\\ClaudeCode\\`. ' +
    'Users keep no other server and no rule of their own: add every server that they may use to `allowedMcpServers`, and its rules to the lists.',
  join(policies) {
    const { permissions, losses } = claudePermissions(policies);
    const settings = {
      permissions,
      allowManagedPermissionRulesOnly: true,
      allowManagedMcpServersOnly: true,
      allowedMcpServers: policies.map(({ context: { serverName } }) => ({ serverName })),
    };
    return {
      fileName: 'managed-settings.json',
      text: prettyJson(settings),
      losses: sortedLosses(losses, [NAME_ONLY]),
    };
  },
});

const NAME_ONLY =
  'The server is known by its key alone, so a user can put another server under it; add its serverUrl or serverCommand to allowedMcpServers.';
