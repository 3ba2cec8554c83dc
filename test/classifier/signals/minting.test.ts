import { judges, tool } from './cases.ts';

judges('minting', [
  ['a key', tool('key', 'Generate an access key for an account'), true],
  ['a token by name', tool('create_access_token'), true],
  ['a coupon', tool('promo', 'Create coupon codes for a campaign'), true],
  ['a new coin', tool('mint_nft', 'Mint an item for a collection'), true],
  ['a list', tool('keys', 'List the API keys of a project'), false],
  ['the opposite', tool('revoke', 'Revoke an API key'), false],
  ['a token of text', tool('count', 'Count the tokens of a text'), false],
  ['a report', tool('report', 'Generate a report'), false],
]);
