import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { AccuracyReport, Miss } from '../classifier/accuracy/contract.ts';
import type { JudgedSet } from '../classifier/accuracy/report.ts';
import { evaluate } from '../cli/eval.ts';
import type { ToolDefinition } from '../crawler/contract.ts';
import { crawl } from '../crawler/crawl.ts';

/** The project's own corpus: tools of the servers that are devDependencies, and definitions written to be hard. */

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
export const SERVER_LABELS = 'test/corpus/labels.jsonl';
export const WRITTEN_LABELS = 'test/corpus/written.jsonl';

/** With the arguments that make each list as much as it can. */
const SERVERS: readonly { name: string; args: readonly string[] }[] = [
  { name: '@modelcontextprotocol/server-everything', args: [] },
  { name: '@modelcontextprotocol/server-filesystem', args: ['.'] },
  { name: '@modelcontextprotocol/server-memory', args: [] },
  {
    name: '@playwright/mcp',
    args: ['--caps=vision,pdf,testing,storage,network,devtools,tracing,config'],
  },
];

/** What a client that can do everything declares; some servers list more tools for it. */
const CLIENT_CAPABILITIES = {
  roots: { listChanged: true },
  sampling: {},
  elicitation: { form: {}, url: {} },
  tasks: { list: {}, cancel: {}, requests: { sampling: { createMessage: {} }, elicitation: { create: {} } } },
};

export interface ServerTools {
  server: string;
  tools: ToolDefinition[];
}

/** Starts the four servers one after the other and gives what they list. Throws when one does not list all. */
export async function captureServers(): Promise<ServerTools[]> {
  const scratchRoot = await mkdtemp(join(tmpdir(), 'catalogue-corpus-'));
  try {
    const captured: ServerTools[] = [];
    for (const { name, args } of SERVERS) {
      const transport = {
        kind: 'stdio' as const,
        command: 'npx',
        args: ['-y', name, ...args],
        envNames: [],
      };
      const result = await crawl(
        { id: `npm:${name}`, label: name, transport, origin: { source: 'npm', ref: `npm:${name}` } },
        {
          environment: process.env,
          cwd: ROOT,
          now: () => new Date(),
          scratchRoot,
          // They are dependencies of the project, and some machines have no sandbox.
          sandbox: 'none',
          clientCapabilities: CLIENT_CAPABILITIES,
        },
      );
      if (result.status !== 'complete')
        throw new Error(`${name} could not be listed: ${JSON.stringify(result)}`);
      captured.push({ server: name, tools: result.tools });
    }
    return captured;
  } finally {
    await rm(scratchRoot, { recursive: true, force: true });
  }
}

/** Judges the whole corpus: the servers' tools as captured, then the written ones. Throws when a label has no tool. */
export async function judgeCorpus(captured: readonly ServerTools[]): Promise<JudgedSet[]> {
  const lines = captured.map(({ server, tools }) =>
    JSON.stringify({ server, tools: tools.map(({ wire }) => wire) }),
  );
  const folder = await mkdtemp(join(tmpdir(), 'catalogue-corpus-'));
  try {
    const captures = join(folder, 'captures.jsonl');
    await writeFile(captures, `${lines.join('\n')}\n`);
    const { sets, faults } = await evaluate(
      { cwd: ROOT, stdin: Readable.from([]) },
      { labels: [SERVER_LABELS, WRITTEN_LABELS], definitions: [captures, WRITTEN_LABELS] },
    );
    if (faults.length > 0) throw new Error(`The corpus has faults:\n${faults.join('\n')}`);
    return sets;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Each miss in words that only change with the label, by server and tool. */
export function missWords(report: AccuracyReport): Map<string, string[]> {
  const byTool = Map.groupBy(
    report.sets.flatMap(({ misses }) => misses),
    ({ server, tool }) => `${server} / ${tool}`,
  );
  return new Map(
    [...byTool]
      .map(([tool, misses]): [string, string[]] => [tool, misses.map(wordsOf).toSorted()])
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function wordsOf({ measure, expected, got, evidence }: Miss): string {
  if (measure !== 'signal') return `${measure} should be ${expected}`;
  return evidence === null ? `signal ${expected} is missing` : `signal ${got} is wrong`;
}
