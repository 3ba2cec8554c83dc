import { celEnv, parse as parseCel, plan } from '@bufbuild/cel';
import cedar from '@cedar-policy/cedar-wasm/nodejs';
import { parse as parseToml } from 'smol-toml';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { evaluate } from '../../policy/evaluate.ts';
import { parsePolicy } from '../../policy/parse.ts';
import { CEDAR_SCHEMA } from '../../policy/targets/cedar.ts';
import { interceptDecision } from './intercept.ts';
import { readRego } from './rego.ts';

/**
 * What each target makes of its own export: the file is read by a real parser, and a call is decided as the target's
 * documentation, or its source, says. Settings have a model of their order of decisions here; Cedar and CEL are decided
 * by their own implementations.
 */

/** A call as it reaches the place that enforces. */
export interface EnforcedCall {
  server: string;
  tool: string;
  args: Record<string, unknown>;
}

export type Outcome = 'allow' | 'ask' | 'deny';
export type Enforcer = (text: string) => (call: EnforcedCall) => Outcome;

export const ENFORCERS: Record<string, Enforcer> = {
  'policy-json': ownDocument,
  gateway: ownDocument,
  'intercept-yaml': (text) => interceptDecision(text),
  'claude-code': claudeCode,
  'claude-code-managed': claudeCode,
  cursor,
  vscode,
  'gemini-cli': geminiCli,
  codex,
  'docker-mcp-gateway': dockerGateway,
  'toolhive-cedar': toolhive,
  'agentgateway-cel': agentgateway,
  cedar: plainCedar,
  rego,
};

