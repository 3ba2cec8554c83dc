import type { Category } from '../classifier/contract.ts';
import type { RiskCounts, SiteSubject, ToolGroup } from './contract.ts';
import { each, type Html, html } from './html.ts';
import { categoryPath, href, riskPath } from './links.ts';
import { riskMark, strip } from './risk.ts';
import { CATEGORIES, number, RISKS } from './words.ts';

/** How the tools of the catalogue are distributed: all of them by risk, then each category by risk, to one scale. */
export function distribution({ all, byCategory }: SiteSubject, path: string): Html {
  const largest = Math.max(...CATEGORIES.map((category) => byCategory[category].count));
  const entries = each(
    RISKS,
    (risk) =>
      html`<li><a href="${href(path, riskPath(risk))}">${riskMark(risk)} <b>${number(all.risks[risk])}</b></a> <small>${percent(all.risks[risk], all.count)}</small></li>`,
  );
  return html`<section class="overview" aria-labelledby="distribution">
<h2 id="distribution">Tools by risk</h2>
${strip(all.risks)}
<div class="legend"><ul>${entries}</ul></div>
<table class="cross">
<caption class="label">By category and risk</caption>
<thead><tr><th scope="col">Category</th><td class="spare"></td>${RISKS.map((risk) => html`<th scope="col" class="n">${riskMark(risk)}</th>`)}<th scope="col" class="n spare">All</th></tr></thead>
<tbody>${each(CATEGORIES, (category) => row(category, byCategory[category], largest, path))}</tbody>
</table>
</section>`;
}

function row(category: Category, { risks, count }: ToolGroup, largest: number, path: string): Html {
  return html`<tr><th scope="row"><a href="${href(path, categoryPath(category))}">${category}</a></th>
<td class="bar spare" aria-hidden="true">${bar(risks, largest)}</td>
${RISKS.map((risk) => html`<td class="n${risks[risk] === 0 && ' zero'}">${number(risks[risk])}</td>`)}
<td class="n spare">${number(count)}</td></tr>`;
}

/** A bar of one category, to the scale on which the largest one is whole; its numbers stand beside it. */
function bar(risks: RiskCounts, largest: number): Html {
  let at = 0;
  const parts = RISKS.filter((risk) => risks[risk] > 0).map((risk) => {
    const x = at;
    at += (risks[risk] / largest) * 1000;
    return html`<rect class="${risk}" x="${x.toFixed(1)}" width="${(at - x).toFixed(1)}" height="10"/>`;
  });
  return html`<svg class="strip" viewBox="0 0 1000 10" preserveAspectRatio="none">${parts}</svg>`;
}

/** A share in whole percent; what is there is never shown as nothing. */
function percent(n: number, total: number): string {
  if (n === 0) return '0 %';
  const share = (n / total) * 100;
  return share < 1 ? '< 1 %' : `${Math.round(share)} %`;
}
