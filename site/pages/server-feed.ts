import { atomFeed } from '../atom.ts';
import { serverFeedPath, serverPath } from '../links.ts';
import { defineServerPage } from '../page.ts';
import { shownName } from '../words.ts';

export const page = defineServerPage({
  id: 'server-feed',
  title: 'Feed of a server',
  summary: 'The newest changes of one server’s tools, as an Atom feed.',
  *entries({ settings, server }) {
    const render = () =>
      atomFeed({
        settings,
        path: serverFeedPath(server),
        title: `${shownName(server.label)}: changes of its tools`,
        page: serverPath(server),
        // Not the newest scan, so that a feed stays the same while the tools do.
        since: server.firstSeenAt,
        changes: server.changes.map((change) => ({ server, change })),
      });
    yield { path: serverFeedPath(server), render };
  },
});
