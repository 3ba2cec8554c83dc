import { html } from '../html.ts';
import { layout } from '../layout.ts';
import { homePath, notFoundPath, searchPath } from '../links.ts';
import { defineSitePage } from '../page.ts';

export const page = defineSitePage({
  id: 'not-found',
  title: 'Not found',
  summary: 'What a reader sees at an address that has no page.',
  *entries({ settings }) {
    yield {
      path: notFoundPath,
      render: () =>
        layout({
          settings,
          path: notFoundPath,
          title: 'Not found',
          unlisted: true,
          description: 'There is no page at this address.',
          main: html`<header class="head">
<h1>Not found</h1>
<p class="lead">There is no page at this address. The tool may have been renamed or removed by its server.</p>
<p><a href="${settings.basePath}${searchPath}">Search all tools</a>, or begin at <a href="${settings.basePath}${homePath}">the first page</a>.</p>
</header>`,
        }),
    };
  },
});
