import { presentFindings } from '../evidence.ts';
import { each, type Html, html } from '../html.ts';
import { MAX_EVIDENCE_CHARS, MAX_WARNING_QUOTES } from '../limits.ts';
import { visible } from '../visible.ts';
import { cut, GROUP_TITLES } from '../words.ts';
import { signalLabel } from './signal-label.ts';
import type { Subject } from './subject.ts';

/**
 * The warning that stands apart from all that a tool can do: its text is aimed at whoever reads it, be that a model or
 * a person. What it quotes has every hidden character shown as its code point.
 */
export function attackText({ tool, signals, references }: Subject): Html | false {
  const attacks = signals.filter(({ group }) => group === 'attack-text');
  if (attacks.length === 0) return false;
  const findings = new Map(presentFindings(tool.classification).map((finding) => [finding.signal, finding]));
  return html`<section class="notice warning" aria-labelledby="attack-text">
<h2 id="attack-text">${GROUP_TITLES['attack-text']}</h2>
<ul>${each(attacks, (signal) => {
    const evidence = findings.get(signal.id)?.evidence ?? [];
    const quotes = evidence
      .slice(0, MAX_WARNING_QUOTES)
      .map(
        ({ quote }) =>
          html`<q class="inline-said" dir="auto">${visible(cut(quote, MAX_EVIDENCE_CHARS), { lines: true })}</q> `,
      );
    return html`<li><a href="#s-${signal.id}">${signalLabel(signal)}</a> ${quotes}${references.cite(evidence)}</li>`;
  })}</ul>
<p>Do not give this definition to a model that can call tools before somebody has read it.</p>
</section>`;
}
