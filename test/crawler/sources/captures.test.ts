import { expect, test } from 'vitest';
import { source } from '../../../crawler/sources/captures.ts';
import { read, world } from './deps.ts';

const ref = './captures.jsonl';

async function capture(...lines: unknown[]) {
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  const deps = world({ '/work/project/captures.jsonl': text });
  return { found: await read(source, ref, deps), warnings: deps.warnings };
}

test('a capture of a package has its identity and its listing', async () => {
  const tools = [{ name: 'list_notes', inputSchema: { type: 'object' } }, 'odd'];
  const { found, warnings } = await capture({
    package: '@acme/notes-mcp',
    version: '2.0.1',
    args: ['--root', '.', '--token', 'hunter2'],
    env: { NOTES_TOKEN: 'n-secret' },
    serverInfo: { name: 'notes', version: 'x'.repeat(5_000), more: 1 },
    instructions: 'Use list_notes first.',
    protocolVersion: '2025-11-25',
    clientCapabilities: { roots: {} },
    tools,
  });
  expect(warnings).toEqual([]);
  expect(found).toEqual([
    {
      target: {
        id: 'npm:@acme/notes-mcp',
        label: '@acme/notes-mcp',
        transport: {
          kind: 'stdio',
          command: 'npx',
          args: ['-y', '@acme/notes-mcp@2.0.1', '--root', '.', '--token', '***'],
          envNames: ['NOTES_TOKEN'],
        },
        origin: { source: 'captures', ref: 'captures.jsonl#@acme/notes-mcp', version: '2.0.1' },
      },
      listing: {
        provenance: 'observed',
        tools,
        serverInfo: { name: 'notes', version: expect.stringMatching(/^x{300}…$/) },
        instructions: 'Use list_notes first.',
        protocolVersion: '2025-11-25',
        clientCapabilities: { roots: {} },
      },
    },
  ]);
  expect(JSON.stringify(found)).not.toContain('n-secret');
});

test('a server without a package is known by its name or address', async () => {
  const { found } = await capture(
    { server: 'Acme', tools: [] },
    { server: 'https://mcp.acme.example/mcp?token=abc', tools: [] },
  );
  expect(found.map(({ target }) => target)).toMatchObject([
    { id: 'captures:Acme', label: 'Acme', transport: { command: '' } },
    {
      id: 'https://mcp.acme.example/mcp?token=***',
      transport: { url: 'https://mcp.acme.example/mcp?token=***' },
    },
  ]);
});

test('a malformed line costs itself only', async () => {
  const { found, warnings } = await capture(
    '{"package": "half',
    { package: 'good', tools: [] },
    { tools: [] },
    { package: 'none' },
    { package: '../x', tools: [] },
    { package: 'last', tools: [] },
  );
  expect(found.map(({ target }) => target.id)).toEqual(['npm:good', 'npm:last']);
  expect(warnings).toEqual([
    'Line 1 of "captures.jsonl" was left out: it is not JSON.',
    'Line 3 of "captures.jsonl" was left out: it has neither a package nor a server.',
    expect.stringMatching(/^Line 4 .* tools is not as it should be/),
    'Line 5 of "captures.jsonl" was left out: "../x" is no package.',
  ]);
});

test('a file that breaks off in its middle is an error, after what could be read', async () => {
  const deps = world(
    {},
    {
      async *readLines() {
        yield '{"package":"good","tools":[]}';
        throw new Error('unexpected end of file');
      },
    },
  );
  const targets = source.targets('./captures.jsonl.gz', deps)[Symbol.asyncIterator]();
  expect(await targets.next()).toMatchObject({ value: { target: { id: 'npm:good' } } });
  await expect(targets.next()).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('unexpected end of file'),
  });
});
