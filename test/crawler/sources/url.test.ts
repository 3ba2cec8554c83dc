import { expect, test } from 'vitest';
import { source } from '../../../crawler/sources/url.ts';
import { read, world } from './deps.ts';

test.each([
  ['https://MCP.example.com/mcp', 'https://mcp.example.com/mcp', 'mcp.example.com/mcp'],
  ['http://localhost:3000', 'http://localhost:3000/', 'localhost:3000'],
  [
    'https://example.com/mcp?token=abc&x=1#top',
    'https://example.com/mcp?token=***&x=1',
    'example.com/mcp?token=***&x=1',
  ],
])('%s', async (ref, id, label) => {
  expect(source.accepts?.(ref)).toBe(true);
  const [sourced] = await read(source, ref, world());
  expect(sourced?.target).toMatchObject({ id, label, transport: { kind: 'http', headerNames: [] } });
});

test('headers go beside the target, and so does user information', async () => {
  const [sourced] = await read(
    source,
    'https://me:pw@example.com/mcp',
    world({}, { headers: { 'X-Team': 'a' } }),
  );
  expect(sourced?.headers).toEqual({ Authorization: `Basic ${btoa('me:pw')}`, 'X-Team': 'a' });
  expect(sourced?.target).toEqual({
    id: 'https://example.com/mcp',
    label: 'example.com/mcp',
    transport: { kind: 'http', url: 'https://example.com/mcp', headerNames: ['Authorization', 'X-Team'] },
    origin: { source: 'url', ref: 'https://***@example.com/mcp' },
  });
});

test('an address that is none is refused, without its secrets', async () => {
  const attempt = read(source, 'https://user:topsecret@:99999/', world());
  await expect(attempt).rejects.toMatchObject({
    code: 'usage',
    message: expect.not.stringContaining('topsecret'),
  });
});
