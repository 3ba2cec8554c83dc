import { stringify } from 'smol-toml';
import { commentLines, escapeHidden, lineOfJson, longEscape, lossComment } from '../escape.ts';
import { lossesOf, type Means, staticDecisions } from '../lower.ts';
import { compareText } from '../order.ts';
import { defineJointTarget, type ServerPolicy } from '../target.ts';
import {
  isOpen,
  jointLosses,
  namedTools,
  naming,
  sortedLosses,
  type WrittenTool,
  writtenTools,
} from '../written-names.ts';

/** Its patterns are matched against the arguments as one JSON text, in which one argument can pass for another. */
const MEANS: Means = { ask: true, hide: true, arguments: false, limits: false };

/**
 * The rules about tools stand above the one about the rest. Both stand above what other settings of the user allow
 * (0.35 of a tier and less: `trust`, `mcp.allowed`, `--allowed-tools`, in `policy/config.ts` of Gemini CLI), and below
 * what they exclude (0.4 and more).
 */
const PRIORITY = { tool: 390, rest: 380 } as const;

export const target = defineJointTarget({
  id: 'gemini-cli',
  title: 'Gemini CLI policy',
  summary:
    'Rules of the policy engine: each tool is allowed, asked about or denied, with a last rule that denies the rest.',
  abilities: { allow: 'yes', ask: 'yes', deny: 'yes', hide: 'yes', arguments: 'no', limits: 'no' },
  newTools: 'denied',
  usage:
    'Save it as a file of its own in `~/.gemini/policies/`, or for all users of a machine in `/etc/gemini-cli/policies/`. ' +
    'Without the policy engine, merge the list of the last comment into the server in `settings.json`.',
  join(policies) {
    const parts = policies.map(partOf);
    const losses = jointLosses(parts);
    const text = escapeHidden(stringify({ rule: parts.flatMap(({ rules }) => rules) }), longEscape);
    const lists = parts.flatMap(({ serverName, allowed }) => [
      parts.length === 1
        ? 'The tools that need no question, for the server in settings.json, which cannot ask about others:'
        : `The tools of ${lineOfJson(serverName)} that need no question, for the server in settings.json:`,
      lineOfJson({ includeTools: allowed }),
    ]);
    return {
      fileName: 'policy.toml',
      text: `${text}\n${commentLines('#', lists)}${lossComment('#', losses)}`,
      losses,
    };
  },
});

function partOf({ document, context: { serverName, tools } }: ServerPolicy) {
  const written = writtenTools(staticDecisions(document, namedTools(document, tools), MEANS), policyName);
  const isMatched = SURE_SERVER.test(serverName);
  const open = written.tools.filter((each) => isMatched && isOpen(each));
  const denied = written.tools.filter((each) => !open.includes(each));
  return {
    serverName,
    rules: [
      ...rulesOf(serverName, 'allow', open),
      ...rulesOf(serverName, 'ask_user', open),
      ...denialsOf(serverName, denied),
      {
        mcpName: serverName,
        toolName: '*',
        decision: 'deny',
        priority: PRIORITY.rest,
        denyMessage: 'The tool is not named in the policy, which denies what it does not name.',
      },
    ],
    allowed: written.tools.filter(({ decision }) => decision === 'allow').map(({ tool }) => tool),
    losses: sortedLosses(
      lossesOf(document, written.sure, { newTools: 'denied' }),
      written.losses,
      isMatched ? [] : naming(SERVER_LOSS, [serverName]),
    ),
  };
}

function rulesOf(mcpName: string, decision: 'allow' | 'ask_user', open: readonly WrittenTool[]) {
  const wanted = decision === 'allow' ? 'allow' : 'ask';
  const toolName = open.filter((each) => each.decision === wanted).map(({ written }) => written);
  return toolName.length === 0 ? [] : [{ mcpName, toolName, decision, priority: PRIORITY.tool }];
}

/** One rule for each message. */
function denialsOf(mcpName: string, denied: readonly WrittenTool[]) {
  return [...Map.groupBy(denied, ({ message }) => message)]
    .sort(([a], [b]) => compareText(a, b))
    .map(([denyMessage, tools]) => ({
      mcpName,
      toolName: tools.map(({ written }) => written),
      decision: 'deny',
      priority: PRIORITY.tool,
      ...(denyMessage !== '' && { denyMessage }),
    }));
}

/** It joins server and tool by `_`, and rules for a server with that in its key may match nothing; `*` is any server. */
const SURE_SERVER = /^[A-Za-z0-9.-]+$/;

const SERVER_LOSS =
  'Gemini CLI may match no rule for this key of the server, not even a denial, so no rule allows anything; rename it with letters, digits and - only';

/**
 * A name as the policy engine sees it: every character but letters, digits, `_`, `.` and `-` becomes `_`. What looks
 * like a whole name (`mcp_server_tool`), the old form of one (`server__tool`), or is cut for its length is not sure.
 */
function policyName(tool: string): string | undefined {
  const name = tool.replace(/[^\w.-]/g, '_');
  return name.startsWith('mcp_') || name.includes('__') || name.length > MAX_CHARS ? undefined : name;
}

/** Of 63 characters, with room for the key of the server. */
const MAX_CHARS = 40;
