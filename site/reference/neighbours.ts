import { type Html, html } from '../html.ts';
import { href } from '../links.ts';

/** Links to what stands before and after one item of a list. */
export function nextOf<T>(
  path: string,
  all: readonly T[],
  one: T,
  linkOf: (item: T) => { path: string; title: string },
): Html {
  const at = all.indexOf(one);
  const [before, after] = [all[at - 1], all[at + 1]];
  const link = (item: T, rel: 'prev' | 'next') => {
    const { path: target, title } = linkOf(item);
    return html`<a rel="${rel}" href="${href(path, target)}">${title}</a>`;
  };
  return html`${before !== undefined && link(before, 'prev')}${after !== undefined && link(after, 'next')}`;
}
