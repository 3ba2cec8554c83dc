import { defineTarget } from '../target.ts';

export const target = defineTarget({
  id: 'gateway',
  title: 'Gateway',
  summary: 'The whole policy document, with approvals, lists among the arguments, amounts and every scope.',
  abilities: { allow: 'yes', ask: 'yes', deny: 'yes', hide: 'yes', arguments: 'yes', limits: 'yes' },
  newTools: 'denied',
  usage: 'Put `catalogue gateway --policy policy.json --` before the command of the server in any client.',
  emit: (document) => ({
    fileName: 'policy.json',
    text: `${JSON.stringify(document, undefined, 2)}\n`,
    losses: [],
  }),
});
