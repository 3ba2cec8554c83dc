import { riskTemplates, serverField, withoutScripts } from '../builder/view.ts';
import type { SiteSettings } from '../contract.ts';
import { type Html, html } from '../html.ts';
import { layout } from '../layout.ts';
import { builderPath, builderScriptPath } from '../links.ts';
import { defineSitePage } from '../page.ts';
import { CATEGORIES, capitalised, RISKS } from '../words.ts';

export const page = defineSitePage({
  id: 'builder',
  title: 'Policy builder',
  summary: 'Decide about each tool of a server, and take the policy for the place that enforces it.',
  *entries({ settings }) {
    yield { path: builderPath, render: () => render(settings) };
  },
});

function render(settings: SiteSettings): string {
  return layout({
    settings,
    path: builderPath,
    title: 'Policy builder',
    description:
      'Decide about each tool of an MCP server: allow, deny, hide, ask or limit. See the policy.json and every export as you do.',
    script: builderScriptPath,
    main: html`<header class="head">
<h1>Policy builder</h1>
<p class="lead">Start from the recommended policy of a server, decide otherwise where you know better, and take the result for the place that enforces it.</p>
</header>
${withoutScripts(
  'It would show the tools of a server with the recommended decision on each, and write the policy again with every change.',
  [
    [
      'catalogue export <server> --target gateway',
      'writes the recommended policy; --target list shows all targets',
    ],
    ['catalogue policy check policy.json', 'checks a policy that you changed by hand'],
  ],
)}
<div id="builder" class="app" hidden>
<section aria-labelledby="server-title">
<h2 id="server-title">Server</h2>
<p id="chosen" role="status"></p>
${serverField('find', 'Find a server by name')}
</section>
<div class="workbench" id="workbench" hidden>
<section aria-labelledby="decisions-title">
<h2 id="decisions-title">Decisions</h2>
${forMany()}
<p class="field"><label><input type="checkbox" id="guards" checked> Keep the rules about arguments of the tools that you decide about</label></p>
<table class="list decide" id="decide">
<thead><tr><th scope="col">Risk</th><th scope="col">Tool</th><th scope="col">Decision</th></tr></thead>
<tbody></tbody>
</table>
${paste()}
</section>
<section aria-labelledby="policy-title">
<h2 id="policy-title">Policy</h2>
<p id="state" role="status"></p>
<ul class="faults" id="faults" aria-label="Faults of the policy"></ul>
<p class="field"><label for="key">Key of the server in your own configuration</label> <input type="text" id="key" autocomplete="off" spellcheck="false"></p>
<div class="exports" id="exports"></div>
<h3>A link to this draft</h3>
<p id="link-state"></p>
<p><button type="button" data-copy="link" id="copy-link">Copy the link</button></p>
<p class="link"><code id="link"></code></p>
</section>
</div>
</div>
${riskTemplates()}`,
  });
}

function forMany(): Html {
  return html`<fieldset class="many">
<legend>For many tools at once</legend>
<label for="many-which">Of</label>
<select id="many-which">
<option value="">all tools</option>
${RISKS.map((risk) => html`<option value="${risk}">${capitalised(risk)} risk</option>`)}
${CATEGORIES.map((category) => html`<option value="${category}">Category ${category}</option>`)}
</select>
<label for="many-choice">decide</label>
<select id="many-choice"></select>
<span class="limit" id="many-limit" hidden></span>
<button type="button" id="many-apply">Decide</button>
</fieldset>`;
}

function paste(): Html {
  return html`<details class="paste">
<summary>Go on from a policy.json that you have</summary>
<p><label for="pasted">Its text</label></p>
<textarea id="pasted" rows="10" spellcheck="false" autocomplete="off" aria-describedby="pasted-state"></textarea>
<p><button type="button" id="use">Go on from this</button> <button type="button" id="back" hidden>Back to the recommendation</button></p>
<p id="pasted-state" role="status"></p>
<ul class="faults" id="pasted-faults" aria-label="Faults of the pasted policy"></ul>
</details>`;
}
