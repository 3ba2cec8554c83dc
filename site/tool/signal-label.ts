import { type Html, html, joined } from '../html.ts';
import { MAX_SIGNAL_PARAMETERS } from '../limits.ts';
import { nameOf } from '../said.ts';
import type { ShownSignal } from '../signals.ts';
import { visible } from '../visible.ts';

/** `Accepts URL/endpoint input (sessions[].url)`, the parameters in brackets as the server named them. */
export function signalLabel({ label, parameters }: ShownSignal): Html {
  if (parameters.length === 0) return html`${visible(label)}`;
  const shown = parameters.slice(0, MAX_SIGNAL_PARAMETERS).map((path) => nameOf(path, 60));
  const more = parameters.length - MAX_SIGNAL_PARAMETERS;
  return html`${visible(label)} <span class="mono">(${joined(shown, ', ')}${more > 0 && `, ${more} more`})</span>`;
}
