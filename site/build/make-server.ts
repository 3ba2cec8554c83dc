import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerSheet } from '../../catalogue/contract.ts';
import type { SiteSettings, ToolLink } from '../contract.ts';
import { outlineOf } from '../outline.ts';
import type { Page } from '../page.ts';
import { pages } from '../pages/index.generated.ts';
import { type Files, lineText, type ServerLine } from './manifest.ts';
import { startWriter, type Written } from './write-files.ts';

/** One server to be made. */
export interface ServerTask {
  server: ServerSheet;
  /** For each tool, those on other servers that are like it. */
  links: [toolSlug: string, links: ToolLink[]][];
  /** What else its line in the manifest says. */
  task: Pick<ServerLine, 'slug' | 'revision' | 'made' | 'related'>;
  /** What stands in its folder; undefined where a build was broken off while it wrote there. */
  known: Files | undefined;
}

/** What came of it, without the files: their list would cost more to hand over than to make. */
export interface MadeServer extends Omit<Written, 'files'> {
  /** Its line in the manifest. */
  line: string;
  tools: number;
}

/** Makes the pages of servers in the tree that stands in `folder`, and says what is in the manifest of each. */
export function serverMaker(folder: string, settings: SiteSettings): (task: ServerTask) => MadeServer {
  const make = filesMaker(folder, settings);
  return (task) => {
    const { files, ...counts } = make(task);
    const line = lineText({ ...task.task, outline: outlineOf(task.server), files });
    return { ...counts, line, tools: task.server.tools.length };
  };
}

/** Makes the pages of servers, of all kinds or of those that are given. */
export function filesMaker(
  folder: string,
  settings: SiteSettings,
  kinds: readonly Page[] = pages,
): (task: ServerTask) => Written {
  const serverPages = kinds.filter((page) => page.of === 'server');
  const folders = new Set<string>();
  return ({ server, links, known }) => {
    const root = `servers/${server.slug}/`;
    const place = join(folder, 'servers', server.slug);
    if (known === undefined) {
      rmSync(place, { recursive: true, force: true });
      folders.delete(place);
    }
    const subject = { settings, server, related: new Map(links) };
    const writer = startWriter(place, known ?? {}, { made: folders });
    for (const page of serverPages) {
      for (const { path, key, render } of page.entries(subject)) {
        if (!path.startsWith(root)) throw new Error(`A page of ${server.slug} stands elsewhere: ${path}`);
        writer.put({ name: path.slice(root.length), ...(key !== undefined && { key }), contents: render });
      }
    }
    return writer.end();
  };
}
