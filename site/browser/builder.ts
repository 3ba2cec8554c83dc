import { type PolicyFault, parsePolicy, unfilledValues } from '../../policy/parse.ts';
import { targets } from '../../policy/targets/index.generated.ts';
import type { ServerBrief } from '../brief.ts';
import { baseOf, type Decision, type Draft, documentOf, EMPTY_DRAFT } from '../builder/draft.ts';
import { draftFromQuery, draftToQuery, isTooLong } from '../builder/link.ts';
import { MAX_PASTED_CHARS, MAX_WARNED_TOOLS } from '../limits.ts';
import { builderPath, href, serverBriefPath, serverPath } from '../links.ts';
import { exportPolicy, isShaped } from '../policy-export.ts';
import { visible } from '../visible.ts';
import { count, listed, shownName } from '../words.ts';
import { rememberState } from './address.ts';
import { decisionField, decisionRows } from './decisions.ts';
import { byId, element, FROM_FILE, fetchJson, name as nameOf } from './dom.ts';
import { setUpExports } from './exports.ts';
import { setUpServerField } from './server-field.ts';

// The policy builder: a server's recommended policy, what a person decides otherwise, and every export of it.

/** The whole document first, then the published dialect, then the others. */
const FIRST = ['gateway', 'policy-json'];
const ORDERED = [
  ...FIRST.flatMap((id) => targets.find((target) => target.id === id) ?? []),
  ...targets.filter(({ id }) => !FIRST.includes(id)),
];

const query = new URLSearchParams(location.search);
const chosen = byId('chosen', HTMLElement);
const workbench = byId('workbench', HTMLElement);
const guards = byId('guards', HTMLInputElement);
const key = byId('key', HTMLInputElement);
const pasted = byId('pasted', HTMLTextAreaElement);

let server: ServerBrief | undefined;
let draft: Draft = EMPTY_DRAFT;
let rows: ReturnType<typeof decisionRows> = [];

const exports = setUpExports(byId('exports', HTMLElement), ORDERED, () => remember());
const many = decisionField(
  byId('many-choice', HTMLSelectElement),
  byId('many-limit', HTMLElement),
  'many tools',
  'as it is',
  () => {},
);

byId('builder', HTMLElement).hidden = false;
setUpServerField(byId('find', HTMLElement), (slug) => {
  for (const name of [...query.keys()]) query.delete(name);
  query.set('server', slug);
  void open(slug);
});
guards.addEventListener('change', () => {
  draft = { ...draft, guards: guards.checked };
  update();
});
key.addEventListener('input', () => update());
byId('many-apply', HTMLButtonElement).addEventListener('click', decideMany);
byId('use', HTMLButtonElement).addEventListener('click', usePasted);
byId('back', HTMLButtonElement).addEventListener('click', () => goOnFrom(EMPTY_DRAFT));

const wanted = query.get('server');
if (location.protocol === 'file:') chosen.textContent = FROM_FILE;
else if (wanted !== null) void open(wanted);

/** Reads a server, and the draft that the address has for it. */
async function open(slug: string): Promise<void> {
  chosen.textContent = 'Reading the server.';
  server = /^[\w~-]+$/.test(slug) ? await fetchJson<ServerBrief>(serverBriefPath({ slug })) : undefined;
  workbench.hidden = server === undefined || server.tools.length === 0;
  if (server === undefined) {
    chosen.textContent = `The catalogue has no server “${shownName(slug)}”.`;
    return;
  }
  const { tools, label } = server;
  const link = element('a', { href: href(builderPath, serverPath({ slug })) }, nameOf(label));
  const none = server.unlisted ? ' Nobody has listed its tools yet.' : ' It listed no tools.';
  chosen.replaceChildren(link, `: ${count(tools.length, 'tool')}.`, tools.length === 0 ? none : '');
  const read = draftFromQuery(query, tools);
  draft = read.draft;
  if (read.lost > 0) {
    chosen.append(
      ` ${count(read.lost, 'decision')} of the link ${read.lost === 1 ? 'was' : 'were'} left out: the server has no such tool, or the decision makes no sense.`,
    );
  }
  key.value = query.get('key') ?? slug;
  guards.checked = draft.guards;
  rows = decisionRows(byId('decide', HTMLTableElement).tBodies[0] ?? workbench, server, decided);
  exports.show(query.get('for') ?? '');
  showDecisions();
  update();
}

function showDecisions(): void {
  for (const { name, field } of rows) field.show(draft.decisions.get(name));
}

/** Takes what the fields of the table say. */
function decided(): void {
  const decisions = rows.flatMap(({ name, field }): [string, Decision][] => {
    const decision = field.value();
    return decision === undefined ? [] : [[name, decision]];
  });
  draft = { ...draft, decisions: new Map(decisions) };
  update();
}

function decideMany(): void {
  const which = byId('many-which', HTMLSelectElement).value;
  const decision = many.value();
  const decisions = new Map(draft.decisions);
  const tools = (server?.tools ?? []).filter(
    ({ risk, category }) => which === '' || risk === which || category === which,
  );
  for (const { name } of tools) {
    if (decision === undefined) decisions.delete(name);
    else decisions.set(name, decision);
  }
  draft = { ...draft, decisions };
  showDecisions();
  update();
}

