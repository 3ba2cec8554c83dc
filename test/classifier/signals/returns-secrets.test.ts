import { expect, test } from 'vitest';
import { classify } from '../tools.ts';
import { finding, judges, tool } from './cases.ts';

judges('returns-secrets', [
  ['a secret', tool('vault_read', 'Retrieve a secret value by its name'), true],
  ['a name without a text', tool('retrieve_api_key'), true],
  ['where to connect', tool('neon', 'Get a PostgreSQL connection string for a database'), true],
  ['what a cluster is run with', tool('cluster', 'Get the kubeconfig of a cluster'), true],
  ['all cookies', tool('cookies', 'List all cookies'), true],
  ['a whole environment', tool('env', 'Prints all environment variables'), true],
  ['told in passing', tool('accounts', 'List accounts, returning names, access keys and regions'), true],
  [
    'names, or the value of one',
    tool('get', 'Shows secret names (without values), or retrieves the secret value'),
    true,
  ],
  ['names only', tool('secrets', 'List the secrets of a project'), false],
  ['masked', tool('key', 'Get an API key. Its value is masked.'), false],
  ['the length of it', tool('policy', 'Get the password policy of a realm'), false],
  ['a price', tool('price', 'Get token prices'), false],
  ['found by it', tool('app', 'Get an application by API key'), false],
  ['derived from it', tool('address', 'Get the address derived from a private key'), false],
  ['an example of one', tool('help', 'Get example connection strings for databases'), false],
  ['one that is made', tool('create', 'Create an API key'), false],
  ['one that goes in', tool('set', 'Set the password of a user'), false],
  ['a check', tool('check', 'Check whether a password was leaked'), false],
]);

test('a read that hands out a secret is a high risk, and its rationale says why', () => {
  const secret = classify({ name: 'get_secret', description: 'Get the value of a secret from the vault' });
  expect(secret).toMatchObject({ category: 'Read', risk: 'high' });
  expect(secret.rationale).toContain('hands out secrets');
  expect(secret.rationale).not.toContain('works with secrets');
});

test('a list of names is no higher risk than another read', () => {
  expect(classify({ name: 'list_secrets', description: 'List the secrets of a project' }).risk).toBe('low');
  expect(finding('credential-handling', tool('list_secrets', 'List the secrets of a project'))).toMatchObject(
    {
      outcome: 'present',
    },
  );
});
