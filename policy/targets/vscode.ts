import { stringify } from 'yaml';
import { escapeHidden, longEscape } from '../escape.ts';
import { lossesOf, type Means, staticDecisions } from '../lower.ts';
import { defineJointTarget, type ServerPolicy } from '../target.ts';
import { jointLosses, namedTools, sortedLosses, writtenTools } from '../written-names.ts';

/**
 * A custom agent, because it is the one file of VS Code that closes a tool out. The settings only choose which tools
 * are asked about by name, and a new tool that says of itself that it only reads would run unasked.
 */
const MEANS: Means = { ask: false, hide: true, arguments: false, limits: false };

export const target = defineJointTarget({
  id: 'vscode',
  title: 'VS Code custom agent',
  summary: 'An agent that has the allowed tools of the server and no others.',
  abilities: { allow: 'yes', ask: 'no', deny: 'yes', hide: 'yes', arguments: 'no', limits: 'no' },
  newTools: 'hidden',
  usage:
    'Save it as `.github/agents/<name>.agent.md`, or add the tools to the `tools:` of an agent that you have, and choose that agent in the chat. ' +
    'Other agents keep all tools; `chat.tools.global.autoApprove` stays false.',
  join(policies) {
    const parts = policies.map(partOf);
    const front = {
      description: 'Works with the reviewed tools only.',
      tools: parts.flatMap(({ allowed }) => allowed),
    };
    const yaml = stringify(front, {
      defaultStringType: 'QUOTE_DOUBLE',
      defaultKeyType: 'PLAIN',
      lineWidth: 0,
    });
    return {
      fileName: 'reviewed.agent.md',
      // Nothing that a server said stands below the front matter, which the model reads.
      text: `---\n${escapeHidden(yaml, longEscape)}---\n\nUse only the tools that are listed for this agent.\n`,
      losses: jointLosses(parts),
    };
  },
});

function partOf({ document, context: { serverName, tools } }: ServerPolicy) {
  const written = writtenTools(staticDecisions(document, namedTools(document, tools), MEANS), referenceName);
  const isServerPlain = /^[\w./-]+$/.test(serverName) && !BUILT_IN.includes(serverName.toLowerCase());
  const allowed = written.tools.filter(({ decision }) => decision === 'allow');
  return {
    serverName,
    allowed: isServerPlain ? allowed.map(({ written: name }) => `${serverName}/${name}`) : [],
    losses: sortedLosses(
      lossesOf(document, written.sure, { newTools: 'hidden' }),
      written.losses,
      isServerPlain ? [] : ['The key of the server cannot be written here, so every tool is hidden.'],
    ),
  };
}

/** Sets of VS Code's own tools: under such a key, a server could call a tool by the name of one of these. */
const BUILT_IN = [
  'agent',
  'browser',
  'edit',
  'execute',
  'new',
  'read',
  'runcommands',
  'runnotebooks',
  'runtasks',
  'search',
  'todo',
  'vscode',
  'web',
];

/** A tool as an agent refers to it: VS Code writes `_` for what it does not allow in a name, and `*` means all. */
function referenceName(tool: string): string {
  return tool.replace(/[^\w.-]/g, '_');
}
