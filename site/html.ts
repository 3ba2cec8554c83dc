import { raw, html as tag } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

/** Text that is HTML: everything put into it was escaped unless it was Html itself. */
export type Html = HtmlEscapedString;

/** A template of HTML that escapes what it is given. Beside `jsonScript` the site has no other way to make markup. */
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

/**
 * A block of linked data for the head of a page: the one place where text is put into a page as it is. It cannot break
 * out of its element, because JSON text has `<`, `>` and `&` only inside strings, where the escapes below mean the same;
 * without `<` there is no end tag and no comment. U+2028 and U+2029 are escaped for those who read it as a script.
 * The type makes it data, which no browser runs.
 */
export function jsonScript(value: unknown): Html {
  const json = JSON.stringify(value).replaceAll(/[<>&\u2028\u2029]/g, unicodeEscape);
  return html`<script type="application/ld+json">${raw(json)}</script>`;
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
