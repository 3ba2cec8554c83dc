import type { Category, RiskLevel } from '../classifier/contract.ts';
import type { CategoryCounts, RiskCounts } from './contract.ts';
import { each, type Html, html } from './html.ts';
import { riskMark } from './risk.ts';
import { CATEGORIES, number, RISKS } from './words.ts';

/** What an entry of a legend counts. */
export type Counted = { key: 'risk'; value: RiskLevel } | { key: 'category'; value: Category };

/** The words beside a strip: how many tools have each risk and each category, as `entry` puts it. */
export function legend(
  risks: RiskCounts,
  categories: CategoryCounts,
  entry: (counted: Counted, n: number, label: Html) => Html,
): Html {
  return html`<ul>${each(RISKS, (value) => html`<li>${entry({ key: 'risk', value }, risks[value], labelled(riskMark(value), risks[value]))}</li>`)}</ul>
<ul>${each(CATEGORIES, (value) => html`<li>${entry({ key: 'category', value }, categories[value], labelled(value, categories[value]))}</li>`)}</ul>`;
}

function labelled(label: Html | string, n: number): Html {
  return html`${label} <b>${number(n)}</b>`;
}
