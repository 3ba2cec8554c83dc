import type { RiskLevel } from '../classifier/contract.ts';
import type { RiskCounts } from './contract.ts';
import { type Html, html } from './html.ts';
import { capitalised, count, RISKS } from './words.ts';

/**
 * How risk looks: a colour, a word and a shape, so that it reads in greyscale and for every eye. The shapes are in the
 * style sheet, because a page has dozens of them.
 */

/** The shape and the word, for tables and lists. */
export function riskMark(risk: RiskLevel): Html {
  return html`<span class="risk ${risk}">${capitalised(risk)}</span>`;
}

/** The same at the head of a page: `High risk`. */
export function riskBadge(risk: RiskLevel): Html {
  return html`<span class="risk badge ${risk}">${capitalised(risk)} risk</span>`;
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
