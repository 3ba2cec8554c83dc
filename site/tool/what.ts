import type { Category, Classification, PresentFinding } from '../../classifier/contract.ts';
import type { SignalGroup } from '../../classifier/signal.ts';
import { highlight, presentFindings } from '../evidence.ts';
import { type Html, html } from '../html.ts';
import { MAX_EVIDENCE_CHARS, MAX_LABEL_CHARS } from '../limits.ts';
import { href, signalPath } from '../links.ts';
import { nameOf, said } from '../said.ts';
import { groupOf, isKnownSignal, reasonOf, titleOf } from '../signals.ts';
import { visible } from '../visible.ts';
import { capitalised, cut, RISKS } from '../words.ts';
import { signalLabel } from './signal-label.ts';
import type { Subject } from './subject.ts';

/** The server's own words, and what stands behind the verdict. */
export function what(subject: Subject): Html {
  const { tool, server, references } = subject;
  const { name, description, title } = tool.definition;
  const shownTitle = title ?? tool.definition.annotations?.title;
  const body =
    description === undefined || description.trim() === ''
      ? html`<span class="none">(no description)</span>`
      : highlight(description, references);
  return html`<section aria-labelledby="what">
<h2 id="what">What it does on ${nameOf(server.label, MAX_LABEL_CHARS)}</h2>
${shownTitle !== undefined && !['', name, description].includes(shownTitle) && said('Title, said by the server', nameOf(shownTitle))}
${said('Description, said by the server', body)}
</section>`;
}

export function why(subject: Subject): Html {
  const { classification } = subject.tool;
  const [strongest] = classification.evidence;
  return html`<section aria-labelledby="why">
<h2 id="why">Why it needs a policy</h2>
<p>${reasons(classification).join(' ')}</p>
<p>From the definition: <q class="inline-said" dir="auto">${visible(cut(strongest.quote, MAX_EVIDENCE_CHARS), { lines: true })}</q> ${subject.references.cite([strongest])}</p>
${findingList(subject)}
</section>`;
}

const BY_CATEGORY: Record<Category, string> = {
  Read: 'A tool that only reads still decides what an agent gets to see, and so what it can pass on. The policy names it, so that allowing it allows nothing else.',
  Write:
    'An agent in a loop can make hundreds of changes before anybody looks. A cap on calls bounds the damage and leaves the tool usable.',
  Execute:
    'What it does depends on the arguments that the agent gives, and its effects reach past the call. A cap bounds how often; which arguments are acceptable only you can say.',
};

/** Why a rule should stand in front of a tool of this kind. */
function reasons({ category, destructive, financial }: Classification): string[] {
  if (!destructive && !financial) return [BY_CATEGORY[category]];
  return [
    ...(destructive ? ['It removes or ends something, and one wrong call is enough.'] : []),
    ...(financial ? ['It moves or commits money or assets, and one wrong call is enough.'] : []),
    'A cap would only slow that down, so a person should approve it.',
  ];
}

const GROUPS: readonly SignalGroup[] = ['attack-text', 'capability', 'definition'];

function findingList({ tool, signals, references, path }: Subject): Html | false {
  const rank = ({ signal }: PresentFinding) => GROUPS.indexOf(groupOf(signal));
  const present = presentFindings(tool.classification).toSorted((a, b) => rank(a) - rank(b));
  const failed = tool.classification.findings.filter((finding) => finding.outcome === 'error');
  if (present.length === 0 && failed.length === 0) {
    return html`<p class="note">No risk signal was found in the definition.</p>`;
  }
  return html`<dl class="findings">
${present.map((finding) => {
  const signal = signals.find(({ id }) => id === finding.signal);
  const label = signal === undefined ? titleOf(finding.signal) : signalLabel(signal);
  return html`<div id="s-${finding.signal}"><dt>${isKnownSignal(finding.signal) ? html`<a href="${href(path, signalPath(finding.signal))}">${label}</a>` : label}</dt>
<dd>${reasonOf(finding.signal)} ${effectOf(finding, tool.classification)} ${references.cite(finding.evidence)}</dd></div>`;
})}
${failed.map(
  (finding) =>
    html`<div><dt>${titleOf(finding.signal)}</dt><dd>Unknown: this signal could not be worked out for this definition.</dd></div>`,
)}
</dl>`;
}

function effectOf(
  { raises, effects = [], confidence }: PresentFinding,
  classification: Classification,
): string {
  const denied = effects.filter((effect) => !classification[effect]);
  const isAbove = raises !== undefined && RISKS.indexOf(raises) < RISKS.indexOf(classification.risk);
  const overruled = classification.correction !== undefined && (denied.length > 0 || isAbove);
  return [
    ...effects.map((effect) => `Makes the tool ${effect}.`),
    ...(raises === undefined ? [] : [`Makes its risk ${raises} at least.`]),
    ...(overruled ? ['The correction says otherwise, and counts.'] : []),
    ...(confidence === 'high' ? [] : [`${capitalised(confidence)} confidence.`]),
  ].join(' ');
}
