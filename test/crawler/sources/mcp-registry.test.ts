import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { SourceDeps } from '../../../crawler/source.ts';
import { source } from '../../../crawler/sources/mcp-registry.ts';
import { read, serve, world } from './deps.ts';

const OFFICIAL = 'io.modelcontextprotocol.registry/official';

/** An entry as the registry wraps it today. */
function entry(server: Record<string, unknown>, official: Record<string, unknown> = {}) {
  return {
    server: { name: 'io.github.acme/notes', description: 'Notes', version: '2.0.1', ...server },
    _meta: {
      [OFFICIAL]: { status: 'active', updatedAt: '2025-12-01T10:00:00Z', isLatest: true, ...official },
    },
  };
}

function npm(more: Record<string, unknown> = {}) {
  return {
    registryType: 'npm',
    identifier: '@acme/notes-mcp',
    version: '2.0.1',
    transport: { type: 'stdio' },
    ...more,
  };
}

/** A registry that answers with these pages in turn, and what it was asked. */
async function registry(...answers: ((response: ServerResponse, request: IncomingMessage) => void)[]) {
  const asked: URL[] = [];
  const base = await serve((request, response) => {
    asked.push(new URL(request.url ?? '', 'http://registry.test'));
    const answer = answers[Math.min(asked.length, answers.length) - 1];
    answer?.(response, request);
  });
  return { base, asked };
}

function page(servers: unknown[], nextCursor?: string) {
  return (response: ServerResponse) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ servers, metadata: { nextCursor, count: servers.length } }));
  };
}

function status(code: number, headers: Record<string, string> = {}) {
  return (response: ServerResponse) => response.writeHead(code, headers).end('{"error":"no"}');
}

async function crawlPages(
  answers: Parameters<typeof registry>,
  more: Partial<SourceDeps> | ((base: string) => Partial<SourceDeps>) = {},
) {
  const { base, asked } = await registry(...answers);
  const deps = world({}, { fetch: globalThis.fetch, ...(typeof more === 'function' ? more(base) : more) });
  const found = await read(source, base, deps).catch((error: unknown) => error as Error);
  return { found, base, asked, deps };
}

/** The one target of one entry. */
async function one(value: unknown, more: Partial<SourceDeps> = {}) {
  const { found, deps } = await crawlPages([page([value])], more);
  expect(deps.warnings).toEqual([]);
  expect(found).toHaveLength(1);
  return (found as Awaited<ReturnType<typeof read>>)[0];
}

describe('the pages', () => {
  test('are read to the last one, with the cursor handed back as it was', async () => {
    const cursor = 'com.example/my server:1.0.0&x=1';
    const { found, asked, deps, base } = await crawlPages([
      page([entry({ packages: [npm()] })], cursor),
      page(
        [
          entry(
            { remotes: [{ type: 'sse', url: 'https://a.example/sse' }] },
            { updatedAt: '2026-01-01T00:00:00Z' },
          ),
        ],
        '',
      ),
    ]);
    expect(found).toMatchObject([
      { target: { id: 'npm:@acme/notes-mcp', origin: { ref: 'io.github.acme/notes', version: '2.0.1' } } },
      { target: { id: 'https://a.example/sse', origin: { source: 'mcp-registry' } } },
    ]);
    expect(asked.map(({ pathname }) => pathname)).toEqual(['/v0.1/servers', '/v0.1/servers']);
    expect(Object.fromEntries(asked[0]?.searchParams ?? [])).toEqual({ limit: '100', version: 'latest' });
    expect(asked[1]?.searchParams.get('cursor')).toBe(cursor);
    expect(deps.kept).toEqual([{ base, updatedSince: '2026-01-01T00:00:00.000Z' }]);
  });

  test('after the first run are what changed, with what was taken out', async () => {
    const updatedSince = '2025-12-01T00:00:00.000Z';
    const gone = {
      status: 'deleted',
      statusChangedAt: '2025-12-24T08:00:00Z',
      updatedAt: '9999-01-01T00:00:00Z',
    };
    const { found, asked, deps, base } = await crawlPages(
      [page([entry({ packages: [npm()] }, gone)])],
      (base) => ({
        state: { base, updatedSince },
      }),
    );
    expect(asked[0]?.searchParams.get('updated_since')).toBe(updatedSince);
    expect(found).toMatchObject([
      {
        target: { id: 'npm:@acme/notes-mcp' },
        failure: {
          code: 'not-found',
          message: '@acme/notes-mcp was taken out of the registry on 2025-12-24.',
        },
      },
    ]);
    // A time in the future would hide all changes until then.
    expect(deps.kept).toEqual([{ base, updatedSince: '2026-01-02T03:04:05.000Z' }]);
  });

  test.each([
    ['another registry', { base: 'https://other.example', updatedSince: '2025-12-01T00:00:00Z' }],
    ['nothing that can be read', 'yesterday'],
  ])('are all of them when the state is of %s', async (_, state) => {
    const { asked } = await crawlPages([page([])], { state });
    expect(asked[0]?.searchParams.has('updated_since')).toBe(false);
  });

  test('that follow themselves are an error, and nothing is kept', async () => {
    const { found, deps } = await crawlPages([page([entry({ packages: [npm()] })], 'again')]);
    expect(found).toMatchObject({ code: 'usage', message: expect.stringContaining('the same cursor twice') });
    expect(deps.kept).toEqual([]);
  });

  test('lose only what is malformed', async () => {
    const { found, deps } = await crawlPages([
      page([
        'text',
        { server: { name: 7 } },
        entry({ name: 'io.github.acme/broken', packages: 'none' }),
        entry({ packages: [npm()] }),
        entry({ version: '1.0.0', packages: [npm({ version: '1.0.0' })] }, { isLatest: false }),
      ]),
    ]);
    expect(found).toHaveLength(1);
    expect(deps.warnings).toEqual([
      expect.stringContaining('an entry is not an object'),
      expect.stringContaining('an entry without a name: name'),
      expect.stringContaining('"io.github.acme/broken": packages'),
    ]);
  });
});

