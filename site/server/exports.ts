import type { ServerSheet } from '../../catalogue/contract.ts';
import type { PolicyDocument } from '../../policy/contract.ts';
import { recommendShaped } from '../../policy/recommend.ts';
import type { ExportContext, Target } from '../../policy/target.ts';
import { targets } from '../../policy/targets/index.generated.ts';
import { each, type Html, html } from '../html.ts';
import { MAX_EXPORT_CHARS } from '../limits.ts';
import { builderPath, href, policyPath } from '../links.ts';
import { outlineOf } from '../outline.ts';
import { exportPolicy, isShaped } from '../policy-export.ts';
import { visible } from '../visible.ts';
import { number } from '../words.ts';

/** The whole policy in every format that `catalogue export` writes, each to be copied and saved. */
export function exports(server: ServerSheet, path: string): Html {
  const documents = documentsOf(server);
  return html`<section aria-labelledby="policy">
<h2 id="policy">Policy for the whole server</h2>
<p>It names every tool and denies what it does not name. Tools of low risk are allowed, those of medium and high risk are capped, and critical ones are denied until a person changes their rule.</p>
<p class="links"><a href="${href(path, policyPath(server))}">policy.json</a> · <a href="${href(path, builderPath)}?server=${encodeURIComponent(server.slug)}">Change it in the policy builder</a></p>
${each(targets, (target) => exported(server, documents, target))}
</section>`;
}

function exported({ slug }: ServerSheet, documents: Documents, target: Target): Html {
  const { byRisk, shaped, context } = documents;
  const { fileName, text, losses } = exportPolicy(isShaped(target) ? shaped : byRisk, target, context);
  const id = `export-${target.id}`;
  const command = html`<code>catalogue export ${slug} --target ${target.id}</code>`;
  return html`<details class="export"><summary>${target.title}</summary>
<p>${target.usage}</p>
${
  text.length > MAX_EXPORT_CHARS
    ? html`<p class="note">${number(text.length)} characters are too many for this page: ${command} writes them, and so does the policy builder.</p>`
    : html`<div class="code">
<div class="code-head"><span>${fileName}</span><span class="buttons"><button type="button" data-copy="${id}" hidden>Copy</button> <button type="button" data-download="${id}" data-file="${fileName}" hidden>Download</button></span></div>
<pre><code id="${id}">${text.trimEnd()}</code></pre>
</div>
<p class="note">${command} writes the same.</p>`
}
${
  losses.length > 0 &&
  html`<p>What it cannot say:</p>
<ul class="plain">${each(losses, (loss) => html`<li>${visible(loss)}</li>`)}</ul>`
}
</details>`;
}

interface Documents {
  /** Rules that follow from the risk alone, and rules that signals shape. */
  byRisk: PolicyDocument;
  shaped: PolicyDocument;
  context: ExportContext;
}

function documentsOf(server: ServerSheet): Documents {
  const { tools } = outlineOf(server);
  return {
    byRisk: recommendShaped(tools, { shaped: false }),
    shaped: recommendShaped(tools),
    context: { serverName: server.slug, tools: tools.map(({ name }) => name) },
  };
}
