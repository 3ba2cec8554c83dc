import { BASE_RISK } from '../../classifier/risk.ts';
import { each, html } from '../html.ts';
import { layout } from '../layout.ts';
import { aboutPath, accuracyPath, attacksPath, categoryPath, href, riskPath, signalsPath } from '../links.ts';
import { defineSitePage } from '../page.ts';
import { riskMark } from '../risk.ts';
import { CATEGORIES, CATEGORY_MEANING, capitalised, RISKS } from '../words.ts';

export const page = defineSitePage({
  id: 'about',
  title: 'About',
  summary: 'What the catalogue is, how a verdict comes about, what it cannot say, and how to contest one.',
  *entries({ settings }) {
    const to = (path: string) => href(aboutPath, path);
    yield {
      path: aboutPath,
      render: () =>
        layout({
          settings,
          path: aboutPath,
          title: 'About the catalogue, and how verdicts come about',
          description:
            'What the Tool Risk Catalogue is, how a verdict comes about, what it cannot say, and how to contest one.',
          main: html`<header class="head">
<h1>About the catalogue</h1>
<p class="lead">AI agents call tools on MCP servers. A server says what it offers; this catalogue says what that amounts to, and which rule should stand in front of it.</p>
</header>
<section aria-labelledby="method">
<h2 id="method">How a verdict comes about</h2>
<ol class="steps">
<li><b>Collect.</b> A server is started apart from everything else, or reached by its address, and asked for its list of tools. No tool is called.</li>
<li><b>Observe.</b> Every definition is kept exactly as it was sent, with the time and the way in which it was asked for.</li>
<li><b>Judge.</b> Fixed rules read the definition and put the tool into a category; <a href="${to(signalsPath)}">signals</a> say what else stands out. Every finding quotes the words that it rests on. A server’s own annotations are claims to be checked, never a reason to lower a risk.</li>
<li><b>Recommend.</b> The policy follows from the verdict: low risk is allowed, medium and high are capped, critical is denied until a person changes the rule.</li>
</ol>
<p>The same definition gives the same verdict, on every machine. A language model can give a second opinion; both then stand on the page, with what came of it. <a href="${to(accuracyPath)}">How often verdicts are right</a> is measured and published.</p>
</section>
<section aria-labelledby="categories">
<h2 id="categories">Categories and risks</h2>
<table class="grid">
<thead><tr><th scope="col">Category</th><th scope="col">What it means</th><th scope="col">Risk by itself</th></tr></thead>
<tbody>${each(CATEGORIES, (category) => html`<tr><th scope="row"><a href="${to(categoryPath(category))}">${category}</a></th><td>${capitalised(CATEGORY_MEANING[category])}.</td><td data-label="Risk by itself">${riskMark(BASE_RISK[category])}</td></tr>`)}</tbody>
</table>
<p>What is destructive or moves money is critical. A signal may raise the risk further, and says so: ${RISKS.map((risk, index) => html`${index > 0 && ', '}<a href="${to(riskPath(risk))}">${risk}</a>`)}. Category, risk, confidence and signals are four separate things, and all are shown.</p>
</section>
<section aria-labelledby="limits">
<h2 id="limits">What a verdict cannot say</h2>
<ul class="plain">
<li>It is about the definition. What the program behind it does was not looked at: a definition can be wrong, or change tomorrow.</li>
<li>Low risk is as far as a verdict goes. It says that nothing worse was found.</li>
<li>A server lists what it wants to list: other credentials or arguments may bring other tools.</li>
<li>Where a definition says little, confidence is low and the category is a guess, marked as one.</li>
<li>What a tool can do together with others is shown as <a href="${to(attacksPath)}">patterns of attack</a> and as combinations on the page of a server.</li>
</ul>
</section>
<section aria-labelledby="contest">
<h2 id="contest">Contest a verdict</h2>
<p>The page of every tool has an entry to copy under “Contest this verdict”. Change what is wrong, say why and who you are, and send it to the operator of this catalogue. A correction is shown with its author, its reason and the verdict that it replaced; it is for one definition, and ends when the definition changes.</p>
</section>
<section aria-labelledby="data">
<h2 id="data">Data</h2>
<p>Every page of a server and of a tool has a twin for programs: the same address with <code>.json</code>. <code>index.json</code> lists all servers, <code>llms.txt</code> says how to use all of it, and feeds tell what changes. Every policy stands at <code>servers/&lt;server&gt;/policy.json</code>.</p>
<p>The pages ask nothing of any other site, set no cookie and count nobody. What you paste into “My stack” stays in your browser.</p>
</section>`,
        }),
    };
  },
});
