import type { ServerView, ToolView } from '../../catalogue/contract.ts';
import { aloneIn, findCombinations } from '../../classifier/combinations.ts';
import type { Combination, ToolReference } from '../../classifier/contract.ts';
import { each, type Html, html, joined } from '../html.ts';
import { MAX_COMBINED_TOOLS, MAX_WARNED_TOOLS } from '../limits.ts';
import { href, toolPath } from '../links.ts';
import { nameOf } from '../said.ts';
import { shownSignals } from '../signals.ts';
import { capitalised, count, GROUP_TITLES, number } from '../words.ts';

/** What a reader of the single tools would miss: text aimed at the reader, and what the tools can do together. */
export function combinations(server: ServerView, path: string): Html {
  const found = findCombinations(
    server.tools.map(({ definition, classification }) => ({
      server: server.slug,
      tool: definition.name,
      classification,
    })),
  );
  return html`${misleading(server, path)}
${
  found.length > 0 &&
  html`<section aria-labelledby="combinations">
<h2 id="combinations">What its tools can do together</h2>
${each(found, (combination) => one(server, path, combination))}
</section>`
}`;
}

function one(server: ServerView, path: string, combination: Combination): Html {
  const alone = aloneIn(combination);
  return html`<h3 id="c-${combination.id}">${combination.title}</h3>
<p>${combination.why}</p>
<dl class="facts wide">${each(combination.parts, ({ role, tools }) => part(capitalised(role), links(server, path, tools)))}${
    alone.length > 0 && part('Does all of it by itself', links(server, path, alone))
  }</dl>`;
}

function part(term: string, value: unknown): Html {
  return html`<div class="fact"><dt>${term}</dt><dd>${value}</dd></div>`;
}

/** The tools as links, the riskiest first; of two with one name, the first. */
function links(server: ServerView, path: string, tools: readonly ToolReference[]): Html {
  const byName = new Map(server.tools.toReversed().map((tool) => [tool.definition.name, tool]));
  const shown = tools
    .slice(0, MAX_COMBINED_TOOLS)
    .flatMap(({ tool }) => byName.get(tool) ?? [])
    .map((tool) => link(server, path, tool));
  const more = tools.length - shown.length;
  return html`${joined(shown, ', ')}${more > 0 && ` and ${number(more)} more (${count(tools.length, 'tool')})`}`;
}

function link(server: ServerView, path: string, tool: ToolView): Html {
  return html`<a class="mono" href="${href(path, toolPath(server, tool))}">${nameOf(tool.definition.name)}</a>`;
}

function misleading(server: ServerView, path: string): Html | false {
  const tools = server.tools.filter(({ classification }) =>
    shownSignals(classification).some(({ group }) => group === 'attack-text'),
  );
  if (tools.length === 0) return false;
  const shown = tools.slice(0, MAX_WARNED_TOOLS).map((tool) => link(server, path, tool));
  const more = tools.length - shown.length;
  return html`<section class="notice warning" aria-labelledby="attack-text">
<h2 id="attack-text">${GROUP_TITLES['attack-text']}</h2>
<p>In ${count(tools.length, 'tool')}: ${joined(shown, ', ')}${more > 0 && ` and ${number(more)} more`}.</p>
</section>`;
}
