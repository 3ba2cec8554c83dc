import type { RiskLevel } from '../../classifier/contract.ts';
import type { SiteSubject } from '../contract.ts';
import { each, type Html, html } from '../html.ts';
import { layout } from '../layout.ts';
import { href, riskPath, signalPath } from '../links.ts';
import { defineSitePage } from '../page.ts';
import { raisersTo } from '../reference/consequences.ts';
import { figures } from '../reference/figures.ts';
import { paragraphs, points } from '../reference/prose.ts';
import { RISK_TEXTS } from '../reference/risk-texts.ts';
import { judgeExample, policyBlock, publishedPolicy } from '../reference/rule.ts';
import { exampleTable, topServers, topSignals } from '../reference/tables.ts';
import { riskMark } from '../risk.ts';
import { capitalised, number, RISKS } from '../words.ts';

export const page = defineSitePage({
  id: 'risk',
  title: 'Risk level',
  summary: 'What one level of risk means, how a tool gets there, and the tools and servers that have it.',
  *entries(site) {
    for (const risk of RISKS) yield { path: riskPath(risk), render: () => render(site, risk) };
  },
});

function render(site: SiteSubject, risk: RiskLevel): string {
  const path = riskPath(risk);
  const group = site.byRisk[risk];
  const text = RISK_TEXTS[risk];
  const title = `${capitalised(risk)} risk`;
  return layout({
    settings: site.settings,
    path,
    title: `${title}: what it means, and the tools that have it`,
    description: `${text.meaning} How a tool gets this level, the recommended rule, and the servers with most such tools.`,
    main: html`<article>
<header class="head">
<p class="kicker">Risk level</p>
<h1>${riskMark(risk)} <span>risk</span></h1>
<p class="lead">${text.meaning}</p>
${siblings(site, risk, path)}
</header>
${figures(path, `Tools of ${risk} risk`, group, site.all, 'risk')}
<section aria-labelledby="meaning">
<h2 id="meaning">What it means</h2>
${paragraphs(text.definition)}
</section>
<section aria-labelledby="ways">
<h2 id="ways">How a tool gets there</h2>
${points(text.ways)}
${raisers(risk, path)}
<p>A server’s own claims never lower a risk.</p>
</section>
${rule(risk)}
${topSignals(path, site, group, ({ risks }) => risks[risk])}
${topServers(path, `Servers with most tools of ${risk} risk`, site.servers, ({ risks }) => risks[risk])}
${exampleTable(path, group.examples, group.count)}
</article>`,
  });
}

/** The other levels, with the number of their tools. */
function siblings({ byRisk }: SiteSubject, risk: RiskLevel, path: string): Html {
  return html`<ul class="siblings" aria-label="Risk levels">${each(RISKS, (other) =>
    other === risk
      ? html`<li aria-current="page">${riskMark(other)} ${number(byRisk[other].count)}</li>`
      : html`<li><a href="${href(path, riskPath(other))}">${riskMark(other)}</a> ${number(byRisk[other].count)}</li>`,
  )}</ul>`;
}

function raisers(risk: RiskLevel, path: string): Html | false {
  const signals = raisersTo(risk);
  if (signals.length === 0) return false;
  return html`<p>Signals that can make the risk ${risk} at least:</p>
<ul class="points">${each(signals, ({ id, title }) => html`<li><a href="${href(path, signalPath(id))}">${title}</a></li>`)}</ul>`;
}

function rule(risk: RiskLevel): Html {
  const { example, reason } = RISK_TEXTS[risk];
  return html`<section aria-labelledby="rule">
<h2 id="rule">The recommended rule</h2>
<p>${reason}</p>
${policyBlock(publishedPolicy(judgeExample(example)), 'rule-text')}
<p class="note">For a plain tool of this level, <code>${example.name}</code>. Each tool’s page has its own.</p>
</section>`;
}
