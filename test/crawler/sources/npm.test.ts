import { expect, test } from 'vitest';
import { source } from '../../../crawler/sources/npm.ts';
import { read, world } from './deps.ts';

test.each([
  ['npm:server', 'server', ['-y', 'server'], undefined],
  ['npm:server@1.2.3', 'server', ['-y', 'server@1.2.3'], '1.2.3'],
  ['npm:@acme/server', '@acme/server', ['-y', '@acme/server'], undefined],
  ['npm:@acme/server@2.0.0-beta.1', '@acme/server', ['-y', '@acme/server@2.0.0-beta.1'], '2.0.0-beta.1'],
  ['npm:@acme/server@latest', '@acme/server', ['-y', '@acme/server@latest'], undefined],
  ['npm:@acme/server@^1.2', '@acme/server', ['-y', '@acme/server@^1.2'], undefined],
])('%s', async (ref, name, args, version) => {
  expect(source.accepts?.(ref)).toBe(true);
  expect(await read(source, ref, world())).toEqual([
    {
      target: {
        id: `npm:${name}`,
        label: name,
        transport: { kind: 'stdio', command: 'npx', args, envNames: [] },
        origin: { source: 'npm', ref, ...(version && { version }) },
      },
    },
  ]);
});

test('extra arguments and variables are passed on', async () => {
  const [sourced] = await read(source, 'npm:server', world({}, { args: ['--a', 'b'], envNames: ['Z', 'A'] }));
  expect(sourced?.target.transport).toMatchObject({
    args: ['-y', 'server', '--a', 'b'],
    envNames: ['A', 'Z'],
  });
});

test.each(['npm:', 'npm:@acme', 'npm:a b', 'npm:../x', 'npm:https://example.com/x.tgz', 'npm:-y'])(
  '%s is refused',
  async (ref) => {
    await expect(read(source, ref, world())).rejects.toMatchObject({ name: 'UsageError', code: 'usage' });
  },
);
