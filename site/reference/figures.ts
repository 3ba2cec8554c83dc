import type { ToolGroup } from '../contract.ts';
import { each, type Html, html } from '../html.ts';
import { categoryPath, href, riskPath } from '../links.ts';
import { riskMark, strip } from '../risk.ts';
import { CATEGORIES, count, number, RISKS } from '../words.ts';

/** Part of a whole in percent, to one decimal below ten, because most signals are rare; never nothing for something. */
export function share(part: number, whole: number): string {
  if (part === 0 || whole === 0) return '0 %';
  const percent = (part / whole) * 100;
  if (percent < 0.1) return '< 0.1 %';
  return `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
}

/** `12 tools (3.1 % of all) on 7 servers`. */
function extent({ count: tools, servers }: ToolGroup, all: ToolGroup): string {
  return `${count(tools, 'tool')} (${share(tools, all.count)} of all) on ${count(servers, 'server')}`;
}

/**
 * How many tools there are of a kind, and their risks and categories. Where the kind is a risk or a category itself,
 * only the other one tells something.
 */
export function figures(
  path: string,
  title: string,
  group: ToolGroup,
  all: ToolGroup,
  kind?: 'risk' | 'category',
): Html {
  if (group.count === 0) {
    return html`<section class="overview" aria-labelledby="figures">
<h2 id="figures">${title}</h2>
<p class="note">${nothingOf(all)}</p>
</section>`;
  }
  const entry = (target: string, label: Html | string, n: number) =>
    html`<li><a${n === 0 && html` class="zero"`} href="${href(path, target)}">${label} <b>${number(n)}</b></a> <small>${share(n, group.count)}</small></li>`;
  const byRisk = html`<ul>${each(RISKS, (risk) => entry(riskPath(risk), riskMark(risk), group.risks[risk]))}</ul>`;
  const byCategory = html`<ul>${each(CATEGORIES, (category) => entry(categoryPath(category), category, group.categories[category]))}</ul>`;
  return html`<section class="overview" aria-labelledby="figures">
<h2 id="figures">${title}</h2>
<p>${extent(group, all)}.</p>
${kind !== 'risk' && strip(group.risks)}
<div class="legend">${kind !== 'risk' && byRisk}${kind !== 'category' && byCategory}</div>
</section>`;
}

/** What to say where there is no tool of a kind. */
function nothingOf(all: ToolGroup): string {
  return all.count === 0
    ? 'The catalogue holds no tools yet.'
    : `None of the ${count(all.count, 'tool')} of the catalogue.`;
}

/** Facts in a row, as term and value. */
export function facts(rows: readonly (readonly [term: string, value: Html | string])[]): Html {
  return html`<dl class="facts wide">${each(rows, ([term, value]) => html`<div class="fact"><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`;
}
