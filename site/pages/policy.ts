import { policyPath } from '../links.ts';
import { defineServerPage } from '../page.ts';
import { serverPolicy } from '../policy-text.ts';

export const page = defineServerPage({
  id: 'policy',
  title: 'policy.json',
  summary: 'The recommended policy of one server, with a rule for every tool, as a file.',
  *entries({ server }) {
    yield { path: policyPath(server), render: () => serverPolicy(server) };
  },
});
