import { type DirectoryDescription, parseDirectoryDescription } from '../directory-description.ts';
import {
  type DirectoryEntry,
  type DirectoryPage,
  readDirectoryPage,
  readEntryPage,
} from '../directory-page.ts';
import { isUsageError, usageError } from '../fault.ts';
import { MAX_PARSE_MS } from '../limits.ts';
import { politeReader } from '../polite-reader.ts';
import { screenUrl } from '../secrets.ts';
import { defineSource, type SourceDeps, type SourcedTarget } from '../source.ts';
import { readNamedFile } from '../source-file.ts';
import { errorText, quote } from '../text.ts';
import { isWebError, type WebAnswer, webError } from '../web.ts';
import { isTimeUp, within } from '../within.ts';
import { source as npm } from './npm.ts';
import { source as url } from './url.ts';

const ID = 'html-directory';

/** What a page of strangers may name: never a command line or a file of this machine. */
const READERS = [npm, url];

/** One reading of a directory. */
interface Visit {
  description: DirectoryDescription;
  deps: SourceDeps;
  /** Reads a page; rejects with a `WebError`. */
  read(url: URL): Promise<WebAnswer>;
  pagesLeft: number;
}

/** A website that lists servers, in the way that a description tells. */
export const source = defineSource({
  id: ID,
  title: 'Directory in HTML',
  summary: 'Every server on the pages of a website, found with the CSS selectors of a description file.',
  example: './directory.yaml',
  async *targets(ref, deps) {
    const description = parseDirectoryDescription(await readNamedFile('description', ref, deps), ref);
    const { hosts, delaySeconds, pages } = description;
    const read = politeReader({ hosts, delayMs: delaySeconds * 1000 }, deps);
    const visit: Visit = { description, deps, read, pagesLeft: pages };
    const seen = new Set<string>();
    for (const start of description.start) {
      // Without its first page a directory was not read at all, which must not look like an empty one.
      const first = await readPage(new URL(start), visit).catch((error: unknown) => {
        if (!isWebError(error)) throw error;
        throw usageError(`The directory ${screenUrl(start)} cannot be read: it ${error.message}.`);
      });
      yield* followPages(first, seen.add(pageKey(first.url)), visit);
    }
  },
});

/** The targets on a page and on those after it. A page that cannot be read ends the reading with a warning. */
async function* followPages(first: PageAt, seen: Set<string>, visit: Visit): AsyncGenerator<SourcedTarget> {
  for (let current: PageAt | undefined = first; current !== undefined; ) {
    for (const entry of current.page.entries) {
      const sourced = await entryTarget(entry, current.url, visit);
      if (sourced) yield sourced;
    }
    const next: URL | undefined = current.page.next;
    if (next === undefined) return;
    if (seen.has(pageKey(next)))
      return visit.deps.warn(`${screenUrl(next.href)} follows itself and is not read again.`);
    seen.add(pageKey(next));
    current = await warned<PageAt>(next, visit, () => readPage(next, visit));
  }
}

interface PageAt {
  page: DirectoryPage;
  url: URL;
}

async function readPage(at: URL, visit: Visit): Promise<PageAt> {
  const { text, url } = await readCounted(at, visit);
  return { page: parsed(() => readDirectoryPage(text, url, visit.description)), url };
}

/** The target of one entry, from its own page when the description says so; undefined, and a warning, without one. */
async function entryTarget(entry: DirectoryEntry, at: URL, visit: Visit): Promise<SourcedTarget | undefined> {
  const { description, deps } = visit;
  const { link, name } = entry;
  const references =
    description.link === undefined
      ? entry.references
      : link && (await warned(link, visit, () => readReferences(link, visit)));
  if (link !== undefined && references === undefined) return undefined;
  const place = `${screenUrl(at.href)}${name === undefined ? '' : `#${name}`}`;
  for (const reference of references ?? []) {
    const sourced = await targetOf(reference, place, deps);
    if (sourced) return sourced;
  }
  deps.warn(
    `The entry ${quote(name ?? 'without a name')} at ${screenUrl(at.href)} names no package or address.`,
  );
  return undefined;
}

async function readReferences(link: URL, visit: Visit): Promise<string[]> {
  const { text, url } = await readCounted(link, visit);
  return parsed(() => readEntryPage(text, url, visit.description));
}

async function targetOf(
  reference: string,
  place: string,
  deps: SourceDeps,
): Promise<SourcedTarget | undefined> {
  const reader = READERS.find(({ accepts }) => accepts?.(reference));
  try {
    // Nothing that the user gave for servers is handed to those of a stranger's list.
    const plain = { ...deps, args: [], envNames: [], headers: {} };
    const [sourced] = reader ? await Array.fromAsync(reader.targets(reference, plain)) : [];
    if (!sourced) return undefined;
    const { target } = sourced;
    return { ...sourced, target: { ...target, origin: { ...target.origin, source: ID, ref: place } } };
  } catch (error) {
    if (isUsageError(error)) return undefined;
    throw error;
  }
}

async function readCounted(at: URL, visit: Visit): Promise<WebAnswer> {
  if (visit.pagesLeft === 0) throw webError('is beyond the number of pages that are read');
  visit.pagesLeft -= 1;
  return visit.read(at);
}

/** A page that the parser cannot follow, in time or in depth, is the page's fault; anything else is the selector's. */
function parsed<T>(parse: () => T): T {
  try {
    return within(MAX_PARSE_MS, parse);
  } catch (error) {
    if (isTimeUp(error)) throw webError('takes too long to parse');
    if (error instanceof RangeError) throw webError('is nested too deeply');
    throw usageError(`A selector of the description cannot be used: ${errorText(error)}.`);
  }
}

async function warned<T>(at: URL, { deps }: Visit, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!isWebError(error)) throw error;
    deps.warn(`The page ${screenUrl(at.href)} was left out: it ${error.message}.`);
    return undefined;
  }
}

/** The address of a page, without the place on it. */
function pageKey({ href }: URL): string {
  return href.replace(/#.*$/s, '');
}
