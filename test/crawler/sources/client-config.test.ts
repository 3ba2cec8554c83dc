import { describe, expect, test } from 'vitest';
import type { SourceDeps } from '../../../crawler/source.ts';
import { source } from '../../../crawler/sources/client-config.ts';
import { read as readAll, world } from './deps.ts';

async function read(text: string, more: Partial<SourceDeps> & { path?: string } = {}) {
  const { path = '/work/project/mcp.json', ...rest } = more;
  const deps = world({ [path]: text }, rest);
  const found = await readAll(source, path, deps);
  return { found, warnings: deps.warnings };
}

describe('a configuration', () => {
  test('of the Claude family', async () => {
    const { found, warnings } = await read(
      `{
        // the servers of this project
        "mcpServers": {
          "notes": { "command": "npx", "args": ["-y", "@acme/notes-mcp@2.0.1"], "env": { "NOTES_TOKEN": "\${NOTES_TOKEN}" } },
          "local": { "type": "stdio", "command": "node", "args": ["server.js"], "cwd": "sub", }, /* the last
          one is remote */
          "issues": { "type": "http", "url": "https://\${HOST:-mcp.acme.example}/mcp", "headers": { "Authorization": "Bearer \${TOKEN}" } },
        },
      }`,
      { environment: { NOTES_TOKEN: 'n-secret', TOKEN: 't-secret' } },
    );
    expect(warnings).toEqual([]);
    expect(found).toEqual([
      {
        target: {
          id: 'npm:@acme/notes-mcp',
          label: '@acme/notes-mcp',
          transport: {
            kind: 'stdio',
            command: 'npx',
            args: ['-y', '@acme/notes-mcp@2.0.1'],
            envNames: ['NOTES_TOKEN'],
          },
          origin: { source: 'client-config', ref: 'mcp.json#notes', version: '2.0.1' },
        },
        envValues: { NOTES_TOKEN: 'n-secret' },
      },
      {
        target: {
          id: expect.stringMatching(/^command:local-[0-9a-f]{8}$/),
          label: 'local',
          transport: {
            kind: 'stdio',
            command: 'node',
            args: ['server.js'],
            envNames: [],
            cwd: '/work/project/sub',
          },
          origin: { source: 'client-config', ref: 'mcp.json#local' },
        },
      },
      {
        target: {
          id: 'https://mcp.acme.example/mcp',
          label: 'mcp.acme.example/mcp',
          transport: { kind: 'http', url: 'https://mcp.acme.example/mcp', headerNames: ['Authorization'] },
          origin: { source: 'client-config', ref: 'mcp.json#issues' },
        },
        headers: { Authorization: 'Bearer t-secret' },
      },
    ]);
    expect(JSON.stringify(found.map(({ target }) => target))).not.toMatch(/[nt]-secret/);
  });

  test('of VS Code, Windsurf and Gemini CLI', async () => {
    const vscode = await read(
      `{ "inputs": [], "servers": { "a": { "command": "my-server", "args": ["\${workspaceFolder}/data"], "env": { "KEY": "\${input:key}" } } } }`,
      { path: '/work/project/.vscode/mcp.json' },
    );
    expect(vscode.found).toMatchObject([
      { target: { transport: { args: ['/work/project/data'], cwd: '/work/project' } } },
    ]);
    expect(vscode.warnings).toEqual([
      expect.stringMatching(/"a" in .* goes without the variable KEY: key has no value/),
    ]);

    const others = await read(
      `{ "mcpServers": {
        "w": { "serverUrl": "https://w.example/mcp", "headers": { "X-Key": "\${env:KEY}" } },
        "g": { "httpUrl": "https://g.example/mcp", "headers": { "X-Key": "$KEY" } } } }`,
      { environment: { KEY: 'value' } },
    );
    expect(others.found.map(({ target, headers }) => [target.id, headers])).toEqual([
      ['https://w.example/mcp', { 'X-Key': 'value' }],
      ['https://g.example/mcp', { 'X-Key': 'value' }],
    ]);
  });

  test('keeps the good entries when others are bad, and says why', async () => {
    const { found, warnings } = await read(`\uFEFF{ "mcpServers": {
      "good": { "command": "good-server", "args": ["--n", 1], "env": { "DEBUG": true } },
      "empty": {},
      "text": "npx server",
      "odd": { "command": "x", "args": "not a list" },
      "off": { "command": "x", "disabled": true },
      "unset": { "command": "x", "args": ["\${NOT_SET}"] },
      "file": { "url": "file:///etc/passwd" },
      "__proto__": { "command": "strange" } } }`);
    expect(found.map(({ target }) => target.label)).toEqual(['good', '__proto__']);
    expect(found[0]).toMatchObject({
      envValues: { DEBUG: 'true' },
      target: { transport: { args: ['--n', '1'] } },
    });
    expect(warnings).toEqual([
      expect.stringMatching(/"empty" .* neither a command nor a URL/),
      expect.stringMatching(/"text" .* the entry is not as it should be/),
      expect.stringMatching(/"odd" .* args is not as it should be/),
      expect.stringMatching(/"off" .* it is disabled/),
      expect.stringMatching(/"unset" .* NOT_SET has no value here/),
      expect.stringMatching(/"file" .* is not an address of the web/),
    ]);
  });

  test('is found from the current folder and the home directory', async () => {
    const text = '{ "mcpServers": { "a": { "command": "x" } } }';
    for (const [ref, path] of [
      ['./x.json', '/work/project/x.json'],
      ['~/x.json', '/home/someone/x.json'],
    ] as const) {
      expect(await readAll(source, ref, world({ [path]: text }))).toHaveLength(1);
    }
  });

  test.each([
    ['cannot be read', 'missing.json', {}],
    ['is not JSON', '/a.json', { '/a.json': '{ "mcpServers": ' }],
    ['lists no servers', '/a.json', { '/a.json': '{ "mcpServers": [] }' }],
    ['lists no servers', '/a.json', { '/a.json': '"text"' }],
  ])('that %s is refused', async (reason, ref, files) => {
    await expect(readAll(source, ref, world(files))).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(reason),
    });
  });
});
