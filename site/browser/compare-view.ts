import type { Comparison, Pair, SharedTool } from '../compare/compare.ts';
import { comparePath, href, toolPath } from '../links.ts';
import type { ServerTwin } from '../published.ts';
import { count, kindOf, number } from '../words.ts';
import { element, name as nameOf, riskMark } from './dom.ts';

/** What is shown of two servers. */

type Tool = ServerTwin['tools'][number];

/** Everything, from the counts down to the tools that only one has. */
export function comparisonNodes(a: ServerTwin, b: ServerTwin, found: Comparison): Node[] {
  return [
    section('counts', 'Counts', [countTable(a, b, found)]),
    section('signals', 'Signals', [signalTable(a, b, found)]),
    section('combinations', 'What the tools of each can do together', [combinationTable(a, b, found)]),
    section('shared', `Tools of one name on both: ${number(found.shared.length)}`, sharedNodes(a, b, found)),
    element(
      'div',
      { class: 'columns' },
      section(
        'only-a',
        ['Only on ', nameOf(a.label, 48), `: ${number(found.onlyA.length)}`],
        [toolList(a, found.onlyA)],
      ),
      section(
        'only-b',
        ['Only on ', nameOf(b.label, 48), `: ${number(found.onlyB.length)}`],
        [toolList(b, found.onlyB)],
      ),
    ),
  ];
}

function countTable(a: ServerTwin, b: ServerTwin, found: Comparison): Node {
  return table(a, b, 'What', [
    row(['Tools'], found.tools),
    row(['Different names of tools'], found.names),
    ...found.risks.map((each) => row([riskMark(each.risk)], each)),
    ...found.categories.map((each) => row([each.category], each)),
    row(['Destructive'], found.destructive),
    row(['Financial'], found.financial),
    row(['Tokens of the definitions, about'], found.tokens),
  ]);
}

function signalTable(a: ServerTwin, b: ServerTwin, { signals }: Comparison): Node {
  if (signals.length === 0) return element('p', { class: 'none' }, 'Neither has a tool with a signal.');
  const template = document.getElementById('signal-links');
  const links = template instanceof HTMLTemplateElement ? [...template.content.querySelectorAll('a')] : [];
  const linkOf = (id: string) => links.find(({ dataset }) => dataset.id === id)?.cloneNode(true) ?? id;
  return table(
    a,
    b,
    'Tools with the signal',
    signals.map((each) => row([linkOf(each.id)], each)),
  );
}

function combinationTable(a: ServerTwin, b: ServerTwin, { combinations }: Comparison): Node {
  if (combinations.length === 0)
    return element('p', { class: 'none' }, 'No combination that is known to be used in attacks, on either.');
  const word = (has: boolean) => element('td', { class: 'n' }, has ? 'yes' : 'no');
  return table(
    a,
    b,
    'Combination',
    combinations.map((each) => element('tr', {}, head([each.title]), word(each.a), word(each.b))),
  );
}

function sharedNodes(a: ServerTwin, b: ServerTwin, { shared }: Comparison): Node[] {
  if (shared.length === 0)
    return [element('p', { class: 'none' }, 'No tool of one has the name of a tool of the other.')];
  const heads = ['Tool', a.label, b.label, 'Recommended rules'];
  const alike = shared.filter(({ same }) => same).length;
  return [
    element(
      'p',
      {},
      `The verdict is the same on ${alike} of ${count(shared.length, 'tool')}. ${policyWords(shared)} A name says little: the definitions may differ.`,
    ),
    element(
      'table',
      { class: 'list grid shared' },
      element(
        'thead',
        {},
        element('tr', {}, ...heads.map((text) => element('th', { scope: 'col' }, nameOf(text, 48)))),
      ),
      element('tbody', {}, ...shared.map((each) => sharedRow(a, b, each))),
    ),
  ];
}

/** How the recommended policies differ on the tools that both have. */
function policyWords(shared: readonly SharedTool[]): string {
  const on = (wanted: SharedTool['policy']['direction']) =>
    shared.filter(({ policy }) => policy.direction === wanted).length;
  if (on('same') === shared.length) return 'The recommended rules are the same on all.';
  return `The recommended rules are the same on ${on('same')}; the second is stricter on ${on('stricter')} and looser on ${on('looser')}, and on ${on('changed')} they differ without being either.`;
}

const DIRECTION: Record<SharedTool['policy']['direction'], string> = {
  same: 'The same.',
  looser: 'The second is looser.',
  stricter: 'The second is stricter.',
  changed: 'They differ.',
};

function sharedRow(a: ServerTwin, b: ServerTwin, { name, policy, ...tool }: SharedTool): Node {
  const { direction } = policy;
  return element(
    'tr',
    {},
    head([nameOf(name)]),
    element('td', { 'data-label': 'First' }, verdict(a, tool.a)),
    element('td', { 'data-label': 'Second' }, verdict(b, tool.b)),
    element(
      'td',
      { 'data-label': 'Rules' },
      DIRECTION[direction],
      element('small', { class: 'line' }, direction === 'same' ? policy.a : `First: ${policy.a}.`),
      direction !== 'same' && element('small', { class: 'line' }, `Second: ${policy.b}.`),
    ),
  );
}

function verdict(server: ServerTwin, tool: Tool): Node {
  return element(
    'a',
    { class: 'plain', href: href(comparePath, toolPath(server, tool)) },
    riskMark(tool.risk),
    ` ${kindOf(tool)}`,
  );
}

function toolList(server: ServerTwin, tools: readonly Tool[]): Node {
  if (tools.length === 0) return element('p', { class: 'none' }, 'None.');
  const items = tools.map((tool) =>
    element(
      'li',
      {},
      riskMark(tool.risk),
      element('a', { class: 'mono', href: href(comparePath, toolPath(server, tool)) }, nameOf(tool.name)),
      element('span', { class: 'of' }, kindOf(tool)),
    ),
  );
  return element('ul', { class: 'scans' }, ...items);
}

function table(a: ServerTwin, b: ServerTwin, what: string, rows: readonly Node[]): Node {
  const heads = [a, b].map(({ label }) => element('th', { scope: 'col', class: 'n' }, nameOf(label, 48)));
  const first = element('th', { scope: 'col' }, what);
  return element(
    'table',
    { class: 'pairs' },
    element('thead', {}, element('tr', {}, first, ...heads)),
    element('tbody', {}, ...rows),
  );
}

function row(what: readonly (Node | string)[], { a, b }: Pair): Node {
  const cell = (n: number) => element('td', { class: n === 0 ? 'n zero' : 'n' }, number(n));
  return element('tr', {}, head(what), cell(a), cell(b));
}

function head(what: readonly (Node | string)[]): Node {
  return element('th', { scope: 'row' }, ...what);
}

function section(id: string, title: string | (Node | string)[], body: readonly Node[]): HTMLElement {
  const heading = element('h2', { id }, ...[title].flat());
  return element('section', { 'aria-labelledby': id }, heading, ...body);
}