describe('an outage', () => {
  test('that passes is waited for, as long as the registry asks', async () => {
    const { found, deps } = await crawlPages([
      status(503),
      status(429, { 'retry-after': '7' }),
      status(429, { 'retry-after': '86400' }),
      page([entry({ packages: [npm()] })]),
    ]);
    expect(found).toHaveLength(1);
    expect(deps.waits).toEqual([1_000, 7_000, 60_000]);
  });

  test.each([
    ['it answered 503, 4 times', [status(503)]],
    ['it answered 404', [status(404)]],
    ['not a list of servers', [(response: ServerResponse) => response.end('<html>Welcome</html>')]],
    ['not a list of servers', [(response: ServerResponse) => response.end('{}')]],
    ['it redirects to https://elsewhere.example', [status(302, { location: 'https://elsewhere.example/' })]],
    ['it redirects more than', [status(302, { location: '/v0.1/servers' })]],
    ['answered with more than', [(response: ServerResponse) => response.end('x'.repeat(9_000_000))]],
    ['it cannot be reached', [(response: ServerResponse) => response.destroy()]],
    ['it answered 500, 4 times', [page([entry({ packages: [npm()] })], 'next'), status(500)]],
  ])('%s: an error, never an empty list', async (reason, answers) => {
    const { found, deps } = await crawlPages(answers as Parameters<typeof registry>);
    expect(found).toMatchObject({ code: 'usage', message: expect.stringContaining(reason) });
    expect(deps.kept).toEqual([]);
  });

  test.each(['registry', 'ftp://registry.example', 'https://user:pw@registry.example'])(
    'is not what is wrong with %s',
    async (ref) => {
      await expect(read(source, ref, world())).rejects.toMatchObject({ code: 'usage' });
    },
  );
});

