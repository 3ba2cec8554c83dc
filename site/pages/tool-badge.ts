import { badge } from '../badge.ts';
import { toolBadgePath } from '../links.ts';
import { defineServerPage } from '../page.ts';
import { RISKS } from '../words.ts';

const LABEL = 'MCP tool';

/** There are few badges for very many tools, so each is drawn once. */
const BY_RISK = new Map(RISKS.map((risk) => [risk, badge(LABEL, { text: `${risk} risk`, risk })]));
const GONE = badge(LABEL, { text: 'no longer listed' });

export const page = defineServerPage({
  id: 'tool-badge',
  title: 'Badge of a tool',
  summary: 'The risk of one tool as a small picture for a README.',
  *entries({ server }) {
    for (const tool of server.tools) {
      const { risk } = tool.classification;
      yield { path: toolBadgePath(server, tool), render: () => BY_RISK.get(risk) ?? GONE };
    }
    for (const tool of server.vanished) yield { path: toolBadgePath(server, tool), render: () => GONE };
  },
});
