import { atomFeed } from '../atom.ts';
import { changesPath, feedPath } from '../links.ts';
import { defineSitePage } from '../page.ts';

/** The time of a feed about nothing: no server has been scanned, and Atom has no feed without a time. */
const NEVER = '1970-01-01T00:00:00.000Z';

export const page = defineSitePage({
  id: 'feed',
  title: 'Feed of all changes',
  summary: 'The newest changes of the whole catalogue, as an Atom feed.',
  *entries({ settings, takenAt, changes }) {
    const render = () =>
      atomFeed({
        settings,
        path: feedPath,
        title: 'Tool Risk Catalogue: changes',
        page: changesPath,
        since: takenAt ?? NEVER,
        changes: changes.map((change) => ({ server: change.server, change })),
      });
    yield { path: feedPath, render };
  },
});
