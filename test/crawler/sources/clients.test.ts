import { describe, expect, test } from 'vitest';
import { clientFiles, clients } from '../../../crawler/clients.ts';
import { source } from '../../../crawler/sources/client-config.ts';
import { read, world } from './deps.ts';

const HOME = '/home/someone';
const PROJECT = '/work/project';

function installed(files: Record<string, string>, more = {}) {
  const deps = world(files, more);
  return read(source, 'installed', deps).then((found) => ({ found, warnings: deps.warnings }));
}

const notes = '{ "command": "npx", "args": ["-y", "@acme/notes-mcp"] }';

describe('every client of this machine', () => {
  test.each([
    [
      'claude-desktop',
      `${HOME}/.config/Claude/claude_desktop_config.json`,
      `{ "mcpServers": { "n": ${notes} } }`,
    ],
    ['claude-code', `${HOME}/.claude.json`, `{ "numStartups": 3, "mcpServers": { "n": ${notes} } }`],
    [
      'claude-code',
      `${HOME}/.claude.json`,
      `{ "projects": { "/work/p": { "mcpServers": { "n": ${notes} } } } }`,
    ],
    ['claude-code', `${PROJECT}/.mcp.json`, `{ "mcpServers": { "n": ${notes} } }`],
    ['cursor', `${HOME}/.cursor/mcp.json`, `{ "mcpServers": { "n": ${notes} } } // mine`],
    ['vscode', `${HOME}/.config/Code/User/mcp.json`, `{ "inputs": [], "servers": { "n": ${notes}, } }`],
    ['vscode', `${PROJECT}/.vscode/settings.json`, `{ "mcp": { "servers": { "n": ${notes} } } }`],
    ['vscode', `${HOME}/.config/Code/User/settings.json`, `{ "mcp.servers": { "n": ${notes} } }`],
    ['windsurf', `${HOME}/.codeium/windsurf/mcp_config.json`, `{ "mcpServers": { "n": ${notes} } }`],
    ['gemini-cli', `${HOME}/.gemini/settings.json`, `{ "theme": "x", "mcpServers": { "n": ${notes} } }`],
    [
      'codex',
      `${HOME}/.codex/config.toml`,
      '[mcp_servers.n]\ncommand = "npx"\nargs = ["-y", "@acme/notes-mcp"]',
    ],
    ['zed', `${HOME}/.config/zed/settings.json`, `{ "context_servers": { "n": ${notes} } }`],
    [
      'zed',
      `${PROJECT}/.zed/settings.json`,
      '{ "context_servers": { "n": { "command": { "path": "npx", "args": ["@acme/notes-mcp"] } } } }',
    ],
    ['kiro', `${HOME}/.kiro/settings/mcp.json`, `{ "mcpServers": { "n": ${notes} } }`],
    ['amazon-q', `${HOME}/.aws/amazonq/mcp.json`, `{ "mcpServers": { "n": ${notes} } }`],
    ['antigravity', `${HOME}/.gemini/antigravity/mcp_config.json`, `{ "mcpServers": { "n": ${notes} } }`],
  ])('%s in %s', async (id, path, text) => {
    const { found, warnings } = await installed({ [path]: text });
    expect(warnings).toEqual([]);
    expect(found).toMatchObject([
      { target: { id: 'npm:@acme/notes-mcp', origin: { source: 'client-config', ref: `${id}#n` } } },
    ]);
    expect(JSON.stringify(found[0]?.target)).not.toContain(HOME);
  });

  test('that has the same server is an origin of it', async () => {
    const { found } = await installed({
      [`${HOME}/.cursor/mcp.json`]: `{ "mcpServers": { "a": ${notes} } }`,
      [`${HOME}/.codeium/windsurf/mcp_config.json`]: `{ "mcpServers": { "b": ${notes} } }`,
    });
    expect(found.map(({ target }) => [target.id, target.origin.ref])).toEqual([
      ['npm:@acme/notes-mcp', 'cursor#a'],
      ['npm:@acme/notes-mcp', 'windsurf#b'],
    ]);
  });

  test('is read although another cannot be', async () => {
    const path = `${HOME}/.gemini/settings.json`;
    const files: Record<string, string> = {
      [`${HOME}/.claude.json`]: '{ "token": "hunter2", oops',
      [`${HOME}/.codex/config.toml`]: 'token = "hunter2',
      [`${HOME}/.cursor/mcp.json`]: `{ "mcpServers": { "a": ${notes}, "b": 7 } }`,
      [`${HOME}/.config/zed/settings.json`]: '{ "theme": "One" }',
    };
    const { readFile } = world(files);
    const { found, warnings } = await installed(files, {
      readFile: (file: string) =>
        file === path ? Promise.reject(new Error('permission denied')) : readFile(file),
    });
    expect(found.map(({ target }) => target.origin.ref)).toEqual(['cursor#a']);
    expect(warnings).toEqual([
      expect.stringMatching(/Claude Code \(\.claude\.json\) is not JSON/),
      expect.stringMatching(/"b" in Cursor \(mcp\.json\) was left out/),
      expect.stringMatching(/Gemini CLI \(settings\.json\) cannot be read: permission denied/),
      expect.stringMatching(/Codex \(config\.toml\) is not TOML/),
    ]);
    expect(warnings.join()).not.toMatch(/hunter2|someone/);
  });

  test('is nowhere: that is said', async () => {
    expect(await installed({})).toEqual({
      found: [],
      warnings: ['No configuration of an MCP client was found on this machine.'],
    });
  });
});

