import type { Signal, SignalGroup } from '../../classifier/signal.ts';
import { signals } from '../../classifier/signals/index.generated.ts';
import type { PolicyDocument } from '../../policy/contract.ts';
import { recommend } from '../../policy/recommend.ts';
import { attacksBySignal } from '../attacks.ts';
import type { SiteSubject, ToolGroup } from '../contract.ts';
import { each, type Html, html } from '../html.ts';
import { layout } from '../layout.ts';
import { attackPath, href, signalPath, signalsPath } from '../links.ts';
import { defineSitePage } from '../page.ts';
import { consequencesOf } from '../reference/consequences.ts';
import { facts, figures } from '../reference/figures.ts';
import { nextOf } from '../reference/neighbours.ts';
import { precisionWords } from '../reference/precision.ts';
import { prose } from '../reference/prose.ts';
import { quotedExample } from '../reference/quoted-example.ts';
import { judgeExample, policyBlock } from '../reference/rule.ts';
import { exampleTable } from '../reference/tables.ts';
import { capitalised } from '../words.ts';

export const page = defineSitePage({
  id: 'signal',
  title: 'Signal',
  summary:
    'What one signal looks for, examples of both sides, how often it is found and how often it is right.',
  *entries(site) {
    for (const signal of signals) yield { path: signalPath(signal.id), render: () => render(site, signal) };
  },
});

const KIND: Record<SignalGroup, string> = {
  capability: 'Risk signal',
  'attack-text': 'Signal of text written to mislead',
  definition: 'Signal about the definition',
};

const NONE: ToolGroup = {
  count: 0,
  servers: 0,
  risks: { low: 0, medium: 0, high: 0, critical: 0 },
  categories: { Read: 0, Write: 0, Execute: 0 },
  examples: [],
};

function render(site: SiteSubject, signal: Signal): string {
  const { id, title, why, group, examples } = signal;
  const path = signalPath(id);
  const found = site.bySignal.get(id) ?? NONE;
  return layout({
    settings: site.settings,
    path,
    title: `${title}: a signal in the definitions of tools`,
    description: `${why} What the signal reads, examples of both sides, how often it is found and how often it is right.`,
    crumbs: [{ label: 'Signals', path: signalsPath }],
    main: html`<article>
<header class="head">
<p class="kicker">${KIND[group]}</p>
<h1>${title}</h1>
<p class="lead">${prose(why)}</p>
</header>
${facts([
  ['Printed beside a tool', signal.label],
  ['Reads', prose(capitalised(signal.looksAt))],
  ['What follows from it', consequences(signal)],
  ['Fires wrongly on', prose(signal.falsePositives)],
  ['Measured precision', precisionWords(path, id)],
])}
${figures(path, 'How often it is found', found, site.all)}
<section aria-labelledby="fires">
<h2 id="fires">Fires on</h2>
<p>Written for this page and judged like any other tool. What the signal rests on is marked.</p>
<div class="examples-list">${each(examples.fires, (example) => quotedExample(example, signal))}</div>
</section>
<section aria-labelledby="silent">
<h2 id="silent">Stays silent on</h2>
<p>Near misses: definitions that resemble those above and must not be taken for them.</p>
<div class="examples-list">${each(examples.silent, (example) => quotedExample(example, signal))}</div>
</section>
${rule(signal)}
${attackList(signal, path)}
${exampleTable(path, found.examples, found.count)}
<nav class="next" aria-label="Other signals">${nextOf(path, signals, signal, (one) => ({ path: signalPath(one.id), title: one.title }))}<a href="${href(path, signalsPath)}">All signals</a></nav>
</article>`,
  });
}

function consequences(signal: Signal): string {
  const { raises, raisesAlways, effects, supports } = consequencesOf(signal);
  const levels = raises.join(' or ');
  const said = [
    ...effects.map((effect) => `The tool is ${effect}.`),
    ...supports.map((category) => `Speaks for ${category}.`),
    ...(raises.length === 0
      ? []
      : [raisesAlways ? `Makes the risk ${levels} at least.` : `Can make the risk ${levels}.`]),
  ];
  if (said.length === 0) return 'It is shown and shapes the rule; the risk stays as the category makes it.';
  return said.join(' ');
}

/** The rule for a tool on which it fires, from the same code that recommends all others. */
function rule({ group, examples }: Signal): Html | false {
  const [example] = examples.fires;
  if (example === undefined) return false;
  const { definition, classification } = judgeExample(example);
  const { name, description, inputSchema } = definition;
  const misleads = group === 'attack-text';
  const document: PolicyDocument = misleads
    ? { version: '1', default: 'deny', hide: [name] }
    : recommend([{ name, classification, description, inputSchema }]);
  return html`<section aria-labelledby="rule">
<h2 id="rule">The rule for a tool like this</h2>
<p>${
    misleads
      ? 'A rule bounds calls, and such a text acts before there is one. Take the tool out of the list until somebody has read its definition, here for the first example above.'
      : 'What we recommend for the first example above, in the form that the gateway reads: it can ask a person and look at arguments.'
  }</p>
${policyBlock(document, 'rule-text')}
</section>`;
}

function attackList({ id }: Signal, path: string): Html | false {
  const attacks = attacksBySignal(id);
  if (attacks.length === 0) return false;
  return html`<section aria-labelledby="attacks">
<h2 id="attacks">Attack patterns that use this access</h2>
<dl class="findings">${each(attacks, (attack) => html`<div><dt><a href="${href(path, attackPath(attack.id))}">${attack.title}</a></dt><dd>${prose(attack.summary)}</dd></div>`)}</dl>
</section>`;
}
