import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, expect, test } from 'vitest';
import { crawl } from '../../crawler/crawl.ts';
import { npxCommand } from '../../crawler/package-spec.ts';
import { fakeTarget, options, temporaryFolder } from './harness.ts';
import { sandboxOr } from './sandboxes.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const bubblewrap = await sandboxOr('bubblewrap', join(folder.path, 'probe'));

/** What a client that can do everything declares; some servers list more tools for it. */
const everything = {
  roots: { listChanged: true },
  sampling: {},
  elicitation: { form: {}, url: {} },
  tasks: { list: {}, cancel: {}, requests: { sampling: { createMessage: {} }, elicitation: { create: {} } } },
};

test.for([
  { name: '@modelcontextprotocol/server-everything', args: [], clientCapabilities: everything, tools: 19 },
  { name: '@modelcontextprotocol/server-filesystem', args: ['.'], tools: 14 },
  { name: '@modelcontextprotocol/server-filesystem', args: [folder.path], tools: 14 },
  { name: '@modelcontextprotocol/server-memory', args: [], tools: 9 },
  {
    name: '@playwright/mcp',
    args: ['--caps=vision,pdf,testing,storage,network,devtools,tracing,config'],
    tools: 72,
  },
])('$name lists $tools tools in bubblewrap', async ({ name, args, tools, ...more }, ctx) => {
  if (typeof bubblewrap === 'string') return ctx.skip(bubblewrap);
  const transport = {
    kind: 'stdio' as const,
    ...npxCommand({ name, version: undefined }, args),
    envNames: [],
  };
  const target = { id: `npm:${name}`, label: name, transport, origin: { source: 'npm', ref: `npm:${name}` } };
  const result = await crawl(target, options(folder.path, { ...more, sandbox: bubblewrap }));
  expect(result).toMatchObject({ status: 'complete', context: { isolation: 'bubblewrap' } });
  expect(result.status !== 'failed' && result.tools.length).toBe(tools);
});

test('a server that tries to get out of bubblewrap gets nowhere', async (ctx) => {
  if (typeof bubblewrap === 'string') return ctx.skip(bubblewrap);
  const home = join(folder.path, 'home');
  mkdirSync(home);
  writeFileSync(join(home, 'secret'), 'secret');
  const marker = `escaped-${process.pid}`;
  let connections = 0;
  const listener = createServer(() => connections++);
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  try {
    const target = fakeTarget('escapes', String(port), { args: [home, marker] });
    const environment = { ...process.env, HOME: home, OUR_OWN: 'x' };
    const result = await crawl(target, options(folder.path, { environment, sandbox: bubblewrap }));

    if (result.status === 'failed') throw new Error(JSON.stringify(result));
    const told = Object.fromEntries(result.tools.map(({ name, description = '' }) => [name, description]));
    expect(told).toMatchObject({
      network: 'failed: ECONNREFUSED',
      // The home exists, because an argument names it, and is empty.
      home: 'managed: ',
      // One made-up line.
      passwd: 'managed: 2',
      shadow: 'failed: ENOENT',
      scratch: 'managed: undefined',
      user: 'managed: 65534',
    });
    expect(told.write).not.toContain('managed');
    expect(readdirSync(home)).toEqual(['secret']);
    expect(told.variables).not.toContain('OUR_OWN');
    expect(Number(told.processes?.replace('managed: ', ''))).toBeLessThan(10);
    expect(Number(told.memory)).toBeLessThan(1024);
    expect(Number(told.disk)).toBeLessThanOrEqual(256);
    expect(Number(told.forks)).toBeLessThan(128);
    // Enough of them to show that some were there to be ended.
    expect(Number(told.forks)).toBeGreaterThan(10);
    expect({ connections, left: processesNamed(marker) }).toEqual({ connections: 0, left: [] });
    expect(result.warnings).toEqual([]);
    expect(readdirSync(join(folder.path, 'scratch'))).toEqual([]);
  } finally {
    listener.close();
  }
});

test.for([
  ['silent-initialize', 'timeout'],
  ['exits-with-error', 'protocol'],
] as const)('%s is told as outside of a sandbox', async ([name, code], ctx) => {
  if (typeof bubblewrap === 'string') return ctx.skip(bubblewrap);
  // Its own temporary folder stands for the one outside, which it cannot see.
  const more = { sandbox: bubblewrap, timeoutMs: 2_000 };
  const result = await crawl(fakeTarget(name, '/tmp'), options(folder.path, more));
  expect(result).toMatchObject({ status: 'failed', phase: 'initialize', failure: { code } });
});

test('a command that cannot be started inside says so', async (ctx) => {
  if (typeof bubblewrap === 'string') return ctx.skip(bubblewrap);
  const script = join(folder.path, 'server');
  writeFileSync(script, '#!/no/such/interpreter\n', { mode: 0o755 });
  const target = fakeTarget('well-behaved', folder.path);
  const transport = { ...target.transport, command: script };
  const result = await crawl({ ...target, transport }, options(folder.path, { sandbox: bubblewrap }));
  expect(result).toMatchObject({
    status: 'failed',
    phase: 'spawn',
    failure: { code: 'spawn-failed', message: 'well-behaved could not be started in the sandbox.' },
  });
});

/** Processes of this machine whose command line begins with a name. */
function processesNamed(name: string): string[] {
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && commandLine(pid).startsWith(name));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
