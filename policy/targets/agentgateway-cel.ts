import { stringify } from 'yaml';
import type { PolicyDocument } from '../contract.ts';
import { longEscape, lossComment, quote } from '../escape.ts';
import { lossesOf, type Means, staticDecisions } from '../lower.ts';
import { defineTarget } from '../target.ts';
import { namedTools, sortedLosses, writtenTools } from '../written-names.ts';

/**
 * Its authorization knows the tool and its server. Arguments are there only once the call is over, for logs: a rule
 * that asks for one allows no call at all (https://github.com/agentgateway/agentgateway/issues/3092).
 */
const MEANS: Means = { ask: false, hide: true, arguments: false, limits: false };

export const target = defineTarget({
  id: 'agentgateway-cel',
  title: 'agentgateway',
  summary: 'An authorization rule of agentgateway in CEL: the tools that may be called, and listed.',
  abilities: { allow: 'yes', ask: 'no', deny: 'yes', hide: 'yes', arguments: 'no', limits: 'no' },
  newTools: 'denied',
  usage:
    'Put it into the `policies` of the MCP backend in the configuration; the key of the server is the name of the target there. ' +
    'Add the rule to those that are there: a call is allowed where any of them allows it.',
  emit(document, { serverName, tools }) {
    const written = writtenTools(
      staticDecisions(document, namedTools(document, tools), MEANS),
      (tool) => tool,
    );
    const allowed = written.tools.filter(({ decision }) => decision === 'allow').map(({ tool }) => tool);
    const names = serverName.isWellFormed() ? allowed : [];
    // Stands there without a tool as well: agentgateway allows everything where there is no rule.
    const rule = `mcp.tool.target == ${text(serverName.toWellFormed())} && mcp.tool.name in [${names.map(text).join(', ')}]`;
    const losses = sortedLosses(
      lossesOf(withoutReads(document), written.sure, { newTools: 'denied' }),
      written.losses,
      readsLoss(document),
      serverName.isWellFormed()
        ? []
        : ['The key of the server cannot be written here, so every call is denied.'],
    );
    const yaml = stringify(
      { mcpAuthorization: { rules: [rule] } },
      { defaultStringType: 'QUOTE_SINGLE', defaultKeyType: 'PLAIN', lineWidth: 0 },
    );
    return { fileName: 'mcp-authorization.yaml', text: `${yaml}${lossComment('#', losses)}`, losses };
  },
});

/** Rules about tools deny prompts and resources, whether the document does or not. */
function withoutReads({ methods, ...document }: PolicyDocument): PolicyDocument {
  if (methods === undefined) return document;
  const { prompts: _, resources: __, ...others } = methods;
  return { ...document, methods: others };
}

function readsLoss({ methods }: PolicyDocument): string[] {
  if (methods?.prompts === 'deny' && methods.resources === 'deny') return [];
  return ['Prompts and resources are denied here, because agentgateway denies what no rule allows.'];
}

/** A string of CEL. */
function text(value: string): string {
  return quote(value, longEscape);
}
