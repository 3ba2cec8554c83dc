import { changeItem } from '../change-item.ts';
import type { ServerRow, SiteSubject } from '../contract.ts';
import { distribution } from '../distribution.ts';
import { each, type Html, html } from '../html.ts';
import { layout } from '../layout.ts';
import { HOME_CHANGES, HOME_SERVERS } from '../limits.ts';
import {
  attacksPath,
  builderPath,
  changesPath,
  feedPath,
  homePath,
  href,
  indexJsonPath,
  searchPath,
  serverPath,
  serversPath,
  stackPath,
} from '../links.ts';
import { defineSitePage } from '../page.ts';
import { nameOf } from '../said.ts';
import { count, day } from '../words.ts';

export const page = defineSitePage({
  id: 'home',
  title: 'Tool Risk Catalogue',
  summary: 'What the catalogue holds, by risk, what changed lately, and where to start.',
  *entries(site) {
    yield { path: homePath, render: () => render(site) };
  },
});

function render(site: SiteSubject): string {
  const { settings, servers, all } = site;
  return layout({
    settings,
    path: homePath,
    title: 'Tool Risk Catalogue',
    description:
      'What the tools of MCP servers can do, judged from their definitions with quoted evidence, and a policy for each.',
    alternates: [
      { type: 'application/atom+xml', path: feedPath, title: 'All changes' },
      { type: 'application/json', path: indexJsonPath, title: 'All servers as JSON' },
    ],
    main: html`<header class="head">
<h1>What can this MCP tool do to me, and what rule should stand in front of it?</h1>
<p class="lead">${holdings(site)}</p>
${search()}
</header>
${all.count > 0 && distribution(site, homePath)}
${site.changes.length > 0 && newest(site)}
${servers.length > 0 && scanned(servers)}
${start()}`,
  });
}

/** What there is, in one sentence, and what is missing. */
function holdings({ servers, all, failures }: SiteSubject): Html | string {
  if (servers.length === 0) return 'No server has been scanned yet.';
  const failed = failures.values().reduce((sum, n) => sum + n, 0);
  return html`${count(all.count, 'tool')} on <a href="${href(homePath, serversPath())}">${count(servers.length, 'server')}</a>, each judged from its definition with quoted evidence, each with a policy to paste.${failed > 0 && ` ${count(failed, 'server')} could not be listed; each page says why.`}`;
}

function search(): Html {
  return html`<form class="ask" role="search" action="${href(homePath, searchPath)}" method="get">
<label for="ask">Search all tools</label>
<div><input id="ask" type="search" name="q" autocomplete="off" spellcheck="false"> <button type="submit">Search</button></div>
</form>`;
}

function newest({ changes }: SiteSubject): Html {
  return html`<section aria-labelledby="changes">
<h2 id="changes">What changed lately</h2>
<ol class="changes">${each(changes.slice(0, HOME_CHANGES), (change) => changeItem(change, homePath))}</ol>
<p><a href="${href(homePath, changesPath)}">All newest changes</a>, also as a <a href="${href(homePath, feedPath)}">feed</a></p>
</section>`;
}

function scanned(servers: readonly ServerRow[]): Html {
  const newestFirst = servers.toSorted((a, b) =>
    a.scannedAt > b.scannedAt ? -1 : Number(a.scannedAt < b.scannedAt),
  );
  return html`<section aria-labelledby="scanned">
<h2 id="scanned">Scanned lately</h2>
<ul class="scans">${each(
    newestFirst.slice(0, HOME_SERVERS),
    (server) =>
      html`<li><time datetime="${server.scannedAt}">${day(server.scannedAt)}</time> <a href="${href(homePath, serverPath(server))}">${nameOf(server.label)}</a> <span class="of">${server.listedAt === undefined ? 'could not be listed' : count(server.toolCount, 'tool')}</span></li>`,
  )}</ul>
<p><a href="${href(homePath, serversPath())}">${servers.length === 1 ? 'The list of servers' : `All ${count(servers.length, 'server')}`}</a></p>
</section>`;
}

function start(): Html {
  const to = (path: string, label: string) => html`<a href="${href(homePath, path)}">${label}</a>`;
  const rows: [term: string, what: Html][] = [
    [
      'Several servers at once',
      html`${to(stackPath, 'Paste a client’s configuration')}: their tools, what they can do together, and one policy. It stays in your browser.`,
    ],
    ['A rule of your own', html`${to(builderPath, 'Build a policy')} from the tools that you pick.`],
    [
      'What can go wrong',
      html`${to(attacksPath, 'Attacks')}, each with its sources and the tools that it needs.`,
    ],
    [
      'A server that is not here',
      html`<code>catalogue scan npm:&lt;package&gt;</code> lists its tools and judges them on your machine.`,
    ],
    [
      'The policy of a server',
      html`<code>catalogue export &lt;server&gt;</code> writes it for the enforcer that you have.`,
    ],
  ];
  return html`<section aria-labelledby="start">
<h2 id="start">Where to start</h2>
<dl class="facts wide">${each(rows, ([term, what]) => html`<div class="fact"><dt>${term}</dt><dd>${what}</dd></div>`)}</dl>
</section>`;
}
