import { type FindFile, type FindIndex, fileFor, matchServers, type NamedServer } from '../builder/names.ts';
import { findIndexPath, findPath } from '../links.ts';
import { count, shownName } from '../words.ts';
import { element, fetchJson } from './dom.ts';

/** How long after the last key press the servers are looked for, in milliseconds. */
const PAUSE = 120;

/**
 * Makes a field that finds servers by their names and lists them below it as buttons. `choose` is called with the slug
 * and the label.
 */
export function setUpServerField(root: HTMLElement, choose: (slug: string, label: string) => void): void {
  const input = root.querySelector('input');
  const list = root.querySelector('ul');
  const status = root.querySelector<HTMLElement>('[role="status"]');
  if (input === null || list === null || status === null) return;
  const known = new Map<string, Promise<FindFile | undefined>>();
  let files: Promise<FindIndex | undefined> | undefined;
  let wait: ReturnType<typeof setTimeout> | undefined;

  async function fileOf(typed: string): Promise<FindFile | undefined> {
    files ??= fetchJson<FindIndex>(findIndexPath);
    const name = fileFor(typed);
    const index = await files;
    if (name === undefined || index === undefined) return undefined;
    if (!index.files.includes(name)) return { cut: false, servers: [] };
    const file = known.get(name) ?? fetchJson<FindFile>(findPath(name));
    known.set(name, file);
    return file;
  }

  const find = async () => {
    const typed = input.value.trim();
    const file = typed === '' ? undefined : await fileOf(typed);
    if (typed !== input.value.trim()) return;
    if (file === undefined) {
      list.replaceChildren();
      status.textContent = typed === '' ? '' : 'Two letters or more find a server.';
      return;
    }
    const { found, more } = matchServers(file, typed);
    list.replaceChildren(...found.map(entry));
    status.textContent = more
      ? `More than ${found.length} servers; type more of the name.`
      : count(found.length, 'server');
  };

  function entry([slug, label, tools]: NamedServer): HTMLElement {
    const button = element('button', { type: 'button' }, element('bdi', {}, shownName(label)));
    button.addEventListener('click', () => {
      list?.replaceChildren();
      if (status !== null) status.textContent = '';
      if (input !== null) {
        input.value = '';
        // The button that has the focus is gone.
        input.focus();
      }
      choose(slug, label);
    });
    return element('li', {}, button, element('span', { class: 'of' }, ` ${slug}, ${count(tools, 'tool')}`));
  }

  input.addEventListener('input', () => {
    clearTimeout(wait);
    wait = setTimeout(find, PAUSE);
  });
}
