import type { ServerRow, SiteSettings, SiteSubject } from '../contract.ts';
import { each, type Html, html } from '../html.ts';
import { layout } from '../layout.ts';
import { SERVERS_PER_PART } from '../limits.ts';
import { href, searchPath, serverPath, serversPath } from '../links.ts';
import { defineSitePage } from '../page.ts';
import { strip } from '../risk.ts';
import { nameOf } from '../said.ts';
import { CATEGORIES, count, day, number } from '../words.ts';

export const page = defineSitePage({
  id: 'servers',
  title: 'Servers',
  summary: 'Every server with its tools by risk and category, in parts.',
  *entries({ settings, servers }) {
    const shared = sharedLabels(servers);
    const parts = Math.max(1, Math.ceil(servers.length / SERVERS_PER_PART));
    for (let part = 1; part <= parts; part++) {
      const rows = servers.slice((part - 1) * SERVERS_PER_PART, part * SERVERS_PER_PART);
      const of = { settings, rows, part, parts, total: servers.length, shared };
      yield { path: serversPath(part), render: () => render(of) };
    }
  },
});

interface Part {
  settings: SiteSettings;
  rows: readonly ServerRow[];
  /** Counted from 1, of so many. */
  part: number;
  parts: number;
  total: number;
  shared: ReadonlySet<string>;
}

/** Labels that more than one server has: there the id tells them apart. */
function sharedLabels(servers: SiteSubject['servers']): Set<string> {
  const [seen, shared] = [new Set<string>(), new Set<string>()];
  for (const { label } of servers) (seen.has(label) ? shared : seen).add(label);
  return shared;
}

function render(of: Part): string {
  const { settings, rows, part, parts, total } = of;
  const path = serversPath(part);
  const where = parts === 1 ? '' : `, part ${number(part)} of ${number(parts)}`;
  return layout({
    settings,
    path,
    title: `Servers${where}`,
    description: `${count(total, 'MCP server')} with their tools by risk and category${where}.`,
    main: html`<header class="head">
<h1>Servers</h1>
<p class="lead">${total === 0 ? 'No server has been scanned yet.' : `${count(total, 'server')} in the order of their addresses${where}.`} ${parts > 1 && html`The filter looks at this part alone; <a href="${href(path, searchPath)}">the search</a> looks at all.`}</p>
</header>
${rows.length > 0 && table(of, path)}
${parts > 1 && steps(of, path)}`,
  });
}

function table({ rows, part, shared }: Part, path: string): Html {
  const first = (part - 1) * SERVERS_PER_PART + 1;
  return html`<section aria-labelledby="servers-title">
<div class="table-head"><h2 id="servers-title">Servers ${number(first)} to ${number(first + rows.length - 1)}</h2>
<p class="filter" data-filter="servers" hidden><output></output> <label>Filter <input type="search" autocomplete="off" spellcheck="false"></label></p></div>
<table class="list servers" id="servers" data-sortable>
<thead><tr><th scope="col">Server</th><th scope="col">Tools by risk</th><th scope="col" class="n">Tools</th><th scope="col" class="n">Critical</th>${CATEGORIES.map((category) => html`<th scope="col" class="n">${category}</th>`)}<th scope="col">Newest scan</th></tr></thead>
<tbody>${each(rows, (server) => row(server, path, shared.has(server.label)))}</tbody>
</table>
</section>`;
}

function row(server: ServerRow, path: string, isShared: boolean): Html {
  const { label, id, toolCount, risks, categories, scannedAt } = server;
  const state = stateOf(server);
  const counts: [label: string, n: number][] = [
    [toolCount === 1 ? 'tool' : 'tools', toolCount],
    ['critical', risks.critical],
    ...CATEGORIES.map((category): [string, number] => [category, categories[category]]),
  ];
  return html`<tr>
<th scope="row"><a href="${href(path, serverPath(server))}">${nameOf(label)}</a>${isShared && html`<small class="mono">${nameOf(id)}</small>`}</th>
<td data-value="${weight(server)}">${toolCount > 0 && strip(risks)}${state !== undefined && html`<small>${state}</small>`}</td>
${server.listedAt === undefined ? counts.map(unknown) : counts.map(([noun, n]) => html`<td class="n${n === 0 && ' zero'}" data-label="${noun}">${number(n)}</td>`)}
<td><time datetime="${scannedAt}">${day(scannedAt)}</time></td>
</tr>`;
}

/** Nobody knows how many tools a server has that was never listed. */
function unknown(): Html {
  return html`<td class="n zero unknown" data-value="-1">–</td>`;
}

/** The key by which the column of the bars sorts: critical tools first, then those of high risk. */
function weight({ risks, listedAt }: ServerRow): number {
  return listedAt === undefined ? -1 : risks.critical * 1_000_000 + risks.high;
}

/** What a reader must know of the list before its numbers; undefined where it is whole and new. */
function stateOf({ status, failure = 'unknown', listedAt }: ServerRow): string | undefined {
  if (listedAt === undefined) return `Not listed: ${failure}`;
  if (status === 'failed') return `The newest scan failed (${failure}); these are of ${day(listedAt)}`;
  return status === 'partial' ? 'Not the whole list' : undefined;
}

/** The ways to the parts beside this one, and to the first and the last. */
function steps({ part, parts }: Part, path: string): Html {
  const targets: [label: string, target: number][] = [
    ['First', 1],
    ['Previous', part - 1],
    ['Next', part + 1],
    ['Last', parts],
  ];
  const shown = targets.filter(([, target]) => target >= 1 && target <= parts && target !== part);
  return html`<nav class="steps" aria-label="Parts of the list"><ul>${each(shown, ([label, target]) => html`<li><a href="${href(path, serversPath(target))}"${relation(label)}>${label}</a> <span class="of">${number(target)}</span></li>`)}</ul></nav>`;
}

function relation(label: string): Html | false {
  if (label === 'Previous') return html` rel="prev"`;
  return label === 'Next' && html` rel="next"`;
}
