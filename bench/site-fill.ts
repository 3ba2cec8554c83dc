import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openCatalogue } from '../catalogue/catalogue.ts';
import { openDatabase } from '../catalogue/database.ts';
import { createGroupSaver } from '../catalogue/group-save.ts';
import type { JudgedScan } from '../catalogue/pipeline.ts';
import { saveScans } from '../catalogue/save.ts';
import { classifyTools } from '../classifier/classify.ts';
import { readTool } from '../crawler/definition.ts';
import { packTask } from '../site/build/parcel.ts';
import { relatedOf } from '../site/build/plan.ts';
import { startRelated } from '../site/related.ts';
import { namesOf } from '../site/render.ts';
import { scansOf } from './store-data.ts';

/** Servers that are made before they are stored. */
const PREPARED = 200;

/** How many tools of how many servers, in which scan. */
export interface FillOptions {
  toolCount: number;
  serverCount: number;
  /** ISO 8601. */
  observedAt: string;
  /** The share of servers of which half of the tools have become others; those alone are scanned. Left out: all, as they are. */
  changed?: number;
}

/** Stores scans of real definitions, multiplied, in a catalogue. Gives how many tools have changed. */
export async function fillCatalogue(
  url: string,
  wires: readonly string[],
  { changed, ...size }: FillOptions,
): Promise<number> {
  const { db, close } = await openDatabase({ url }, () => new Date());
  const save = createGroupSaver(
    (scans) => saveScans(db, scans, { judgedAt: new Date(size.observedAt) }),
    sleep,
  );
  let prepared: JudgedScan[] = [];
  let server = 0;
  let tools = 0;
  const store = async () => {
    await Promise.all(prepared.map(save));
    prepared = [];
  };
  for (const scan of scansOf(wires, size)) {
    const isMeant = changed === undefined || isHit(server++, changed);
    if (isMeant) prepared.push(changed === undefined ? scan : changedScan(scan));
    if (isMeant && scan.crawl.status !== 'failed') tools += Math.ceil(scan.crawl.tools.length / 2);
    if (prepared.length >= PREPARED) await store();
  }
  await store();
  await close();
  return changed === undefined ? 0 : tools;
}

/** Whether the server of this number is one of a share of all, evenly spread. */
function isHit(server: number, share: number): boolean {
  return Math.floor((server + 1) * share) > Math.floor(server * share);
}

/** The same scan with every second tool described otherwise. */
function changedScan({ crawl }: JudgedScan): JudgedScan {
  if (crawl.status === 'failed') throw new Error('Only lists can change.');
  const tools = crawl.tools.map((tool, index) => {
    if (index % 2 === 1) return tool;
    const read = readTool(
      { ...tool.wire, description: `${tool.description ?? ''} As of today.` },
      tool.position,
    );
    if (!read.ok) throw new Error(read.rejected.reason);
    return read.tool;
  });
  return { crawl: { ...crawl, tools }, classifications: classifyTools(tools) };
}

/** Writes the servers of a catalogue as tasks, dealt to files of the names that are given: what pages are made from. */
export async function writeTasks(url: string, files: readonly string[]): Promise<void> {
  const catalogue = await openCatalogue({
    location: { url },
    classifierVersion: '2.0.0',
    now: () => new Date(),
  });
  const slugs = (await Array.fromAsync(catalogue.revisions())).map(({ slug }) => slug);
  const related = startRelated();
  for (const some of hundreds(slugs))
    for (const names of await catalogue.listedNames(some)) related.add(names);
  const streams = files.map((file) => createWriteStream(file));
  let next = 0;
  for (const some of hundreds(slugs)) {
    for (const server of await catalogue.sheets(some)) {
      const links = relatedOf(related, namesOf(server));
      const task = { slug: server.slug, revision: '', made: '', related: '' };
      const stream = streams[next++ % streams.length];
      if (stream && !stream.write(`${packTask({ server, links, task, known: {} })}\n`))
        await once(stream, 'drain');
    }
  }
  for (const stream of streams) await new Promise((done) => stream.end(done));
  await catalogue.close();
}

function hundreds(slugs: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(slugs.length / 100) }, (_, n) => slugs.slice(n * 100, n * 100 + 100));
}