function ownDocument(text: string) {
  const parsed = parsePolicy(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return ({ tool, args }: EnforcedCall): Outcome =>
    evaluate(parsed.document, { tool, args }, () => 0).outcome;
}

const ClaudeSettings = z.object({
  permissions: z.strictObject({
    allow: z.array(z.string()),
    ask: z.array(z.string()),
    deny: z.array(z.string()),
    defaultMode: z.literal('default'),
    disableBypassPermissionsMode: z.literal('disable'),
    disableAutoMode: z.literal('disable'),
  }),
});

/**
 * Deny, then ask, then allow; what no rule names is asked about. A rule without a tool, or with `*` or nothing for one,
 * is about all tools of its server; and where a server's key has `__` in it, a rule may be read in two ways.
 */
function claudeCode(text: string) {
  const { permissions } = ClaudeSettings.parse(JSON.parse(text));
  const plain = (name: string) => name.replace(/[^A-Za-z0-9_-]/g, '_');
  return ({ server, tool }: EnforcedCall): Outcome => {
    const whole = `mcp__${plain(server)}`;
    const names = [`${whole}__${plain(tool)}`, whole, `${whole}__`, `${whole}__*`];
    const hits = (rules: readonly string[]) => rules.some((rule) => names.includes(rule));
    if (hits(permissions.deny)) return 'deny';
    if (hits(permissions.ask)) return 'ask';
    return hits(permissions.allow) ? 'allow' : 'ask';
  };
}

/** What is on the list runs, and everything else is asked about; `*` stands for any part of a name. */
function cursor(text: string) {
  const { mcpAllowlist } = z.strictObject({ mcpAllowlist: z.array(z.string()) }).parse(JSON.parse(text));
  return ({ server, tool }: EnforcedCall): Outcome => {
    const name = `${server}:${tool}`;
    return mcpAllowlist.some((entry) => glob(entry).test(name)) ? 'allow' : 'ask';
  };
}

function glob(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('[\\s\\S]*')}$`);
}

/** The agent has the tools that it lists, by server and name, and no others; a list that is not there is all tools. */
function vscode(text: string) {
  const [, front = ''] = /^---\n([\s\S]*?)\n---\n/.exec(text) ?? [];
  const { tools } = z
    .strictObject({ description: z.string(), tools: z.array(z.string()) })
    .parse(parseYaml(front));
  return ({ server, tool }: EnforcedCall): Outcome => {
    const name = `${server}/${tool.replace(/[^\w.-]/g, '_')}`;
    return tools.some((each) => [name, `${server}/*`, server, '*'].includes(each)) ? 'allow' : 'deny';
  };
}

const GeminiPolicy = z.strictObject({
  rule: z.array(
    z.strictObject({
      mcpName: z.string(),
      toolName: z.union([z.string(), z.array(z.string())]),
      decision: z.enum(['allow', 'deny', 'ask_user']),
      priority: z.number().int().min(0).max(999),
      denyMessage: z.string().optional(),
    }),
  ),
});

/**
 * The highest priority decides, and what no rule matches is asked about. Names are joined to `mcp_server_tool` with
 * every other character replaced; `*` is any server, or any tool. In older versions the joint was `__`.
 */
function geminiCli(text: string) {
  const { rule } = GeminiPolicy.parse(parseToml(text));
  const rules = rule.flatMap((each) => [each.toolName].flat().map((toolName) => ({ ...each, toolName })));
  const joined = (server: string, tool: string) =>
    `mcp_${server.replace(/[^\w.-]/g, '_')}_${tool.replace(/[^\w.-]/g, '_')}`;
  return ({ server, tool }: EnforcedCall): Outcome => {
    const name = joined(server, tool);
    const [first] = rules
      .filter(({ mcpName }) => mcpName === '*' || mcpName === server)
      .filter(({ mcpName, toolName }) => {
        const names = [name, toolName.startsWith('mcp_') ? toolName : joined(mcpName, toolName)];
        return (
          toolName === '*' || names[0] === names[1] || (toolName.includes('*') && glob(toolName).test(name))
        );
      })
      .sort((a, b) => b.priority - a.priority);
    return first === undefined || first.decision === 'ask_user' ? 'ask' : first.decision;
  };
}

const CodexServer = z.strictObject({
  enabled_tools: z.array(z.string()),
  disabled_tools: z.array(z.string()),
  default_tools_approval_mode: z.enum(['auto', 'prompt', 'approve']),
  tools: z
    .custom<Record<string, { approval_mode: string }>>((value) => typeof value === 'object' && value !== null)
    .optional(),
});

/** `enabled_tools` and then `disabled_tools` say what there is; the mode of the tool or of the server, whether it asks. */
function codex(text: string) {
  const config = z.strictObject({ mcp_servers: z.custom<object>() }).parse(parseToml(text));
  return ({ server, tool }: EnforcedCall): Outcome => {
    const servers = new Map<string, unknown>(Object.entries(config.mcp_servers));
    if (!servers.has(server)) return 'ask';
    const found = CodexServer.parse(servers.get(server));
    if (!found.enabled_tools.includes(tool) || found.disabled_tools.includes(tool)) return 'deny';
    const own = new Map(Object.entries(found.tools ?? {})).get(tool)?.approval_mode;
    return (own ?? found.default_tools_approval_mode) === 'approve' ? 'allow' : 'ask';
  };
}

/** A server that the file names has the tools of its list and no others; one that it does not name has all. */
function dockerGateway(text: string) {
  const servers = z.map(z.string(), z.array(z.string())).parse(parseYaml(text, { mapAsMap: true }));
  return ({ server, tool }: EnforcedCall): Outcome =>
    (servers.get(server) ?? [tool]).includes(tool) ? 'allow' : 'deny';
}

const TOOLHIVE_CONFIG = z.strictObject({
  version: z.literal('1.0'),
  type: z.literal('cedarv1'),
  cedar: z.strictObject({ policies: z.array(z.string()), entities_json: z.literal('[]') }),
});

/** The context that ToolHive makes of the arguments: numbers as decimals, and a note in the place of all else. */
function toolhive(text: string) {
  const { policies } = TOOLHIVE_CONFIG.parse(JSON.parse(text)).cedar;
  const name = preparse(policies.join('\n'));
  return ({ tool, args }: EnforcedCall): Outcome => {
    const context = Object.entries(args).flatMap(([key, value]): [string, cedar.CedarValueJson][] => {
      if (typeof value === 'string' || typeof value === 'boolean') return [[`arg_${key}`, value]];
      if (typeof value !== 'number') return [[`arg_${key}_present`, true]];
      return Math.abs(value) > 9e14
        ? []
        : [[`arg_${key}`, { __extn: { fn: 'decimal', arg: value.toFixed(4) } }]];
    });
    return authorize({ name, tool, context: Object.fromEntries(context), entities: [], hasSchema: false });
  };
}

/** A call as `cedar.ts` says that it is given to its policies. */
function plainCedar(text: string) {
  const name = preparse(text);
  const validation = cedar.validate({ schema: CEDAR_SCHEMA, policies: { staticPolicies: text } });
  if (validation.type !== 'success' || validation.validationErrors.length > 0) {
    throw new Error(`Cedar refuses the export: ${JSON.stringify(validation)}`);
  }
  return ({ tool, args }: EnforcedCall): Outcome => {
    const uid = { type: 'Arguments', id: 'call' };
    const tags = Object.fromEntries(tagsOf(args, []));
    const context = { arguments: { __entity: uid } };
    return authorize({
      name,
      tool,
      context,
      entities: [{ uid, attrs: {}, parents: [], tags }],
      hasSchema: true,
    });
  };
}

function tagsOf(from: Record<string, unknown>, before: readonly string[]): [string, cedar.CedarValueJson][] {
  return Object.entries(from).flatMap(([key, value]) => {
    if (key.includes('.')) return [];
    const keys = [...before, key];
    const inner = typeof value === 'object' && value !== null && !Array.isArray(value);
    const own: [string, cedar.CedarValueJson] = [keys.join('.'), typedValue(value)];
    return [own, ...(inner ? tagsOf(Object.fromEntries(Object.entries(value)), keys) : [])];
  });
}

function typedValue(value: unknown): cedar.CedarValueJson {
  if (typeof value === 'string') return { text: value };
  if (typeof value === 'boolean') return { flag: value };
  if (typeof value === 'number') return { number: { floor: Math.floor(value), ceil: Math.ceil(value) } };
  if (Array.isArray(value)) return { texts: value.filter((each) => typeof each === 'string') };
  return {};
}

cedar.preparseSchema('calls', CEDAR_SCHEMA);
let prepared = 0;

function preparse(policies: string): string {
  const name = `export-${prepared++}`;
  const answer = cedar.preparsePolicySet(name, { staticPolicies: policies });
  if (answer.type !== 'success')
    throw new Error(`Cedar cannot read the export: ${JSON.stringify(answer.errors)}`);
  return name;
}

interface CedarCall {
  name: string;
  tool: string;
  context: cedar.Context;
  entities: cedar.EntityJson[];
  /** Whether our own schema is there to check the call by. */
  hasSchema: boolean;
}

/** What a policy fails on is denied, as ToolHive does; ours must not fail at all, because its schema is checked. */
function authorize({ name, tool, context, entities, hasSchema }: CedarCall): Outcome {
  const answer = cedar.statefulIsAuthorized({
    principal: { type: 'Client', id: 'someone' },
    action: { type: 'Action', id: 'call_tool' },
    resource: { type: 'Tool', id: tool.toWellFormed() },
    context,
    entities,
    preparsedPolicySetId: name,
    ...(hasSchema && { preparsedSchemaName: 'calls', validateRequest: true }),
  });
  if (answer.type !== 'success') throw new Error(JSON.stringify(answer.errors));
  const { decision, diagnostics } = answer.response;
  if (diagnostics.errors.length === 0) return decision;
  if (hasSchema) throw new Error(JSON.stringify(diagnostics.errors));
  return 'deny';
}

const AgentgatewayPolicy = z.strictObject({
  mcpAuthorization: z.strictObject({ rules: z.array(z.string()) }),
});

/** Any rule that is true allows, and where there is none, everything is; a rule that fails is not true. */
function agentgateway(text: string) {
  const env = celEnv();
  const { rules } = AgentgatewayPolicy.parse(parseYaml(text)).mcpAuthorization;
  const planned = rules.map((rule) => plan(env, parseCel(rule)));
  return ({ server, tool }: EnforcedCall): Outcome => {
    const mcp = { tool: { target: server, name: tool } };
    return planned.length === 0 || planned.some((rule) => rule({ mcp }) === true) ? 'allow' : 'deny';
  };
}

function rego(text: string) {
  const ask = readRego(text);
  return ({ server, tool, args }: EnforcedCall): Outcome => {
    const decision = ask('decision', { server, tool, arguments: args });
    return decision === 'allow' || decision === 'ask' ? decision : 'deny';
  };
}
