import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import PQueue from 'p-queue';
import { openCatalogue } from '../catalogue/catalogue.ts';
import { crawlAll } from '../catalogue/crawl-queue.ts';
import { createGroupSaver } from '../catalogue/group-save.ts';
import { toolsOf } from '../catalogue/pipeline.ts';
import { CLASSIFIER_VERSION, classifyTools } from '../classifier/classify.ts';
import { crawl } from '../crawler/crawl.ts';
import { httpTarget } from '../crawler/identity.ts';
import { ToolPage } from '../crawler/list-tools.ts';
import { guardedFetch } from '../crawler/network-guard.ts';
import { startManyServers } from '../test/support/many-servers.ts';
import { median } from './quantile.ts';

/**
 * A directory of many HTTP servers, all in one other process that answers after `--delay` milliseconds: crawled, judged
 * and stored, beside the floor of the official SDK that only connects and lists, at the same concurrency. Each
 * measurement is a process of its own, in turns; `--rounds` of them.
 */

const { values } = parseArgs({
  options: {
    phase: { type: 'string' },
    url: { type: 'string', default: '' },
    servers: { type: 'string', default: '2000' },
    concurrency: { type: 'string', default: '8' },
    delay: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '3' },
  },
});
const concurrency = Number(values.concurrency);

interface Measured {
  seconds: number;
  peakMb: number;
  tools: number;
}

if (values.phase === 'bare')
  process.stdout.write(JSON.stringify(await bare(values.url, Number(values.servers))));
else if (values.phase === 'ours')
  process.stdout.write(JSON.stringify(await ours(values.url, Number(values.servers))));
else await compare();

async function compare(): Promise<void> {
  const { url, stop } = await startManyServers(['--delay', values.delay, '--tools', '10']);
  const rows: string[] = [];
  for (const servers of [200, Number(values.servers)]) {
    const runs = Array.from({ length: Number(values.rounds) }, () => ({
      bare: measure('bare', url, servers),
      ours: measure('ours', url, servers),
    }));
    const bareSeconds = median(runs.map((run) => run.bare.seconds));
    const ourSeconds = median(runs.map((run) => run.ours.seconds));
    rows.push(
      `${servers} servers, ${runs[0]?.ours.tools} tools, ${concurrency} at a time, ${values.delay} ms an answer`,
      `  bare SDK, listing only           ${bareSeconds.toFixed(2)} s  peak ${median(runs.map((run) => run.bare.peakMb)).toFixed(0)} MB`,
      `  crawled, judged and stored       ${ourSeconds.toFixed(2)} s  peak ${median(runs.map((run) => run.ours.peakMb)).toFixed(0)} MB`,
      `  overhead                         ${((ourSeconds / bareSeconds - 1) * 100).toFixed(1)} %`,
    );
  }
  stop();
  process.stdout.write(`${rows.join('\n')}\n`);
}

function measure(phase: string, url: string, servers: number): Measured {
  const args = [
    '--phase',
    phase,
    '--url',
    url,
    '--servers',
    String(servers),
    '--concurrency',
    String(concurrency),
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), ...args], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Measured;
}

async function bare(url: string, servers: number): Promise<Measured> {
  const queue = new PQueue({ concurrency });
  let tools = 0;
  const start = performance.now();
  await queue.addAll(
    Array.from({ length: servers }, (_, server) => async () => {
      const client = new Client({ name: 'bench', version: '1.0.0' });
      await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/${server}/mcp`)));
      const page = await client.request({ method: 'tools/list' }, ToolPage);
      tools += Array.isArray(page.tools) ? page.tools.length : 0;
      await client.close();
    }),
  );
  return measured(start, tools);
}

async function ours(url: string, servers: number): Promise<Measured> {
  const directory = mkdtempSync(join(tmpdir(), 'catalogue-bench-'));
  const now = () => new Date();
  const catalogue = await openCatalogue({
    location: { directory },
    classifierVersion: CLASSIFIER_VERSION,
    now,
  });
  const fetch = guardedFetch({ allowPrivate: true });
  const pass = await catalogue.beginCrawl('bench', url);
  async function* targets() {
    for (let server = 0; server < servers; server++) {
      const address = `${url}/${server}/mcp`;
      yield { target: httpTarget(address, [], { source: 'bench', ref: address }) };
    }
  }
  const save = createGroupSaver((scans) => catalogue.saveInCrawl(scans, pass.id), sleep);
  let tools = 0;
  const start = performance.now();
  await crawlAll(
    targets(),
    pass.done,
    {
      attempt: ({ target }, free) =>
        crawl(target, {
          environment: {},
          cwd: directory,
          now,
          scratchRoot: join(directory, 'scratch'),
          fetch,
          onListed: free,
        }),
      async outcome(_, result) {
        const classifications = classifyTools(toolsOf(result));
        tools += classifications.length;
        await save({ crawl: result, classifications });
      },
      again: async () => {},
      wait: async () => {},
      random: Math.random,
    },
    { concurrency, perHost: concurrency, attempts: 1 },
    new AbortController().signal,
  );
  const result = measured(start, tools);
  await fetch.close();
  await catalogue.close();
  rmSync(directory, { recursive: true, force: true });
  return result;
}

function measured(start: number, tools: number): Measured {
  const KB_PER_MB = 1024;
  return {
    seconds: (performance.now() - start) / 1000,
    peakMb: process.resourceUsage().maxRSS / KB_PER_MB,
    tools,
  };
}
