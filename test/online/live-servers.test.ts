import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { ServerTarget } from '../../crawler/contract.ts';
import { crawl } from '../../crawler/crawl.ts';
import { npxCommand } from '../../crawler/package-spec.ts';
import { options, temporaryFolder } from '../crawler/harness.ts';
import { sandboxOr } from '../crawler/sandboxes.ts';

const Recipe = z.object({
  package: z.string(),
  version: z.string(),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()),
  client_capabilities: z.record(z.string(), z.unknown()).default({}),
  variant: z.string().default('plain'),
  tools: z.number(),
});
type Recipe = z.infer<typeof Recipe>;

const file =
  process.env.LIVE_SERVERS ??
  join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'live-servers.json');
const folder = temporaryFolder();
afterAll(() => folder.remove());
const sandbox = await sandboxOr('auto', join(folder.path, 'probe'));
const packageCache = join(folder.path, 'packages');

test('there are recipes', (ctx) => {
  if (!existsSync(file)) return ctx.skip('there is no live-servers.json: name it in LIVE_SERVERS');
  expect(recipes().length).toBeGreaterThan(0);
});

test.for(recipes())('$package@$version ($variant) lists $tools tools', async (recipe, ctx) => {
  if (typeof sandbox === 'string' || sandbox.isolation === 'none')
    return ctx.skip('there is no sandbox here');
  const { env, client_capabilities: clientCapabilities, tools } = recipe;
  const more = { sandbox, packageCache, envValues: env, clientCapabilities, timeoutMs: 150_000 };
  const result = await crawl(targetOf(recipe), options(folder.path, more));
  expect(result).toMatchObject({
    status: 'complete',
    context: { isolation: sandbox.isolation },
    target: { origin: { version: recipe.version } },
    rejected: [],
  });
  expect(result.status !== 'failed' && result.tools.length).toBe(tools);
});

function recipes(): Recipe[] {
  if (!existsSync(file)) return [];
  return z.object({ servers: z.array(Recipe) }).parse(JSON.parse(readFileSync(file, 'utf8'))).servers;
}

function targetOf({ package: name, version, args }: Recipe): ServerTarget {
  // A package runs in its throw-away folder, which is what {SCRATCH} stands for.
  const words = args.map((arg) => arg.replaceAll('{SCRATCH}', '.'));
  return {
    id: `npm:${name}`,
    label: name,
    transport: { kind: 'stdio', ...npxCommand({ name, version }, words), envNames: [] },
    origin: { source: 'npm', ref: `npm:${name}@${version}` },
  };
}
