import { type Html, html } from '../html.ts';
import { builderPath, href, policyPath, serverPath } from '../links.ts';
import { explainToolPolicy, toolPolicy } from '../policy-text.ts';
import { count } from '../words.ts';
import type { Subject } from './subject.ts';

/** The policy that stands beside the page, or after the first part of it on a small screen. */
export function policy({ server, path, name, same }: Subject): Html {
  return html`<aside class="policy" id="policy" aria-labelledby="policy-title">
<h2 id="policy-title">A policy for <bdi class="name">${name}</bdi></h2>
<div class="code">
<div class="code-head"><span>policy.json</span><button type="button" data-copy="policy-text" hidden>Copy</button></div>
<pre><code id="policy-text">${toolPolicy(same)}</code></pre>
</div>
<p>${explainToolPolicy(same)}</p>
<p><a href="${href(path, builderPath)}?server=${encodeURIComponent(server.slug)}">Change it in the policy builder</a>, which has every other format, or see <a href="${href(path, serverPath(server))}#policy">the server’s policy in all of them</a>.</p>
<p><a href="${href(path, policyPath(server))}">The whole server’s policy.json</a> has a rule for ${
    same.otherNames === 0 ? 'its only tool' : `each of its ${count(same.otherNames + 1, 'tool')}`
  }.</p>
</aside>`;
}
