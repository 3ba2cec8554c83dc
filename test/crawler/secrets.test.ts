import { describe, expect, test } from 'vitest';
import { maskValues, screenArgs, screenUrl, secretName } from '../../crawler/secrets.ts';
import { crawlFake } from './harness.ts';

const KEY = 'q7Zp2Lx9Vb4Nc8Mt1Rw6Ks3Hd5';

describe('arguments', () => {
  const cases: [string[], string[]][] = [
    [['--token=abc'], ['--token=***']],
    [
      ['--token', 'abc'],
      ['--token', '***'],
    ],
    [
      ['--api-key', 'x', '--port', '80'],
      ['--api-key', '***', '--port', '80'],
    ],
    [
      ['--apiKey=x', '--accessToken', 'y'],
      ['--apiKey=***', '--accessToken', '***'],
    ],
    [
      ['--api-key', '--verbose'],
      ['--api-key', '--verbose'],
    ],
    [
      ['-e', 'GITHUB_PERSONAL_ACCESS_TOKEN=abc'],
      ['-e', 'GITHUB_PERSONAL_ACCESS_TOKEN=***'],
    ],
    [
      ['-e', 'GITHUB_PERSONAL_ACCESS_TOKEN'],
      ['-e', 'GITHUB_PERSONAL_ACCESS_TOKEN'],
    ],
    [
      ['--header', 'Authorization: Bearer abc'],
      ['--header', 'Authorization: ***'],
    ],
    [
      ['--header', 'Accept: text/plain'],
      ['--header', 'Accept: text/plain'],
    ],
    [['Bearer abc'], ['Bearer ***']],
    [['sk-proj-abcdefghijklmnop'], ['***']],
    [['ghp_abcdefghijklmnop1234'], ['***']],
    [
      ['--config', `{"key":"${KEY}"}`],
      ['--config', '***'],
    ],
    [[KEY], ['***']],
    [['postgresql://user:pw@localhost/db'], ['postgresql://***@localhost/db']],
    [['https://example.com/mcp?apikey=1&page=2'], ['https://example.com/mcp?apikey=***&page=2']],
    [['--url=https://u:p@example.com/'], ['--url=https://***@example.com/']],
  ];
  test.each(cases)('%j', (args, screened) => {
    expect(screenArgs(args)).toEqual(screened);
  });

  test.each([
    '.',
    '--caps=vision,pdf,testing,storage,network,devtools,tracing,config',
    '@modelcontextprotocol/server-everything@2026.8.31',
    '/home/someone/projects/a-rather-long-folder-name-2026/src',
    'mcp-server-for-kubernetes-version-2',
    '123e4567-e89b-12d3-a456-426614174000',
    '--keyboard=us',
    '--monkey',
    '--max-old-space-size=4096',
    'C:\\Users\\someone\\server.js',
    'ghcr.io/github/github-mcp-server:v0.6.2',
  ])('%s is no secret', (word) => {
    expect(screenArgs([word, 'next'])).toEqual([word, 'next']);
  });
});

test.each([
  ['https://user:pass@example.com/mcp', 'https://***@example.com/mcp'],
  ['https://example.com/mcp?token=a&x=1#frag', 'https://example.com/mcp?token=***&x=1'],
  ['https://example.com/mcp?exaApiKey=a', 'https://example.com/mcp?exaApiKey=***'],
  [`https://example.com/s/${KEY}/mcp`, 'https://example.com/s/***/mcp'],
  ['https://example.com/a/b?page=2', 'https://example.com/a/b?page=2'],
  [`https://example.com/?${KEY}`, 'https://example.com/?***'],
  ['not a url', 'not a url'],
])('the address %s', (url, screened) => {
  expect(screenUrl(url)).toBe(screened);
});

test.each([
  ['API_KEY', true],
  ['OPENAI_API_KEY', true],
  ['GITHUB_TOKEN', true],
  ['X-Api-Key', true],
  ['Authorization', true],
  ['DB_PASSWORD', true],
  ['clientSecret', true],
  ['PATH', false],
  ['KEYBOARD', false],
  ['MONKEY', false],
  ['AUTHOR', false],
  ['TOKENIZER', false],
])('the name %s', (name, secret) => {
  expect(secretName(name)).toBe(secret);
});

test('longer values are replaced before those that they contain', () => {
  const values = [
    { value: 'abcdefgh', secret: true },
    { value: 'abcdef', secret: true },
  ];
  expect(maskValues('abcdefgh abcdef', values)).toBe('*** ***');
});

describe('a server that repeats what it was given', () => {
  const environment = { ...process.env, ACCOUNT: 'someone@example.com', UNRELATED_TOKEN: 'not-for-servers' };

  test('in its tools', async () => {
    const { result } = await crawlFake('shows-environment', {
      environment,
      envValues: { SECRET_TOKEN: 'tok-12345', MODE: 'secret_mode' },
      args: ['--api-key', 'key-67890'],
    });
    const text = JSON.stringify(result);
    for (const value of ['tok-12345', 'key-67890', 'not-for-servers']) expect(text).not.toContain(value);
    expect(result).toMatchObject({
      status: 'complete',
      target: { transport: { envNames: ['MODE', 'SECRET_TOKEN'] } },
      context: { envNames: ['MODE', 'SECRET_TOKEN'] },
      warnings: ['1 tool repeated a secret value given to the server; it reads *** here.'],
      // A value that is no secret stays, because what a tool declares is evidence.
      tools: [{}, {}, { description: 'connected with ***', wire: { _meta: { mode: 'secret_mode' } } }],
    });
  });

  test('in its last words', async () => {
    const { result } = await crawlFake('leaks-and-fails', {
      environment: { ...environment, SECRET_TOKEN: 'tok-12345' },
      envNames: ['SECRET_TOKEN', 'ACCOUNT'],
      args: ['--token=other-99', 'https://user:hidden-77@example.com/?key=hidden-88'],
    });
    const text = JSON.stringify(result);
    for (const value of ['tok-12345', 'someone@example.com', 'other-99', 'hidden-77', 'hidden-88']) {
      expect(text).not.toContain(value);
    }
    expect(result).toMatchObject({
      status: 'failed',
      failure: { detail: /^cannot log in with \*\*\* as \*\*\*, args/ },
    });
  });
});

test('a server gets the allow-list, its own variables and throw-away folders, and nothing else', async () => {
  const environment = {
    PATH: process.env.PATH,
    HOME: '/home/someone',
    LC_ALL: 'C',
    AWS_SECRET: 'x',
    WANTED: '1',
  };
  const { result } = await crawlFake('shows-environment', { environment, envNames: ['WANTED', 'UNSET'] });
  if (result.status === 'failed') throw new Error(result.failure.message);
  const [names, home] = result.tools.map(({ description }) => description ?? '');
  expect(names?.split(' ')).toEqual([
    'APPDATA',
    'HOME',
    'LC_ALL',
    'LOCALAPPDATA',
    'PATH',
    'TEMP',
    'TMP',
    'TMPDIR',
    'USERPROFILE',
    'WANTED',
    'XDG_CACHE_HOME',
    'XDG_CONFIG_HOME',
    'XDG_DATA_HOME',
    'XDG_STATE_HOME',
  ]);
  expect(home).not.toContain('/home/someone');
});
