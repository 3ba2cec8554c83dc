import { signals } from '../../classifier/signals/index.generated.ts';
import { riskTemplates, serverField, withoutScripts } from '../builder/view.ts';
import type { SiteSettings } from '../contract.ts';
import { html } from '../html.ts';
import { layout } from '../layout.ts';
import { comparePath, compareScriptPath, href, signalPath } from '../links.ts';
import { defineSitePage } from '../page.ts';

export const page = defineSitePage({
  id: 'compare',
  title: 'Compare two servers',
  summary: 'Two servers beside each other: risks, signals, combinations, and the tools that both have.',
  *entries({ settings }) {
    yield { path: comparePath, render: () => render(settings) };
  },
});

function render(settings: SiteSettings): string {
  return layout({
    settings,
    path: comparePath,
    title: 'Compare two servers',
    description:
      'Two MCP servers beside each other: tools by risk and category, signals, combinations, context cost and policies.',
    script: compareScriptPath,
    main: html`<header class="head">
<h1>Compare two servers</h1>
<p class="lead">Risks, signals and combinations beside each other, and the tools that both have with the verdict on each.</p>
</header>
${withoutScripts('It would read two servers of the catalogue and show them beside each other.', [
  ['catalogue diff <server>', 'compares what one server lists now with what it listed before'],
  ['catalogue show <server> --json', 'gives each of two servers as data'],
])}
<div id="compare" class="app" hidden>
<section aria-labelledby="which" class="two">
<h2 id="which">Servers</h2>
<div>
<p id="chosen-a" role="status"></p>
${serverField('find-a', 'First server')}
</div>
<div>
<p id="chosen-b" role="status"></p>
${serverField('find-b', 'Second server')}
</div>
</section>
<div id="result" class="app"></div>
</div>
<template id="signal-links">${signals.map(({ id, label }) => html`<a href="${href(comparePath, signalPath(id))}" data-id="${id}">${label}</a>`)}</template>
${riskTemplates()}`,
  });
}
