import { correctionText } from '../../classifier/corrections.ts';
import { type Html, html } from '../html.ts';
import { visibleJson } from '../visible.ts';
import type { Subject } from './subject.ts';

/** How to have the verdict changed: the entry for this very tool, and where it goes. */
export function contest({ server, tool }: Subject): Html {
  const { definition, classification } = tool;
  const entry = visibleJson(correctionText(server.id, definition.name, classification)).trimEnd();
  const again = classification.correction !== undefined;
  return html`<section aria-labelledby="contest">
<h2 id="contest">Contest this verdict</h2>
<p>Change what is wrong, say why and who you are, and send it to the operator of this catalogue${again && ', who has corrected this verdict before'}. The operator puts it into a file such as <code>corrections/ours.yaml</code> beside the catalogue. It counts from the next build, and until the definition changes. What you leave out stays as it is; <code>risk</code> can be given too.</p>
<details><summary>The entry for this tool</summary>
<div class="code">
<div class="code-head"><span>corrections/*.yaml</span><button type="button" data-copy="correction-text" hidden>Copy</button></div>
<pre><code id="correction-text">${entry}</code></pre>
</div>
<p><code>catalogue corrections new ${server.slug} ${tool.slug}</code> prints the same.</p>
</details>
</section>`;
}
