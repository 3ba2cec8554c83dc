import type { ServerSheet } from '../../catalogue/contract.ts';
import { embed } from '../badge-snippet.ts';
import type { SiteSettings } from '../contract.ts';
import { html } from '../html.ts';
import { layout } from '../layout.ts';
import { serverLinkedData } from '../linked-data.ts';
import { serverBadgePath, serverFeedPath, serverJsonPath, serverPath } from '../links.ts';
import { defineServerPage } from '../page.ts';
import { combinations } from '../server/combinations.ts';
import { context } from '../server/context.ts';
import { exports } from '../server/exports.ts';
import { head, listingFacts, summary } from '../server/head.ts';
import { history } from '../server/history.ts';
import { overview, toolTable } from '../server/tools.ts';
import { count, shownName } from '../words.ts';

export const page = defineServerPage({
  id: 'server',
  title: 'Server',
  summary: 'One server: its tools by risk, how they were listed, and the policy for all of them.',
  *entries({ settings, server }) {
    yield { path: serverPath(server), render: () => render(settings, server) };
  },
});

function render(settings: SiteSettings, server: ServerSheet): string {
  const path = serverPath(server);
  const name = shownName(server.label);
  const some = server.tools.length > 0;
  return layout({
    settings,
    path,
    title: `${name}: ${some ? `${count(server.tools.length, 'tool')} by risk` : 'no tools listed'}`,
    description: `What the tools of the MCP server ${name} can do, and the policy for them. ${summary(server)}`,
    alternates: [
      { type: 'application/json', path: serverJsonPath(server), title: 'This page as JSON' },
      { type: 'application/atom+xml', path: serverFeedPath(server), title: 'Changes of its tools' },
    ],
    linkedData: serverLinkedData(settings, server),
    main: html`${head(server, path)}
${some && overview(server)}
${some && combinations(server, path)}
${some && toolTable(server, path)}
${some && exports(server, path)}
${some && context(server, path)}
${history(server, path)}
${listingFacts(server)}
${embed({ settings, path, badgePath: serverBadgePath(server), of: 'server' })}`,
  });
}
