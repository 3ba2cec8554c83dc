import type { ServerView, ToolView } from '../../catalogue/contract.ts';
import type { Category, RiskLevel } from '../../classifier/contract.ts';
import { each, type Html, html } from '../html.ts';
import { type Counted, legend } from '../legend.ts';
import { href, toolPath } from '../links.ts';
import { riskMark, strip } from '../risk.ts';
import { nameOf } from '../said.ts';
import { shownSignals } from '../signals.ts';
import { countCategories, countRisks } from '../totals.ts';
import { visible } from '../visible.ts';
import { marksOf, RISKS } from '../words.ts';

/** The bar of the tools by risk and category. Its entries jump into the table, or filter it where scripts run. */
export function overview({ tools }: ServerView): Html {
  const verdicts = tools.map(({ classification }) => classification);
  const risks = countRisks(verdicts);
  const categories = countCategories(verdicts);
  return html`<section class="overview" aria-label="Tools by risk and category">
${strip(risks)}
<div class="legend" data-filters="tools">
${legend(risks, categories, entry)}
</div>
</section>`;
}

/** Leads to the first such tool of the table; where scripts run it filters the table instead. */
function entry({ key, value }: Counted, n: number, label: Html): Html {
  if (n === 0) return html`<span class="zero">${label}</span>`;
  return html`<a href="#${key}-${value}" data-key="${key}" data-value="${value}">${label}</a>`;
}

/** All tools, the riskiest first. */
export function toolTable(server: ServerView, path: string): Html {
  const tools = server.tools.toSorted((a, b) => rank(a) - rank(b));
  const firsts = firstOfEach(tools);
  return html`<section aria-labelledby="tools-title">
<div class="table-head"><h2 id="tools-title">Tools</h2>
<p class="filter" data-filter="tools" hidden><output></output> <label>Filter <input type="search" autocomplete="off" spellcheck="false"></label></p></div>
<table class="list tools" id="tools" data-sortable>
<thead><tr><th scope="col">Risk</th><th scope="col">Category</th><th scope="col">Tool</th><th scope="col">Signals</th><th scope="col">Why</th></tr></thead>
<tbody>${each(tools, (tool) => row(server, tool, path, firsts.get(tool)))}</tbody>
</table>
</section>`;
}

interface Anchors {
  risk?: RiskLevel;
  category?: Category;
}

/** The first row of every risk and category, to which the bar leads when no script filters. */
function firstOfEach(tools: readonly ToolView[]): Map<ToolView, Anchors> {
  const anchors = new Map<ToolView, Anchors>();
  const seen = new Set<string>();
  for (const tool of tools) {
    const { risk, category } = tool.classification;
    const first = { ...(!seen.has(risk) && { risk }), ...(!seen.has(category) && { category }) };
    seen.add(risk).add(category);
    anchors.set(tool, first);
  }
  return anchors;
}

function row(
  server: ServerView,
  tool: ToolView,
  path: string,
  { risk: firstRisk, category: firstCategory }: Anchors = {},
): Html {
  const { category, risk, destructive, financial, rationale } = tool.classification;
  const effects = [destructive && 'destructive', financial && 'financial'].filter((word) => word !== false);
  return html`<tr data-risk="${risk}" data-category="${category}"${firstRisk !== undefined && html` id="risk-${firstRisk}"`}>
<td data-value="${RISKS.indexOf(risk)}">${riskMark(risk)}</td>
<td${firstCategory !== undefined && html` id="category-${firstCategory}"`}>${category}${[...effects, ...marksOf(tool.classification)].map((word) => html`<small>${word}</small>`)}</td>
<th scope="row"><a class="mono" href="${href(path, toolPath(server, tool))}">${nameOf(tool.definition.name)}</a></th>
<td>${signals(tool)}</td>
<td>${visible(rationale)}</td>
</tr>`;
}

function signals(tool: ToolView): Html {
  const all = shownSignals(tool.classification);
  const attacks = all.filter(({ group }) => group === 'attack-text');
  const others = all.filter(({ group }) => group !== 'attack-text');
  return html`${attacks.map(({ label }) => html`<strong class="signal">${visible(label)}</strong>`)}${others.map(({ label }) => html`<span class="signal">${visible(label)}</span>`)}`;
}

function rank({ classification }: ToolView): number {
  return RISKS.indexOf(classification.risk);
}
