import type { RiskLevel } from '../classifier/contract.ts';
import type { RiskCounts } from './contract.ts';
import { type Html, html } from './html.ts';
import { capitalised, count, RISKS } from './words.ts';

/** How risk looks: a colour, a word and a shape, so that it reads in greyscale and for every eye. */

const SHAPES: Record<RiskLevel, Html> = {
  low: html`<circle cx="8" cy="8" r="5.75"/>`,
  medium: html`<circle cx="8" cy="8" r="5.75"/><path class="fill" d="M8 2.25a5.75 5.75 0 0 1 0 11.5z"/>`,
  high: html`<circle class="fill" cx="8" cy="8" r="5.75"/>`,
  critical: html`<path class="fill" d="M5.4 1.75h5.2l3.65 3.65v5.2l-3.65 3.65H5.4L1.75 10.6V5.4z"/>`,
};

function shape(risk: RiskLevel): Html {
  return html`<svg class="shape" viewBox="0 0 16 16" aria-hidden="true">${SHAPES[risk]}</svg>`;
}

/** The shape and the word, for tables and lists. */
export function riskMark(risk: RiskLevel): Html {
  return html`<span class="risk ${risk}">${shape(risk)}${capitalised(risk)}</span>`;
}

/** The same at the head of a page: `High risk`. */
export function riskBadge(risk: RiskLevel): Html {
  return html`<span class="risk badge ${risk}">${shape(risk)}${capitalised(risk)} risk</span>`;
}

/** A bar whose parts are as long as the counts. It repeats what stands in words beside it. */
export function strip(counts: RiskCounts): Html {
  const total = RISKS.reduce((sum, risk) => sum + counts[risk], 0);
  const label = RISKS.map((risk) => `${counts[risk]} ${risk}`).join(', ');
  let at = 0;
  const parts = RISKS.filter((risk) => counts[risk] > 0).map((risk) => {
    const x = at;
    at += (counts[risk] / total) * 1000;
    return html`<rect class="${risk}" x="${round(x)}" width="${round(at - x)}" height="10"/>`;
  });
  return html`<svg class="strip" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label="${count(
    total,
    'tool',
  )} by risk: ${label}">${parts}</svg>`;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}
