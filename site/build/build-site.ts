import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerRevision, ServerSheet } from '../../catalogue/contract.ts';
import type { SiteSettings, SiteSource } from '../contract.ts';
import { MAX_CHANGES } from '../limits.ts';
import type { PageFile } from '../page.ts';
import { pages } from '../pages/index.generated.ts';
import { namesOf } from '../render.ts';
import { startTotals } from '../totals.ts';
import { MAX_GROUP, MAX_PENDING, SERVERS_AT_ONCE, SERVERS_WITHOUT_THREAD } from './limits.ts';
import { makeHere, startMakers } from './makers.ts';
import {
  digest,
  type Files,
  isRoot,
  lineText,
  parseLine,
  ROOT,
  readLines,
  readStored,
  type ServerLine,
  type StoredLine,
} from './manifest.ts';
import { type Plan, planBuild, relatedDigest, relatedOf, type Standing } from './plan.ts';
import { type BuildProgress, type BuildReport, type Report, startReport } from './report.ts';
import { startTarget, type Target, takeUp } from './resume.ts';
import { shareReads } from './share-reads.ts';
import {
  folderOf,
  openPlace,
  type Place,
  publishTree,
  type Refusal,
  sideBySide,
  type Tree,
} from './trees.ts';
import { startWriter } from './write-files.ts';

export interface BuildOptions {
  /** The link by which the site is served. */
  out: string;
  settings: SiteSettings;
  /** The files that every page shares. */
  assets: readonly PageFile[];
  /** Threads that make pages; one for each processor is best. */
  threads: number;
  onProgress?(progress: BuildProgress): void;
  /** Ends the build, which then throws the signal's reason; what is done is kept for the next one. */
  signal?: AbortSignal;
}

/**
 * Builds the site of a catalogue: goes from server to server, makes what changed since the last build into the tree
 * that nobody reads, and lets the link point there when all is done. A build that is broken off leaves the old site as it is,
 * and the next one goes on where it ended. The same catalogue and settings give the same files, whatever was built
 * before. Memory holds a few servers and a row for each, not their tools.
 */
export async function buildSite(source: SiteSource, options: BuildOptions): Promise<BuildReport | Refusal> {
  const place = await openPlace(options.out);
  if ('refused' in place) return place;
  try {
    return await buildTree(source, place, options);
  } finally {
    place.unlock();
  }
}

async function buildTree(source: SiteSource, place: Place, options: BuildOptions): Promise<BuildReport> {
  const { work } = place;
  const report = startReport(options);
  await takeUp(work);
  const plan = await planBuild(
    source,
    () => readLines(work.manifest),
    digest(JSON.stringify(options.settings)),
  );
  report.start(plan);
  const target = startTarget(work);
  try {
    const known = await makeServers({ source, plan, work, target, report, options });
    await makeWhole({ source, known, work, target, report, options });
  } finally {
    target.close();
  }
  report.enter('publishing');
  await publishTree(place);
  return report.result();
}

/** What the parts of a build share. */
interface Work {
  source: SiteSource;
  work: Tree;
  target: Target;
  report: Report;
  options: BuildOptions;
}

/** Makes the pages of every server that needs it; gives the files of the whole catalogue that stand in the tree. */
async function makeServers({ plan, ...shared }: Work & { plan: Plan }): Promise<Files> {
  const { work, target, report, options, source } = shared;
  const { threads, settings, signal } = options;
  const few = plan.changed <= SERVERS_WITHOUT_THREAD;
  const makers = few ? makeHere(work.folder, settings) : startMakers(threads, work.folder, settings);
  /** Lines in their order, some of them still in the making. */
  const pending: (string | Promise<string>)[] = [];
  let rootFiles: Files = {};
  let underWay = 0;
  const put = async () => {
    const line = await pending.shift();
    if (line !== undefined) target.end(line);
  };
  try {
    for await (const { stored, revision, standing, server } of readAhead(jobs(plan, work, source))) {
      signal?.throwIfAborted();
      const old = stored !== undefined && standing === undefined ? parseLine(stored) : undefined;
      if (old !== undefined && isRoot(old)) {
        rootFiles = old.files;
      } else if (revision === undefined) {
        if (old !== undefined) report.removed(removeServer(work, target, old));
      } else if (stored !== undefined && standing !== undefined) {
        pending.push(stored.text);
        report.stands(standing);
      } else if (server !== undefined) {
        target.begin(revision.slug);
        underWay++;
        const links = relatedOf(plan.related, namesOf(server));
        const known = old === undefined ? {} : old.unknown ? undefined : old.files;
        const task = { ...revision, made: plan.made, related: relatedDigest(links) };
        const made = makers.make({ server, links, known, task }).then((done) => {
          underWay--;
          report.made(done);
          return done.line;
        });
        // It is awaited in its turn; until then its failure is not to end the process.
        made.catch(() => undefined);
        pending.push(made);
      } else if (stored !== undefined) {
        // It went from the catalogue a moment ago; the next build sees that.
        pending.push(stored.text);
      }
      while (pending.length > MAX_PENDING || underWay >= makers.atOnce + 1) await put();
    }
    while (pending.length > 0) await put();
  } finally {
    await makers.close();
  }
  return rootFiles;
}

