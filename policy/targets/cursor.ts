import { prettyJson } from '../escape.ts';
import { lossesOf, type Means, staticDecisions } from '../lower.ts';
import { defineJointTarget, type ServerPolicy } from '../target.ts';
import { isOpen, jointLosses, namedTools, naming, sortedLosses, writtenTools } from '../written-names.ts';

const MEANS: Means = { ask: true, hide: true, arguments: false, limits: false };

export const target = defineJointTarget({
  id: 'cursor',
  title: 'Cursor',
  summary:
    'The list of tools that Cursor runs without asking. It asks about every other tool, and denies none.',
  abilities: { allow: 'yes', ask: 'yes', deny: 'no', hide: 'no', arguments: 'no', limits: 'no' },
  newTools: 'asked',
  usage:
    'Merge the list into `mcpAllowlist` of `~/.cursor/permissions.json` or `.cursor/permissions.json` of the project. ' +
    'Where that key stands, Cursor no longer reads the list in its own settings. Let it run the allowlist only: neither everything, nor what its own review lets pass.',
  join(policies) {
    const parts = policies.map(partOf);
    return {
      fileName: 'permissions.json',
      text: prettyJson({ mcpAllowlist: parts.flatMap(({ allowed }) => allowed) }),
      losses: jointLosses(parts),
    };
  },
});

function partOf({ document, context: { serverName, tools } }: ServerPolicy) {
  const decisions = staticDecisions(document, namedTools(document, tools), MEANS);
  const written = writtenTools(decisions, (tool) => (PLAIN.test(tool) ? tool : undefined));
  const isServerPlain = PLAIN.test(serverName);
  const allowed = written.tools.filter(({ decision }) => decision === 'allow');
  const refused = decisions.filter((each) => !isOpen(each)).map(({ tool }) => tool);
  const odd = allowed.map(({ tool }) => tool);
  return {
    serverName,
    allowed: isServerPlain ? allowed.map(({ written: tool }) => `${serverName}:${tool}`) : [],
    losses: sortedLosses(
      lossesOf(document, written.sure, { newTools: 'asked' }),
      naming('Nothing can be denied here, so every call is asked about', refused),
      naming('The name cannot be written here for sure, so every call is asked about', oddNames(decisions)),
      isServerPlain
        ? []
        : naming('The key of the server cannot be written here, so every call is asked about', odd),
    ),
  };
}

/** Cursor takes `:` for the border between server and tool and `*` for any. */
const PLAIN = /^[\w.-]+$/;

function oddNames(decisions: ReturnType<typeof staticDecisions>): string[] {
  return decisions.filter((each) => isOpen(each) && !PLAIN.test(each.tool)).map(({ tool }) => tool);
}
