import { signalById } from '../../classifier/classify.ts';
import { type RoleId, roles } from '../../classifier/combinations/roles.ts';
import { patterns } from '../../classifier/combinations/table.ts';
import type { Access, Attack } from '../attack.ts';
import type { SiteSubject, ToolLink } from '../contract.ts';
import { each, type Html, html } from '../html.ts';
import { MAX_ATTACK_EXAMPLES } from '../limits.ts';
import { categoryPath, href, signalPath } from '../links.ts';
import { capitalised, count, listed } from '../words.ts';
import { share } from './figures.ts';

/** How many tools of the catalogue have a kind of access, and how many servers; undefined where no total tells. */
function reachOf(
  { signal, without, effect, role, category }: Access,
  site: SiteSubject,
): { tools: number; servers?: number } | undefined {
  if (role !== undefined || without !== undefined || (signal !== undefined && effect !== undefined))
    return undefined;
  const group =
    signal !== undefined ? site.bySignal.get(signal) : effect !== undefined ? site[effect] : site.all;
  if (group === undefined) return { tools: 0, servers: 0 };
  return category === undefined
    ? { tools: group.count, servers: group.servers }
    : { tools: group.categories[category] };
}

/** What gives the access, with the number of tools of the catalogue that have it. */
export function accessTable(attack: Attack, site: SiteSubject, path: string): Html {
  const rows = attack.access.toSorted((a, b) => b.weight - a.weight);
  return html`<table class="grid access">
<thead><tr><th scope="col">Access</th><th scope="col">How it serves the attack</th><th scope="col" class="n">Tools of the catalogue</th></tr></thead>
<tbody>${each(rows, (access) => html`<tr><th scope="row">${accessWords(access, path)}</th><td>${WEIGHT_WORDS[access.weight]}</td><td class="n" data-label="Tools of the catalogue">${reachWords(access, site)}</td></tr>`)}</tbody>
</table>`;
}

const WEIGHT_WORDS: Record<Access['weight'], string> = {
  3: 'The attack is about it',
  2: 'It serves the attack',
  1: 'It serves the attack, as nearly any access does',
};

function accessWords({ signal, without, effect, role, category }: Access, path: string): Html {
  const named = [
    category !== undefined && html`<a href="${href(path, categoryPath(category))}">${category}</a>`,
    signal !== undefined && signalLink(signal, path),
    effect !== undefined && capitalised(effect),
    role !== undefined && html`A tool that ${roleWords(role)}`,
  ].filter((part) => part !== false);
  if (named.length === 0) return html`Any tool`;
  return html`${named.map((part, index) => (index === 0 ? part : html`, ${part}`))}${without !== undefined && html`, without ${signalLink(without, path)}`}`;
}

function signalLink(id: string, path: string): Html {
  return html`<a href="${href(path, signalPath(id))}">${signalById(id)?.title ?? id}</a>`;
}

function reachWords(access: Access, site: SiteSubject): Html | string {
  const reach = reachOf(access, site);
  if (reach === undefined) return html`<span class="none">not counted</span>`;
  if (reach.tools === 0) return 'none';
  const servers = reach.servers === undefined ? '' : ` on ${count(reach.servers, 'server')}`;
  return html`${count(reach.tools, 'tool')} <small>${share(reach.tools, site.all.count)}${servers}</small>`;
}

/** The combinations of tools by which the classifier finds the attack; false where there is none. */
export function combinationList({ combinations }: Attack): Html | false {
  const known = patterns.filter(({ id }) => combinations.includes(id));
  if (known.length === 0) return false;
  return html`<p>Two or more tools can give it together. On the page of a server, and for a whole configuration, these combinations are named:</p>
<dl class="findings">${each(known, (pattern) => {
    const parts = pattern.roles.map(roleWords);
    return html`<div><dt>${pattern.title}</dt><dd>${pattern.why} One tool ${listed(parts.map((part, index) => (index === 0 ? part : `one ${part}`)))}.</dd></div>`;
  })}</dl>`;
}

/** Tools that have the access which the attack is about. */
export function attackExamples(
  { access }: Attack,
  site: SiteSubject,
): { total: number; examples: ToolLink[] } {
  for (const one of access) {
    const { signal, effect, category } = one;
    const reach = reachOf(one, site);
    if (one.weight === 1 || reach === undefined || reach.tools === 0) continue;
    const group = signal !== undefined ? site.bySignal.get(signal) : effect && site[effect];
    const fitting = (group?.examples ?? []).filter(
      ({ tool }) => category === undefined || tool.category === category,
    );
    if (fitting.length > 0) return { total: reach.tools, examples: fitting.slice(0, MAX_ATTACK_EXAMPLES) };
  }
  return { total: 0, examples: [] };
}

function roleWords(id: RoleId): string {
  return roles.find((role) => role.id === id)?.words ?? id;
}
