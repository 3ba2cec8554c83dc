import { expect, test } from 'vitest';
import { classify } from '../tools.ts';
import { judges, taking, tool } from './cases.ts';

judges('spends-money', [
  ['a price', tool('lookup', 'Find a company by its domain. Costs 5 credits per call.'), true],
  ['a warning', tool('clip', 'Make a clip. This tool calls an API and may incur costs.'), true],
  ['a protocol', tool('holdings', 'Get the holdings of a wallet using x402 payment protocol.'), true],
  ['a machine', tool('vm', 'Create a virtual machine in the cloud'), true],
  ['a cluster', tool('k8s', 'Create a new Kubernetes cluster'), true],
  ['a size that has a price', taking({ plan: { type: 'string' } }, 'make', 'Create a database server'), true],
  ['a domain', tool('name', 'Purchase and register a new domain name'), true],
  ['advertising', tool('ads', 'Update an ad set of a Meta Ads account'), true],
  ['a balance', tool('balance', 'Get the credits that are left in the account'), false],
  ['denied', tool('check', 'Check a prompt. Does not consume credits.'), false],
  ['nothing', tool('list', 'List models. Costs 0 credits.'), false],
  ['hours of work', tool('time', 'Log billable hours on a project'), false],
  ['accounts', tool('book', 'List the debit and credit balances of accounts'), false],
  ['what the customer pays', tool('charge', 'Charge the card of a customer'), false],
  ['a machine at home', tool('vm', 'Create a virtual machine in VirtualBox'), false],
  ['a small cluster at home', tool('k8s', 'Create a local Kubernetes cluster with kind'), false],
  ['a table', tool('db', 'Create a database in a workspace'), false],
  ['a campaign by mail', tool('mail', 'Create a campaign for a mailing list'), false],
  ['a budget at home', tool('budget', 'Set the budget of a category for a month'), false],
  ['a look', tool('vms', 'List the virtual machines of an Azure subscription'), false],
  ['an end', tool('end', 'Delete an Azure virtual machine'), false],
  ['an order', tool('order', 'Place a market order'), false],
]);

test('a paid look is medium, and what is paid for until it ends is high', () => {
  const lookup = classify({ name: 'lookup', description: 'Find a company. Costs 5 credits per call.' });
  expect(lookup).toMatchObject({ category: 'Read', risk: 'medium' });
  const cluster = classify({ name: 'k8s', description: 'Create a new Kubernetes cluster' });
  expect(cluster).toMatchObject({ category: 'Write', risk: 'high' });
});
