import { html } from '../html.ts';
import { layout } from '../layout.ts';
import { homePath, href, notFoundPath } from '../links.ts';
import { definePage } from '../page.ts';

export const page = definePage({
  id: 'not-found',
  title: 'Not found',
  summary: 'What a reader sees at an address that has no page.',
  *entries({ view }) {
    yield {
      path: notFoundPath,
      render: () =>
        layout({
          view,
          path: notFoundPath,
          title: 'Not found',
          description: 'There is no page at this address.',
          main: html`<header class="head">
<h1>Not found</h1>
<p class="lead">There is no page at this address. The tool may have been renamed or removed by its server.</p>
<p><a href="${href(notFoundPath, homePath)}">All servers of the catalogue</a></p>
</header>`,
        }),
    };
  },
});
