import { precisionOf, type Share, signalFigures } from '../accuracy.ts';
import { type Html, html } from '../html.ts';
import { accuracyPath, href } from '../links.ts';
import { number } from '../words.ts';

/** How often a signal was right where it fired, and how much it found; or that nobody measured it. */
export function precisionWords(path: string, signal: string): Html {
  const how = href(path, accuracyPath);
  const figures = signalFigures(signal);
  if (figures === undefined || figures.precision.value === null) {
    return html`<a href="${how}">Not measured</a>: no label says where it is right.`;
  }
  const { precision, recall } = figures;
  return html`<a href="${how}">Right on ${shareWords(precision)}</a> labelled tools on which it fired${recall.value !== null && `; found on ${shareWords(recall)} on which it should`}.`;
}

/** `93 % (88 to 96 %) of the 210`. */
function shareWords({ value, low, high, of }: Share): string {
  const interval = low === null || high === null ? '' : ` (${percent(low)} to ${percent(high)} %)`;
  return `${percent(value ?? 0)} %${interval} of the ${number(of)}`;
}

/** How often it was right, for a cell of a table. */
export function shortPrecision(signal: string): Html {
  const measured = precisionOf(signal);
  if (measured === undefined || measured.value === null) return html`<span class="none">not measured</span>`;
  return html`${percent(measured.value)} % <small>of ${number(measured.of)}</small>`;
}

function percent(part: number): string {
  return String(Math.round(part * 100));
}
