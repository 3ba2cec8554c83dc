import type { SignalGroup } from '../../classifier/signal.ts';
import { type Html, html } from '../html.ts';
import { MAX_LABEL_CHARS } from '../limits.ts';
import { href, serverPath } from '../links.ts';
import { riskBadge } from '../risk.ts';
import { nameOf } from '../said.ts';
import { visible } from '../visible.ts';
import { cut, day, GROUP_TITLES, kindOf, marksOf } from '../words.ts';
import { attackText } from './attack-text.ts';
import { correction } from './opinions.ts';
import { signalLabel } from './signal-label.ts';
import type { Subject } from './subject.ts';

/** The first screen: name, server, risk, one sentence, signals, the way to the policy. */
export function head(subject: Subject): Html {
  const { server, tool, path } = subject;
  const { definition, classification } = tool;
  return html`<header class="head">
<p class="kicker">Tool of <a href="${href(path, serverPath(server))}">${nameOf(server.label, MAX_LABEL_CHARS)}</a></p>
<h1 class="mono">${nameOf(definition.name)}</h1>
<p class="verdict">${riskBadge(classification.risk)}<span>${verdictWords(subject)}</span></p>
<p class="lead">${visible(classification.rationale)}</p>
${attackText(subject)}
${signalsOf(subject, 'capability')}
${signalsOf(subject, 'definition')}
<p class="way"><a href="#policy">The policy for this tool</a></p>
</header>
${correction(subject)}
${revision(subject)}`;
}

function signalsOf({ signals }: Subject, group: SignalGroup): Html | false {
  const own = signals.filter((signal) => signal.group === group);
  if (own.length === 0) return false;
  return html`<h2 class="label">${GROUP_TITLES[group]}</h2>
<ul class="signals">${own.map((signal) => html`<li><a href="#s-${signal.id}">${signalLabel(signal)}</a></li>`)}</ul>`;
}

/** `Execute, destructive · high confidence · corrected`. */
function verdictWords({ tool: { classification } }: Subject): string {
  const { alternative, confidence } = classification;
  const other = alternative === undefined ? [] : [`or ${alternative}`];
  return [kindOf(classification), ...other, `${confidence} confidence`, ...marksOf(classification)].join(
    ' · ',
  );
}

/** Which revision of the tool this page is about. */
function revision({ server, tool, same, path }: Subject): Html {
  const { definition, classification } = tool;
  const reviewer = classification.reviewer === 'rules' ? 'Rules' : classification.reviewer;
  const rows: [string, unknown][] = [
    [
      'Definition',
      html`<code title="SHA-256 of its canonical JSON: ${definition.hash}">${definition.hash.slice(0, 12)}</code>`,
    ],
    ['First seen', html`<time datetime="${tool.firstSeenAt}">${day(tool.firstSeenAt)}</time>`],
    // Its date is on the server's page: here it would be another after every crawl.
    ['Last seen', html`in <a href="${href(path, serverPath(server))}#listed">the newest list</a>`],
    ...(server.listing?.provenance === 'declared'
      ? [['Definition is', 'declared, not observed'] as [string, unknown]]
      : []),
    [
      'Judged by',
      `${cut(visible(reviewer), MAX_LABEL_CHARS)}, classifier ${classification.classifierVersion}`,
    ],
  ];
  return html`<dl class="facts">${rows.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>
${same.tools.length > 1 && html`<p class="note">The server lists ${same.tools.length} tools with this name. A policy cannot tell them apart, so the strictest of their rules is recommended for all of them.</p>`}`;
}
