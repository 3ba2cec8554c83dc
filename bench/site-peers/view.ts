import { HINT_DEFAULTS } from '../../classifier/hints.ts';
import { BASE_RISK } from '../../classifier/risk.ts';
import { PolicyDocument } from '../../policy/contract.ts';
import { parametersOf } from '../../site/evidence.ts';
import {
  MAX_DEFINITION_CHARS,
  MAX_EVIDENCE_CHARS,
  MAX_LABEL_CHARS,
  MAX_SIBLINGS,
  MAX_SIGNAL_PARAMETERS,
} from '../../site/limits.ts';
import { explainToolPolicy, extentOf, ruleOf, shownPolicy } from '../../site/policy-text.ts';
import type { ServerTwin, ToolTwin } from '../../site/published.ts';
import { saidText } from '../../site/said.ts';
import { groupOf } from '../../site/signals.ts';
import { visible, visibleJson } from '../../site/visible.ts';
import {
  CATEGORY_MEANING,
  capitalised,
  cut,
  day,
  HINT_MEANING,
  HINT_WORDS,
  kindOf,
  listed,
  number,
  shownName,
} from '../../site/words.ts';
import { attacksOf } from './attacks.ts';
import { parameterRows } from './parameters.ts';
import { numberQuotes, type Quotes } from './quotes.ts';

/**
 * What the templates of the peers are given of one tool: its twin, worked out as far as data can be, so that they have
 * only to print it. All keys are lower case, because Hugo folds the keys of front matter.
 */
export type PeerTool = ReturnType<typeof peerTool>;

const SHORT_DESCRIPTION = 160;

