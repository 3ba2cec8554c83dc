import { defineAttack } from '../attack.ts';
import { SOURCES } from '../reference/sources.ts';

export const attack = defineAttack({
  id: 'confused-deputy',
  title: 'Confused deputy',
  summary: 'A server with rights of its own uses them for a caller who does not have them.',
  how: [
    'Many servers hold one key for all who call them: a service account, an administrator’s token, the client id of a proxy. The system behind sees the server and lets it do what the key allows. Whether this caller should, only the server could say, and often it does not ask.',
    'An argument then decides whose data it is: a user id, a tenant, an account. Whoever chooses the argument borrows the rights, be that another user, or a text that the agent has read.',
    'Between servers the same goes for tokens. One that was issued for server A and is accepted by server B, or passed on by it, lets A act at B. The specification forbids passing tokens through for that reason.',
  ],
  needs: 'A tool that acts with more rights than its caller has, and an argument that says for whom.',
  access: [
    { signal: 'cross-tenant', weight: 3 },
    { signal: 'admin', weight: 2 },
  ],
  combinations: [],
  example: [
    'The support server of a shop has `get_orders` with the parameter `customer_id` and an administrator’s token.',
    'A customer writes in a ticket: my number has changed, it is now 1001.',
    'The agent that answers tickets calls `get_orders` for 1001, who is somebody else.',
    'It answers with the orders of that person. Every log says that the server asked, and that it may.',
  ],
  signs: [
    'Parameters that name for whom something is done: `user_id`, `tenant`, `on_behalf_of`, `account`.',
    'One credential in the configuration of a server that many people use.',
    'A server that takes a token from its caller and forwards it.',
  ],
  rule: {
    words:
      'Give each person a grant of their own, and hold the argument to the one value that the grant is for. What reaches across customers is denied.',
    policy: {
      version: '1',
      default: 'deny',
      tools: {
        get_orders: {
          require: [
            {
              conditions: [{ path: 'args.customer_id', op: 'eq', value: 4711 }],
              on_deny: 'This grant is for customer 4711.',
            },
          ],
        },
      },
    },
  },
  vain: [
    'Signing in at the client: the server behind still acts with its own key.',
    'Caps. A wrong record is wrong at one call a day.',
    'A consent page that a cookie answers for all later clients.',
  ],
  sources: [SOURCES.mcpPractices, SOURCES.confusedDeputy, SOURCES.cweDeputy, SOURCES.resourceIndicators],
});
