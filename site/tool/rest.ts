import type { ToolLink } from '../contract.ts';
import { CATEGORY, placeOf, type Reference } from '../evidence.ts';
import { each, type Html, html, joined } from '../html.ts';
import { MAX_DEFINITION_CHARS, MAX_EVIDENCE_CHARS, MAX_LABEL_CHARS } from '../limits.ts';
import { href, serverPath, toolPath } from '../links.ts';
import { riskMark } from '../risk.ts';
import { nameOf } from '../said.ts';
import { titleOf } from '../signals.ts';
import { visible, visibleJson } from '../visible.ts';
import { capitalised, count, cut, number } from '../words.ts';
import { siblings } from './siblings.ts';
import type { Subject } from './subject.ts';

/** Every quote that the verdict rests on, with the way to where it stands and to what rests on it. */
export function evidence(subject: Subject): Html {
  const { references } = subject;
  return html`<section aria-labelledby="evidence">
<h2 id="evidence">Evidence</h2>
<ol class="evidence">${each(references.all, (reference) => quoted(subject, reference))}</ol>
${references.omitted > 0 && html`<p class="note">${count(references.omitted, 'more quote')} of the same kind not shown.</p>`}
</section>`;
}

function quoted(
  { parameters }: Subject,
  { number: n, evidence: one, notes, carries, highlighted }: Reference,
): Html {
  const { words, parameter } = placeOf(one.pointer, parameters);
  const place = highlighted ? html`<a href="#q${n}">${words}</a>` : words;
  const of = parameter !== undefined && html` (<span class="mono">${nameOf(parameter)}</span>)`;
  const links = carries.map((id) =>
    id === CATEGORY
      ? html`<a href="#rating-category">category</a>`
      : html`<a href="#s-${id}">${titleOf(id)}</a>`,
  );
  return html`<li id="e${n}"><q class="inline-said" dir="auto">${visible(cut(one.quote, MAX_EVIDENCE_CHARS), { lines: true })}</q>
<p>${capitalised(visible(notes.join('; ')))}. From ${place}${of}, for: ${joined(links, ', ')}.</p></li>`;
}

/** Where to go from here: the same kind of tool elsewhere, and the neighbours. */
export function related({ related: elsewhere, server, tool, path }: Subject): Html {
  const beside = siblings(server, tool);
  const { category } = tool.classification;
  return html`<section aria-labelledby="related">
<h2 id="related">Related tools</h2>
${
  elsewhere.length > 0 &&
  html`<h3>${category} tools with similar names on other servers</h3>
<ul class="beside-list">${each(elsewhere, (other) => html`<li>${link(path, other)} <span class="of">${nameOf(other.server.label, MAX_LABEL_CHARS)}</span></li>`)}</ul>`
}
${
  beside.length > 0 &&
  html`<h3>Beside it on ${nameOf(server.label, MAX_LABEL_CHARS)}</h3>
<ul class="beside-list">${each(beside, (other) => html`<li>${link(path, { server, tool: { ...other.classification, slug: other.slug, name: other.definition.name } })}</li>`)}</ul>`
}
<p><a href="${href(path, serverPath(server))}">${server.tools.length === 1 ? 'Its server' : html`All ${count(server.tools.length, 'tool')} of ${nameOf(server.label, MAX_LABEL_CHARS)}`}</a></p>
</section>`;
}

function link(path: string, { server, tool }: ToolLink): Html {
  return html`<span class="beside">${riskMark(tool.risk)}</span> <a class="mono" href="${href(path, toolPath(server, tool))}">${nameOf(tool.name)}</a>`;
}

/** The definition as the server sent it, so that a reader can check what was judged. */
export function definition({ tool }: Subject): Html {
  const json = visibleJson(JSON.stringify(tool.definition.wire, undefined, 2));
  const shown = cut(json, MAX_DEFINITION_CHARS);
  return html`<section aria-labelledby="definition">
<h2 id="definition">The definition</h2>
<details><summary>As the server sent it, ${number(json.length)} characters of JSON</summary>
<div class="said"><pre><code>${shown}</code></pre></div>
${json.length > MAX_DEFINITION_CHARS && html`<p class="note">${count(json.length - MAX_DEFINITION_CHARS, 'more character')} not shown.</p>`}
<p class="note">SHA-256 of its canonical JSON: <code>${tool.definition.hash}</code></p>
</details>
</section>`;
}
