import { expect, test } from 'vitest';
import { crawlFault } from '../../crawler/fault.ts';
import { listTools, type ToolPage } from '../../crawler/list-tools.ts';
import { tool } from '../fixtures/servers/serve.ts';

/** Gives the pages one after the other, each with a cursor to the next. */
function pages(...all: unknown[][]) {
  return async (cursor: string | undefined): Promise<ToolPage> => {
    const index = Number(cursor ?? 0);
    return { tools: all[index], ...(index + 1 < all.length && { nextCursor: String(index + 1) }) };
  };
}

const names = ({ tools }: { tools: { name: string }[] }) => tools.map(({ name }) => name);

test('positions run on over the pages', async () => {
  const listing = await listTools(pages([tool('a'), 5], [tool('b')]));
  expect(listing).toMatchObject({
    complete: true,
    tools: [{ position: 0 }, { position: 2 }],
    rejected: [{ position: 1, reason: 'is a number, not an object' }],
  });
});

test.each([
  ['more tools than are read', { entries: 2, pages: 9 }, ['a', 'b'], /longer than 2 tools/],
  ['more pages than are read', { entries: 9, pages: 1 }, ['a'], /more than 1 page;/],
])('%s make the listing partial', async (_name, limits, expected, warning) => {
  const listing = await listTools(pages([tool('a')], [tool('b'), tool('c')]), limits);
  expect({ complete: listing.complete, names: names(listing) }).toEqual({ complete: false, names: expected });
  expect(listing.warnings).toEqual([expect.stringMatching(warning)]);
});

test('exactly as many tools as are read is a whole listing', async () => {
  const listing = await listTools(pages([tool('a')], [tool('b')]), { entries: 2, pages: 2 });
  expect(listing).toMatchObject({ complete: true, warnings: [] });
});

test('a cursor that is no text ends the listing as partial', async () => {
  const listing = await listTools(async () => ({ tools: [tool('a')], nextCursor: 7 }));
  expect(listing).toMatchObject({
    complete: false,
    warnings: [expect.stringMatching(/cursor after page 1 is not text/)],
  });
});

test('an empty list says so', async () => {
  const listing = await listTools(pages([]));
  expect(listing).toMatchObject({
    complete: true,
    tools: [],
    warnings: ['The server answered with an empty list of tools.'],
  });
});

test('a stop is not taken for a lost page', async () => {
  const stopped = listTools(async (cursor) => {
    if (cursor !== undefined) throw crawlFault('aborted', 'was stopped');
    return { tools: [tool('a')], nextCursor: '1' };
  });
  await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
});

test('warnings are counted when there are too many', async () => {
  const odd = Array.from({ length: 150 }, (_, index) => tool(`t${index}`, { description: 1 }));
  const { warnings } = await listTools(pages(odd));
  expect(warnings).toHaveLength(100);
  expect(warnings.at(-1)).toBe('51 more warnings were left out.');
});

test('a name as long as a book does not get into a rejection', async () => {
  const listing = await listTools(pages([tool('n'.repeat(2_000_000))]));
  expect(listing.complete).toBe(false);
  expect(JSON.stringify(listing).length).toBeLessThan(1_000);
});
