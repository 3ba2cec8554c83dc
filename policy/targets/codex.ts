import { stringify } from 'smol-toml';
import { escapeHidden, longEscape, lossComment } from '../escape.ts';
import { lossesOf, type Means, staticDecisions } from '../lower.ts';
import { defineJointTarget, type ServerPolicy } from '../target.ts';
import { isOpen, jointLosses, namedTools, sortedLosses, writtenTools } from '../written-names.ts';

const MEANS: Means = { ask: true, hide: true, arguments: false, limits: false };

export const target = defineJointTarget({
  id: 'codex',
  title: 'Codex',
  summary: 'Which tools of the server Codex has, and which of them it runs without asking.',
  abilities: { allow: 'yes', ask: 'yes', deny: 'yes', hide: 'yes', arguments: 'no', limits: 'no' },
  newTools: 'hidden',
  usage:
    'Merge it into `~/.codex/config.toml`: move the keys into the table of the server that is there, because TOML allows no second table of the same name. ' +
    '`codex exec` cannot ask, and cancels a call that it would have to ask about; with `approval_policy = "never"` and full access Codex asks about nothing.',
  join(policies) {
    const parts = policies.map(partOf);
    const losses = jointLosses(parts);
    const servers = parts.map(({ serverName, server }) => [serverName.toWellFormed(), server]);
    const toml = stringify({ mcp_servers: Object.fromEntries(servers) });
    return {
      fileName: 'config.toml',
      text: `${escapeHidden(toml, longEscape)}${lossComment('#', losses)}`,
      losses,
    };
  },
});

function partOf({ document, context: { serverName, tools } }: ServerPolicy) {
  const written = writtenTools(staticDecisions(document, namedTools(document, tools), MEANS), (tool) => tool);
  const open = written.tools.filter(isOpen);
  const names = (each: readonly { tool: string }[]) => each.map(({ tool }) => tool);
  const modes = open.map(({ tool, decision }): [string, { approval_mode: string }] => [
    tool,
    { approval_mode: decision === 'allow' ? 'approve' : 'prompt' },
  ]);
  return {
    serverName,
    server: {
      enabled_tools: names(open),
      disabled_tools: names(written.tools.filter((each) => !open.includes(each))),
      default_tools_approval_mode: 'prompt',
      ...(modes.length > 0 && { tools: Object.fromEntries(modes) }),
    },
    losses: sortedLosses(
      lossesOf(document, written.sure, { newTools: 'hidden' }),
      written.losses,
      /^[A-Za-z0-9_-]+$/.test(serverName) ? [] : [SERVER_LOSS],
    ),
  };
}

const SERVER_LOSS = 'Codex refuses this key of the server; rename it with letters, digits, _ and - only.';
