import { embed } from '../badge-snippet.ts';
import { html } from '../html.ts';
import { layout } from '../layout.ts';
import { MAX_LABEL_CHARS } from '../limits.ts';
import { toolLinkedData } from '../linked-data.ts';
import { serverPath, toolBadgePath, toolJsonPath, toolPath } from '../links.ts';
import { defineServerPage } from '../page.ts';
import { namesakes } from '../policy-text.ts';
import { nameOf } from '../said.ts';
import { attackPatterns } from '../tool/attacks.ts';
import { contest } from '../tool/contest.ts';
import { head } from '../tool/head.ts';
import { history } from '../tool/history.ts';
import { toolKey } from '../tool/key.ts';
import { secondOpinion } from '../tool/opinions.ts';
import { parameters } from '../tool/parameters.ts';
import { policy } from '../tool/policy.ts';
import { questions } from '../tool/questions.ts';
import { claims, ratings } from '../tool/ratings.ts';
import { definition, evidence, related } from '../tool/rest.ts';
import { describeTool, type Subject } from '../tool/subject.ts';
import { what, why } from '../tool/what.ts';
import { visible } from '../visible.ts';
import { shownName } from '../words.ts';

export const page = defineServerPage({
  id: 'tool',
  title: 'Tool',
  summary:
    'The datasheet of one tool: what it is, what it can do at worst, and the rule to put in front of it.',
  *entries(of) {
    const { server } = of;
    const byName = namesakes(server);
    for (const tool of server.tools) {
      const same = byName.get(tool.definition.name);
      if (same === undefined) continue;
      yield {
        path: toolPath(server, tool),
        key: toolKey(of, tool),
        render: () => render(describeTool(of, tool, same)),
      };
    }
  },
});

function render(subject: Subject): string {
  const { settings, server, tool, path, name } = subject;
  const { category, risk, rationale } = tool.classification;
  return layout({
    settings,
    path,
    title: `${name} on ${shownName(server.label)}: ${category}, ${risk} risk`,
    description: `${category} tool with ${risk} risk. ${visible(rationale)}`,
    crumbs: [{ label: nameOf(server.label, MAX_LABEL_CHARS), path: serverPath(server) }],
    alternates: [{ type: 'application/json', path: toolJsonPath(server, tool), title: 'This page as JSON' }],
    linkedData: toolLinkedData(settings, server, tool),
    main: html`<article class="sheet">
<div class="sheet-first">
${head(subject)}
${what(subject)}
${why(subject)}
</div>
${policy(subject)}
<div class="sheet-rest">
${ratings(subject)}
${secondOpinion(subject)}
${parameters(subject)}
${claims(subject)}
${evidence(subject)}
${contest(subject)}
${attackPatterns(subject)}
${history(subject)}
${questions(subject)}
${related(subject)}
${definition(subject)}
${embed({ settings, path, badgePath: toolBadgePath(server, tool), of: 'tool' })}
</div>
</article>`,
  });
}