describe('a generation of server.json', () => {
  const described = {
    target: {
      id: 'npm:@acme/notes-mcp',
      transport: {
        command: 'npx',
        args: ['-y', '@acme/notes-mcp@2.0.1', '--mode', 'read'],
        envNames: ['REGION'],
      },
      origin: { source: 'mcp-registry', ref: 'io.github.acme/notes', version: '2.0.1' },
    },
    envValues: { REGION: 'eu' },
  };
  test.each([
    [
      'of today',
      entry({
        packages: [
          npm({
            runtimeHint: 'npx',
            runtimeArguments: [{ type: 'positional', value: '-y' }],
            packageArguments: [{ type: 'named', name: '--mode', default: 'read' }],
            environmentVariables: [{ name: 'REGION', default: 'eu' }, { name: 'DEBUG' }],
          }),
        ],
      }),
    ],
    [
      'of July 2025, bare',
      {
        name: 'io.github.acme/notes',
        status: 'active',
        version_detail: { version: '2.0.1' },
        packages: [
          {
            registry_type: 'npm',
            identifier: '@acme/notes-mcp',
            version: '2.0.1',
            package_arguments: [{ type: 'named', name: '--mode', value: 'read', is_required: true }],
            environment_variables: [{ name: 'REGION', value: 'eu', is_secret: false }],
          },
        ],
        _meta: { [OFFICIAL]: { id: '1', is_latest: true, updated_at: '2025-07-10T00:00:00Z' } },
      },
    ],
    [
      'older still',
      {
        name: 'io.github.acme/notes',
        version_detail: { version: '2.0.1' },
        packages: [
          {
            registry_name: 'npm',
            name: '@acme/notes-mcp',
            version: '2.0.1',
            package_arguments: [{ type: 'named', name: '--mode', value: 'read' }],
            environment_variables: [{ name: 'REGION', default: 'eu' }],
          },
        ],
      },
    ],
  ])('%s is read', async (_, value) => {
    expect(await one(value)).toMatchObject(described);
  });

  test.each(['transport_type', 'transportType', 'type'])('has a remote with %s', async (key) => {
    const found = await one({
      name: 'a/b',
      remotes: [{ [key]: 'streamable-http', url: 'https://a.example/mcp' }],
    });
    expect(found).toMatchObject({ target: { id: 'https://a.example/mcp' } });
  });
});

describe('a package', () => {
  test.each([
    [
      { registryType: 'pypi', identifier: 'Acme_Notes', version: '1.2.0' },
      { id: 'pypi:acme-notes', transport: { command: 'uvx', args: ['Acme_Notes@1.2.0'] } },
    ],
    [
      {
        registryType: 'oci',
        identifier: 'docker.io/acme/notes:1.2.0',
        environmentVariables: [{ name: 'A', value: '1' }],
      },
      {
        id: 'oci:acme/notes',
        transport: {
          command: 'docker',
          args: ['run', '-i', '--rm', '-e', 'A', 'docker.io/acme/notes:1.2.0'],
        },
      },
    ],
    [
      {
        registryType: 'oci',
        identifier: 'acme/notes',
        version: '1',
        registryBaseUrl: 'https://images.example',
      },
      {
        id: 'oci:images.example/acme/notes',
        transport: { args: ['run', '-i', '--rm', 'images.example/acme/notes:1'] },
      },
    ],
  ])('%j is started', async (pack, target) => {
    const found = await one(entry({ packages: [pack] }));
    expect(found).toMatchObject({ target });
    expect(found?.failure).toBeUndefined();
  });

  test.each([
    ['mcpb', { registryType: 'mcpb', identifier: 'https://a.example/x.mcpb' }, 'blocked', /MCP bundle/],
    ['nuget', { registryType: 'nuget', identifier: 'Acme.Notes', version: '1.0.0' }, 'blocked', /\.NET/],
    ['cargo', { registryType: 'cargo', identifier: 'acme-notes' }, 'blocked', /crate/],
    ['of a kind unknown', { registryType: 'rm', identifier: '-rf' }, 'blocked', /"rm", which is not run/],
    [
      'that listens',
      npm({ transport: { type: 'streamable-http', url: 'http://localhost' } }),
      'blocked',
      /listens/,
    ],
    [
      'of its own registry',
      npm({ registryBaseUrl: 'https://npm.acme.example' }),
      'blocked',
      /npm\.acme\.example/,
    ],
    [
      'that runs another',
      npm({ runtimeArguments: [{ type: 'named', name: '--package', value: 'evil' }] }),
      'blocked',
      /evil/,
    ],
    [
      'that wants this machine',
      {
        registryType: 'oci',
        identifier: 'acme/x:1',
        runtimeArguments: [{ type: 'named', name: '-v', value: '/:/host' }],
      },
      'blocked',
      /\/:\/host/,
    ],
    [
      'that is an option',
      { registryType: 'oci', identifier: '--privileged' },
      'not-found',
      /no container image/,
    ],
    ['without a name', npm({ identifier: '../x' }), 'not-found', /no npm package/],
  ])('%s is not started, and the reason is told', async (_, pack, code, message) => {
    const found = await one(entry({ packages: [pack] }));
    expect(found?.failure).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(found?.target.transport).not.toMatchObject({ command: 'rm' });
  });

  test('that needs what only its user has says so by name', async () => {
    const pack = npm({
      packageArguments: [
        { type: 'named', name: '--root', isRequired: true },
        { type: 'positional', valueHint: 'mode' },
        { type: 'named', name: '--stdio', value: '' },
      ],
      environmentVariables: [{ name: 'NOTES_TOKEN', isRequired: true, isSecret: true }, { name: 'DEBUG' }],
    });
    const found = await one(entry({ packages: [pack] }), { environment: { NOTES_TOKEN: 'mine' } });
    expect(found?.failure).toEqual({
      code: 'needs-configuration',
      message: '@acme/notes-mcp needs a value for "--root", "NOTES_TOKEN".',
    });
    expect(found?.target.transport).toMatchObject({
      args: ['-y', '@acme/notes-mcp@2.0.1', '--stdio'],
      envNames: [],
    });
  });

  test('gets a variable of ours only when the user passes it on', async () => {
    const pack = npm({ environmentVariables: [{ name: 'NOTES_TOKEN', isRequired: true, isSecret: true }] });
    const found = await one(entry({ packages: [pack] }), {
      environment: { NOTES_TOKEN: 'mine', OTHER: 'x' },
      envNames: ['NOTES_TOKEN', 'OTHER'],
    });
    expect(found).toMatchObject({ target: { transport: { envNames: ['NOTES_TOKEN'] } } });
    expect(JSON.stringify(found)).not.toContain('mine');
  });

  test('does not decide from where its runtime loads', async () => {
    const names = [
      'NPM_CONFIG_REGISTRY',
      'npm_config_registry',
      'NODE_OPTIONS',
      'LD_PRELOAD',
      'PATH',
      'HTTPS_PROXY',
    ];
    const pack = npm({ environmentVariables: names.map((name) => ({ name, value: 'evil' })) });
    expect(await one(entry({ packages: [pack] }))).toMatchObject({ target: { transport: { envNames: [] } } });
  });
});

