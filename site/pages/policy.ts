import { policyPath } from '../links.ts';
import { definePage } from '../page.ts';
import { serverPolicy } from '../policy-text.ts';

export const page = definePage({
  id: 'policy',
  title: 'policy.json',
  summary: 'The recommended policy of one server, with a rule for every tool, as a file.',
  *entries(site) {
    for (const server of site.view.servers) {
      yield { path: policyPath(server), render: () => serverPolicy(server) };
    }
  },
});
