import type { ToolChange } from '../../catalogue/contract.ts';
import { CHANGE_WORDS, riskStep } from '../change-words.ts';
import { each, type Html, html } from '../html.ts';
import { MAX_TOOL_CHANGES } from '../limits.ts';
import { href, serverFeedPath } from '../links.ts';
import { definitionDiff } from '../text-diff.ts';
import { visible } from '../visible.ts';
import { capitalised, count, day, listed } from '../words.ts';
import type { Subject } from './subject.ts';

/** The revisions of the tool: what happened to it, the newest first, with what changed in its definition. */
export function history({ changes, tool, server, path }: Subject): Html {
  const shown = changes.slice(0, MAX_TOOL_CHANGES);
  const more = changes.length - shown.length;
  return html`<section aria-labelledby="history">
<h2 id="history">History</h2>
<ol class="history">${each(shown, revision)}
<li><time datetime="${tool.firstSeenAt}">${day(tool.firstSeenAt)}</time> <p>This definition was first seen.</p></li></ol>
${(more > 0 || server.moreChanges) && html`<p class="note">${more > 0 && `${count(more, 'older change')} not shown. `}<code>catalogue history ${server.slug} ${tool.slug}</code> has all of them.</p>`}
<p><a href="${href(path, serverFeedPath(server))}">Changes of this server as a feed</a></p>
</section>`;
}

/** One change of a tool, with what changed. */
export function revision(change: ToolChange): Html {
  const { at, kind, reasons, remarks, raises, definition } = change;
  const risk = riskStep(change);
  const words = [...reasons, ...remarks].map((text) => visible(text));
  return html`<li${raises && html` class="raises"`}><time datetime="${at}">${day(at)}</time>
<div><p>It ${CHANGE_WORDS[kind]}${risk !== undefined && `: ${risk.toLowerCase()}`}.${words.length > 0 && html` ${raises && html`<strong><span aria-hidden="true">▲ </span>Read it before you go on:</strong> `}${capitalised(listed(words))}.`}</p>
${definition && html`<details><summary>What changed</summary>${definitionDiff(definition)}</details>`}</div></li>`;
}
