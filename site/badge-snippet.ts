import type { SiteSettings } from './contract.ts';
import { type Html, html } from './html.ts';
import { absolute, href } from './links.ts';

interface Embedded {
  settings: SiteSettings;
  /** The page that shows this, which the badge leads back to. */
  path: string;
  badgePath: string;
  /** What the badge is of; it stands in the snippets, so it has no word of a server in it. */
  of: 'tool' | 'server';
}

/** The badge, and what to paste into a README to show it. */
export function embed({ settings, path, badgePath, of }: Embedded): Html {
  const page = absolute(settings, path);
  const image = absolute(settings, badgePath);
  const alt = of === 'tool' ? 'Risk of this MCP tool' : 'Tools of this MCP server by risk';
  return html`<section aria-labelledby="badge">
<h2 id="badge">Badge</h2>
<p><img src="${href(path, badgePath)}" alt="${alt}" height="20"></p>
${
  page === undefined || image === undefined
    ? html`<p class="note">This copy of the catalogue does not know its own address. Built with <code>--base-url</code> it shows here what to paste into a README.</p>`
    : html`<details><summary>Show it in a README</summary>
<div class="code">
<div class="code-head"><span>Markdown</span><button type="button" data-copy="badge-markdown" hidden>Copy</button></div>
<pre><code id="badge-markdown">[![${alt}](${image})](${page})</code></pre>
</div>
</details>`
}
</section>`;
}
