import type { Act } from './acts.ts';
import type { PresentFinding } from './contract.ts';
import type { ToolFacts } from './facts.ts';
import type { Ground } from './verdict.ts';

export interface Reasons {
  facts: ToolFacts;
  ground: Ground;
  present: readonly PresentFinding[];
  destructive: boolean;
  financial: boolean;
  isThin: boolean;
}

/** Says in one or two sentences why a tool got its verdict. The server's own words appear only in quotes. */
export function explain(reasons: Reasons): string {
  return `${opening(reasons)} ${closing(reasons)}`.trim();
}

function opening({ facts, ground, isThin, financial }: Reasons): string {
  const { act, by } = ground;
  if (by === 'promise')
    return `Runs a query that the caller writes; the description promises that it only reads.`;
  if (by === 'hint')
    return `The text does not say what it does, but the server's own hint says that it changes something.`;
  if (by === 'signal' && !financial) return signalOpening(ground);
  if (!act)
    return `Neither the name nor the description says what it does, so it counts as able to run anything.`;
  const deed = deedOf(act);
  if (isThin) return `The name suggests that it ${deed}, and nothing else in the definition says more.`;
  if (act.source === 'choice') {
    return `One of its choices for ${quoted(act.evidence.parameter ?? 'the action')} is ${quoted(act.evidence.quote)}, and the gravest choice decides.`;
  }
  if (act.source === 'noun')
    return `Returns ${quoted(act.object ?? facts.name.text)}; no verb in the definition says that it does more.`;
  if (ground.confidence === 'low') return `It probably ${deed}, but the wording is too loose to be sure.`;
  return `${capital(deed)}.`;
}

function signalOpening({ act, evidence }: Ground): string {
  const parameter = evidence[0]?.parameter;
  const through = parameter === undefined ? '' : ` given in ${quoted(parameter)}`;
  return act
    ? `${capital(deedOf(act))}, but it does so by running what is${through}.`
    : `Runs what is${through}.`;
}

/** The act in the third person, with its object in quotes: `deletes "a managed disk"`. */
function deedOf({ lemma, object, because, source }: Act): string {
  const verb = /^[a-z]+$/.test(lemma) ? thirdPerson(lemma) : undefined;
  if (verb === undefined) return because;
  const shown = object === undefined ? '' : shorten(object);
  if (shown === '') return `${verb} something`;
  return source === 'name'
    ? `${verb} ${quoted(shown.replaceAll(/[_-]+/g, ' '))}`
    : `${verb} ${quoted(shown)}`;
}

const CLAUSES: Readonly<Record<string, (finding: PresentFinding) => string>> = {
  'code-or-query-input': (finding) => `runs or stores text written by the caller${inParameter(finding)}`,
  'url-input': (finding) => `takes an address that the caller chooses${inParameter(finding)}`,
  'path-input': (finding) => `takes a file path that the caller chooses${inParameter(finding)}`,
  'credential-handling': (finding) =>
    finding.raises === 'high' ? 'hands out secrets' : 'works with secrets',
  minting: () => 'hands out something that others accept as a key or as money',
  admin: (finding) =>
    finding.confidence === 'high'
      ? 'is meant for administrators'
      : 'changes access, accounts or the set-up of a server',
  bulk: () => 'reaches many things in one call',
  'html-input': (finding) => `takes markup written by the caller${inParameter(finding)}`,
  'annotation-mismatch': () => "disagrees with the server's own hints",
};

/** The order in which signals are worth a reader's time. */
const CLAUSE_ORDER = Object.keys(CLAUSES);

function closing({ ground, present, destructive, financial, isThin }: Reasons): string {
  const clauses = CLAUSE_ORDER.flatMap((id) => {
    const finding = present.find(({ signal }) => signal === id);
    const isSaid = ground.by === 'signal' && id === 'code-or-query-input';
    return finding && !isSaid ? (CLAUSES[id]?.(finding) ?? []) : [];
  }).slice(0, 2);
  const said = clauses.length > 0 ? `It ${clauses.join(' and ')}. ` : '';
  return `${said}${effect({ ground, destructive, financial, isThin })}`;
}

function effect({
  ground,
  destructive,
  financial,
  isThin,
}: Pick<Reasons, 'ground' | 'destructive' | 'financial' | 'isThin'>): string {
  if (financial) return 'Money or assets move, and a call cannot be counted on to be reversible.';
  if (destructive)
    return ground.act?.because.startsWith('ends')
      ? 'What it ends does not come back by itself.'
      : 'What is removed may not come back.';
  if (isThin || ground.by === 'nothing') return 'Look at what the server really does before you let it run.';
  if (ground.category === 'Write') return 'Nothing in the definition says that data is removed.';
  if (ground.category === 'Read') return 'Nothing in the definition says that anything is changed.';
  return 'What follows depends on the arguments and can reach beyond the call.';
}

function inParameter({ evidence }: PresentFinding): string {
  const parameter = evidence.find((one) => one.parameter !== undefined)?.parameter;
  return parameter === undefined ? '' : ` (${quoted(parameter)})`;
}

const MAX_SHOWN = 60;

/** A quote fit for a sentence: one line, no marks of its own, cut at a word. */
function shorten(text: string): string {
  const plain = text
    .replaceAll(/[^\p{L}\p{N} '’,./_+[\]$-]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  if (plain.length <= MAX_SHOWN) return plain;
  const at = plain.lastIndexOf(' ', MAX_SHOWN);
  return `${plain.slice(0, at > 0 ? at : MAX_SHOWN)}…`;
}

function quoted(text: string): string {
  return `"${shorten(text)}"`;
}

function thirdPerson(lemma: string): string {
  if (/[^aeiou]y$/.test(lemma)) return `${lemma.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh|o)$/.test(lemma) ? `${lemma}es` : `${lemma}s`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
