import type { ServerView } from '../../catalogue/contract.ts';
import { contextCost } from '../context-cost.ts';
import { type Html, html, joined } from '../html.ts';
import { href, toolPath } from '../links.ts';
import { nameOf } from '../said.ts';
import { count, number } from '../words.ts';

/** What the definitions take of a model's context before anything is asked of it. */
export function context(server: ServerView, path: string): Html {
  const { tokens, shareOf200k, heaviest } = contextCost(server);
  const share = shareOf200k * 100;
  const links = heaviest.map(
    (tool) =>
      html`<a class="mono" href="${href(path, toolPath(server, tool))}">${nameOf(tool.name)}</a> (${number(tool.tokens)})`,
  );
  return html`<section aria-labelledby="context">
<h2 id="context">Context cost</h2>
<p>The definitions take about ${count(tokens, 'token')}, ${share < 0.1 ? 'less than 0.1' : share.toFixed(1)} % of a context of 200,000. That is an estimate, within a few per cent for most servers.${links.length > 0 && html` The heaviest: ${joined(links, ', ')}.`}</p>
</section>`;
}
