import { parse as parseToml } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import type { PolicyDocument } from '../../../policy/contract.ts';
import type { Target } from '../../../policy/target.ts';
import { target as agentgateway } from '../../../policy/targets/agentgateway-cel.ts';
import { target as claudeCode } from '../../../policy/targets/claude-code.ts';
import { target as claudeCodeManaged } from '../../../policy/targets/claude-code-managed.ts';
import { target as codex } from '../../../policy/targets/codex.ts';
import { target as cursor } from '../../../policy/targets/cursor.ts';
import { target as docker } from '../../../policy/targets/docker-mcp-gateway.ts';
import { target as gemini } from '../../../policy/targets/gemini-cli.ts';
import { target as vscode } from '../../../policy/targets/vscode.ts';

/** Each settings file, key by key: a key that the client does not know would be skipped there without a word. */

const DOCUMENT: PolicyDocument = {
  version: '1',
  default: 'deny',
  hide: ['wipe'],
  tools: {
    list: {},
    get: {},
    remove: { require_approval: [{ conditions: [], on_deny: 'Ask.' }] },
    drop: { deny_if: [{ conditions: [], on_deny: 'Never.' }] },
  },
};
const CONTEXT = { serverName: 'notes', tools: ['list', 'get', 'remove', 'drop', 'wipe', 'later'] };

const CLAUDE_PERMISSIONS = {
  allow: ['mcp__notes__get', 'mcp__notes__list'],
  ask: ['mcp__notes__remove'],
  deny: ['mcp__notes__drop', 'mcp__notes__later', 'mcp__notes__wipe'],
  defaultMode: 'default',
  disableBypassPermissionsMode: 'disable',
  disableAutoMode: 'disable',
};
const REST = 'The tool is not named in the policy, which denies what it does not name.';

const FILES: [Target, fileName: string, read: (text: string) => unknown, expected: unknown][] = [
  [claudeCode, 'settings.json', JSON.parse, { permissions: CLAUDE_PERMISSIONS }],
  [
    claudeCodeManaged,
    'managed-settings.json',
    JSON.parse,
    {
      permissions: CLAUDE_PERMISSIONS,
      allowManagedPermissionRulesOnly: true,
      allowManagedMcpServersOnly: true,
      allowedMcpServers: [{ serverName: 'notes' }],
    },
  ],
  [cursor, 'permissions.json', JSON.parse, { mcpAllowlist: ['notes:get', 'notes:list'] }],
  [
    vscode,
    'reviewed.agent.md',
    (text) => parseYaml(text.split('---\n')[1] ?? ''),
    { description: 'Works with the reviewed tools only.', tools: ['notes/get', 'notes/list'] },
  ],
  [
    gemini,
    'policy.toml',
    parseToml,
    {
      rule: [
        { mcpName: 'notes', toolName: ['get', 'list'], decision: 'allow', priority: 390 },
        { mcpName: 'notes', toolName: ['remove'], decision: 'ask_user', priority: 390 },
        { mcpName: 'notes', toolName: ['drop'], decision: 'deny', priority: 390, denyMessage: 'Never.' },
        {
          mcpName: 'notes',
          toolName: ['wipe'],
          decision: 'deny',
          priority: 390,
          denyMessage: 'The tool is hidden by policy.',
        },
        { mcpName: 'notes', toolName: ['later'], decision: 'deny', priority: 390, denyMessage: REST },
        { mcpName: 'notes', toolName: '*', decision: 'deny', priority: 380, denyMessage: REST },
      ],
    },
  ],
  [
    codex,
    'config.toml',
    parseToml,
    {
      mcp_servers: {
        notes: {
          enabled_tools: ['get', 'list', 'remove'],
          disabled_tools: ['drop', 'later', 'wipe'],
          default_tools_approval_mode: 'prompt',
          tools: {
            get: { approval_mode: 'approve' },
            list: { approval_mode: 'approve' },
            remove: { approval_mode: 'prompt' },
          },
        },
      },
    },
  ],
  [docker, 'tools.yaml', parseYaml, { notes: ['get', 'list'] }],
  [
    agentgateway,
    'mcp-authorization.yaml',
    parseYaml,
    {
      mcpAuthorization: { rules: ['mcp.tool.target == "notes" && mcp.tool.name in ["get", "list"]'] },
    },
  ],
];

