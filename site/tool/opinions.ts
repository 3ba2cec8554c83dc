import type { Review, Ruling } from '../../classifier/contract.ts';
import { placeOf } from '../evidence.ts';
import { each, type Html, html } from '../html.ts';
import { MAX_EVIDENCE_CHARS, MAX_LABEL_CHARS } from '../limits.ts';
import { riskMark } from '../risk.ts';
import { visible } from '../visible.ts';
import { capitalised, cut, kindOf, REVIEW_OUTCOME } from '../words.ts';
import type { Subject } from './subject.ts';

/** Who overrode the verdict, why, and what it said before. */
export function correction({ tool: { classification } }: Subject): Html | false {
  const { correction: made, rationale } = classification;
  if (made === undefined) return false;
  const { by, reason, replaced } = made;
  return html`<section class="notice" aria-labelledby="correction">
<h2 id="correction">Corrected by ${visible(by)}</h2>
${reason !== rationale && html`<p>${visible(reason)}</p>`}
<p>${reason === rationale && 'The sentence above is the reason given. '}Before, the verdict was ${kindOf(replaced)}, ${riskMark(replaced.risk)} risk, ${replaced.confidence} confidence: ${visible(replaced.rationale)}</p>
<p class="note">The correction is for this definition only, and expires when the definition changes.</p>
</section>`;
}

/** The rules and the model side by side, and what came of it. */
export function secondOpinion({ tool: { classification }, parameters, references }: Subject): Html | false {
  const { review } = classification;
  if (review === undefined) return false;
  const { model, promptVersion, opinion, rules, outcome } = review;
  const { pointer, quote } = opinion.evidence;
  const place = placeOf(pointer, parameters);
  return html`<section aria-labelledby="review">
<h2 id="review">Second opinion</h2>
<p>A language model was given the definition as quoted data. ${REVIEW_OUTCOME[outcome]}</p>
<table class="grid opinions">
<thead><tr><th scope="col">On</th><th scope="col">The rules</th><th scope="col">${modelName(model)}</th></tr></thead>
<tbody>${each(compared(rules, opinion), ([term, ours, theirs]) => html`<tr><th scope="row">${term}</th><td data-label="Rules">${ours}</td><td data-label="Model">${theirs}</td></tr>`)}</tbody>
</table>
<p>It quotes ${place.words}${place.parameter !== undefined && html` (<span class="mono">${visible(place.parameter)}</span>)`}: <q class="inline-said" dir="auto">${visible(cut(quote, MAX_EVIDENCE_CHARS), { lines: true })}</q> ${references.cite([opinion.evidence])}</p>
<p class="note">Model <code>${modelName(model)}</code>, prompt version <code>${visible(promptVersion)}</code>.</p>
</section>`;
}

function compared(rules: Ruling, opinion: Review['opinion']): [string, unknown, unknown][] {
  const yes = (value: boolean) => (value ? 'Yes' : 'Not found');
  return [
    ['Category', rules.category, opinion.category],
    ...(['destructive', 'financial'] as const).map((effect): [string, unknown, unknown] => [
      capitalised(effect),
      yes(rules[effect]),
      yes(opinion[effect]),
    ]),
    ['Why', visible(rules.rationale), visible(opinion.rationale)],
  ];
}

function modelName(model: string): string {
  return cut(visible(model), MAX_LABEL_CHARS);
}
