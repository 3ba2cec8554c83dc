import type { ServerSheet } from '../../catalogue/contract.ts';
import { type BadgeValue, badge } from '../badge.ts';
import { serverBadgePath } from '../links.ts';
import { defineServerPage } from '../page.ts';
import { countRisks } from '../totals.ts';
import { RISKS } from '../words.ts';

export const page = defineServerPage({
  id: 'server-badge',
  title: 'Badge of a server',
  summary: 'How many tools a server has, and how many at the highest risk, as a small picture for a README.',
  *entries({ server }) {
    yield { path: serverBadgePath(server), render: () => badge('MCP tools', summaryOf(server)) };
  },
});

/** `12, 3 critical`: all of its tools, and those of the highest risk that it has. */
function summaryOf({ listing, tools }: ServerSheet): BadgeValue {
  if (listing === undefined) return { text: 'not listed' };
  const counts = countRisks(tools.map(({ classification }) => classification));
  const risk = RISKS.find((level) => counts[level] > 0);
  if (risk === undefined) return { text: 'none listed' };
  const text =
    counts[risk] === tools.length ? `${tools.length} ${risk}` : `${tools.length}, ${counts[risk]} ${risk}`;
  return { text, risk };
}
