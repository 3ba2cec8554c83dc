import { describe, expect, test } from 'vitest';
import type { SourcedTarget } from '../../../crawler/source.ts';
import { commandLineTarget, source } from '../../../crawler/sources/command.ts';
import { read, world } from './deps.ts';

describe('a command line', () => {
  test.each([
    [['node', './server.js', '--port', '1'], 'server.js'],
    [['uvx', 'mcp-server-git'], 'mcp-server-git'],
    [['uv', 'run', 'my-server'], 'my-server'],
    [['/opt/bin/my-server', 'x'], 'my-server'],
    [['docker', 'run', '-i', 'mcp/github'], 'docker'],
  ])('%j is called %s', (words, label) => {
    const { target } = commandLineTarget(words, world());
    expect(target).toMatchObject({
      label,
      transport: { command: words[0], args: words.slice(1), cwd: '/work/project' },
    });
    expect(target.id).toMatch(new RegExp(`^command:${label}-[0-9a-f]{8}$`));
  });

  test('that runs a package is the package', () => {
    expect(commandLineTarget(['npx', '--yes', '@acme/server@1.0.0', '--x'], world()).target).toEqual({
      id: 'npm:@acme/server',
      label: '@acme/server',
      transport: { kind: 'stdio', command: 'npx', args: ['-y', '@acme/server@1.0.0', '--x'], envNames: [] },
      origin: { source: 'command', ref: '-- npx @acme/server@1.0.0 --x', version: '1.0.0' },
    });
    const placed = commandLineTarget(['cmd', '/c', 'npx', '-y', '@acme/server', './docs'], world()).target;
    expect(placed).toMatchObject({ id: 'npm:@acme/server', transport: { cwd: '/work/project' } });
  });

  test('has an identity without secrets, and with the folder only where it matters', () => {
    const id = (words: string[], cwd = '/a') => commandLineTarget(words, world({}, { cwd })).target.id;
    expect(id(['uvx', 'server', '--token', 'one'])).toBe(id(['uvx', 'server', '--token', 'two']));
    expect(id(['uvx', 'server'], '/a')).toBe(id(['uvx', 'server'], '/b'));
    expect(id(['node', 'server.js'], '/a')).not.toBe(id(['node', 'server.js'], '/b'));
    expect(commandLineTarget(['x', '--token', 'one'], world()).target.origin.ref).toBe('-- x --token ***');
  });

  test('can be one text', async () => {
    const [sourced] = (await read(source, `-- node "my server.js" --name='a b' c`, world())) as [
      SourcedTarget,
    ];
    expect(sourced.target.transport).toMatchObject({
      command: 'node',
      args: ['my server.js', '--name=a b', 'c'],
    });
  });

  test('without a command is refused', async () => {
    expect(() => commandLineTarget([], world())).toThrow(/no command after --/);
    await expect(read(source, '--  ', world())).rejects.toMatchObject({ code: 'usage' });
  });
});
