import type { ToolGroup } from '../contract.ts';
import { each, type Html, html } from '../html.ts';
import { legend } from '../legend.ts';
import { strip } from '../risk.ts';
import { count } from '../words.ts';

/** Part of a whole in percent, to one decimal below ten, because most signals are rare; never nothing for something. */
export function share(part: number, whole: number): string {
  if (part === 0 || whole === 0) return '0 %';
  const percent = (part / whole) * 100;
  if (percent < 0.1) return '< 0.1 %';
  return `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
}

/** `12 tools (3.1 % of all) on 7 servers`. */
export function extent({ count: tools, servers }: ToolGroup, all: ToolGroup): string {
  return `${count(tools, 'tool')} (${share(tools, all.count)} of all) on ${count(servers, 'server')}`;
}

/** How many tools there are of a kind, and their risks and categories. */
export function figures(title: string, group: ToolGroup, all: ToolGroup): Html {
  return html`<section class="overview" aria-labelledby="figures">
<h2 id="figures">${title}</h2>
${group.count === 0 ? html`<p class="note">${nothingOf(all)}</p>` : html`<p>${extent(group, all)}.</p>
${strip(group.risks)}
<div class="legend">${legend(group.risks, group.categories, (_, n, label) => html`<span${n === 0 && html` class="zero"`}>${label}</span>`)}</div>`}
</section>`;
}

/** What to say where there is no tool of a kind. */
export function nothingOf(all: ToolGroup): string {
  return all.count === 0
    ? 'The catalogue holds no tools yet.'
    : `None of the ${count(all.count, 'tool')} of the catalogue.`;
}

/** Facts in a row, as term and value. */
export function facts(rows: readonly (readonly [term: string, value: Html | string])[]): Html {
  return html`<dl class="facts wide">${each(rows, ([term, value]) => html`<div class="fact"><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`;
}
