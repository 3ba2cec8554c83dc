import { MAX_LABEL_CHARS, SEARCH_KEPT } from '../limits.ts';
import { href, searchPath, toolPath } from '../links.ts';
import type { SearchHit } from '../search/documents.ts';
import type { SearchAnswer } from '../search/search.ts';
import { visible } from '../visible.ts';
import { count, number, shownName } from '../words.ts';
import type { SearchFields } from './search-fields.ts';

/** The parts of the search page. */
export interface SearchView {
  section: HTMLElement;
  /** Other ways to every tool. */
  otherwise: HTMLElement;
  fields: SearchFields;
  status: HTMLElement;
  results: HTMLElement;
  more: HTMLButtonElement;
}

/** Finds the parts of the page; undefined on any other page. */
export function viewOf(page: Document): SearchView | undefined {
  const section = page.querySelector<HTMLElement>('[data-find]');
  const otherwise = page.querySelector<HTMLElement>('[data-otherwise]');
  const form = section?.querySelector('form');
  const words = form?.querySelector<HTMLInputElement>('[name="q"]');
  const risk = form?.querySelector<HTMLSelectElement>('[name="risk"]');
  const category = form?.querySelector<HTMLSelectElement>('[name="category"]');
  const signal = form?.querySelector<HTMLSelectElement>('[name="signal"]');
  const status = section?.querySelector<HTMLElement>('[data-status]');
  const results = section?.querySelector<HTMLElement>('[data-results]');
  const more = section?.querySelector<HTMLButtonElement>('[data-more]');
  if (
    !section ||
    !otherwise ||
    !form ||
    !words ||
    !risk ||
    !category ||
    !signal ||
    !status ||
    !results ||
    !more
  )
    return undefined;
  return { section, otherwise, fields: { form, words, risk, category, signal }, status, results, more };
}

/** One result. Everything in it is text, whatever a server wrote. */
export function resultOf({ server, tool, about }: SearchHit, { section }: SearchView): HTMLElement {
  const link = element('a', 'mono', [isolated(shownName(tool.name))]);
  link.setAttribute('href', href(searchPath, toolPath(server, tool)));
  const of = element('span', 'of', [
    `${tool.category} on `,
    isolated(shownName(server.label, MAX_LABEL_CHARS)),
  ]);
  const mark = section.querySelector<HTMLTemplateElement>(`template[data-mark="${tool.risk}"]`);
  const item = element('li', '', []);
  if (mark !== null) item.append(mark.content.cloneNode(true));
  item.append(link, of);
  if (about !== '') {
    const said = element('q', 'inline-said', [visible(about)]);
    said.dir = 'auto';
    item.append(said);
  }
  return item;
}

/** What was found, in sentences. */
export function answerWords({
  total,
  isExact,
  isCut,
  corrected,
  unknown,
  hits,
}: SearchAnswer): HTMLElement[] {
  const instead = corrected.map(({ typed, meant }) => `“${meant}” instead of “${typed}”`).join(', ');
  const sentences = [
    unknown.length > 0
      ? `No tool has ${unknown.map((word) => `“${word}”`).join(' or ')}, nor a word like it.`
      : total === 0
        ? 'No tool has all of this.'
        : `${isExact ? '' : 'At least '}${count(total, 'tool')}`,
    ...(instead === '' || total === 0 ? [] : [`Showing results for ${instead}.`]),
    ...(isCut
      ? [`The list is cut: of so common a word, the best ${number(SEARCH_KEPT)} tools are kept.`]
      : []),
  ];
  if (hits.length === 0) sentences.push('Fewer or shorter words find more.');
  return sentences.map((sentence) => element('p', '', [sentence]));
}

function isolated(text: string): HTMLElement {
  return element('bdi', 'name', [text]);
}

function element(name: string, className: string, content: readonly (string | Node)[]): HTMLElement {
  const made = document.createElement(name);
  if (className !== '') made.className = className;
  made.append(...content);
  return made;
}
