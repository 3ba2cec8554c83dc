import type { Attack } from '../attack.ts';
import { attacks } from '../attacks/index.generated.ts';
import type { SiteSubject } from '../contract.ts';
import { each, type Html, html } from '../html.ts';
import { layout } from '../layout.ts';
import { attackPath, attacksPath, checkedUrl, href } from '../links.ts';
import { defineSitePage } from '../page.ts';
import { accessTable, attackExamples, combinationList } from '../reference/attack-reach.ts';
import { nextOf } from '../reference/neighbours.ts';
import { paragraphs, points, prose, steps } from '../reference/prose.ts';
import { policyBlock } from '../reference/rule.ts';
import { exampleTable } from '../reference/tables.ts';

export const page = defineSitePage({
  id: 'attack',
  title: 'Attack pattern',
  summary:
    'One way in which tools are turned against their users: how it works, and the rule that stands in front of it.',
  *entries(site) {
    for (const attack of attacks) yield { path: attackPath(attack.id), render: () => render(site, attack) };
  },
});

function render(site: SiteSubject, attack: Attack): string {
  const path = attackPath(attack.id);
  const { total, examples } = attackExamples(attack, site);
  return layout({
    settings: site.settings,
    path,
    title: `${attack.title}: an attack on agents with tools`,
    description: attack.summary,
    crumbs: [{ label: 'Attacks', path: attacksPath }],
    main: html`<article>
<header class="head">
<p class="kicker">Attack pattern</p>
<h1>${attack.title}</h1>
<p class="lead">${prose(attack.summary)}</p>
</header>
${section('how', 'How it works', html`${paragraphs(attack.how)}`)}
${section(
  'needs',
  'What it needs',
  html`<p>${prose(attack.needs)}</p>
${accessTable(attack, site, path)}
${combinationList(attack)}`,
)}
${section('example', 'An example', steps(attack.example))}
${section('signs', 'What to look for', points(attack.signs))}
${section(
  'rule',
  'What stands in front of it',
  html`<p>${prose(attack.rule.words)}</p>
${policyBlock(attack.rule.policy, 'rule-text')}
<p class="note">A fragment for the tools of the example. Tools that it does not name are denied.</p>`,
)}
${section('vain', 'What does not help', points(attack.vain))}
${exampleTable(path, examples, total, 'Tools with this access', 'They have the access; nothing here says that any of them is at fault or was used so.')}
${section('sources', 'Sources', sourceList(attack))}
<nav class="next" aria-label="Other attack patterns">${nextOf(path, attacks, attack, (one) => ({ path: attackPath(one.id), title: one.title }))}<a href="${href(path, attacksPath)}">All attack patterns</a></nav>
</article>`,
  });
}

function section(id: string, title: string, body: Html): Html {
  return html`<section aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
${body}
</section>`;
}

function sourceList({ sources }: Attack): Html {
  return html`<ol class="steps">${each(sources, ({ title, publisher, year, address }) => {
    const url = checkedUrl(address);
    const name = url === undefined ? title : html`<a href="${url}" rel="noopener noreferrer">${title}</a>`;
    return html`<li>${name}. ${publisher}, ${year}.</li>`;
  })}</ol>`;
}
