import { html as tag } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

/** Text that is HTML: everything put into it was escaped unless it was Html itself. */
export type Html = HtmlEscapedString;

/** A template of HTML that escapes what it is given. The site has no other way to make markup, and no raw text. */
export function html(parts: TemplateStringsArray, ...values: unknown[]): Html {
  const made = tag(parts, ...values);
  if (made instanceof Promise)
    throw new TypeError('A page was given a promise; pages are made from what is known.');
  return made;
}

/** What `render` makes of each item, one a line. */
export function each<T>(items: readonly T[], render: (item: T) => Html): unknown[] {
  return joined(items.map(render), '\n');
}

/** The items with `separator` between them. */
export function joined(items: readonly unknown[], separator: unknown): unknown[] {
  return items.flatMap((item, index) => (index === 0 ? [item] : [separator, item]));
}
