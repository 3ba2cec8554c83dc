import type { Category } from '../../classifier/contract.ts';
import type { SiteSubject } from '../contract.ts';
import { each, type Html, html } from '../html.ts';
import { layout } from '../layout.ts';
import { accuracyPath, categoryPath, href, riskPath } from '../links.ts';
import { defineSitePage } from '../page.ts';
import { type Borderline, CATEGORY_TEXTS } from '../reference/category-texts.ts';
import { figures } from '../reference/figures.ts';
import { paragraphs, points } from '../reference/prose.ts';
import { judgeExample, policyBlock, publishedPolicy } from '../reference/rule.ts';
import { exampleTable, topServers, topSignals } from '../reference/tables.ts';
import { riskMark } from '../risk.ts';
import { CATEGORIES, CATEGORY_MEANING, capitalised, kindOf, number } from '../words.ts';

export const page = defineSitePage({
  id: 'category',
  title: 'Category',
  summary: 'What one category counts and does not count, borderline cases, and the tools and servers in it.',
  *entries(site) {
    for (const category of CATEGORIES)
      yield { path: categoryPath(category), render: () => render(site, category) };
  },
});

function render(site: SiteSubject, category: Category): string {
  const path = categoryPath(category);
  const group = site.byCategory[category];
  const { definition, counts, doesNot, borderline } = CATEGORY_TEXTS[category];
  const meaning = `${capitalised(CATEGORY_MEANING[category])}.`;
  return layout({
    settings: site.settings,
    path,
    title: `${category} tools: what counts as one, and which there are`,
    description: `${meaning} What counts as ${category} and what does not, borderline cases, and the servers with most such tools.`,
    main: html`<article>
<header class="head">
<p class="kicker">Category</p>
<h1>${category}</h1>
<p class="lead">${meaning}</p>
${siblings(site, category, path)}
</header>
${figures(path, `${category} tools`, group, site.all, 'category')}
<section aria-labelledby="meaning">
<h2 id="meaning">What it means</h2>
${paragraphs(definition)}
</section>
<div class="columns">
<section aria-labelledby="counts"><h2 id="counts">What counts</h2>
${points(counts)}</section>
<section aria-labelledby="not"><h2 id="not">What does not</h2>
${points(doesNot)}</section>
</div>
${borderlines(borderline, path)}
${rule(category, path)}
${topSignals(path, site, group, ({ categories }) => categories[category])}
${topServers(path, `Servers with most ${category} tools`, site.servers, ({ categories }) => categories[category])}
${exampleTable(path, group.examples, group.count)}
</article>`,
  });
}

function siblings({ byCategory }: SiteSubject, category: Category, path: string): Html {
  return html`<ul class="siblings" aria-label="Categories">${each(CATEGORIES, (other) =>
    other === category
      ? html`<li aria-current="page">${other} ${number(byCategory[other].count)}</li>`
      : html`<li><a href="${href(path, categoryPath(other))}">${other}</a> ${number(byCategory[other].count)}</li>`,
  )}</ul>`;
}

/** Made-up tools with the verdict that the classifier gives them. */
function borderlines(cases: readonly Borderline[], path: string): Html {
  return html`<section aria-labelledby="borderline">
<h2 id="borderline">Borderline cases</h2>
<p>Written for this page and judged by the classifier like any other tool. People differ on some of them; <a href="${href(path, accuracyPath)}">how often verdicts are right</a> is measured on labels that people gave.</p>
<table class="grid borderline">
<thead><tr><th scope="col">Tool</th><th scope="col">Verdict</th><th scope="col">Why</th></tr></thead>
<tbody>${each(cases, ({ tool, why }) => {
    const { classification } = judgeExample(tool);
    const { alternative, risk } = classification;
    return html`<tr><th scope="row"><span class="mono">${tool.name}</span> <small>${tool.description}</small></th><td>${kindOf(classification)}${alternative !== undefined && ` or ${alternative}`} <small>${riskMark(risk)}</small></td><td>${why}</td></tr>`;
  })}</tbody>
</table>
</section>`;
}

function rule(category: Category, path: string): Html {
  const { example, reason } = CATEGORY_TEXTS[category];
  const judged = judgeExample(example);
  const { risk } = judged.classification;
  return html`<section aria-labelledby="rule">
<h2 id="rule">The recommended rule</h2>
<p>${reason} The rule follows the risk, which is <a href="${href(path, riskPath(risk))}">${risk}</a> for a plain ${category} tool and higher where it is destructive, financial or lifted by a signal.</p>
${policyBlock(publishedPolicy(judged), 'rule-text')}
<p class="note">For <code>${example.name}</code>. Each tool’s page has its own.</p>
</section>`;
}
