import { type FindIndex, namedFiles } from '../builder/names.ts';
import { findIndexPath, findPath } from '../links.ts';
import { defineSitePage } from '../page.ts';

export const page = defineSitePage({
  id: 'server-names',
  title: 'Servers by name',
  summary: 'What the fields that find a server read: files of servers with a word that begins alike.',
  *entries({ servers }) {
    const files = namedFiles(
      servers
        .filter(({ listedAt }) => listedAt !== undefined)
        .map(({ slug, label, toolCount }) => [slug, label, toolCount] as const),
    );
    const index: FindIndex = { files: [...files.keys()] };
    yield { path: findIndexPath, render: () => `${JSON.stringify(index)}\n` };
    for (const [name, file] of files) {
      yield { path: findPath(name), render: () => `${JSON.stringify(file)}\n` };
    }
  },
});
