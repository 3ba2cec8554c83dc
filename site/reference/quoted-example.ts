import type { Evidence, PresentFinding } from '../../classifier/contract.ts';
import type { ExampleTool, Signal } from '../../classifier/signal.ts';
import { parametersOf, placeOf, presentFindings } from '../evidence.ts';
import { each, type Html, html } from '../html.ts';
import { riskMark } from '../risk.ts';
import { said } from '../said.ts';
import { visible } from '../visible.ts';
import { capitalised, kindOf } from '../words.ts';
import { type JudgedExample, judgeExample } from './rule.ts';

/** An example of a signal as a server would have sent it, with what the classifier found in it marked, and its verdict. */
export function quotedExample(example: ExampleTool, { id }: Signal): Html {
  const judged = judgeExample(example);
  const { classification } = judged;
  const finding = presentFindings(classification).find(({ signal }) => signal === id);
  const body = html`${each(Object.entries(judged.definition.wire), ([key, value]) => field(key, value, finding))}`;
  return html`<div class="example">
${said('An example of a definition', body)}
<p class="verdict"><span>${finding === undefined ? 'Not found' : `Found, ${finding.confidence} confidence`}</span> <span>Verdict: ${kindOf(classification)}, ${riskMark(classification.risk)}</span></p>
${finding !== undefined && html`<ul class="points">${each(finding.evidence, (one) => html`<li>${reason(one, judged)}</li>`)}</ul>`}
</div>`;
}

/** `An address that the caller chooses: url, from a parameter (tabs[].url)`. */
function reason({ pointer, quote, note, parameter }: Evidence, { definition }: JudgedExample): Html {
  const place = placeOf(pointer, parametersOf(definition.inputSchema));
  const named = parameter ?? place.parameter;
  return html`${capitalised(note)}: <q class="inline-said" dir="auto">${visible(quote, { lines: true })}</q> in ${place.words}${named !== undefined && html` <code>${visible(named)}</code>`}`;
}

function field(key: string, value: unknown, finding: PresentFinding | undefined): Html {
  const quotes = (finding?.evidence ?? [])
    .filter(({ pointer }) => pointer === `/${key}` || pointer.startsWith(`/${key}/`))
    .map(({ quote }) => quote);
  const isText = typeof value === 'string';
  const text = isText ? value : JSON.stringify(value, undefined, 2);
  const sought = isText ? quotes : quotes.map((quote) => JSON.stringify(quote).slice(1, -1));
  return html`<span class="key">${key}:</span> ${marked(text, sought)}`;
}

/** The text with the first place of each quote marked. */
function marked(text: string, quotes: readonly string[]): Html {
  const found = quotes
    .filter((quote) => quote !== '')
    .map((quote) => ({ from: text.indexOf(quote), length: quote.length }))
    .filter(({ from }) => from >= 0)
    .sort((a, b) => a.from - b.from || b.length - a.length);
  const parts: unknown[] = [];
  let at = 0;
  for (const { from, length } of found) {
    if (from < at) continue;
    parts.push(visible(text.slice(at, from), { lines: true }));
    parts.push(html`<mark>${visible(text.slice(from, from + length), { lines: true })}</mark>`);
    at = from + length;
  }
  parts.push(visible(text.slice(at), { lines: true }));
  return html`${parts}`;
}
