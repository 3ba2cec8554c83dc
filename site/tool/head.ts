import { type Html, html } from '../html.ts';
import { MAX_LABEL_CHARS } from '../limits.ts';
import { href, serverPath } from '../links.ts';
import { riskBadge } from '../risk.ts';
import { nameOf } from '../said.ts';
import { visible } from '../visible.ts';
import { capitalised, day } from '../words.ts';
import { signalLabel } from './signal-label.ts';
import type { Subject } from './subject.ts';

/** The first screen: name, server, risk, one sentence, signals, the way to the policy. */
export function head(subject: Subject): Html {
  const { server, tool, path, signals } = subject;
  const { definition, classification } = tool;
  return html`<header class="head">
<p class="kicker">Tool of <a href="${href(path, serverPath(server))}">${nameOf(server.label, MAX_LABEL_CHARS)}</a></p>
<h1 class="mono">${nameOf(definition.name)}</h1>
<p class="verdict">${riskBadge(classification.risk)}<span>${verdictWords(subject)}</span></p>
<p class="lead">${visible(classification.rationale)}</p>
${
  signals.length > 0 &&
  html`<h2 class="label">Risk signals</h2>
<ul class="signals">${signals.map((signal) => html`<li><a href="#s-${signal.id}">${signalLabel(signal)}</a></li>`)}</ul>`
}
<p class="way"><a href="#policy">The policy for this tool</a></p>
</header>
${revision(subject)}`;
}

/** `Execute, destructive; confidence high`. */
function verdictWords({ tool: { classification } }: Subject): string {
  const { category, destructive, financial, confidence } = classification;
  const effects = [destructive && 'destructive', financial && 'financial'].filter((word) => word !== false);
  return `${[category, ...effects].join(', ')} · ${confidence} confidence`;
}

/** Which revision of the tool this page is about. */
function revision({ server, tool, same }: Subject): Html {
  const { definition, classification } = tool;
  const rows: [string, unknown][] = [
    [
      'Definition',
      html`<code title="SHA-256 of its canonical JSON: ${definition.hash}">${definition.hash.slice(0, 12)}</code>`,
    ],
    ['First seen', html`<time datetime="${tool.firstSeenAt}">${day(tool.firstSeenAt)}</time>`],
    ['Last seen', html`<time datetime="${tool.lastSeenAt}">${day(tool.lastSeenAt)}</time>`],
    ...(server.listing?.provenance === 'declared'
      ? [['Definition is', 'declared, not observed'] as [string, unknown]]
      : []),
    ['Judged by', `${capitalised(classification.reviewer)}, classifier ${classification.classifierVersion}`],
  ];
  return html`<dl class="facts">${rows.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>
${same.tools.length > 1 && html`<p class="note">The server lists ${same.tools.length} tools with this name. A policy cannot tell them apart, so the strictest of their rules is recommended for all of them.</p>`}`;
}
