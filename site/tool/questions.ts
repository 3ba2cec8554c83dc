import type { Category, Classification } from '../../classifier/contract.ts';
import { each, type Html, html } from '../html.ts';
import { href, policyPath, serverPath } from '../links.ts';
import { extentOf, ruleOf, shownPolicy } from '../policy-text.ts';
import { nameOf, saidText } from '../said.ts';
import { visible } from '../visible.ts';
import { cut, listed } from '../words.ts';
import type { Subject } from './subject.ts';

/** What people ask about a tool, answered from its definition, its verdict and the policy document's own schema. */
export function questions(subject: Subject): Html {
  const { name } = subject;
  const asked: [question: unknown, answer: Html][] = [
    [html`What does ${nameOf(name)} do?`, whatItDoes(subject)],
    [html`How do I enforce a policy on ${nameOf(name)}?`, howToEnforce(subject)],
    [html`What risk level is ${nameOf(name)}?`, riskLevel(subject)],
    [html`Can I rate-limit ${nameOf(name)}?`, rateLimit(subject)],
    [html`How do I block ${nameOf(name)} completely?`, block(subject)],
    [html`Which MCP server provides ${nameOf(name)}?`, provider(subject)],
  ];
  return html`<section aria-labelledby="questions">
<h2 id="questions">Questions</h2>
${each(asked, ([question, answer]) => html`<details class="question"><summary><h3>${question}</h3></summary>${answer}</details>`)}
</section>`;
}

const SHORT_DESCRIPTION = 160;

const KIND: Record<Category, string> = {
  Read: 'a Read tool: it returns information and changes nothing that others would notice',
  Write: 'a Write tool: it creates or changes data',
  Execute: 'an Execute tool: it triggers actions or runs processes',
};

function whatItDoes({ tool }: Subject): Html {
  const { description } = tool.definition;
  const words =
    description === undefined || description.trim() === ''
      ? html`<p>The server gives no description of it.</p>`
      : html`<p>In the server’s words: <q class="inline-said" dir="auto">${visible(cut(saidText(description), SHORT_DESCRIPTION), { lines: true })}</q></p>`;
  return html`${words}
<p>We class it as ${KIND[tool.classification.category]}. ${visible(tool.classification.rationale)}</p>`;
}

function howToEnforce({ server, path }: Subject): Html {
  return html`<p>Put something between the client and the server that judges every call by this document, such as <code>catalogue gateway</code>. The rule stands under <code>tools</code>, by the tool’s exact name: <code>{}</code> allows it, <code>limits</code> caps it, <code>require</code> and <code>deny_if</code> look at its arguments; a name under <code>hide</code> leaves the list. <a href="${href(path, policyPath(server))}">The server’s policy</a> has a rule for every tool.</p>`;
}

function riskLevel({ tool }: Subject): Html {
  const { risk, confidence, category } = tool.classification;
  return html`<p>${riskSentence(tool.classification)} Our confidence in the verdict is ${confidence}.</p>
<p>${
    risk === 'low'
      ? 'Low is as far as a verdict goes: it says that nothing worse was found in the definition.'
      : `The level follows from what the tool does (${category})${
          tool.classification.destructive || tool.classification.financial
            ? ', and from what cannot be taken back'
            : ''
        }; signals can raise it and a server’s own claims never lower it.`
  }</p>`;
}

function riskSentence({ category, risk, destructive, financial }: Classification): string {
  const effects = [destructive && 'destructive', financial && 'financial'].filter((word) => word !== false);
  const kind = effects.length === 0 ? `${category} tool` : `${listed(effects)} ${category} tool`;
  return `It is ${/^[AEIOU]/i.test(kind) ? 'an' : 'a'} ${kind} with ${risk} risk.`;
}

function rateLimit({ tool, same }: Subject): Html {
  const rule = ruleOf(same);
  const limit = rule.limits?.[0] ?? {
    counter: `${tool.definition.name}_rate`,
    window: 'minute',
    max: 10,
    scope: 'grant',
  };
  const example = shownPolicy(JSON.stringify({ limits: [limit] }));
  const recommended =
    rule.deny_if !== undefined
      ? 'We recommend a denial instead, because a cap only slows down what cannot be undone. If you allow it, cap it:'
      : rule.limits === undefined
        ? 'We recommend no limit for it; this one would allow ten calls a minute:'
        : `The recommended rule allows ${extentOf(rule)}:`;
  return html`<p>Yes. Give its rule a <code>limits</code> list. ${recommended}</p>
<pre><code>${example}</code></pre>
<p>Limits that share a <code>counter</code> share its count; <code>window</code> is <code>minute</code>, <code>hour</code> or <code>day</code>; <code>max</code> is the most calls in one; <code>scope</code> says whose calls count together: <code>grant</code> is one client’s access.</p>`;
}

function block({ tool }: Subject): Html {
  const hide = shownPolicy(JSON.stringify({ hide: [tool.definition.name] }));
  const deny = '{ "deny_if": [{ "conditions": [], "on_deny": "Not allowed here." }] }';
  return html`<p>Leave it out of <code>tools</code> where <code>default</code> is <code>deny</code>. Under <code>"default": "allow"</code> hide it, so that it is neither seen nor called: <code>${hide}</code></p>
<p>To keep it in the list and refuse every call in your own words, make this its rule: <code>${deny}</code></p>`;
}

function provider({ server, path }: Subject): Html {
  return html`<p><a href="${href(path, serverPath(server))}">${nameOf(server.label)}</a>, known here as <code>${visible(server.id)}</code>. It is in the newest list of its tools; <a href="${href(path, serverPath(server))}#listed">when that was made</a>.</p>`;
}