test.each(FILES)('$id is written key by key as it is documented', ({ emit }, fileName, read, expected) => {
  const written = emit(DOCUMENT, CONTEXT);
  expect(written.fileName).toBe(fileName);
  const content = read(written.text);
  const sorted = (value: unknown) =>
    JSON.stringify(value, (_, inner) =>
      Array.isArray(inner) ? inner.map((each) => JSON.stringify(each)).sort() : inner,
    );
  expect(sorted(content)).toBe(sorted(expected));
});

describe('a name that a client may take for another', () => {
  const allow = (...tools: string[]): PolicyDocument => ({
    version: '1',
    default: 'deny',
    tools: Object.fromEntries(tools.map((tool) => [tool, {}])),
  });

  test.each(['a__b', '_a', ''])(
    'Claude Code asks about %j, whose border with the server is not clear',
    (tool) => {
      const { text, losses } = claudeCode.emit(allow(tool), { serverName: 'notes', tools: [tool] });
      expect(JSON.parse(text).permissions.allow).toEqual([]);
      expect(losses.join()).toContain(JSON.stringify(tool).slice(1, -1));
    },
  );

  test.each(['a__b', '_', 'a b', '*'])(
    'Claude Code allows nothing of a server that is called %j',
    (serverName) => {
      const { text, losses } = claudeCode.emit(allow('list'), { serverName, tools: ['list'] });
      expect(JSON.parse(text).permissions.allow).toEqual([]);
      expect(losses).toHaveLength(1);
    },
  );

  test.each(['my_notes', '*', 'a b'])(
    'Gemini CLI gets no rule that allows for a server that is called %j',
    (serverName) => {
      const { text, losses } = gemini.emit(allow('list'), { serverName, tools: ['list'] });
      expect(text).not.toMatch(/decision = "(?:allow|ask_user)"/);
      expect(losses).toHaveLength(1);
    },
  );

  test("Gemini CLI's rules stand above what other settings allow, and below what they exclude", () => {
    // `policy/config.ts` of Gemini CLI: trust 0.2, mcp.allowed 0.1, --allowed-tools 0.3, confirmation 0.35 of a tier;
    // tools.exclude 0.4, mcp.excluded 0.9.
    const { text } = gemini.emit(DOCUMENT, CONTEXT);
    const priorities = [...text.matchAll(/^priority = (\d+)$/gm)].map(([, each]) => Number(each));
    expect(priorities.every((each) => each > 350 && each < 400)).toBe(true);
  });

  test('VS Code gets no tool for a server that is called like a set of its own tools', () => {
    const { text, losses } = vscode.emit(allow('runInTerminal'), {
      serverName: 'execute',
      tools: ['runInTerminal'],
    });
    expect(text).toContain('tools: []');
    expect(losses).toHaveLength(1);
  });

  test('tools that a client writes alike are denied together', () => {
    const document: PolicyDocument = { ...allow('a b', 'list'), hide: ['a_b'] };
    for (const target of [claudeCode, gemini]) {
      const { text, losses } = target.emit(document, { serverName: 'notes', tools: ['a b', 'a_b', 'list'] });
      expect(text).toContain('a_b');
      expect(losses).toEqual(['The name cannot be written here for sure, so every call is denied: "a b".']);
    }
  });
});

test('Docker hides every tool of a server for which none is allowed', () => {
  const { text } = docker.emit({ version: '1', default: 'deny' }, CONTEXT);
  expect(parseYaml(text)).toEqual({ notes: [] });
});

test('agentgateway has a rule where no tool is allowed, because without one it allows everything', () => {
  const { text } = agentgateway.emit({ version: '1', default: 'deny' }, CONTEXT);
  expect(parseYaml(text).mcpAuthorization.rules).toEqual([
    'mcp.tool.target == "notes" && mcp.tool.name in []',
  ]);
});
