import type { CatalogueChange } from '../../catalogue/contract.ts';
import { changeItem } from '../change-item.ts';
import type { SiteSubject } from '../contract.ts';
import { each, type Html, html } from '../html.ts';
import { layout } from '../layout.ts';
import { MAX_CHANGES_SHOWN } from '../limits.ts';
import { changesPath, feedPath, href } from '../links.ts';
import { defineSitePage } from '../page.ts';
import { count, day } from '../words.ts';

export const page = defineSitePage({
  id: 'changes',
  title: 'Changes',
  summary: 'Which tools appeared, changed, vanished and returned lately, by day.',
  *entries(site) {
    yield { path: changesPath, render: () => render(site) };
  },
});

function render({ settings, changes, takenAt }: SiteSubject): string {
  const shown = changes.slice(0, MAX_CHANGES_SHOWN);
  const days = Map.groupBy(shown, ({ at }) => day(at));
  const raising = shown.filter(({ raises }) => raises).length;
  return layout({
    settings,
    path: changesPath,
    title: 'Changes',
    description: 'Which tools of MCP servers appeared, changed, vanished and returned lately.',
    alternates: [{ type: 'application/atom+xml', path: feedPath, title: 'All changes' }],
    main: html`<header class="head">
<h1>Changes</h1>
<p class="lead">${lead(shown.length, raising, takenAt)}</p>
<p class="links">A tool counts as changed when its definition does, or when it is judged anew. The same as a feed: <a href="${href(changesPath, feedPath)}">Atom</a>.</p>
</header>
${each([...days], ([date, some]) => onDay(date, some))}
${changes.length > shown.length && html`<p class="note">Older changes stand on the pages of the servers.</p>`}`,
  });
}

function lead(shown: number, raising: number, takenAt: string | undefined): string {
  if (takenAt === undefined) return 'No server has been scanned yet.';
  if (shown === 0)
    return `Nothing has changed so far. The newest scan was on ${day(takenAt)}; a change takes two scans to be seen.`;
  const flagged =
    raising === 0
      ? 'None of them raises a risk.'
      : `${count(raising, 'change')} marked ▲ should be read before you go on.`;
  return `The newest ${count(shown, 'change')}. ${flagged}`;
}

function onDay(date: string, changes: readonly CatalogueChange[]): Html {
  return html`<section aria-labelledby="d-${date}">
<h2 id="d-${date}"><time datetime="${date}">${date}</time> <small>${count(changes.length, 'change')}</small></h2>
<ol class="changes">${each(changes, (change) => changeItem(change, changesPath))}</ol>
</section>`;
}
