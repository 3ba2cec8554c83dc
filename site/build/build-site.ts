import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerRevision, ServerSheet } from '../../catalogue/contract.ts';
import { namesOf } from '../build.ts';
import type { SiteSettings, SiteSource } from '../contract.ts';
import { MAX_CHANGES } from '../limits.ts';
import type { PageFile } from '../page.ts';
import { pages } from '../pages/index.generated.ts';
import { startTotals } from '../totals.ts';
import { MAX_GROUP, MAX_PENDING, SERVERS_AT_ONCE, SERVERS_WITHOUT_THREAD } from './limits.ts';
import { makeHere, startMakers } from './makers.ts';
import { digest, type Files, isRoot, type Line, ROOT, readLines, type ServerLine } from './manifest.ts';
import { type Plan, planBuild, relatedDigest, relatedOf } from './plan.ts';
import { type BuildProgress, type BuildReport, type Report, startReport } from './report.ts';
import { startTarget, type Target, takeUp } from './resume.ts';
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
  const pending: (Line | Promise<Line>)[] = [];
  let rootFiles: Files = {};
  let underWay = 0;
  const put = async () => {
    const line = await pending.shift();
    if (line !== undefined) target.end(line);
  };
  try {
    for await (const { line, revision, server } of readAhead(jobs(plan, work, source))) {
      signal?.throwIfAborted();
      if (line !== undefined && isRoot(line)) {
        rootFiles = line.files;
      } else if (revision === undefined) {
        if (line !== undefined) report.removed(removeServer(work, target, line));
      } else if (server === undefined) {
        if (line !== undefined) {
          pending.push(line);
          report.stands(line);
        }
      } else {
        target.begin(revision.slug);
        underWay++;
        const related = relatedOf(plan.related, namesOf(server));
        const known = line === undefined ? {} : line.unknown ? undefined : line.files;
        const made = makers.make({ server, related, known }).then(({ outline, ...written }) => {
          underWay--;
          report.made(outline, written);
          const { files } = written;
          return { ...revision, made: plan.made, related: relatedDigest(related), outline, files };
        });
        // It is awaited in its turn; until then its failure is not to end the process.
        made.catch(() => undefined);
        pending.push(made);
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
  line: Line | undefined;
  revision: ServerRevision | undefined;
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
  for await (const [revision, line] of sideBySide(plan.revisions, readLines(work.manifest))) {
    group.push({ revision, line });
    if (revision !== undefined && !plan.stands(revision, line)) wanted.push(revision.slug);
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
  const read = async function* () {
    for await (const line of target.read()) if (!isRoot(line)) yield line.outline;
  };
  const totals = startTotals();
  for await (const outline of read()) totals.add(outline);
  const site = totals.subject(settings, await source.newestChanges(MAX_CHANGES));
  const writer = startWriter(work.folder, known, {
    onWrite: (name) => target.begin(`${ROOT}${name}`),
  });
  for (const { path, contents } of assets) writer.put({ name: path, contents: () => contents });
  for (const page of pages) {
    signal?.throwIfAborted();
    if (page.of === 'outlines') {
      for await (const { path, contents } of page.files(settings, read))
        writer.put({ name: path, contents: () => contents });
    } else if (page.of === 'site') {
      for (const { path, render } of page.entries(site)) writer.put({ name: path, contents: render });
    }
  }
  const written = writer.end();
  report.add(written);
  target.end({ slug: ROOT, files: written.files });
}
