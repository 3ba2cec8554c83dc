import type { RiskLevel } from '../../classifier/contract.ts';
import { shownName } from '../words.ts';

/** Elements made one by one, never from text: a server's words are text nodes wherever they stand. */

type Child = Node | string | undefined | false;

/** An element with attributes and children; attributes that are undefined or false are left out. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | boolean | undefined>> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.filter((child) => child !== undefined && child !== false));
  return made;
}

/** The element of the page with this id, of this kind. Throws where the page has none: it was made for this script. */
export function byId<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`The page has no #${id}.`);
  return found;
}

/** A name that somebody else chose, with hidden characters shown and kept apart from the text around it. */
export function name(text: string, max?: number): HTMLElement {
  return element('bdi', { class: 'name' }, shownName(text, max));
}

/** Colour, word and shape of a risk, as the page brings them. */
export function riskMark(risk: RiskLevel): Node {
  const template = document.getElementById(`mark-${risk}`);
  return template instanceof HTMLTemplateElement ? template.content.cloneNode(true) : new Text(risk);
}

/** The nodes with a separator between them. */
export function joinedNodes(nodes: readonly Node[], separator: string): (Node | string)[] {
  return nodes.flatMap((node, index) => (index === 0 ? [node] : [separator, node]));
}

/** A file of the site as JSON; undefined where there is none or it cannot be read. */
export async function fetchJson<T>(address: string): Promise<T | undefined> {
  try {
    const response = await fetch(address, { credentials: 'omit' });
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

/** What is said where a page was opened from a file, which no browser lets read others. */
export const FROM_FILE =
  'This page was opened from a file, and browsers let such a page read no others. The command “catalogue serve” shows the site on this machine.';
