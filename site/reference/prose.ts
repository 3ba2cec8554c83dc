import { each, type Html, html } from '../html.ts';

/** Our own text, with what stands between backticks as code. */
export function prose(text: string): Html {
  return html`${text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}

/** Paragraphs of our own text. */
export function paragraphs(texts: readonly string[]): unknown[] {
  return each(texts, (text) => html`<p>${prose(text)}</p>`);
}

/** Points of our own text that stand in no order. */
export function points(texts: readonly string[]): Html {
  return html`<ul class="points">${each(texts, (text) => html`<li>${prose(text)}</li>`)}</ul>`;
}

/** What happens one after the other. */
export function steps(texts: readonly string[]): Html {
  return html`<ol class="steps">${each(texts, (text) => html`<li>${prose(text)}</li>`)}</ol>`;
}
