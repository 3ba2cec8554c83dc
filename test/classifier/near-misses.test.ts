import { describe, expect, test } from 'vitest';
import { signalEntries } from '../../classifier/classify.ts';
import { classify, ids, present, takes } from './tools.ts';

interface Case {
  why: string;
  tool: object;
  /** The parameters found, or whether the signal fires at all. */
  found: string[] | boolean;
}

const string = { type: 'string' };

const TABLE: Record<string, Case[]> = {
  'url-input': [
    {
      why: 'a pattern is not an address',
      tool: withDescription('pattern', 'URL pattern to match'),
      found: false,
    },
    { why: 'a count of URLs is a number', tool: one('url_count', { type: 'integer' }), found: false },
    {
      why: 'an enumerated endpoint is no free choice',
      tool: one('endpoint', { enum: ['a', 'b'] }),
      found: false,
    },
    {
      why: 'the description names a URL',
      tool: withDescription('target', 'The URL to open'),
      found: ['target'],
    },
    { why: 'a list of addresses', tool: one('urls', { type: 'array', items: string }), found: ['urls'] },
    {
      why: 'inside a union inside a reference',
      tool: {
        name: 'fetch_all',
        description: 'Fetch pages',
        inputSchema: {
          type: 'object',
          properties: { jobs: { type: 'array', items: { $ref: '#/$defs/Job' } } },
          $defs: { Job: { anyOf: [{ type: 'object', properties: { url: string } }, { type: 'null' }] } },
        },
      },
      found: ['jobs[].url'],
    },
  ],
  'path-input': [
    { why: 'the path of a URL', tool: withDescription('path', 'The URL path to request'), found: false },
    { why: 'a JSONPath', tool: withDescription('path', 'JSONPath of the field'), found: false },
    { why: 'an error path of a form', tool: one('errorPath', string), found: false },
    { why: 'a profile is no file', tool: one('profile', string), found: false },
    { why: 'camel case', tool: one('outputFilePath', string), found: ['outputFilePath'] },
  ],
  'code-or-query-input': [
    {
      why: 'plain search text',
      tool: { name: 'search', description: 'Search the web', inputSchema: takes('query') },
      found: false,
    },
    { why: 'a postal code', tool: one('postal_code', string), found: false },
    {
      why: 'a verification code',
      tool: withDescription('code', 'The verification code sent by mail'),
      found: false,
    },
    { why: 'a cron expression', tool: withDescription('expression', 'A cron expression'), found: false },
    { why: 'a name of a script', tool: one('scriptName', string), found: false },
    {
      why: 'a query in a tool that speaks of SQL',
      tool: { name: 'ask_db', description: 'Run a SQL query', inputSchema: takes('query') },
      found: ['query'],
    },
  ],
  'credential-handling': [
    { why: 'a token that turns pages', tool: one('next_page_token', string), found: false },
    { why: 'a count of tokens', tool: one('max_tokens', { type: 'integer' }), found: false },
    { why: 'a crypto token', tool: withDescription('token', 'Address of the ERC-20 token'), found: false },
    {
      why: 'a token that signs in',
      tool: withDescription('token', 'API token of the account'),
      found: ['token'],
    },
    { why: 'camel case', tool: one('apiKey', string), found: ['apiKey'] },
  ],
  bulk: [
    {
      why: 'listing everything is what a list does',
      tool: { name: 'list_all', description: 'List all notes' },
      found: false,
    },
    {
      why: 'several fields of one thing',
      tool: { name: 'fill', description: 'Fill multiple form fields' },
      found: false,
    },
    {
      why: 'clearing everything',
      tool: { name: 'wipe_notes', description: 'Delete all notes' },
      found: true,
    },
    {
      why: 'a list of the things that the name speaks of',
      tool: {
        name: 'add_notes',
        description: 'Add notes to a folder',
        inputSchema: {
          properties: { notes: { type: 'array', items: { type: 'object' } } },
          required: ['notes'],
        },
      },
      found: ['notes'],
    },
  ],
  admin: [
    {
      why: 'looking at roles changes none',
      tool: { name: 'list_roles', description: 'List the roles' },
      found: false,
    },
    {
      why: 'a role is given',
      tool: { name: 'assign_role', description: 'Assign a role to a person' },
      found: true,
    },
  ],
  minting: [
    {
      why: 'revoking is the opposite',
      tool: { name: 'revoke_api_key', description: 'Revoke an API key' },
      found: false,
    },
    {
      why: 'a token is made',
      tool: { name: 'tokens_new', description: 'Create an access token for CI' },
      found: true,
    },
  ],
  'destructive-effect': [
    {
      why: 'a negated verb',
      tool: { name: 'tidy', description: 'Sort the list. It does not delete entries.' },
      found: false,
    },
    {
      why: 'the past tells what was',
      tool: { name: 'list_removed', description: 'List removed entries' },
      found: false,
    },
    {
      why: 'a dry run shows',
      tool: { name: 'purge_preview', description: 'Show which rows a purge would take' },
      found: false,
    },
    {
      why: 'stated later',
      tool: { name: 'reset_x', description: 'Reset the board. This removes every card.' },
      found: true,
    },
  ],
  'financial-effect': [
    {
      why: 'an order of things',
      tool: { name: 'set_order', description: 'Set the order of the columns' },
      found: false,
    },
    {
      why: 'a file is no money',
      tool: { name: 'transfer_file', description: 'Transfer a file to a host' },
      found: false,
    },
    {
      why: 'a price is only looked at',
      tool: { name: 'swap_quote', description: 'Get a quote for a swap' },
      found: false,
    },
    {
      why: 'a light verb',
      tool: { name: 'pay_now', description: 'Make a payment to a supplier' },
      found: true,
    },
  ],
  'html-input': [
    { why: 'a switch about HTML', tool: one('is_html', { type: 'boolean' }), found: false },
    { why: 'the body says so', tool: withDescription('body', 'HTML body of the mail'), found: ['body'] },
  ],
  'thin-definition': [
    { why: 'a placeholder', tool: { name: 'sync', description: 'No description' }, found: true },
    {
      why: 'short but telling',
      tool: { name: 'sync', description: 'Copy new mail into the archive' },
      found: false,
    },
  ],
};

describe.each(Object.keys(TABLE))('%s', (id) => {
  test.each((TABLE[id] ?? []).map((row) => [row.why, row] as const))('%s', (_, { tool, found }) => {
    const classification = classify(tool);
    if (typeof found === 'boolean') {
      expect(ids(classification).includes(id)).toBe(found);
      return;
    }
    const parameters = signalEntries(classification).flatMap((entry) =>
      entry.id === id ? (entry.parameter ?? []) : [],
    );
    expect(parameters).toEqual(found);
  });
});

test('a read that hands out a secret is more than a low risk', () => {
  const secret = classify({ name: 'get_secret', description: 'Get the value of a secret from the vault' });
  expect(secret).toMatchObject({ category: 'Read', risk: 'high' });
  expect(present(secret).map((finding) => finding.raises)).toContain('high');
});

function one(name: string, schema: object): object {
  return {
    name: 'do_it',
    description: 'Update the record',
    inputSchema: { type: 'object', properties: { [name]: schema } },
  };
}

function withDescription(name: string, description: string): object {
  return one(name, { type: 'string', description });
}
