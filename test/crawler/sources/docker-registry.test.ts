import { describe, expect, test } from 'vitest';
import { source } from '../../../crawler/sources/docker-registry.ts';
import { read, world } from './deps.ts';

const NOTES = `
name: acme-notes
image: mcp/acme-notes
type: server
meta:
  category: productivity
about:
  title: Acme Notes
run:
  command: [--transport, stdio]
  volumes: ['{{acme-notes.folder}}:/data']
  env:
    MODE: read
config:
  env:
    - name: ACME_REGION
      example: eu
      value: '{{acme-notes.region}}'
    - name: ACME_PLAN
      value: free
`;

const SECRETS = `
name: acme-mail
image: mcp/acme-mail
type: server
config:
  secrets:
    - name: acme-mail.token
      env: ACME_TOKEN
    - name: acme-mail.extra
      env: ACME_EXTRA
      required: false
`;

async function checkout(servers: Record<string, string | undefined>) {
  const files = Object.entries(servers).map(([name, text]) => [
    `/work/project/registry/servers/${name}`,
    text,
  ]);
  const deps = world(Object.fromEntries(files));
  return { found: await read(source, './registry', deps), warnings: deps.warnings };
}

async function one(yaml: string, tools?: unknown) {
  const { found, warnings } = await checkout({
    'x/server.yaml': yaml,
    ...(tools !== undefined && { 'x/tools.json': JSON.stringify(tools) }),
  });
  expect(warnings).toEqual([]);
  return found[0];
}

describe('an entry', () => {
  test('of a server runs its image with what has a fixed value, and nothing of this machine', async () => {
    expect(await one(NOTES, [])).toEqual({
      target: {
        id: 'oci:mcp/acme-notes',
        label: 'mcp/acme-notes',
        transport: {
          kind: 'stdio',
          command: 'docker',
          args: [
            ...['run', '-i', '--rm', '-e', 'ACME_PLAN', '-e', 'MODE'],
            ...['mcp/acme-notes', '--transport', 'stdio'],
          ],
          envNames: ['ACME_PLAN', 'MODE'],
        },
        origin: { source: 'docker-registry', ref: 'acme-notes' },
      },
      envValues: { ACME_PLAN: 'free', MODE: 'read' },
    });
  });

  test('that needs a secret is not started, and names it', async () => {
    expect(await one(SECRETS)).toMatchObject({
      target: { id: 'oci:mcp/acme-mail', transport: { envNames: ['ACME_TOKEN'] } },
      failure: { code: 'needs-configuration', message: 'mcp/acme-mail needs a value for "ACME_TOKEN".' },
    });
  });

  test('that needs a secret and declares tools has a list all the same', async () => {
    const found = await one(SECRETS, [{ name: 'send_mail', description: 'Send mail' }]);
    expect(found?.failure).toBeUndefined();
    expect(found?.listing).toEqual({
      provenance: 'declared',
      tools: [{ name: 'send_mail', description: 'Send mail' }],
    });
  });

  test.each([
    ['', { id: 'https://mcp.acme.example/mcp' }, undefined],
    [
      '\n  headers: { Authorization: "Bearer $ACME_TOKEN" }',
      { id: 'https://mcp.acme.example/mcp' },
      /"ACME_TOKEN"/,
    ],
  ])('of a remote%s', async (headers, target, message) => {
    const found = await one(
      `name: acme\ntype: remote\nremote:\n  transport_type: streamable-http\n  url: https://mcp.acme.example/mcp${headers}`,
      [],
    );
    expect(found).toMatchObject({ target });
    expect(found?.failure?.message).toEqual(message && expect.stringMatching(message));
  });

  test('of tools that each have a container lists them', async () => {
    const found = await one(
      'name: acme-curl\ntype: poci\ntools:\n  - name: curl\n    description: Fetch\n    parameters: { type: object, properties: { url: { type: string } } }\n    container: { image: acme/curl }',
    );
    expect(found).toMatchObject({
      target: { id: 'docker-registry:acme-curl', transport: { command: '' } },
      listing: {
        tools: [
          {
            name: 'curl',
            description: 'Fetch',
            inputSchema: { type: 'object', properties: { url: { type: 'string' } } },
          },
        ],
      },
    });
    expect(await one('name: acme-curl\ntype: poci')).toMatchObject({ failure: { code: 'blocked' } });
  });

  test('cannot give options to docker', async () => {
    expect(await one('name: evil\nimage: --privileged')).toMatchObject({
      target: { transport: { command: '' } },
      failure: { code: 'not-found' },
    });
  });
});

test.each([
  ['bare', { name: 'a', description: 'A' }, { name: 'a', description: 'A' }],
  [
    'with arguments',
    {
      name: 'a',
      arguments: [
        { name: 'id', type: 'string', desc: 'Note id' },
        { name: '__proto__', type: 'array', items: { type: 'string' }, desc: 'Odd', optional: true },
        'text',
      ],
    },
    {
      name: 'a',
      inputSchema: {
        type: 'object',
        properties: {
          id: { type: 'string', description: 'Note id' },
          ['__proto__']: { type: 'array', items: { type: 'string' }, description: 'Odd' },
        },
      },
    },
  ],
  [
    'with a schema and annotations',
    { name: 'a', arguments: [], inputSchema: { type: 'object' }, annotations: { destructiveHint: true } },
    { name: 'a', inputSchema: { type: 'object' }, annotations: { destructiveHint: true } },
  ],
  ['that is no object', 'a', 'a'],
])('a declared tool %s', async (_, declared, wire) => {
  const found = await one(NOTES, [declared]);
  expect(JSON.stringify(found?.listing?.tools)).toBe(JSON.stringify([wire]));
});

test('what is broken costs itself only', async () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi']
    .map((key, index) => `${key}: &${key} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(',')}]`)
    .join('\n')}\nname: *i`;
  const { found, warnings } = await checkout({
    'README.md': '# Servers',
    'a-bomb/server.yaml': bomb,
    'b-deep/server.yaml': `name: ${'['.repeat(20_000)}`,
    'c-text/server.yaml': 'secret: "hunter2',
    'd-name/server.yaml': 'image: mcp/x',
    'e-empty/notes.txt': '',
    'e-large/server.yaml': `name: large\n#${'x'.repeat(2_000_000)}`,
    'f-tools/server.yaml': NOTES,
    'f-tools/tools.json': '{ "tools": [] }',
    'g-good/server.yaml': 'name: good',
  });
  expect(found.map(({ target }) => target.label)).toEqual(['mcp/acme-notes', 'mcp/good']);
  expect(warnings).toEqual([
    expect.stringMatching(/"a-bomb" was left out: .*alias/i),
    expect.stringMatching(/"b-deep" was left out/),
    expect.stringMatching(/"c-text" was left out/),
    expect.stringMatching(/"d-name" was left out: name is not as it should be/),
    expect.stringMatching(/"e-large" was left out: it is longer than/),
    expect.stringMatching(/declared for "f-tools" were left out: it is not a list/),
  ]);
  expect(warnings.join()).not.toContain('hunter2');
});

test('a folder without servers is refused', async () => {
  await expect(read(source, './registry', world())).rejects.toMatchObject({
    code: 'usage',
    message: 'The registry in "./registry" cannot be read: it has no folder "servers".',
  });
});
