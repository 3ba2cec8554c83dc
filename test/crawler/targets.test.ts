import { expect, test } from 'vitest';
import { isUsageError } from '../../crawler/fault.ts';
import { sources } from '../../crawler/sources/index.generated.ts';
import { targetsFor } from '../../crawler/targets.ts';
import { world } from './sources/deps.ts';

test('every source has an id, words for a person and an example that only it accepts', () => {
  for (const { id, title, summary, example, accepts } of sources) {
    expect({ id, title, summary }).toEqual({
      id,
      title: expect.stringMatching(/\w/),
      summary: expect.stringMatching(/\.$/),
    });
    const accepting = sources.filter((source) => source.accepts?.(example)).map((source) => source.id);
    // A source that only `crawl` uses may have an example that `scan` takes for something else.
    if (accepts) expect(accepting).toEqual([id]);
  }
  expect(sources.map(({ id }) => id)).toEqual([
    'captures',
    'client-config',
    'command',
    'docker-registry',
    'html-directory',
    'list',
    'mcp-registry',
    'npm',
    'url',
  ]);
});

test.each([
  ['npm:server', 'npm'],
  ['https://example.com/mcp', 'url'],
  ['-- my-server', 'command'],
])('%s comes from %s', async (ref, source) => {
  expect(await targetsFor(ref, world())).toMatchObject([{ target: { origin: { source } } }]);
});

test.each(['server', '@acme/server', 'ftp://example.com/', '', 'pypi:server'])(
  '"%s" is refused with the forms there are',
  async (ref) => {
    const error = await targetsFor(ref, world()).catch((reason: unknown) => reason);
    expect(isUsageError(error)).toBe(true);
    for (const { accepts, example } of sources) {
      if (accepts) expect(String(error)).toContain(example);
    }
  },
);
