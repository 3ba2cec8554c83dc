import type { ServerSheet, ServerView } from '../../catalogue/contract.ts';
import type { SiteSettings } from '../contract.ts';
import { type Html, html } from '../html.ts';
import { layout } from '../layout.ts';
import { serverLinkedData } from '../linked-data.ts';
import { href, policyPath, serverFeedPath, serverJsonPath, serverPath } from '../links.ts';
import { defineServerPage } from '../page.ts';
import { serverPolicy, shownPolicy } from '../policy-text.ts';
import { combinations } from '../server/combinations.ts';
import { head, listingFacts, summary } from '../server/head.ts';
import { overview, toolTable } from '../server/tools.ts';
import { count, shownName } from '../words.ts';

export const page = defineServerPage({
  id: 'server',
  title: 'Server',
  summary: 'One server: its tools by risk, how they were listed, and the policy for all of them.',
  *entries({ settings, server }) {
    yield { path: serverPath(server), render: () => render(settings, server) };
  },
});

function render(settings: SiteSettings, server: ServerSheet): string {
  const path = serverPath(server);
  const name = shownName(server.label);
  const some = server.tools.length > 0;
  return layout({
    settings,
    path,
    title: `${name}: ${some ? `${count(server.tools.length, 'tool')} by risk` : 'no tools listed'}`,
    description: `What the tools of the MCP server ${name} can do, and the policy for them. ${summary(server)}`,
    alternates: [
      { type: 'application/json', path: serverJsonPath(server), title: 'This page as JSON' },
      { type: 'application/atom+xml', path: serverFeedPath(server), title: 'Changes of its tools' },
    ],
    linkedData: serverLinkedData(settings, server),
    main: html`${head(server, path)}
${some && overview(server)}
${some && combinations(server, path)}
${some && toolTable(server, path)}
${some && policy(server, path)}
${listingFacts(server)}`,
  });
}

function policy(server: ServerView, path: string): Html {
  return html`<section aria-labelledby="policy">
<h2 id="policy">Policy for the whole server</h2>
<p>It names every tool and denies what it does not name. Tools of low risk are allowed, those of medium and high risk are capped, and critical ones are denied until a person changes their rule. <code>catalogue export ${server.slug}</code> writes the same document.</p>
<p><a href="${href(path, policyPath(server))}">policy.json</a></p>
<details><summary>Show the document</summary>
<div class="code">
<div class="code-head"><span>policy.json</span><button type="button" data-copy="policy-text" hidden>Copy</button></div>
<pre><code id="policy-text">${shownPolicy(serverPolicy(server))}</code></pre>
</div>
</details>
</section>`;
}
