import { describe, expect, it, test } from 'vitest';
import type { ServerBrief } from '../../site/brief.ts';
import { type ComparedServer, type Comparison, compareServers } from '../../site/compare/compare.ts';
import { serverBriefPath, serverJsonPath } from '../../site/links.ts';
import { ServerTwin } from '../../site/published.ts';
import { type GivenServer, siteOf } from './view.ts';

const LISTS = { name: 'list_files', description: 'Lists the files.', inputSchema: { type: 'object' } };
const FETCH = {
  name: 'fetch_url',
  description: 'Fetches the page at a URL.',
  inputSchema: { type: 'object', properties: { url: { type: 'string' } }, required: ['url'] },
};
const SENDS = {
  name: 'send_email',
  description: 'Sends an email to any address.',
  inputSchema: { type: 'object' },
};

const FIRST: GivenServer = {
  label: 'first',
  tools: [
    LISTS,
    FETCH,
    SENDS,
    { name: 'read_inbox', description: 'Reads the emails of the inbox.', inputSchema: { type: 'object' } },
    { name: 'records', description: 'Lists the records.', inputSchema: { type: 'object' } },
  ],
};
const SECOND: GivenServer = {
  label: 'second',
  tools: [
    LISTS,
    { ...FETCH, inputSchema: { type: 'object' } },
    { name: 'records', description: 'Deletes all records permanently.', inputSchema: { type: 'object' } },
    { name: 'records', description: 'Counts the records.', inputSchema: { type: 'object' } },
    { name: '__proto__', description: 'Lists things.', inputSchema: { type: 'object' } },
  ],
};

/** Two servers as the page reads them: from the files of the site. */
async function compared(a: GivenServer, b: GivenServer): Promise<Comparison> {
  const site = await siteOf(a === b ? [a] : [a, b]);
  const read = ({ label }: GivenServer): ComparedServer => {
    const brief: ServerBrief = JSON.parse(site.get(serverBriefPath({ slug: label })) ?? '');
    return { twin: ServerTwin.parse(JSON.parse(site.get(serverJsonPath({ slug: label })) ?? '')), brief };
  };
  return compareServers(read(a), read(b));
}

describe('two servers', async () => {
  const found = await compared(FIRST, SECOND);

  it('are counted', () => {
    expect(found.tools).toEqual({ a: 5, b: 5 });
    expect(found.names).toEqual({ a: 5, b: 4 });
    expect(found.destructive).toEqual({ a: 0, b: 1 });
    expect(found.risks.map(({ risk }) => risk)).toEqual(['critical', 'high', 'medium', 'low']);
    for (const side of ['a', 'b'] as const) {
      expect(found.risks.reduce((sum, each) => sum + each[side], 0)).toBe(5);
      expect(found.categories.reduce((sum, each) => sum + each[side], 0)).toBe(5);
      expect(found.tokens[side]).toBeGreaterThan(0);
    }
  });

  it('have each tool once: under a shared name, or on one side', () => {
    expect(found.shared.map(({ name }) => name).sort()).toEqual(['fetch_url', 'list_files', 'records']);
    expect(found.onlyA.map(({ name }) => name).sort()).toEqual(['read_inbox', 'send_email']);
    expect(found.onlyB.map(({ name }) => name)).toEqual(['__proto__']);
  });

  test.each([
    ['records', false, 'stricter', 'allow', 'ask'],
    ['fetch_url', true, 'looser', 'arguments checked', 'allow'],
    ['list_files', true, 'same', 'allow', 'allow'],
  ])('%s: same verdict %s, the second policy is %s', (name, same, direction, a, b) => {
    const shared = found.shared.find((each) => each.name === name);
    expect(shared).toMatchObject({ same, policy: { direction } });
    expect(shared?.policy.a).toContain(a);
    expect(shared?.policy.b).toContain(b);
  });

  it('of tools that share a name on one server, show the riskiest', () => {
    expect(found.shared.find(({ name }) => name === 'records')?.b.risk).toBe('critical');
  });

  it('say who has which combination', () => {
    expect(found.combinations.find(({ id }) => id === 'lethal-trifecta')).toMatchObject({
      a: true,
      b: false,
    });
  });

  it('count each signal on both sides', () => {
    const url = found.signals.find(({ id }) => id === 'url-input');
    expect(url).toEqual({ id: 'url-input', a: 1, b: 0 });
  });
});

it('a server is the same as itself', async () => {
  const found = await compared(FIRST, FIRST);
  expect(found.shared.every(({ same, policy }) => same && policy.direction === 'same')).toBe(true);
  expect([...found.onlyA, ...found.onlyB]).toEqual([]);
});
