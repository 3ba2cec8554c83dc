import type { Attack } from '../attack.ts';
import { attacks } from '../attacks/index.generated.ts';
import type { SiteSubject } from '../contract.ts';
import { each, type Html, html } from '../html.ts';
import { layout } from '../layout.ts';
import { attackPath, attacksPath, href, signalsPath } from '../links.ts';
import { defineSitePage } from '../page.ts';
import { prose } from '../reference/prose.ts';
import { count } from '../words.ts';

export const page = defineSitePage({
  id: 'attacks',
  title: 'Attack patterns',
  summary: 'How tools are turned against those who use them, and what stands in front of each way.',
  *entries(site) {
    yield { path: attacksPath, render: () => render(site) };
  },
});

/** In the order in which they come: first what is read, then what is called, then what is left behind. */
const GROUPS: readonly { title: string; words: string; ids: readonly string[] }[] = [
  {
    title: 'In what the model is given to read',
    words: 'Definitions and results are text, and a model may take any text for an order.',
    ids: ['tool-poisoning', 'tool-shadowing', 'hidden-text', 'false-hints', 'rug-pull', 'prompt-injection'],
  },
  {
    title: 'In the arguments of a call',
    words: 'What a tool does is decided by values that the model writes.',
    ids: [
      'command-injection',
      'path-traversal',
      'sql-through-read-tool',
      'server-side-request',
      'url-exfiltration',
      'payment-redirection',
    ],
  },
  {
    title: 'Between tools',
    words: 'Each tool is in order; the harm is in what they can do together, or for whom.',
    ids: [
      'cross-server-flow',
      'write-then-run',
      'dispatch-around-rule',
      'credential-theft',
      'confused-deputy',
      'malicious-package',
    ],
  },
  {
    title: 'In how much, how often and for how long',
    words: 'Some of these need no attacker. A mistake is enough.',
    ids: [
      'destructive-autonomy',
      'runaway-loop',
      'mass-messaging',
      'bulk-minting',
      'uninvited-access',
      'planted-persistence',
    ],
  },
];

/** The patterns by where the attack takes place; one that no group names stands in the last. */
function groupedAttacks(): { title: string; words: string; attacks: Attack[] }[] {
  const named = new Set(GROUPS.flatMap(({ ids }) => ids));
  return GROUPS.map(({ title, words, ids }, index) => ({
    title,
    words,
    attacks: attacks
      .filter(({ id }) => ids.includes(id) || (index === GROUPS.length - 1 && !named.has(id)))
      .toSorted((a, b) => rank(ids, a) - rank(ids, b)),
  }));
}

function rank(ids: readonly string[], { id }: Attack): number {
  const at = ids.indexOf(id);
  return at < 0 ? ids.length : at;
}

function render(site: SiteSubject): string {
  return layout({
    settings: site.settings,
    path: attacksPath,
    title: 'Attack patterns: how tools are turned against their users',
    description: `${count(attacks.length, 'attack pattern')} on agents with tools: how each works, the access that it needs, the policy in front of it, and its sources.`,
    main: html`<header class="head">
<h1>Attack patterns</h1>
<p class="lead">${count(attacks.length, 'way')} in which tools are turned against those who use them. Each has a worked example, the rule that stands in front of it, what does not help, and published sources.</p>
<p class="links"><a href="${href(attacksPath, signalsPath)}">The signals</a> that tell which tools give the access.</p>
</header>
${groupedAttacks().map(groupSection)}`,
  });
}

function groupSection(group: ReturnType<typeof groupedAttacks>[number], index: number): Html {
  return html`<section aria-labelledby="g${index}">
<h2 id="g${index}">${group.title}</h2>
<p>${group.words}</p>
<dl class="findings">${each(group.attacks, ({ id, title, summary }) => html`<div><dt><a href="${href(attacksPath, attackPath(id))}">${title}</a></dt><dd>${prose(summary)}</dd></div>`)}</dl>
</section>
`;
}
