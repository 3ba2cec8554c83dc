import { stringify } from 'yaml';
import { escapeHidden, longEscape, lossComment } from '../escape.ts';
import { lossesOf, type Means, staticDecisions } from '../lower.ts';
import { defineJointTarget, type ServerPolicy } from '../target.ts';
import { jointLosses, namedTools, sortedLosses, writtenTools } from '../written-names.ts';

const MEANS: Means = { ask: false, hide: true, arguments: false, limits: false };

export const target = defineJointTarget({
  id: 'docker-mcp-gateway',
  title: 'Docker MCP Gateway',
  summary: 'The tools of the server that the gateway passes on; every other is left out of its list.',
  abilities: { allow: 'yes', ask: 'no', deny: 'yes', hide: 'yes', arguments: 'no', limits: 'no' },
  newTools: 'hidden',
  usage:
    'Merge it into `~/.docker/mcp/tools.yaml`, or give it with `docker mcp gateway run --tools-config <file>`; the key is the name of the server in the catalogue of Docker. ' +
    'The option `--tools` makes the gateway ignore the file.',
  join(policies) {
    const parts = policies.map(partOf);
    const losses = jointLosses(parts);
    const yaml = stringify(new Map(parts.map(({ serverName, allowed }) => [serverName, allowed])), {
      defaultStringType: 'QUOTE_DOUBLE',
      lineWidth: 0,
    });
    return {
      fileName: 'tools.yaml',
      text: `${escapeHidden(yaml, longEscape)}${lossComment('#', losses)}`,
      losses,
    };
  },
});

function partOf({ document, context: { serverName, tools } }: ServerPolicy) {
  const written = writtenTools(staticDecisions(document, namedTools(document, tools), MEANS), (tool) => tool);
  return {
    serverName,
    allowed: written.tools.filter(({ decision }) => decision === 'allow').map(({ tool }) => tool),
    losses: sortedLosses(lossesOf(document, written.sure, { newTools: 'hidden' }), written.losses),
  };
}