describe('a remote', () => {
  const remote = (more: Record<string, unknown> = {}) => ({
    type: 'streamable-http',
    url: 'https://a.example/mcp',
    ...more,
  });
  const token = {
    name: 'Authorization',
    value: 'Bearer {token}',
    isRequired: true,
    variables: { token: { isSecret: true } },
  };

  test('is filled in from fixed values and defaults', async () => {
    const found = await one(
      entry({
        remotes: [
          remote({
            url: 'https://{region}.a.example/mcp',
            variables: { region: { default: 'eu' } },
            headers: [
              { name: 'X-Plan', value: 'free-{n}', variables: { n: { default: 1 } } },
              { name: 'X-Optional', isSecret: true },
            ],
          }),
        ],
      }),
    );
    expect(found).toEqual({
      target: expect.objectContaining({
        id: 'https://eu.a.example/mcp',
        transport: { kind: 'http', url: 'https://eu.a.example/mcp', headerNames: ['X-Plan'] },
      }),
      headers: { 'X-Plan': 'free-1' },
    });
  });

  test.each([
    ['a header', remote({ headers: [token] }), '"token"'],
    ['a variable in its host', remote({ url: 'https://{tenant}.a.example/mcp' }), '"tenant"'],
    ['a variable in its path', remote({ url: '{baseUrl}/mcp' }), '"baseUrl"'],
  ])('that needs %s says so', async (_, value, name) => {
    const found = await one(entry({ remotes: [value] }));
    expect(found?.failure).toMatchObject({
      code: 'needs-configuration',
      message: expect.stringContaining(name),
    });
  });

  test.each([
    ['a remote that needs nothing', [remote()], [npm()], 'https://a.example/mcp'],
    [
      'the package when the remote needs a token',
      [remote({ headers: [token] })],
      [npm()],
      'npm:@acme/notes-mcp',
    ],
    ['npm before others', [], [{ registryType: 'pypi', identifier: 'notes' }, npm()], 'npm:@acme/notes-mcp'],
    [
      'what can be started',
      [],
      [{ registryType: 'pypi', identifier: 'notes' }, npm({ transport: { type: 'sse' } })],
      'pypi:notes',
    ],
    [
      'streamable HTTP before SSE',
      [{ type: 'sse', url: 'https://a.example/sse' }, remote()],
      [],
      'https://a.example/mcp',
    ],
    ['nothing where there is nothing', [], [], 'mcp-registry:io.github.acme/notes'],
  ])('or package: one target, %s', async (_, remotes, packages, id) => {
    expect(await one(entry({ remotes, packages }))).toMatchObject({ target: { id } });
  });
});
