import { posix, win32 } from 'node:path';
import type { SourceDeps } from './source.ts';

/** Where the MCP clients keep the servers that they are set up with. */
export interface McpClient {
  /** Stands in the origin of a server, before its key. */
  id: string;
  title: string;
  /**
   * Its files, by platform or on every one. They start with the home directory (`~`), the project (`.`), or a variable
   * in braces; one whose variable has no value is not looked for.
   */
  files: Partial<Record<'every' | 'darwin' | 'linux' | 'win32', readonly string[]>>;
}

/** All clients that are known, in the order in which they are read. */
export const clients: readonly McpClient[] = [
  {
    id: 'claude-desktop',
    title: 'Claude Desktop',
    files: {
      darwin: ['~/Library/Application Support/Claude/claude_desktop_config.json'],
      linux: ['~/.config/Claude/claude_desktop_config.json'],
      win32: ['{APPDATA}/Claude/claude_desktop_config.json'],
    },
  },
  {
    id: 'claude-code',
    title: 'Claude Code',
    files: {
      every: ['~/.claude.json', './.mcp.json'],
      darwin: ['/Library/Application Support/ClaudeCode/managed-mcp.json'],
      linux: ['/etc/claude-code/managed-mcp.json'],
      win32: ['C:/Program Files/ClaudeCode/managed-mcp.json'],
    },
  },
  { id: 'cursor', title: 'Cursor', files: { every: ['~/.cursor/mcp.json', './.cursor/mcp.json'] } },
  {
    id: 'vscode',
    title: 'VS Code',
    files: {
      every: ['./.vscode/mcp.json', './.vscode/settings.json'],
      darwin: [
        '~/Library/Application Support/Code/User/mcp.json',
        '~/Library/Application Support/Code/User/settings.json',
      ],
      linux: ['~/.config/Code/User/mcp.json', '~/.config/Code/User/settings.json'],
      win32: ['{APPDATA}/Code/User/mcp.json', '{APPDATA}/Code/User/settings.json'],
    },
  },
  {
    id: 'windsurf',
    title: 'Windsurf',
    files: { every: ['~/.codeium/windsurf/mcp_config.json', '~/.codeium/mcp_config.json'] },
  },
  {
    id: 'gemini-cli',
    title: 'Gemini CLI',
    files: {
      every: ['~/.gemini/settings.json', './.gemini/settings.json'],
      darwin: ['/Library/Application Support/GeminiCli/settings.json'],
      linux: ['/etc/gemini-cli/settings.json'],
      win32: ['{PROGRAMDATA}/gemini-cli/settings.json'],
    },
  },
  {
    id: 'codex',
    title: 'Codex',
    files: {
      every: ['{CODEX_HOME}/config.toml', '~/.codex/config.toml', './.codex/config.toml'],
      darwin: ['/etc/codex/config.toml'],
      linux: ['/etc/codex/config.toml'],
      win32: ['{PROGRAMDATA}/OpenAI/Codex/config.toml'],
    },
  },
  {
    id: 'zed',
    title: 'Zed',
    files: {
      every: ['./.zed/settings.json'],
      darwin: ['~/.config/zed/settings.json'],
      linux: ['~/.config/zed/settings.json'],
      win32: ['{APPDATA}/Zed/settings.json'],
    },
  },
  {
    id: 'kiro',
    title: 'Kiro',
    files: { every: ['~/.kiro/settings/mcp.json', './.kiro/settings/mcp.json'] },
  },
  {
    id: 'amazon-q',
    title: 'Amazon Q',
    files: {
      every: ['~/.aws/amazonq/mcp.json', '~/.aws/amazonq/agents/default.json', './.amazonq/mcp.json'],
    },
  },
  {
    id: 'antigravity',
    title: 'Antigravity',
    files: { every: ['~/.gemini/antigravity/mcp_config.json'] },
  },
];

/** A file that a client reads on this machine, if it is there. */
export interface ClientFile {
  client: McpClient;
  path: string;
}

/** The files of all clients here, each path once. */
export function clientFiles(
  machine: Pick<SourceDeps, 'platform' | 'home' | 'cwd' | 'environment'>,
): ClientFile[] {
  const { platform } = machine;
  const own = platform === 'darwin' || platform === 'win32' ? platform : 'linux';
  const files = clients.flatMap((client) =>
    [...(client.files.every ?? []), ...(client.files[own] ?? [])].flatMap((file) => {
      const path = placedPath(file, machine);
      return path === undefined ? [] : [{ client, path }];
    }),
  );
  return [...new Map(files.toReversed().map((file) => [file.path, file])).values()].toReversed();
}

function placedPath(
  file: string,
  { platform, home, cwd, environment }: Pick<SourceDeps, 'platform' | 'home' | 'cwd' | 'environment'>,
): string | undefined {
  const { join } = platform === 'win32' ? win32 : posix;
  const [, variable, rest = ''] = /^\{(\w+)\}\/(.*)$/.exec(file) ?? [];
  if (variable !== undefined) {
    const folder = environment[variable];
    return folder === undefined || folder === '' ? undefined : join(folder, rest);
  }
  if (file.startsWith('~/')) return join(home, file.slice(2));
  return file.startsWith('./') ? join(cwd, file.slice(2)) : join(file);
}
