import { aloneIn } from '../../classifier/combinations.ts';
import type { Combination, ToolReference } from '../../classifier/contract.ts';
import { MAX_COMBINED_TOOLS, MAX_WORST_TOOLS } from '../limits.ts';
import { href, serverPath, stackPath, toolPath } from '../links.ts';
import type { FoundServer } from '../stack/lookup.ts';
import type { StackTool, StackVerdict } from '../stack/verdict.ts';
import { capitalised, count, kindOf, number, RISKS } from '../words.ts';
import { element, joinedNodes, name as nameOf, riskMark } from './dom.ts';

/** What is shown of a stack. */

/** What the tools can do together, which a reader of single tools would miss. */
export function combinationNodes({ combinations, tools }: StackVerdict, servers: number): Node[] {
  if (tools.length === 0) return [];
  const links = new Map(tools.toReversed().map((each) => [keyOf(each.key, each.tool.name), each]));
  const body =
    combinations.length === 0
      ? [element('p', { class: 'none' }, 'No combination of tools that is known to be used in attacks.')]
      : combinations.flatMap((each) => oneCombination(each, servers, links));
  return [section('combinations', 'What the tools can do together', body)];
}

function oneCombination(
  combination: Combination,
  servers: number,
  links: ReadonlyMap<string, StackTool>,
): Node[] {
  const { title, why, parts, acrossServers } = combination;
  const alone = aloneIn(combination);
  const facts = [
    ...parts.map(({ role, tools }) => fact(capitalised(role), toolLinks(tools, links))),
    ...(alone.length > 0 ? [fact('Does all of it by itself', toolLinks(alone, links))] : []),
  ];
  const where = acrossServers
    ? 'Only across servers: none of them has all of it.'
    : 'One server alone has all of it.';
  return [
    element('h3', {}, title),
    element('p', {}, why, servers > 1 && ` ${where}`),
    element('dl', { class: 'facts wide' }, ...facts),
  ];
}

function toolLinks(
  tools: readonly ToolReference[],
  links: ReadonlyMap<string, StackTool>,
): (Node | string)[] {
  const shown = tools.slice(0, MAX_COMBINED_TOOLS).flatMap(({ server, tool }) => {
    const known = links.get(keyOf(server, tool));
    return known === undefined ? [] : [element('span', {}, toolLink(known), ' (', nameOf(server, 60), ')')];
  });
  const more = tools.length - shown.length;
  return [
    ...joinedNodes(shown, ', '),
    ...(more > 0 ? [` and ${number(more)} more (${count(tools.length, 'tool')})`] : []),
  ];
}

function toolLink({ server, tool }: StackTool): HTMLElement {
  return element('a', { class: 'mono', href: href(stackPath, toolPath(server, tool)) }, nameOf(tool.name));
}

/** The counts by risk, what the definitions cost, and the riskiest tools. */
export function toolNodes({ tools, risks, tokens }: StackVerdict): Node[] {
  if (tools.length === 0) return [];
  const legend = element(
    'ul',
    {},
    ...RISKS.map((risk) => element('li', {}, riskMark(risk), ' ', element('b', {}, number(risks[risk])))),
  );
  const worst = tools.filter(({ tool }) => tool.risk !== 'low').slice(0, MAX_WORST_TOOLS);
  const cost = `Their definitions take about ${count(tokens, 'token')} of the model’s context before the first question.`;
  const rows = worst.map((each) =>
    element(
      'tr',
      {},
      element('td', {}, riskMark(each.tool.risk)),
      element('td', {}, kindOf({ destructive: false, financial: false, ...each.tool })),
      element('th', { scope: 'row' }, toolLink(each)),
      element('td', {}, nameOf(each.key, 60)),
    ),
  );
  return [
    section('by-risk', `${count(tools.length, 'tool')} by risk`, [
      element('div', { class: 'legend' }, legend),
      element('p', {}, cost),
      ...(rows.length > 0 ? [worstTable(rows, tools.length)] : []),
    ]),
  ];
}

function worstTable(rows: readonly Node[], all: number): Node {
  const heads = ['Risk', 'Kind', 'Tool', 'Server'].map((text) => element('th', { scope: 'col' }, text));
  return element(
    'table',
    { class: 'list tools worst' },
    element('caption', {}, rows.length < all ? `The ${count(rows.length, 'riskiest tool')}` : 'All tools'),
    element('thead', {}, element('tr', {}, ...heads)),
    element('tbody', {}, ...rows),
  );
}

/** Each server, whether it is known, and what to do where it is not. */
export function serverNodes(
  found: readonly FoundServer[],
  left: readonly { key: string; reason: string }[],
): Node[] {
  if (found.length + left.length === 0) return [];
  const facts = [
    ...found.map((each) => fact(nameOf(each.server.key, 60), serverWords(each))),
    ...left.map(({ key, reason }) => fact(nameOf(key, 60), [`Left out: ${reason}.`])),
  ];
  return [section('servers', 'Servers', [element('dl', { class: 'facts wide' }, ...facts)])];
}

function serverWords({ server, brief }: FoundServer): (Node | string)[] {
  if (brief !== undefined) {
    const link = element('a', { href: href(stackPath, serverPath(brief)) }, nameOf(brief.label));
    return [
      link,
      brief.unlisted ? ': known, but nobody has listed its tools' : `: ${count(brief.tools.length, 'tool')}`,
    ];
  }
  const command =
    server.scan === undefined
      ? 'catalogue scan <path of the configuration>'
      : `catalogue scan ${server.scan}`;
  return ['Not in the catalogue. To scan it: ', element('code', {}, nameOf(command, 200))];
}

function section(id: string, title: string, body: readonly Node[]): HTMLElement {
  const heading = element('h2', { id }, title);
  return element('section', { 'aria-labelledby': id }, heading, ...body);
}

function fact(term: Node | string, value: readonly (Node | string)[]): HTMLElement {
  return element('div', { class: 'fact' }, element('dt', {}, term), element('dd', {}, ...value));
}

function keyOf(server: string, tool: string): string {
  return JSON.stringify([server, tool]);
}
