import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toolsOf } from '../../catalogue/pipeline.ts';
import { CLASSIFIER_VERSION, classifyTool, signalEntries } from '../../classifier/classify.ts';
import { crawl } from '../../crawler/crawl.ts';
import { targetsFor } from '../../crawler/targets.ts';
import { ROOT } from '../support/sources.ts';

const SERVERS: { ref: string; args: string[] }[] = [
  { ref: 'npm:@modelcontextprotocol/server-everything', args: [] },
  { ref: 'npm:@modelcontextprotocol/server-filesystem', args: ['.'] },
  { ref: 'npm:@modelcontextprotocol/server-memory', args: [] },
  { ref: 'npm:@playwright/mcp', args: [] },
];

/** One line a tool: what we say of it, for a reviewer to read. */
async function verdictsOf({ ref, args }: (typeof SERVERS)[number]): Promise<string[]> {
  const environment = { PATH: process.env.PATH };
  const now = () => new Date('2026-01-02T03:04:05Z');
  const world = { cwd: ROOT, environment, platform: process.platform };
  const [sourced] = await targetsFor(ref, {
    ...world,
    home: tmpdir(),
    args,
    envNames: [],
    headers: {},
    readFile: () => expect.unreachable('no file is needed'),
    readLines: () => expect.unreachable('no file is needed'),
    readFolder: () => expect.unreachable('no folder is needed'),
    fetch: () => expect.unreachable('no network is needed'),
    wait: () => expect.unreachable('nothing is waited for'),
    now,
    saveState: () => expect.unreachable('no state is kept'),
    warn: (message) => expect.unreachable(message),
  });
  if (sourced === undefined) throw new Error(`${ref} names no server`);
  const scratchRoot = mkdtempSync(join(tmpdir(), 'catalogue-golden-'));
  const result = await crawl(sourced.target, { ...world, now, scratchRoot });
  return toolsOf(result).map((tool) => {
    const verdict = classifyTool(tool);
    const flags = [verdict.destructive && 'destructive', verdict.financial && 'financial'].filter(Boolean);
    return [
      `${ref.slice('npm:'.length)} ${tool.name}`,
      `  ${[verdict.risk, verdict.category, ...flags, `${verdict.confidence} confidence`].join(', ')}`,
      ...signalEntries(verdict).map(({ label }) => `  - ${label}`),
      `  ${verdict.rationale}`,
      '',
    ].join('\n');
  });
}

/**
 * A change here is a change of what we publish. Where verdicts change, raise CLASSIFIER_VERSION with them: a catalogue
 * keeps one verdict for each version, and would go on showing the old one.
 */
test('what this version says of the tools of four real servers', async () => {
  const verdicts = (await Promise.all(SERVERS.map(verdictsOf))).flat();
  await expect(verdicts.join('\n')).toMatchFileSnapshot(`../golden/verdicts-${CLASSIFIER_VERSION}.txt`);
});
