import type { VanishedTool } from '../../catalogue/contract.ts';
import type { ServerSubject } from '../contract.ts';
import { each, type Html, html } from '../html.ts';
import { layout } from '../layout.ts';
import { MAX_LABEL_CHARS, MAX_TOOL_CHANGES } from '../limits.ts';
import { href, serverPath, toolPath } from '../links.ts';
import { defineServerPage } from '../page.ts';
import { riskBadge } from '../risk.ts';
import { nameOf, said, saidText } from '../said.ts';
import { revision } from '../tool/history.ts';
import { visible } from '../visible.ts';
import { day, kindOf, minute, shownName } from '../words.ts';

export const page = defineServerPage({
  id: 'vanished-tool',
  title: 'Vanished tool',
  summary:
    'What stands at the address of a tool that its server no longer lists: what it was, and since when.',
  *entries(subject) {
    for (const tool of subject.server.vanished) {
      yield { path: toolPath(subject.server, tool), render: () => render(subject, tool) };
    }
  },
});

function render({ settings, server }: ServerSubject, tool: VanishedTool): string {
  const path = toolPath(server, tool);
  const name = shownName(tool.definition.name);
  const changes = server.changes.filter((change) => change.name === tool.definition.name);
  return layout({
    settings,
    path,
    title: `${name} on ${shownName(server.label)}: no longer listed`,
    description: `${name} is no longer among the tools of this server since ${day(tool.vanishedAt)}.`,
    unlisted: true,
    crumbs: [{ label: nameOf(server.label, MAX_LABEL_CHARS), path: serverPath(server) }],
    main: html`<header class="head">
<p class="kicker">Was a tool of <a href="${href(path, serverPath(server))}">${nameOf(server.label, MAX_LABEL_CHARS)}</a></p>
<h1 class="mono">${nameOf(tool.definition.name)}</h1>
<p class="lead">The server no longer lists it. It was missing for the first time on ${minute(tool.vanishedAt)}; it may have been renamed, removed, or kept for other clients.</p>
</header>
<dl class="facts">
<div><dt>Definition</dt><dd><code>${tool.definition.hash.slice(0, 12)}</code></dd></div>
<div><dt>First seen</dt><dd><time datetime="${tool.firstSeenAt}">${day(tool.firstSeenAt)}</time></dd></div>
<div><dt>Last seen</dt><dd><time datetime="${tool.lastSeenAt}">${day(tool.lastSeenAt)}</time></dd></div>
</dl>
${verdict(tool)}
<section aria-labelledby="what">
<h2 id="what">What it was</h2>
${said('Description, said by the server', saidText(tool.definition.description ?? '(no description)'))}
</section>
${
  changes.length > 0 &&
  html`<section aria-labelledby="history">
<h2 id="history">History</h2>
<ol class="history">${each(changes.slice(0, MAX_TOOL_CHANGES), revision)}</ol>
</section>`
}
<p class="note">A policy that names it keeps its rule: should the server list a tool of this name again, the rule applies to it, whatever it does then.</p>`,
  });
}

function verdict({ classification }: VanishedTool): Html | false {
  if (classification === undefined) return false;
  return html`<section aria-labelledby="verdict">
<h2 id="verdict">The last verdict</h2>
<p class="verdict">${riskBadge(classification.risk)}<span>${kindOf(classification)} · ${classification.confidence} confidence</span></p>
<p>${visible(classification.rationale)}</p>
</section>`;
}
