import { expect, test } from 'vitest';
import { finding, judges, taking, tool } from './cases.ts';

const string = { type: 'string' };

judges('credential-handling', [
  ['a key goes in', taking({ apiKey: string }), ['apiKey']],
  [
    'a key goes in, documented only',
    tool('scan', 'Scan. Args: api_key: The key of the account'),
    ['api_key'],
  ],
  ['keys of a vault', tool('keys', 'List all keys in your Key Vault'), true],
  ['certificates of a vault', tool('certs', 'Create a new certificate in a Key Vault'), true],
  ['a key that only the text names', tool('run', 'Run the checks. Run it last. Requires api_key.'), true],
  ['a bare token', taking({ token: string }, 'issues', 'List issues'), ['token']],
  ['a bare token of a chain', taking({ token: string }, 'swap', 'Swap tokens of a wallet'), []],
  ['settings of a vault', tool('settings', 'Retrieves all Key Vault account settings'), false],
  ['what the caller signs in with', tool('teams', 'Get teams accessible with current credentials'), false],
  ['what the server needs', tool('quotes', 'Get quotes. Requires an API key.'), false],
  ['a policy', tool('get_password_policy', 'Get the password policy'), false],
  ['a token that turns pages', taking({ next_page_token: string }), false],
  ['without them', tool('list', 'List accounts, without passwords'), false],
]);

test('marking that a secret is handled raises no risk by itself', () => {
  expect(finding('credential-handling', tool('get_secret', 'Get the value of a secret'))).not.toHaveProperty(
    'raises',
  );
});
