import type { CatalogueChange } from '../catalogue/contract.ts';
import { CHANGE_WORDS } from './change-words.ts';
import { type Html, html } from './html.ts';
import { MAX_LABEL_CHARS, MAX_REASONS_SHOWN } from './limits.ts';
import { href, serverPath, toolPath } from './links.ts';
import { riskMark } from './risk.ts';
import { nameOf } from './said.ts';
import { visible } from './visible.ts';
import { capitalised, count, listed } from './words.ts';

/** One change in a list: the risk now, the tool, what happened to it where, and why it should be looked at. */
export function changeItem(change: CatalogueChange, path: string): Html {
  const { kind, server, raises } = change;
  const [was, is] = [change.before?.verdict?.risk, change.after?.verdict?.risk];
  const risk = is ?? was;
  return html`<li${raises && html` class="raises"`}>
<span class="beside">${risk === undefined ? 'Not judged' : riskMark(risk)}</span>
<div><p><a class="mono" href="${href(path, toolPath(server, change))}">${nameOf(change.name)}</a> ${CHANGE_WORDS[kind]} on <a href="${href(path, serverPath(server))}">${nameOf(server.label, MAX_LABEL_CHARS)}</a>${was !== undefined && is !== undefined && was !== is && html` <span class="of">(risk before: ${was})</span>`}</p>
${notes(change)}</div>
</li>`;
}

function notes({ reasons, remarks, raises }: CatalogueChange): Html | false {
  const shown = reasons.slice(0, MAX_REASONS_SHOWN);
  const more = reasons.length - shown.length;
  const why = [...shown, ...(more > 0 ? [count(more, 'more reason')] : [])];
  if (why.length === 0 && remarks.length === 0) return false;
  return html`<p class="why">${raises && html`<strong><span aria-hidden="true">▲ </span>Read it before you go on:</strong> `}${sentence(why)}${remarks.map((remark) => html` <span class="of">${sentence([remark])}</span>`)}</p>`;
}

function sentence(texts: readonly string[]): string {
  if (texts.length === 0) return '';
  return `${capitalised(listed(texts.map((text) => visible(text))))}.`;
}
