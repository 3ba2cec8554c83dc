import { matchEvidence } from '../evidence.ts';
import { defineSignal, presentIf } from '../signal.ts';
import { wordSet } from '../vocabulary.ts';

/** What hands over to a payment commits money as surely as the payment that follows. */
const HANDS_OVER =
  /\b(?:ready for checkout|proceed to (?:checkout|payment)|hand(?:s|ed)? over to payment|place (?:an|the|a) (?:\w+ )?order (?:on|for|with)|payment will be (?:taken|charged)|charges? (?:the|your|a) (?:card|customer|account))\b/i;

/** One of these stands in every such statement. */
const HANDING_WORDS = wordSet('checkout payment order charge charges'.split(' '));

export const signal = defineSignal({
  id: 'financial-effect',
  group: 'capability',
  version: 1,
  label: 'Moves or commits money',
  title: 'Moves or commits money',
  why: 'Money or assets change hands, often for good.',
  looksAt: 'the verbs of the name and the description with their objects',
  falsePositives: 'Play money, test networks and drafts that the text does not call so.',
  examples: {
    fires: [
      { name: 'refund_charge', description: 'Refund a captured charge in full or in part' },
      { name: 'create_order', description: 'Create a market order' },
      { name: 'send_funds', description: 'Send SOL to another address' },
    ],
    silent: [
      { name: 'list_payments', description: 'List payments of a customer' },
      { name: 'get_quote', description: 'Get a quote for a swap' },
      { name: 'transfer_ownership', description: 'Transfer ownership of a repository' },
      { name: 'sort_order', description: 'Change the order of the columns' },
    ],
  },
  observe(facts) {
    const acts = facts.acts.filter((act) => act.action === 'financial');
    const evidence = acts.map((act) => act.evidence);
    const stated = facts.mentions(HANDING_WORDS)
      ? matchEvidence(facts.description, HANDS_OVER, 'leads to a payment')
      : undefined;
    if (stated) evidence.push(stated);
    return presentIf(evidence, {
      confidence: acts.some((act) => act.confidence === 'high') ? 'high' : 'medium',
      effects: ['financial'],
      raises: 'critical',
      ...(acts.length === 0 && { supports: 'Execute' as const }),
    });
  },
});
