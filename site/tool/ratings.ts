import type { Classification, Effect } from '../../classifier/contract.ts';
import { HINT_DEFAULTS } from '../../classifier/hints.ts';
import { BASE_RISK } from '../../classifier/risk.ts';
import { presentFindings } from '../evidence.ts';
import { each, type Html, html } from '../html.ts';
import { riskMark } from '../risk.ts';
import { titleOf } from '../signals.ts';
import { CATEGORY_MEANING, capitalised, HINT_MEANING, HINT_WORDS, listed } from '../words.ts';
import type { Subject } from './subject.ts';

/** Category, risk, effects and confidence: four separate things, each with what it rests on. */
export function ratings({ tool: { classification }, references }: Subject): Html {
  const { category, confidence, alternative, correction: by } = classification;
  const rows: [id: string, term: string, value: unknown, basis: unknown][] = [
    [
      'rating-category',
      'Category',
      category,
      html`${capitalised(CATEGORY_MEANING[category])} ${by?.replaced.category === category || by === undefined ? references.cite(classification.evidence) : CORRECTED}`,
    ],
    ...(alternative === undefined
      ? []
      : [
          [
            'rating-alternative',
            'Or',
            alternative,
            `The definition can also be read so: ${CATEGORY_MEANING[alternative]}`,
          ] as [string, string, unknown, unknown],
        ]),
    ['rating-risk', 'Risk', riskMark(classification.risk), riskBasis(classification)],
    effectRow('destructive'),
    effectRow('financial'),
    [
      'rating-confidence',
      'Confidence',
      capitalised(confidence),
      by === undefined ? CONFIDENCE_MEANING[confidence] : 'A person stands for the verdict',
    ],
  ];
  return html`<section aria-labelledby="ratings">
<h2 id="ratings">Ratings</h2>
<table class="grid ratings">
<thead><tr><th scope="col">Rating</th><th scope="col">Finding</th><th scope="col">Rests on</th></tr></thead>
<tbody>${each(rows, ([id, term, value, basis]) => html`<tr id="${id}"><th scope="row">${term}</th><td>${value}</td><td>${basis}</td></tr>`)}</tbody>
</table>
</section>`;

  function effectRow(effect: Effect): [string, string, unknown, unknown] {
    const carried = presentFindings(classification).filter((finding) => finding.effects?.includes(effect));
    const isCorrected = by !== undefined && by.replaced[effect] !== classification[effect];
    const basis = isCorrected
      ? CORRECTED
      : classification[effect]
        ? carried.length === 0
          ? 'The server’s own claim, where the definition says nothing against it'
          : html`${listed(carried.map(({ signal }) => titleOf(signal)))} ${references.cite(carried.flatMap(({ evidence }) => evidence))}`
        : 'Nothing in the definition says so';
    return [`rating-${effect}`, capitalised(effect), classification[effect] ? 'Yes' : 'Not found', basis];
  }
}

const CONFIDENCE_MEANING: Record<Classification['confidence'], string> = {
  high: 'The definition says plainly what the tool does',
  medium: 'The definition leaves some room for another reading',
  low: 'The definition says little, or points both ways; treat the category as a guess',
};

const CORRECTED = html`<a href="#correction">The correction</a>`;

function riskBasis(classification: Classification): Html | string {
  const { category, destructive, financial, risk, correction } = classification;
  const start = `${category} is ${BASE_RISK[category]}`;
  if (correction !== undefined && !follows(classification)) return html`${start}; ${CORRECTED} says ${risk}`;
  if (risk === BASE_RISK[category] && !destructive && !financial) return start;
  const effects = [destructive && 'destructive', financial && 'financial'].filter((word) => word !== false);
  if (risk === 'critical' && effects.length > 0) return `${start}; what is ${listed(effects)} is critical`;
  const raised = presentFindings(classification).filter(({ raises }) => raises === risk);
  if (raised.length === 0) return `${start}; raised to ${risk}`;
  return `${start}; raised to ${risk} by: ${listed(raised.map(({ signal }) => titleOf(signal)))}`;
}

/** Whether the risk is what category, effects and signals make it, and so was not stated by whoever corrected it. */
function follows(classification: Classification): boolean {
  const { category, destructive, financial, risk } = classification;
  const raised = presentFindings(classification).some(({ raises }) => raises === risk);
  return risk === BASE_RISK[category] || raised || (risk === 'critical' && (destructive || financial));
}

/** What the server claims about the tool, what its silence means to a client, and what we find. */
export function claims({ tool: { classification } }: Subject): Html {
  return html`<section aria-labelledby="claims">
<h2 id="claims">What the server claims</h2>
<p>Annotations are claims, and never a reason to lower a risk. Where a server is silent a client assumes the protocol’s default.</p>
<table class="grid">
<thead><tr><th scope="col">Annotation</th><th scope="col">Claim</th><th scope="col">Default when silent</th><th scope="col">Our finding</th></tr></thead>
<tbody>${each(classification.hints, claimRow)}</tbody>
</table>
</section>`;
}

function claimRow({ hint, claim, verdict }: Classification['hints'][number]): Html {
  const claimed = claim === 'unset' ? html`<span class="none">unset</span>` : html`<code>${claim}</code>`;
  const differs = verdict === 'understates' || verdict === 'overstates';
  const words = capitalised(HINT_WORDS[verdict]);
  const finding = differs ? html`<strong>${words}</strong>` : words;
  return html`<tr><th scope="row" class="mono">${hint}</th><td data-label="Claim">${claimed}</td><td data-label="Default when silent"><code>${HINT_DEFAULTS[hint]}</code></td><td>${finding}: ${HINT_MEANING[verdict]}</td></tr>`;
}
