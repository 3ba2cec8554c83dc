import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ServerTwin, ToolTwin } from '../../site/published.ts';
import { type PeerTool, peerTool } from './view.ts';

/** One tool of a built tree: what the templates print, and its twin as the file has it. */
export interface PeerPage {
  tool: PeerTool;
  /** The text of the twin, without the newline at its end. */
  twin: string;
  /** The address of the site with a slash at its end; empty where it does not know its own. */
  base: string;
}

/** Files of a server's folder that are not the twin of a tool. */
const OTHERS = new Set(['index.json', 'policy.json']);

/** Reads the twins of every tool that a built tree has, server by server; those of tools no longer listed are left out. */
export async function* readTwins(from: string): AsyncGenerator<PeerPage> {
  const root = join(from, 'servers');
  const folders = await readdir(root, { withFileTypes: true });
  for (const folder of folders
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()) {
    const names = await readdir(join(root, folder));
    const server = ServerTwin.parse(JSON.parse(await readFile(join(root, folder, 'index.json'), 'utf8')));
    for (const name of names.filter(isToolTwin).sort()) {
      const twin = (await readFile(join(root, folder, name), 'utf8')).trimEnd();
      const parsed = ToolTwin.parse(JSON.parse(twin));
      if (parsed.vanishedAt !== undefined) continue;
      yield { tool: peerTool(parsed, server), twin, base: baseOf(parsed) };
    }
  }
}

function isToolTwin(name: string): boolean {
  return /^[^.]+\.json$/.test(name) && !OTHERS.has(name);
}

function baseOf({ addresses }: ToolTwin): string {
  return URL.canParse(addresses.page) ? addresses.page.slice(0, addresses.page.lastIndexOf('servers/')) : '';
}
