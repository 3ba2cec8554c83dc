import type { ServerView } from '../../catalogue/contract.ts';
import { compareText } from '../../policy/order.ts';
import { each, type Html, html } from '../html.ts';
import { layout } from '../layout.ts';
import { legend } from '../legend.ts';
import { homePath, href, serverPath } from '../links.ts';
import { definePage } from '../page.ts';
import { strip } from '../risk.ts';
import { nameOf } from '../said.ts';
import { countCategories, countToolRisks, isStale, type Site } from '../site.ts';
import { CATEGORIES, count, day, minute, number } from '../words.ts';

const NEWEST_SHOWN = 5;

export const page = definePage({
  id: 'home',
  title: 'Tool Risk Catalogue',
  summary: 'What the catalogue holds, by risk, and where to start.',
  *entries(site) {
    yield { path: homePath, render: () => render(site) };
  },
});

function render(site: Site): string {
  const { servers } = site.view;
  const failed = servers.filter((server) => server.listing === undefined).length;
  return layout({
    view: site.view,
    path: homePath,
    title: 'Tool Risk Catalogue',
    description:
      'What the tools of MCP servers can do, judged from their definitions with quoted evidence, and a policy for each.',
    main: html`<header class="head">
<h1>What can this MCP tool do to me, and what rule should stand in front of it?</h1>
<p class="lead">${count(site.toolCount, 'tool')} on ${count(servers.length, 'server')}, each judged from its definition with quoted evidence, each with a policy to paste.${failed === 1 && ' 1 server could not be listed; its page says why.'}${failed > 1 && ` ${number(failed)} servers could not be listed; their pages say why.`}</p>
</header>
${site.toolCount > 0 && distribution(site)}
${servers.length > 0 ? serverTable(servers) : html`<p class="note">No server has been scanned yet.</p>`}
<div class="columns">
${start()}
${servers.length > 0 && newest(servers)}
</div>`,
  });
}

function distribution({ risks, categories, toolCount }: Site): Html {
  const share = (n: number) => `${Math.round((n / toolCount) * 100)} %`;
  return html`<section class="overview" aria-labelledby="distribution">
<h2 id="distribution">Tools by risk</h2>
${strip(risks)}
<div class="legend">
${legend(risks, categories, ({ key }, n, label) => html`<span>${label}${key === 'risk' && html` <small>${share(n)}</small>`}</span>`)}
</div>
</section>`;
}

function serverTable(servers: readonly ServerView[]): Html {
  const labels = new Map<string, number>();
  for (const { label } of servers) labels.set(label, (labels.get(label) ?? 0) + 1);
  return html`<section aria-labelledby="servers-title">
<div class="table-head"><h2 id="servers-title">Servers</h2>
<p class="filter" data-filter="servers" hidden><output></output> <label>Filter <input type="search" autocomplete="off" spellcheck="false"></label></p></div>
<table class="list servers" id="servers" data-sortable>
<thead><tr><th scope="col">Server</th><th scope="col">By risk</th><th scope="col" class="n">Tools</th>${CATEGORIES.map(
    (category) => html`<th scope="col" class="n">${category}</th>`,
  )}<th scope="col" class="n">Critical</th><th scope="col" class="n">Scanned</th></tr></thead>
<tbody>${each(servers, (server) => row(server, (labels.get(server.label) ?? 0) > 1))}</tbody>
</table>
</section>`;
}

/** `isNamesake`: another server has the same label, so the identity is needed to tell them apart. */
function row(server: ServerView, isNamesake: boolean): Html {
  const risks = countToolRisks(server.tools);
  const categories = countCategories(server.tools);
  const numbers: [string, number][] = [
    ['tools', server.tools.length],
    ...CATEGORIES.map((category): [string, number] => [category, categories[category]]),
    ['critical', risks.critical],
  ];
  return html`<tr><th scope="row"><a href="${href(homePath, serverPath(server))}">${nameOf(server.label)}</a>${isNamesake && html`<small>${nameOf(server.id)}</small>`}${state(server)}</th>
<td data-value="${risks.critical * 1e6 + risks.high * 1e3 + risks.medium}">${server.tools.length > 0 && strip(risks)}</td>
${numbers.map(([label, n]) => html`<td class="n" data-label="${label}">${number(n)}</td>`)}
<td class="n"><time datetime="${server.lastScan.observedAt}">${day(server.lastScan.observedAt)}</time></td></tr>`;
}

function state(server: ServerView): Html | false {
  if (server.listing === undefined)
    return html`<small>not listed: ${server.lastScan.failure?.code ?? 'unknown'}</small>`;
  if (isStale(server))
    return html`<small>newest scan failed: ${server.lastScan.failure?.code ?? 'unknown'}</small>`;
  return server.listing.status === 'partial' && html`<small>list not complete</small>`;
}

function start(): Html {
  return html`<section aria-labelledby="start">
<h2 id="start">Where to start</h2>
<p>Scan a server. It is started, asked for its tools and stopped; no tool is called.</p>
<pre><code>catalogue scan npm:&lt;package&gt;</code></pre>
<p>Write the policy for all its tools.</p>
<pre><code>catalogue export &lt;server&gt;</code></pre>
</section>`;
}

function newest(servers: readonly ServerView[]): Html {
  const scans = servers
    .toSorted(
      (a, b) => compareText(b.lastScan.observedAt, a.lastScan.observedAt) || compareText(a.slug, b.slug),
    )
    .slice(0, NEWEST_SHOWN);
  return html`<section aria-labelledby="newest">
<h2 id="newest">Newest scans</h2>
<ul class="scans">${each(scans, (server) => html`<li><time datetime="${server.lastScan.observedAt}">${minute(server.lastScan.observedAt)}</time> <a href="${href(homePath, serverPath(server))}">${nameOf(server.label)}</a> <span class="of">${outcome(server)}</span></li>`)}</ul>
</section>`;
}

function outcome({ lastScan }: ServerView): string {
  if (lastScan.status === 'failed') return `failed: ${lastScan.failure?.code ?? 'unknown'}`;
  return count(lastScan.toolCount, 'tool');
}