/** The front matter of one tool's page, made of its twin and of the twin of its server. */
export function peerTool(twin: ToolTwin, server: ServerTwin) {
  const { category, destructive, financial, risk, confidence, definition } = twin;
  const name = shownName(twin.name);
  const label = shownName(server.label);
  const description = typeof definition.description === 'string' ? definition.description : '';
  const schema = isObject(definition.inputSchema) ? definition.inputSchema : {};
  const parameters = parametersOf(schema);
  const quotes = numberQuotes(twin, description, parameters);
  const json = visibleJson(JSON.stringify(definition, undefined, 2));
  return {
    name,
    slug: twin.slug,
    server: server.slug,
    serverid: visible(server.id),
    label,
    shortlabel: shownName(server.label, MAX_LABEL_CHARS),
    category,
    risk,
    destructive,
    financial,
    confidence,
    kind: kindOf({ category, destructive, financial }),
    verdict: [
      kindOf({ category, destructive, financial }),
      ...(twin.alternative === undefined ? [] : [`or ${twin.alternative}`]),
      `${confidence} confidence`,
    ].join(' · '),
    rationale: visible(twin.rationale),
    hash: twin.hash,
    firstseen: twin.firstSeenAt,
    firstday: day(twin.firstSeenAt),
    judge: twin.reviewer === 'rules' ? 'Rules' : cut(visible(twin.reviewer), MAX_LABEL_CHARS),
    classifier: twin.classifierVersion,
    signals: twin.signals.map((signal) => signalOf(signal, quotes)),
    title: titleOf(definition, [name, description]),
    description: quotes.passages,
    shortdescription: cut(saidText(description), SHORT_DESCRIPTION),
    strongest: strongestOf(twin, quotes),
    policy: policyOf(twin, server),
    ratings: ratingsOf(twin, quotes),
    parameters: parameterRows(twin, parameters, quotes),
    noparameters:
      definition.inputSchema === undefined
        ? 'Unknown: the server sent no input schema.'
        : 'The input schema names none.',
    entry: entryOf(twin, server),
    claims: twin.hints.map(claimOf),
    evidence: quotes.all,
    moreevidence: quotes.omitted,
    related: twin.related.map((other) => ({
      name: shownName(other.name),
      server: other.server.slug,
      label: shownName(other.server.label, MAX_LABEL_CHARS),
      slug: other.json.slice(other.json.lastIndexOf('/') + 1, -'.json'.length),
      risk: other.risk,
    })),
    beside: besideOf(twin, server),
    attacks: attacksOf(twin),
    tools: server.tools.length,
    definition: cut(json, MAX_DEFINITION_CHARS),
    definitionlength: number(json.length),
    definitionrest: Math.max(0, json.length - MAX_DEFINITION_CHARS),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function titleOf(definition: ToolTwin['definition'], others: readonly string[]): string {
  const { annotations } = definition;
  const title = definition.title ?? (isObject(annotations) ? annotations.title : undefined);
  return typeof title === 'string' && !others.includes(title) && title !== '' ? shownName(title) : '';
}

function signalOf(
  { id, label, why, confidence, raises, effects = [], parameters, evidence }: ToolTwin['signals'][number],
  quotes: Quotes,
) {
  return {
    id,
    label: visible(label),
    group: groupOf(id),
    parameters: parameters.slice(0, MAX_SIGNAL_PARAMETERS).map((path) => shownName(path, 60)),
    more: Math.max(0, parameters.length - MAX_SIGNAL_PARAMETERS),
    why,
    effect: [
      ...effects.map((effect) => `Makes the tool ${effect}.`),
      ...(raises === undefined ? [] : [`Makes its risk ${raises} at least.`]),
      ...(confidence === 'high' ? [] : [`${capitalised(confidence)} confidence.`]),
    ].join(' '),
    cites: quotes.numbersOf(evidence),
  };
}

function strongestOf({ evidence }: ToolTwin, quotes: Quotes) {
  const strongest = evidence.slice(0, 1);
  const quote = visible(cut(strongest[0]?.quote ?? '', MAX_EVIDENCE_CHARS), { lines: true });
  return { quote, cites: quotes.numbersOf(strongest) };
}

function policyOf(twin: ToolTwin, server: ServerTwin) {
  const names = new Set(server.tools.map(({ name }) => name));
  const document = PolicyDocument.parse(twin.policy);
  const same = { name: twin.name, tools: [], otherNames: names.size - 1, document };
  const rule = ruleOf(same);
  const limit = rule.limits?.[0] ?? {
    counter: `${twin.name}_rate`,
    window: 'minute',
    max: 10,
    scope: 'grant',
  };
  return {
    text: shownPolicy(JSON.stringify(document, undefined, 2)),
    explained: explainToolPolicy(same),
    names: names.size,
    denies: rule.deny_if !== undefined,
    extent: rule.limits === undefined ? '' : extentOf(rule),
    limit: shownPolicy(JSON.stringify({ limits: [limit] })),
    hide: shownPolicy(JSON.stringify({ hide: [twin.name] })),
  };
}

/** The entry of a file of corrections that is about this very tool. */
function entryOf({ name, hash, category, destructive, financial }: ToolTwin, { id }: ServerTwin): string {
  return [
    `- server: ${visibleJson(JSON.stringify(id))}`,
    `  tool: ${visibleJson(JSON.stringify(name))}`,
    `  hash: "${hash}"`,
    `  category: ${category}`,
    `  destructive: ${destructive}`,
    `  financial: ${financial}`,
    '  reason: ""',
    '  by: ""',
  ].join('\n');
}

const CONFIDENCE_MEANING: Record<ToolTwin['confidence'], string> = {
  high: 'The definition says plainly what the tool does',
  medium: 'The definition leaves some room for another reading',
  low: 'The definition says little, or points both ways; treat the category as a guess',
};

function ratingsOf(twin: ToolTwin, quotes: Quotes) {
  const { category, confidence, alternative, risk } = twin;
  const row = (id: string, value: string, basis: string, cites: number[] = []) => {
    return { id, term: id === 'alternative' ? 'Or' : capitalised(id), value, basis, cites };
  };
  const effect = (id: 'destructive' | 'financial') => {
    const carried = twin.signals.filter(({ effects = [] }) => effects.includes(id));
    if (!twin[id]) return row(id, 'Not found', 'Nothing in the definition says so');
    const basis = listed(carried.map(({ label }) => visible(label)));
    return row(id, 'Yes', basis, quotes.numbersOf(carried.flatMap(({ evidence }) => evidence)));
  };
  const other = alternative && `The definition can also be read so: ${CATEGORY_MEANING[alternative]}`;
  return [
    row('category', category, capitalised(CATEGORY_MEANING[category]), quotes.numbersOf(twin.evidence)),
    ...(alternative === undefined ? [] : [row('alternative', alternative, other ?? '')]),
    row('risk', risk, riskBasis(twin)),
    effect('destructive'),
    effect('financial'),
    row('confidence', capitalised(confidence), CONFIDENCE_MEANING[confidence]),
  ];
}

function riskBasis({ category, risk, destructive, financial, signals }: ToolTwin): string {
  const start = `${category} is ${BASE_RISK[category]}`;
  const effects = [destructive && 'destructive', financial && 'financial'].filter((word) => word !== false);
  if (risk === BASE_RISK[category] && effects.length === 0) return start;
  if (risk === 'critical' && effects.length > 0) return `${start}; what is ${listed(effects)} is critical`;
  const raised = signals.filter(({ raises }) => raises === risk);
  return `${start}; raised to ${risk} by: ${listed(raised.map(({ label }) => visible(label)))}`;
}

function claimOf({ hint, claim, verdict }: ToolTwin['hints'][number]) {
  return {
    hint,
    claim,
    silent: String(HINT_DEFAULTS[hint]),
    words: capitalised(HINT_WORDS[verdict]),
    meaning: HINT_MEANING[verdict],
    differs: verdict === 'understates' || verdict === 'overstates',
  };
}

/** The tools beside it in the server's list, as our pages choose them. */
function besideOf({ slug }: ToolTwin, { tools }: ServerTwin) {
  const index = tools.findIndex((tool) => tool.slug === slug);
  const from = Math.max(0, Math.min(index - MAX_SIBLINGS / 2, tools.length - MAX_SIBLINGS - 1));
  return tools
    .slice(from, from + MAX_SIBLINGS + 1)
    .filter((tool) => tool.slug !== slug)
    .map((tool) => ({ name: shownName(tool.name), slug: tool.slug, risk: tool.risk }));
}
