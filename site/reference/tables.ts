import { signalById } from '../../classifier/classify.ts';
import type { ServerRow, SiteSubject, ToolGroup, ToolLink } from '../contract.ts';
import { each, type Html, html } from '../html.ts';
import { MAX_LABEL_CHARS, MAX_TOP_SERVERS, MAX_TOP_SIGNALS } from '../limits.ts';
import { href, serverPath, serversPath, signalPath, signalsPath, toolPath } from '../links.ts';
import { riskMark } from '../risk.ts';
import { nameOf } from '../said.ts';
import { count, number } from '../words.ts';
import { share } from './figures.ts';

/** Tools of the catalogue as a table of links; false where there are none. */
export function exampleTable(
  path: string,
  examples: readonly ToolLink[],
  total: number,
  title = 'Tools of the catalogue',
  note: Html | string = '',
): Html | false {
  if (examples.length === 0) return false;
  const chosen =
    total > examples.length
      ? `${number(examples.length)} of ${number(total)}, at most one of each server, chosen without regard to what they do.`
      : 'All of them.';
  return html`<section aria-labelledby="examples">
<h2 id="examples">${title}</h2>
<p class="note">${chosen} ${note}</p>
<table class="grid examples">
<thead><tr><th scope="col">Tool</th><th scope="col">Server</th><th scope="col">Category</th><th scope="col">Risk</th></tr></thead>
<tbody>${each(examples, ({ server, tool }) => html`<tr><th scope="row"><a class="mono" href="${href(path, toolPath(server, tool))}">${nameOf(tool.name)}</a></th><td><a href="${href(path, serverPath(server))}">${nameOf(server.label, MAX_LABEL_CHARS)}</a></td><td class="pair">${tool.category}</td><td>${riskMark(tool.risk)}</td></tr>`)}</tbody>
</table>
</section>`;
}

/** The servers with the most tools of a kind; false where none has any. */
export function topServers(
  path: string,
  title: string,
  servers: readonly ServerRow[],
  countOf: (server: ServerRow) => number,
): Html | false {
  const some = servers.filter((server) => countOf(server) > 0);
  if (some.length === 0) return false;
  const most = some
    .toSorted((a, b) => countOf(b) - countOf(a) || (a.slug < b.slug ? -1 : 1))
    .slice(0, MAX_TOP_SERVERS);
  return html`<section aria-labelledby="servers-title">
<h2 id="servers-title">${title}</h2>
<table class="grid narrow">
<thead><tr><th scope="col">Server</th><th scope="col" class="n">Such tools</th><th scope="col" class="n">All its tools</th></tr></thead>
<tbody>${each(most, (server) => html`<tr><th scope="row"><a href="${href(path, serverPath(server))}">${nameOf(server.label, MAX_LABEL_CHARS)}</a></th><td class="n" data-label="Such tools">${number(countOf(server))}</td><td class="n" data-label="All its tools">${number(server.toolCount)}</td></tr>`)}</tbody>
</table>
<p><a href="${href(path, serversPath())}">All servers</a>${some.length > most.length && `; ${count(some.length, 'server')} have such tools`}.</p>
</section>`;
}

/** The signals that stand on the most tools of a kind; false where none does. */
export function topSignals(
  path: string,
  { bySignal }: SiteSubject,
  { count: total }: ToolGroup,
  countOf: (group: ToolGroup) => number,
): Html | false {
  const most = [...bySignal]
    .flatMap(([id, group]) => {
      const signal = signalById(id);
      const n = countOf(group);
      return signal === undefined || n === 0 ? [] : [{ signal, n }];
    })
    .sort((a, b) => b.n - a.n || (a.signal.id < b.signal.id ? -1 : 1))
    .slice(0, MAX_TOP_SIGNALS);
  if (most.length === 0) return false;
  return html`<section aria-labelledby="signals">
<h2 id="signals">Signals most found on them</h2>
<table class="grid narrow">
<thead><tr><th scope="col">Signal</th><th scope="col" class="n">Tools</th><th scope="col" class="n">Of these tools</th></tr></thead>
<tbody>${each(most, ({ signal, n }) => html`<tr><th scope="row"><a href="${href(path, signalPath(signal.id))}">${signal.title}</a></th><td class="n" data-label="Tools">${number(n)}</td><td class="n" data-label="Of these tools">${share(n, total)}</td></tr>`)}</tbody>
</table>
<p><a href="${href(path, signalsPath)}">All signals</a>.</p>
</section>`;
}
