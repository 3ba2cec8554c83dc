import type { ServerSheet } from '../../catalogue/contract.ts';
import { changeItem } from '../change-item.ts';
import { each, type Html, html, joined } from '../html.ts';
import { MAX_SERVER_CHANGES, MAX_VANISHED_NAMED } from '../limits.ts';
import { href, serverFeedPath, toolPath } from '../links.ts';
import { nameOf } from '../said.ts';
import { count, number } from '../words.ts';

/** What happened to the server's tools since they were first listed. */
export function history(server: ServerSheet, path: string): Html | false {
  if (server.lists === 0) return false;
  const shown = server.changes.slice(0, MAX_SERVER_CHANGES);
  const isMore = server.changes.length > shown.length || server.moreChanges;
  return html`<section aria-labelledby="history">
<h2 id="history">History</h2>
<p>${server.lists === 1 ? 'Its list has been the same in every scan.' : `Its list was another than before ${count(server.lists - 1, 'time')}.`}</p>
${shown.length > 0 && html`<ul class="beside-list changes">${each(shown, (change) => changeItem({ ...change, server }, path))}</ul>`}
${isMore && html`<p class="note">Older changes are not shown: <code>catalogue history ${server.slug}</code> has all of them.</p>`}
${vanished(server, path)}
<p><a href="${href(path, serverFeedPath(server))}">Changes of this server as a feed</a></p>
</section>`;
}

function vanished(server: ServerSheet, path: string): Html | false {
  const names = server.vanished
    .slice(0, MAX_VANISHED_NAMED)
    .map(
      (tool) =>
        html`<a class="mono" href="${href(path, toolPath(server, tool))}">${nameOf(tool.definition.name)}</a>`,
    );
  const more = server.vanished.length - names.length;
  return (
    names.length > 0 &&
    html`<p>No longer listed: ${joined(names, ', ')}${more > 0 && ` and ${number(more)} more`}.</p>`
  );
}
