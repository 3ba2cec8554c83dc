import { type Html, html } from './html.ts';
import { MAX_QUOTE_CHARS } from './limits.ts';
import { visible } from './visible.ts';
import { count, cut, shownName } from './words.ts';

/** A name from a server, kept apart from the text around it whichever way it is written. */
export function nameOf(name: string, max?: number): Html {
  return html`<bdi class="name">${shownName(name, max)}</bdi>`;
}

/** What a server said, in a quotation that cannot be taken for ours. `body` must be made of escaped text. */
export function said(label: string, body: Html | string): Html {
  return html`<figure class="said"><figcaption>${label}</figcaption><blockquote dir="auto">${body}</blockquote></figure>`;
}

/** A text of several lines from a server, cut where nobody would read on. */
export function saidText(text: string): string {
  const shown = cut(text, MAX_QUOTE_CHARS);
  const rest = text.length - MAX_QUOTE_CHARS;
  return rest > 0
    ? `${visible(shown, { lines: true })}\n(${count(rest, 'more character')} not shown)`
    : visible(text, { lines: true });
}
