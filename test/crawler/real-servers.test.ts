import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { crawl } from '../../crawler/crawl.ts';
import type { SourceDeps } from '../../crawler/source.ts';
import { targetsFor } from '../../crawler/targets.ts';
import { options, temporaryFolder } from './harness.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** What a client that can do everything declares; some servers list more tools for it. */
const everything = {
  roots: { listChanged: true },
  sampling: {},
  elicitation: { form: {}, url: {} },
  tasks: { list: {}, cancel: {}, requests: { sampling: { createMessage: {} }, elicitation: { create: {} } } },
};

const cases = [
  { name: '@modelcontextprotocol/server-everything', tools: 13 },
  { name: '@modelcontextprotocol/server-everything', clientCapabilities: everything, tools: 19 },
  { name: '@modelcontextprotocol/server-filesystem', args: ['.'], tools: 14 },
  { name: '@modelcontextprotocol/server-memory', tools: 9 },
  { name: '@playwright/mcp', tools: 25 },
  {
    name: '@playwright/mcp',
    args: ['--caps=vision,pdf,testing,storage,network,devtools,tracing,config'],
    tools: 72,
  },
];

describe('a real server, installed with the project', () => {
  test.each(cases)('$name lists $tools tools', async ({ name, args = [], clientCapabilities, tools }) => {
    const [sourced] = await targetsFor(`npm:${name}`, deps({ args }));
    if (!sourced) throw new Error('the reference names no target');
    const more = clientCapabilities ? { clientCapabilities } : {};
    const result = await crawl(sourced.target, options(folder.path, more));

    const { version } = JSON.parse(readFileSync(join('node_modules', name, 'package.json'), 'utf8'));
    expect(result).toMatchObject({
      status: 'complete',
      rejected: [],
      warnings: [],
      target: {
        id: `npm:${name}`,
        label: name,
        transport: { command: 'npx', args: ['-y', `${name}@${version}`, ...args] },
        origin: { source: 'npm', ref: `npm:${name}`, version },
      },
      context: { args, clientCapabilities: clientCapabilities ?? {}, protocolVersion: '2025-11-25' },
    });
    expect(result.status !== 'failed' && result.tools.length).toBe(tools);
    // Nothing of this machine is in what gets stored.
    expect(JSON.stringify(result)).not.toContain(folder.path);
    expect(JSON.stringify(result.target)).not.toContain(process.cwd());
  });
});

function deps(more: Partial<SourceDeps>): SourceDeps {
  return {
    cwd: process.cwd(),
    home: folder.path,
    platform: process.platform,
    environment: process.env,
    args: [],
    envNames: [],
    headers: {},
    readFile: async () => '',
    async *readLines() {},
    readFolder: async () => [],
    fetch: globalThis.fetch,
    wait: async () => {},
    now: () => new Date(),
    saveState: async () => {},
    warn: () => {},
    ...more,
  };
}
