import { prettyJson } from '../escape.ts';
import { lossesOf, type Means, staticDecisions } from '../lower.ts';
import { defineJointTarget, type ServerPolicy } from '../target.ts';
import { jointLosses, namedTools, naming, sortedLosses, writtenTools } from '../written-names.ts';

const MEANS: Means = { ask: true, hide: true, arguments: false, limits: false };

export const target = defineJointTarget({
  id: 'claude-code',
  title: 'Claude Code settings',
  summary:
    'Permissions of Claude Code: each tool is allowed, asked about or denied. Nothing about arguments.',
  abilities: { allow: 'yes', ask: 'yes', deny: 'yes', hide: 'yes', arguments: 'no', limits: 'no' },
  newTools: 'asked',
  usage:
    'Merge it into `.claude/settings.json` of the project or `~/.claude/settings.json`: add to the lists that are there, and replace none. ' +
    'It switches off the modes in which Claude Code runs without asking, because a new tool would run unasked in them.',
  join(policies) {
    const { permissions, losses } = claudePermissions(policies);
    return { fileName: 'settings.json', text: prettyJson({ permissions }), losses };
  },
});

/** The permissions of Claude Code's settings. */
export interface ClaudePermissions {
  allow: string[];
  ask: string[];
  deny: string[];
  defaultMode: 'default';
  disableBypassPermissionsMode: 'disable';
  disableAutoMode: 'disable';
}

/** The permissions that policies ask for, and what they cannot say. */
export function claudePermissions(policies: readonly ServerPolicy[]): {
  permissions: ClaudePermissions;
  losses: string[];
} {
  const parts = policies.map(rulesOf);
  return {
    permissions: {
      allow: parts.flatMap(({ allow }) => allow),
      ask: parts.flatMap(({ ask }) => ask),
      deny: parts.flatMap(({ deny }) => deny),
      defaultMode: 'default',
      disableBypassPermissionsMode: 'disable',
      disableAutoMode: 'disable',
    },
    losses: jointLosses(parts),
  };
}

function rulesOf({ document, context: { serverName, tools } }: ServerPolicy) {
  // A rule without the name of a tool may be read as one about the whole server, so none is written.
  const [nameless, named] = [true, false].map((without) =>
    namedTools(document, tools).filter((tool) => (tool === '') === without),
  );
  const written = writtenTools(staticDecisions(document, named ?? [], MEANS), apiName);
  const isServerSure = SURE_NAME.test(serverName);
  // A rule that may be read as one about another server may cost a question, but let nothing pass.
  const isSure = (name: string) => isServerSure && SURE_TOOL.test(name);
  const decided = written.tools.map(({ decision, written: name }) => ({
    rule: `mcp__${apiName(serverName)}__${name}`,
    list: decision === 'hide' ? 'deny' : decision === 'allow' && !isSure(name) ? 'ask' : decision,
  }));
  const rules = (list: string) => decided.filter((each) => each.list === list).map(({ rule }) => rule);
  const allowed = written.sure.filter(({ decision }) => decision === 'allow').map(({ tool }) => tool);
  return {
    serverName,
    allow: rules('allow'),
    ask: rules('ask'),
    deny: rules('deny'),
    losses: sortedLosses(
      lossesOf(document, written.sure, { newTools: 'asked' }),
      written.losses,
      naming('No rule can be about a tool without a name, so every call is asked about', nameless ?? []),
      isServerSure
        ? naming(
            TOOL_LOSS,
            allowed.filter((tool) => !isSure(tool)),
          )
        : naming(SERVER_LOSS, allowed),
    ),
  };
}

/** Claude Code takes `__` for the border between server and tool, and a server without a tool for all of its tools. */
const SURE_NAME = /^[A-Za-z0-9-]+(?:_[A-Za-z0-9-]+)*$/;
const SURE_TOOL = /^[A-Za-z0-9-]+(?:_[A-Za-z0-9-]+)*_?$/;

const SERVER_LOSS =
  'The key of the server may be taken for that of another, so every call is asked about (use letters, digits, - and single _)';

const TOOL_LOSS = 'The name may be taken for that of a tool of another server, so every call is asked about';

/** A name as Claude Code gives it to the model, which its rules go by: every other character becomes `_`. */
function apiName(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, '_');
}