/** Writes everything that follows from the draft. */
function update(): void {
  if (server === undefined) return;
  const { tools, slug } = server;
  const document = documentOf(tools, draft);
  const before = baseOf(tools, draft);
  const origin = draft.base === undefined ? 'Recommended' : 'As pasted';
  for (const { name, say } of rows) {
    say(before, false, origin);
    if (draft.decisions.has(name)) say(document, true, origin);
  }
  const text = JSON.stringify(document, undefined, 2);
  const checked = parsePolicy(text);
  const unfilled = checked.ok ? unfilledValues(text) : [];
  showFaults(byId('faults', HTMLElement), checked.ok ? unfilled : checked.faults);
  byId('state', HTMLElement).textContent = checked.ok
    ? stateWords(unfilled.length)
    : 'The gateway would refuse this policy. Where it stands is told by line and column of policy.json.';
  const names = tools.map(({ name }) => name);
  exports.update(
    checked.ok
      ? (target) => {
          const own = documentOf(tools, draft, isShaped(target));
          return [exportPolicy(own, target, { serverName: key.value.trim() || slug, tools: names })];
        }
      : undefined,
  );
  remember();
}

function stateWords(unfilled: number): string {
  const from = draft.base === undefined ? 'the recommendation' : 'the pasted policy';
  const n = draft.decisions.size;
  const differs =
    n === 0 ? `It is ${from} as it stands.` : `${count(n, 'tool')} decided otherwise than ${from} says.`;
  const values = unfilled === 1 ? 'a value has' : `${unfilled} values have`;
  const open = unfilled === 0 ? '' : ` But ${values} to be filled in, and nothing passes there until then.`;
  return `The gateway accepts this policy.${open} ${differs}${extraRules()}`;
}

/** A pasted policy may have rules for tools that the server does not list. */
function extraRules(): string {
  const known = new Set(server?.tools.map(({ name }) => name));
  const extra = Object.keys(draft.base?.tools ?? {}).filter((name) => !known.has(name));
  if (extra.length === 0) return '';
  const shown = extra.slice(0, MAX_WARNED_TOOLS).map((name) => shownName(name, 60));
  const more = extra.length > shown.length ? ` and ${extra.length - shown.length} more` : '';
  return ` It keeps rules for tools that the server does not list: ${more === '' ? listed(shown) : `${shown.join(', ')}${more}`}.`;
}

function showFaults(list: HTMLElement, faults: readonly PolicyFault[]): void {
  list.replaceChildren(
    ...faults.map(({ line, column, pointer, message, remedy }) =>
      element(
        'li',
        {},
        element('code', {}, `${line}:${column} ${visible(pointer) || 'the document'}`),
        ` ${visible(message)}. ${visible(remedy)}`,
      ),
    ),
  );
}

function usePasted(): void {
  const state = byId('pasted-state', HTMLElement);
  const text = pasted.value;
  if (text.length > MAX_PASTED_CHARS) {
    state.textContent = `This is longer than ${MAX_PASTED_CHARS} characters.`;
    return;
  }
  const parsed = parsePolicy(text);
  showFaults(byId('pasted-faults', HTMLElement), parsed.ok ? [] : parsed.faults);
  state.textContent = parsed.ok
    ? 'The builder goes on from this policy. The recommendation no longer plays a part.'
    : `${count(parsed.faults.length, 'fault')}: nothing was changed.`;
  if (parsed.ok) goOnFrom({ ...EMPTY_DRAFT, base: parsed.document });
}

function goOnFrom(next: Draft): void {
  draft = { ...next, guards: guards.checked };
  byId('back', HTMLElement).hidden = draft.base === undefined;
  if (draft.base === undefined) byId('pasted-state', HTMLElement).textContent = '';
  showDecisions();
  update();
}

/** Keeps the draft in the address, as far as it fits there. */
function remember(): void {
  if (server === undefined) return;
  const state = new URLSearchParams({ server: server.slug });
  if (key.value !== server.slug) state.set('key', key.value);
  if (exports.shown() !== ORDERED[0]?.id) state.set('for', exports.shown());
  const plain = new URLSearchParams(state);
  for (const [name, value] of draftToQuery(draft, server.tools)) state.append(name, value);
  const address = new URL(`?${state}`, location.href);
  address.hash = '';
  const fits = !isTooLong(address.href) && draft.base === undefined;
  rememberState(fits ? state : plain);
  byId('link-state', HTMLElement).textContent = linkWords(fits);
  byId('copy-link', HTMLElement).hidden = !fits;
  byId('link', HTMLElement).textContent = fits ? address.href : '';
}

function linkWords(fits: boolean): string {
  if (fits) return 'It has the server and your decisions in it, and nothing else.';
  return draft.base === undefined
    ? 'There are too many decisions for a link; download the policy instead, and go on from it here.'
    : 'A pasted policy is not put into a link; download the policy instead.';
}
