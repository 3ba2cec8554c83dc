import { accuracyFigures, type Share } from '../accuracy.ts';
import { each, type Html, html } from '../html.ts';
import { layout } from '../layout.ts';
import { aboutPath, accuracyPath, href, signalPath, signalsPath } from '../links.ts';
import { defineSitePage } from '../page.ts';
import { isKnownSignal, titleOf } from '../signals.ts';
import { capitalised, number } from '../words.ts';

export const page = defineSitePage({
  id: 'accuracy',
  title: 'Accuracy',
  summary:
    'How often verdicts are right on labelled tools, beside a floor that was measured in the same run.',
  *entries({ settings }) {
    yield {
      path: accuracyPath,
      render: () =>
        layout({
          settings,
          path: accuracyPath,
          title: 'How accurate the verdicts are',
          description: 'How often the classifier is right on labelled tools, with intervals and a floor.',
          main: html`<header class="head">
<h1>How accurate the verdicts are</h1>
<p class="lead">Measured on ${number(accuracyFigures.labels.reduce((sum, { matched }) => sum + matched, 0))} labels of tools with classifier ${accuracyFigures.classifierVersion}. <a href="${href(accuracyPath, aboutPath)}">How verdicts come about</a>.</p>
</header>
${measures()}
${confidence()}
${signals()}
${reading()}`,
        }),
    };
  },
});

function measures(): Html {
  return html`<section aria-labelledby="measures">
<h2 id="measures">The figures that it is held to</h2>
<table class="grid">
<thead><tr><th scope="col">Measure</th><th scope="col">Labels</th><th scope="col">Ours, with the 95 % interval</th><th scope="col">A list of verbs</th><th scope="col">To reach</th></tr></thead>
<tbody>${each(
    accuracyFigures.rows,
    ({ measure, labels, ours, floor, reach }) =>
      html`<tr><th scope="row">${capitalised(measure)}</th><td data-label="Labels"><code>${labels}</code></td><td data-label="Ours">${ours}</td><td data-label="A list of verbs">${floor}</td><td data-label="To reach">${reach}</td></tr>`,
  )}</tbody>
</table>
<p class="note">The list of verbs is the floor: the first known verb of the tool’s name decides. A tool that changes something but is called Read is the costliest error, so it stands apart.</p>
</section>`;
}

function confidence(): Html {
  return html`<section aria-labelledby="confidence">
<h2 id="confidence">How sure it says it is</h2>
<table class="grid">
<thead><tr><th scope="col">Confidence of a verdict</th><th scope="col">Right</th><th scope="col" class="n">Labelled tools</th></tr></thead>
<tbody>${each(accuracyFigures.confidence, (share) => html`<tr><th scope="row">${capitalised(share.level)}</th><td data-label="Right">${percent(share)}</td><td class="n" data-label="Labelled tools">${number(share.of)}</td></tr>`)}</tbody>
</table>
</section>`;
}

function signals(): Html {
  const known = accuracyFigures.signals.filter(({ id }) => isKnownSignal(id));
  return html`<section aria-labelledby="signals">
<h2 id="signals">Signals</h2>
<p>Of the labelled tools on which a signal fired, the share on which it should; and of those on which it should, the share on which it did. <a href="${href(accuracyPath, signalsPath)}">Signals</a> that no label names are not measured.</p>
<table class="grid">
<thead><tr><th scope="col">Signal</th><th scope="col">Precision</th><th scope="col">Recall</th></tr></thead>
<tbody>${each(known, ({ id, precision, recall }) => html`<tr><th scope="row"><a href="${href(accuracyPath, signalPath(id))}">${titleOf(id)}</a></th><td data-label="Precision">${percent(precision)}</td><td data-label="Recall">${percent(recall)}</td></tr>`)}</tbody>
</table>
</section>`;
}

function reading(): Html {
  return html`<section aria-labelledby="reading">
<h2 id="reading">How to read this</h2>
<ul class="plain">
<li>Hand labels and reference labels were given by reading each definition; authors’ hints are the claims of those who wrote the tools.</li>
<li>The servers’ own annotations are taken out of every definition before it is judged.</li>
<li>Intervals are 95 %: the Wilson score interval for a share of tools, a bootstrap over the servers for a mean over servers.</li>
<li>These labels were at hand while the rules were written, so expect a little less on tools of other servers.</li>
</ul>
<p><code>catalogue eval --labels &lt;file&gt; --definitions &lt;file&gt;</code> measures the same on labels of your own. Signal set <code>${accuracyFigures.signalSetHash.slice(0, 12)}</code>.</p>
</section>`;
}

/** `99.0 % (98.2 to 99.5), 102 of 103`. */
function percent({ value, low, high, count, of }: Share): string {
  if (value === null || low === null || high === null) return 'not measured';
  const shown = (share: number) => (share * 100).toFixed(1);
  return `${shown(value)} % (${shown(low)} to ${shown(high)}), ${number(count)} of ${number(of)}`;
}
