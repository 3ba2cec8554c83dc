import { expect, test } from 'vitest';
import { source } from '../../../crawler/sources/list.ts';
import { read, world } from './deps.ts';

const ref = './servers.txt';
const path = '/work/project/servers.txt';

test('references and JSON lines are read, and a bad line costs itself only', async () => {
  const stored = {
    id: 'npm:kept',
    label: 'kept',
    transport: { kind: 'stdio', command: 'npx', args: ['-y', 'kept'], envNames: [] },
    origin: { source: 'npm', ref: 'npm:kept' },
  };
  const lines = [
    '# my servers',
    '',
    'npm:@acme/notes-mcp@2.0.1',
    'https://mcp.acme.example/mcp',
    '-- node "my server.js"',
    '{"ref":"npm:x","args":["--all"],"env":["TOKEN"]}',
    JSON.stringify({ target: stored }),
    './.mcp.json',
    'what is this',
    '{"ref":"npm:y","env":["UNSET"]}',
    '{"ref":"npm:z"',
    '{"target":{"id":"x"}}',
    ref,
    'npm:last',
  ];
  const deps = world(
    {
      [path]: lines.join('\r\n'),
      '/work/project/.mcp.json': '{"mcpServers":{"a":{"command":"a-server"},"b":{"command":"b-server"}}}',
    },
    { environment: { TOKEN: 't-secret' }, args: ['--extra'] },
  );
  const found = await read(source, ref, deps);
  expect(found.map(({ target }) => target.label)).toEqual([
    '@acme/notes-mcp',
    'mcp.acme.example/mcp',
    'my server.js',
    'x',
    'kept',
    'a',
    'b',
    'last',
  ]);
  expect(found[3]?.target.transport).toMatchObject({
    args: ['-y', 'x', '--all', '--extra'],
    envNames: ['TOKEN'],
  });
  expect(JSON.stringify(found)).not.toContain('t-secret');
  expect(deps.warnings.filter((warning) => warning.startsWith('Line'))).toEqual([
    expect.stringMatching(/^Line 9 of "servers\.txt" was left out: .*names no server/),
    expect.stringMatching(/^Line 10 .* UNSET is not set/),
    expect.stringMatching(/^Line 11 .* neither/),
    expect.stringMatching(/^Line 12 .* neither/),
    expect.stringMatching(/^Line 13 .* this list itself/),
  ]);
});

test('a list that is not there is refused', async () => {
  await expect(read(source, ref, world())).rejects.toMatchObject({
    code: 'usage',
    message: 'The list "./servers.txt" cannot be read: there is no such file.',
  });
});
