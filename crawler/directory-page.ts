import { type Cheerio, type CheerioAPI, load } from 'cheerio';
import type { DirectoryDescription, Place, TargetPlace } from './directory-description.ts';
import { MAX_DIRECTORY_TEXT_CHARS, MAX_NAME_CHARS } from './limits.ts';
import { clip } from './text.ts';

/** What one page of a directory says. */
export interface DirectoryPage {
  entries: DirectoryEntry[];
  next: URL | undefined;
}

export interface DirectoryEntry {
  name: string | undefined;
  /** The entry's own page. */
  link: URL | undefined;
  /** References in the order of the description. */
  references: string[];
}

type Element = Cheerio<NonNullable<ReturnType<CheerioAPI>[number]>>;

/**
 * Reads a page. It is parsed, and nothing in it is run or fetched. Throws what the parser throws for a page that is
 * nested deeper than it can follow, and for a selector that is none.
 */
export function readDirectoryPage(html: string, url: URL, description: DirectoryDescription): DirectoryPage {
  const $ = load(html);
  const entries = $(description.entries)
    .toArray()
    .map((element) => readEntry($(element), url, description));
  return { entries, next: description.next && linkAt($.root(), description.next, url) };
}

/** The references on an entry's own page. */
export function readEntryPage(html: string, url: URL, description: DirectoryDescription): string[] {
  return references(load(html).root(), url, description);
}

function readEntry(element: Element, url: URL, description: DirectoryDescription): DirectoryEntry {
  const name = description.name && textAt(element, description.name);
  return {
    name: name === undefined ? undefined : clip(name, MAX_NAME_CHARS),
    link: description.link && linkAt(element, description.link, url),
    references: references(element, url, description),
  };
}

function references(root: Element, url: URL, { target }: DirectoryDescription): string[] {
  return target.flatMap((place) => reference(root, place, url) ?? []);
}

function reference(root: Element, place: TargetPlace, url: URL): string | undefined {
  const text = textAt(root, place);
  if (text === undefined) return undefined;
  const whole = place.attribute === 'href' ? (URL.parse(text, url.href)?.href ?? text) : text;
  const at = place.after === undefined ? 0 : whole.indexOf(place.after);
  if (at < 0) return undefined;
  const found =
    place.after === undefined ? whole : /^[^\s?#]*/.exec(whole.slice(at + place.after.length))?.[0];
  return found ? place.as.replaceAll('{}', () => found) : undefined;
}

/** Where a link leads; the attribute is `href` unless the description says otherwise. */
function linkAt(root: Element, place: Place, url: URL): URL | undefined {
  const address = textAt(root, { ...place, attribute: place.attribute ?? 'href' });
  return (address !== undefined && URL.parse(address, url.href)) || undefined;
}

/** The text, on one line, or attribute of the first element; undefined when there is none or it is empty or too long. */
function textAt(root: Element, { select, attribute }: Place): string | undefined {
  const element = select === undefined ? root : root.find(select).first();
  const text = attribute === undefined ? element.text() : element.attr(attribute);
  const line = text?.replaceAll(/\s+/g, ' ').trim() ?? '';
  return line === '' || line.length > MAX_DIRECTORY_TEXT_CHARS ? undefined : line;
}
