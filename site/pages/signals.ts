import type { Signal, SignalGroup } from '../../classifier/signal.ts';
import { signals } from '../../classifier/signals/index.generated.ts';
import type { SiteSubject } from '../contract.ts';
import { each, type Html, html } from '../html.ts';
import { layout } from '../layout.ts';
import { accuracyPath, attacksPath, href, signalPath, signalsPath } from '../links.ts';
import { defineSitePage } from '../page.ts';
import { share } from '../reference/figures.ts';
import { shortPrecision } from '../reference/precision.ts';
import { count, GROUP_TITLES, number } from '../words.ts';

export const page = defineSitePage({
  id: 'signals',
  title: 'Signals',
  summary:
    'Everything that is looked for in a definition, why, how often it is found and how often it is right.',
  *entries(site) {
    yield { path: signalsPath, render: () => render(site) };
  },
});

const GROUPS: readonly { group: SignalGroup; words: string }[] = [
  {
    group: 'capability',
    words: 'What the tool can do, or can be made to do, as far as its definition tells.',
  },
  {
    group: 'attack-text',
    words:
      'Not what the tool does but what its text does to a reader. Such a warning stands apart from everything else on the page of a tool.',
  },
  {
    group: 'definition',
    words: 'How well the definition says what it means. A poor one makes every other verdict less sure.',
  },
];

function render(site: SiteSubject): string {
  return layout({
    settings: site.settings,
    path: signalsPath,
    title: 'Signals: what is looked for in the definition of a tool',
    description: `${count(signals.length, 'signal')}: what each looks for in the definition of a tool, why it matters, how often it is found, and how often it is right.`,
    main: html`<header class="head">
<h1>Signals</h1>
<p class="lead">${count(signals.length, 'signal')} are looked for in every definition. Each quotes what it was found by, and a tool can have any number of them.</p>
<p class="links">${site.all.count === 0 ? 'The catalogue holds no tools yet.' : `Figures are for the ${count(site.all.count, 'tool')} of the catalogue.`} Precision is how often a signal was right where it fired on labelled tools: <a href="${href(signalsPath, accuracyPath)}">how it is measured</a>. What the access can be used for: <a href="${href(signalsPath, attacksPath)}">attack patterns</a>.</p>
</header>
${GROUPS.map(({ group, words }) => groupSection(site, group, words))}`,
  });
}

function groupSection(site: SiteSubject, group: SignalGroup, words: string): Html {
  const own = signals.filter((signal) => signal.group === group);
  return html`<section aria-labelledby="${group}">
<h2 id="${group}">${GROUP_TITLES[group]}</h2>
<p>${words}</p>
<table class="grid signal-list">
<thead><tr><th scope="col">Signal</th><th scope="col">Why it matters</th><th scope="col" class="n">Tools</th><th scope="col" class="n">Of all</th><th scope="col" class="n">Precision</th></tr></thead>
<tbody>${each(own, (signal) => row(site, signal))}</tbody>
</table>
</section>
`;
}

function row({ bySignal, all }: SiteSubject, { id, title, why }: Signal): Html {
  const found = bySignal.get(id)?.count ?? 0;
  return html`<tr><th scope="row"><a href="${href(signalsPath, signalPath(id))}">${title}</a></th><td>${why}</td><td class="n" data-label="Tools">${number(found)}</td><td class="n" data-label="Of all">${share(found, all.count)}</td><td class="n" data-label="Precision">${shortPrecision(id)}</td></tr>`;
}
