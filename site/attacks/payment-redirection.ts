import { defineAttack } from '../attack.ts';
import { SOURCES } from '../reference/sources.ts';

export const attack = defineAttack({
  id: 'payment-redirection',
  title: 'Payment redirection',
  summary: 'An agent pays the right amount to the wrong account, or an amount that a stranger named.',
  how: [
    'The recipient of a payment is an argument, and the model takes arguments from what it reads. An invoice, a page of a shop, the note of an earlier transfer can name another account, with a reason that sounds like bookkeeping.',
    'Test suites for agents contain this case: the text of a transaction tells the agent to send a transfer, and models that are in common use have done so in a good part of the runs.',
    'What makes it worse than other injections is the end. Transfers are seldom taken back, and those on a chain never.',
  ],
  needs: 'A tool that moves or commits money, in an agent that reads text from others.',
  access: [
    { effect: 'financial', weight: 3 },
    { signal: 'spends-money', weight: 1 },
  ],
  combinations: ['untrusted-text-and-money'],
  example: [
    'An assistant pays the bills that arrive as PDF, with `read_file` and `send_payment`.',
    'One bill has a line in small print: our account has changed, for all open amounts.',
    'The assistant calls `send_payment` with the new account, for this bill and for two others.',
    'All three amounts are right.',
  ],
  signs: [
    'Parameters such as `recipient`, `to_address`, `iban` and `amount` that take any value.',
    'A tool that pays at once, with no draft or quote before it.',
    'A recipient that appears for the first time.',
  ],
  rule: {
    words:
      'Known recipients, an amount for one call, a sum for the day, and a person in front of it all. The limit adds up the amounts, in cents, because it counts whole numbers.',
    policy: {
      version: '1',
      default: 'deny',
      tools: {
        send_payment: {
          require: [
            {
              conditions: [
                {
                  path: 'args.recipient',
                  op: 'in',
                  value: ['DE02120300000000202051', 'DE02500105170137075030'],
                },
              ],
              on_deny: 'Only known suppliers are paid.',
            },
            {
              conditions: [{ path: 'args.amount_cents', op: 'lte', value: 50_000 }],
              on_deny: 'At most 500.00 in one payment.',
            },
          ],
          require_approval: [{ conditions: [], on_deny: 'A person approves each payment.' }],
          limits: [
            {
              counter: 'paid_cents',
              window: 'day',
              max: 200_000,
              scope: 'tool',
              increment_from: 'args.amount_cents',
            },
          ],
        },
      },
    },
  },
  vain: [
    'A cap on calls: the amount is in the argument.',
    'A confirmation that shows the amount and not the recipient.',
    'A check that the bill is real. It is; the account on it is not.',
  ],
  sources: [SOURCES.agentDojo, SOURCES.injecAgent, SOURCES.excessiveAgency],
});