test('a project of Claude Code is where its servers start', async () => {
  const { found } = await installed({
    [`${HOME}/.claude.json`]:
      '{ "projects": { "/work/p": { "mcpServers": { "n": { "command": "node", "args": ["s.js"] } } } } }',
  });
  expect(found[0]?.target.transport).toMatchObject({ cwd: '/work/p' });
});

test('Codex has its values in variables', async () => {
  const toml = `
    [mcp_servers.notes]
    command = "notes-server"
    env = { REGION = "eu" }
    env_vars = ["NOTES_TOKEN", { name = "UNSET", source = "local" }]
    startup_timeout_sec = 10

    [mcp_servers.issues]
    url = "https://mcp.acme.example/mcp"
    bearer_token_env_var = "ISSUES_TOKEN"
    http_headers = { X-Team = "a" }
    env_http_headers = { X-Key = "ISSUES_KEY" }

    [mcp_servers.off]
    command = "x"
    enabled = false`;
  const environment = { NOTES_TOKEN: 'n-secret', ISSUES_TOKEN: 'i-secret', ISSUES_KEY: 'k-secret' };
  const deps = world({ [`${PROJECT}/config.toml`]: toml }, { environment });
  const found = await read(source, './config.toml', deps);
  expect(found).toMatchObject([
    {
      target: { transport: { envNames: ['NOTES_TOKEN', 'REGION'] }, origin: { ref: 'config.toml#notes' } },
      envValues: { NOTES_TOKEN: 'n-secret', REGION: 'eu' },
    },
    {
      target: { transport: { headerNames: ['Authorization', 'X-Key', 'X-Team'] } },
      headers: { Authorization: 'Bearer i-secret', 'X-Key': 'k-secret', 'X-Team': 'a' },
    },
  ]);
  expect(JSON.stringify(found.map(({ target }) => target))).not.toContain('secret');
  expect(deps.warnings).toEqual([
    expect.stringMatching(/"notes" .* goes without the variable UNSET/),
    expect.stringMatching(/"off" .* disabled/),
  ]);
});

describe('the files that are looked for', () => {
  test.each([
    ['darwin', {}, '/home/someone/Library/Application Support/Claude/claude_desktop_config.json'],
    ['linux', {}, '/home/someone/.config/Code/User/mcp.json'],
    ['linux', { CODEX_HOME: '/opt/codex' }, '/opt/codex/config.toml'],
    ['freebsd', {}, '/home/someone/.config/zed/settings.json'],
  ] as const)('on %s with %j', (platform, environment, path) => {
    expect(clientFiles(world({}, { platform, environment })).map((file) => file.path)).toContain(path);
  });

  test('on Windows have its folders', () => {
    const machine = {
      platform: 'win32' as const,
      home: 'C:\\Users\\someone',
      cwd: 'D:\\project',
      environment: { APPDATA: 'C:\\Users\\someone\\AppData\\Roaming' },
    };
    const paths = clientFiles(world({}, machine)).map(({ path }) => path);
    expect(paths).toContain('C:\\Users\\someone\\AppData\\Roaming\\Claude\\claude_desktop_config.json');
    expect(paths).toContain('D:\\project\\.vscode\\mcp.json');
    expect(paths.join()).not.toContain('undefined');
  });

  test('are each read once, also in the home directory', () => {
    const paths = clientFiles(world({}, { cwd: HOME })).map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
  });

  test('belong to clients with distinct ids', () => {
    expect(new Set(clients.map(({ id }) => id)).size).toBe(clients.length);
  });
});
