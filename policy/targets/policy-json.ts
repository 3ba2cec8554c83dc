import { defineTarget } from '../target.ts';

export const target = defineTarget({
  id: 'policy-json',
  title: 'policy.json',
  summary: 'The policy document itself, schema version 1.',
  emit: (document) => ({
    fileName: 'policy.json',
    text: `${JSON.stringify(document, undefined, 2)}\n`,
    losses: [],
  }),
});
