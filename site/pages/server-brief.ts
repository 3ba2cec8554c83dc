import { briefOf } from '../brief.ts';
import { serverBriefPath } from '../links.ts';
import { outlineOf } from '../outline.ts';
import { defineServerPage } from '../page.ts';

export const page = defineServerPage({
  id: 'server-brief',
  title: 'Server in brief',
  summary: 'What the policy builder and the comparison read: verdicts, and what signals add to the policy.',
  *entries({ server }) {
    yield {
      path: serverBriefPath(server),
      render: () => `${JSON.stringify(briefOf(outlineOf(server)))}\n`,
    };
  },
});