interface Job {
  stored: StoredLine | undefined;
  revision: ServerRevision | undefined;
  standing: Standing | undefined;
  /** Where its pages are to be made. */
  server?: ServerSheet;
}

/** Every server of the catalogue and of the tree, in groups, with the sheets of those whose pages are to be made. */
async function* jobs(plan: Plan, work: Tree, source: SiteSource): AsyncGenerator<Job[]> {
  let group: Job[] = [];
  let wanted: string[] = [];
  const read = async () => {
    const sheets = wanted.length === 0 ? [] : await source.sheets(wanted);
    const bySlug = new Map(sheets.map((server) => [server.slug, server]));
    const ready = group.map((job) => {
      const server = bySlug.get(job.revision?.slug ?? '');
      return server === undefined ? job : { ...job, server };
    });
    [group, wanted] = [[], []];
    return ready;
  };
  for await (const [revision, stored] of sideBySide(plan.revisions, readStored(work.manifest))) {
    const standing = stored && revision && plan.standing(stored);
    group.push({ revision, stored, standing });
    if (revision !== undefined && standing === undefined) wanted.push(revision.slug);
    if (wanted.length === SERVERS_AT_ONCE || group.length === MAX_GROUP) yield await read();
  }
  yield await read();
}

/** Gives the members of groups one by one, and asks for the next group while one is being worked on. */
async function* readAhead<T>(groups: AsyncGenerator<T[]>): AsyncGenerator<T> {
  let next = groups.next();
  try {
    for (;;) {
      const { done, value } = await next;
      if (done) return;
      next = groups.next();
      // It is awaited in its turn; until then its failure is not to end the process.
      next.catch(() => undefined);
      yield* value;
    }
  } finally {
    await groups.return(undefined);
  }
}

function removeServer(work: Tree, target: Target, line: ServerLine): number {
  target.begin(line.slug);
  rmSync(join(work.folder, folderOf(line)), { recursive: true, force: true });
  return Object.keys(line.files).length;
}

/** Makes all that is about the whole catalogue. */
async function makeWhole({ source, known, work, target, report, options }: Work & { known: Files }) {
  const { settings, assets, signal } = options;
  report.enter('whole');
  const writer = startWriter(work.folder, known, {
    onWrite: (name) => target.begin(`${ROOT}${name}`),
  });
  const shared = shareReads(async function* () {
    for await (const line of target.read()) if (!isRoot(line)) yield line.outline;
  });
  const totals = startTotals();
  const readers = pages.flatMap((page) => {
    if (page.of !== 'outlines') return [];
    return shared.run(async (read) => {
      for await (const { path, contents } of page.files(settings, read)) {
        signal?.throwIfAborted();
        writer.put({ name: path, contents: () => contents });
      }
    });
  });
  const counted = shared.run(async (read) => {
    for await (const outline of read()) totals.add(outline);
  });
  await Promise.all([...readers, counted]);
  const site = totals.subject(settings, await source.newestChanges(MAX_CHANGES));
  for (const { path, contents } of assets) writer.put({ name: path, contents: () => contents });
  for (const page of pages) {
    signal?.throwIfAborted();
    if (page.of === 'site') {
      for (const { path, render } of page.entries(site)) writer.put({ name: path, contents: render });
    }
  }
  const written = writer.end();
  report.add(written);
  target.end(lineText({ slug: ROOT, files: written.files }));
}
