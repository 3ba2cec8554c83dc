import type { Target } from '../../policy/target.ts';
import { visible } from '../visible.ts';
import { count } from '../words.ts';
import { setUpCopies } from './copy.ts';
import { element } from './dom.ts';

/** A file that an export gives, and what it is called on the page. */
interface ShownFile {
  /** What it is for, where there are several. */
  title?: string;
  fileName: string;
  text: string;
  losses: readonly string[];
}

/** The exports of a policy: a tab for each target, and below it what the target makes of the policy. */
export interface Exports {
  /** The id of the target that is shown. */
  shown(): string;
  show(id: string): void;
  /** Draws the files again; undefined: there is nothing to export. */
  update(filesOf: ((target: Target) => ShownFile[]) | undefined): void;
}

/** Puts tabs and panel into an element. `changed` is called when another tab is chosen. */
export function setUpExports(root: HTMLElement, targets: readonly Target[], changed: () => void): Exports {
  let current = targets[0];
  let filesOf: ((target: Target) => ShownFile[]) | undefined;
  const panel = element('div', {
    role: 'tabpanel',
    id: `${root.id}-panel`,
    tabindex: '0',
    class: 'tab-panel',
  });
  const tabs = targets.map((target) =>
    element(
      'button',
      { type: 'button', role: 'tab', id: `${root.id}-${target.id}`, 'aria-controls': panel.id },
      target.title,
    ),
  );
  const list = element('div', { role: 'tablist', class: 'tabs', 'aria-label': 'Written for' }, ...tabs);

  const draw = () => {
    for (const [index, tab] of tabs.entries()) {
      const isCurrent = targets[index] === current;
      tab.setAttribute('aria-selected', String(isCurrent));
      tab.tabIndex = isCurrent ? 0 : -1;
      if (isCurrent) panel.setAttribute('aria-labelledby', tab.id);
    }
    if (current !== undefined) panel.replaceChildren(...content(root.id, current, filesOf?.(current) ?? []));
    setUpCopies(panel);
  };
  const select = (index: number) => {
    current = targets.at(index % targets.length);
    draw();
    tabs.at(index % tabs.length)?.focus();
    changed();
  };
  for (const [index, tab] of tabs.entries()) tab.addEventListener('click', () => select(index));
  list.addEventListener('keydown', (event) => {
    const at = tabs.findIndex((tab) => tab.matches(':focus'));
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    select(to);
  });
  root.replaceChildren(list, panel);

  return {
    shown: () => current?.id ?? '',
    show(id) {
      current = targets.find((target) => target.id === id) ?? current;
      draw();
    },
    update(next) {
      filesOf = next;
      draw();
    },
  };
}

function content(id: string, target: Target, files: readonly ShownFile[]): Node[] {
  return [
    element('p', {}, target.summary),
    ...files.flatMap((file, index) => fileNodes(`${id}-text-${index}`, file)),
    element('p', { class: 'note' }, ...withCode(target.usage)),
  ];
}

/** Our own words, in which backticks stand around what is code. */
function withCode(text: string): (Node | string)[] {
  return text.split('`').map((part, index) => (index % 2 === 1 ? element('code', {}, part) : part));
}

function fileNodes(id: string, { title, fileName, text, losses }: ShownFile): Node[] {
  const shown = visible(fileName);
  return [
    element(
      'div',
      { class: 'code' },
      element(
        'div',
        { class: 'code-head' },
        element('span', { class: 'file' }, title === undefined ? shown : `${visible(title)}: ${shown}`),
        element(
          'span',
          { class: 'buttons' },
          element('button', { type: 'button', 'data-copy': id }, 'Copy'),
          element('button', { type: 'button', 'data-download': id, 'data-file': fileName }, 'Download'),
        ),
      ),
      element(
        'pre',
        { tabindex: '0', 'aria-label': `${shown}, the text` },
        element('code', { id }, text.trimEnd()),
      ),
    ),
    lossNodes(losses),
  ];
}

function lossNodes(losses: readonly string[]): Node {
  if (losses.length === 0) return element('p', { class: 'losses' }, 'Nothing of the policy is lost here.');
  return element(
    'div',
    { class: 'losses' },
    element('p', {}, `${count(losses.length, 'thing')} that it cannot say:`),
    element('ul', {}, ...losses.map((loss) => element('li', {}, visible(loss)))),
  );
}
