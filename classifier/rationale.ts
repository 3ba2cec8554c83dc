import type { Act } from './acts.ts';
import type { Alternative } from './alternative.ts';
import { saysReadOnly } from './claims.ts';
import type { PresentFinding } from './contract.ts';
import type { ToolFacts } from './facts.ts';
import { clip } from './text.ts';
import type { Ground } from './verdict.ts';

export interface Reasons {
  facts: ToolFacts;
  ground: Ground;
  alternative: Alternative | undefined;
  present: readonly PresentFinding[];
  destructive: boolean;
  financial: boolean;
  isThin: boolean;
}

/** Says in one or two sentences why a tool got its verdict. The server's own words appear only in quotes. */
export function explain(reasons: Reasons): string {
  const { alternative } = reasons;
  const other = alternative === undefined ? '' : ` ${alternative.reason}`;
  return `${opening(reasons)} ${closing(reasons)}${other}`;
}

function opening({ facts, ground, isThin, financial }: Reasons): string {
  const { act, by } = ground;
  if (by === 'promise')
    return 'Runs a query that the caller writes; the description promises that it only reads.';
  if (by === 'hint')
    return "The text does not say what it does, but the server's own hint says that it changes something.";
  if (by === 'signal' && !financial) return signalOpening(ground);
  if (!act)
    return 'Neither the name nor the description says what it does, so it counts as able to run anything.';
  if (act.source === 'route')
    return `Passes a call on to whatever ${quoted(act.object ?? 'the caller')} names.`;
  if (isThin) {
    return `Only the name, ${quoted(facts.name.text)}, says what it does: it ${act.because}.`;
  }
  if (act.source === 'choice') {
    const parameter = quoted(act.evidence.parameter ?? 'action');
    return `One of the choices for ${parameter} is ${quoted(act.evidence.quote)}, and the gravest choice decides.`;
  }
  if (act.source === 'noun')
    return `Only a noun, ${quoted(act.object ?? facts.name.text)}, tells what it is about.`;
  if (ground.confidence === 'low')
    return `It probably ${act.because}, but the wording is too loose to be sure.`;
  return `${capital(deedOf(act, facts))}.`;
}

function signalOpening({ act, evidence }: Ground): string {
  const parameter = evidence[0]?.parameter;
  const given =
    parameter === undefined ? 'what the caller gives it' : `what is given in ${quoted(parameter)}`;
  return act ? `Runs ${given}, though its text only says that it ${act.because}.` : `Runs ${given}.`;
}

/** The act in the third person with what follows it in quotes: `deletes "a disk from the group"`. */
function deedOf({ lemma, phrase, because, source, evidence, isByClause }: Act, facts: ToolFacts): string {
  if (source === 'name') return `${because}, going by its name, ${quoted(facts.name.text)}`;
  const shown = shorten(phrase);
  // What follows "create" in "create or update a file" makes no sense behind one verb alone.
  const isJoined = /^(?:and|or|then)\b/.test(shown);
  if (!/^[a-z]+$/.test(lemma) || shown === '' || isJoined) return `${because}: ${quoted(evidence.quote)}`;
  return `${thirdPerson(lemma)} "${shown}"${isByClause ? `, which ${because}` : ''}`;
}

const CLAUSES: Readonly<Record<string, (finding: PresentFinding) => string>> = {
  'code-or-query-input': (finding) => `takes text in a language of its own${inParameter(finding)}`,
  'url-input': (finding) => `takes an address that the caller chooses${inParameter(finding)}`,
  'path-input': (finding) => `takes a file path that the caller chooses${inParameter(finding)}`,
  'returns-secrets': () => 'hands out secrets',
  'credential-handling': () => 'works with secrets',
  minting: () => 'hands out something that others accept as a key or as money',
  'grants-access': () => 'lets somebody in or changes what they may do',
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

function closing(reasons: Reasons): string {
  const { ground, present } = reasons;
  if (present.length === 0) return consequence(reasons);
  const clauses = CLAUSE_ORDER.flatMap((id) => {
    const finding = present.find(({ signal }) => signal === id);
    const isSaid =
      (ground.by === 'signal' && id === 'code-or-query-input') ||
      (id === 'credential-handling' && present.some(({ signal }) => signal === 'returns-secrets'));
    return finding && !isSaid ? (CLAUSES[id]?.(finding) ?? []) : [];
  }).slice(0, 2);
  const said = clauses.length > 0 ? `It ${clauses.join(' and ')}. ` : '';
  return `${said}${consequence(reasons)}`;
}

function consequence({ facts, ground, destructive, financial, isThin }: Reasons): string {
  if (financial) return 'Money or assets move, and the definition names no way back.';
  if (destructive)
    return `${ground.category === 'Execute' ? 'What it ends or removes' : 'What is removed'} may not come back${trial(facts)}.`;
  if (ground.by === 'nothing' || isThin) return 'What the server really does cannot be told from here.';
  if (ground.category === 'Write') return 'Nothing in the definition says that data is removed.';
  if (ground.category === 'Execute') return onArguments(facts);
  if (ground.by === 'promise') return 'Whether it keeps that promise cannot be told from here.';
  if (saysReadOnly(facts)) return 'The description itself says that nothing is changed.';
  if (facts.hints.readOnlyHint === 'true') return 'The server claims in its hints that nothing is changed.';
  return 'Nothing in the definition says that anything is changed.';
}

const TRIALS = new Set(['dry_run', 'dryrun', 'dry-run', 'preview', 'confirm', 'validate_only']);

function trial({ parameters }: ToolFacts): string {
  const found = parameters.find(({ name }) => TRIALS.has(name.toLowerCase()));
  return found ? `, though ${quoted(found.name)} offers a check first` : '';
}

/** What an act that runs something depends on, by the names of its first arguments. */
function onArguments({ parameters }: ToolFacts): string {
  const names = parameters
    .filter(({ depth }) => depth === 0)
    .toSorted((a, b) => Number(b.required) - Number(a.required))
    .slice(0, 2)
    .map(({ name }) => quoted(name));
  if (names.length === 0) return 'What follows can reach beyond the call.';
  return `What follows depends on ${names.join(' and ')} and can reach beyond the call.`;
}

function inParameter({ evidence }: PresentFinding): string {
  const parameter = evidence.find((one) => one.parameter !== undefined)?.parameter;
  return parameter === undefined ? '' : ` (${quoted(parameter)})`;
}

const MAX_SHOWN = 60;
const PLAIN = /^(?! )[\w ',./+[\]$-]*(?<! )$/;

/** A quote fit for a sentence: one line, no marks of its own, cut at a word. */
function shorten(text: string): string {
  // Most texts are plain already, and the replacements cost more than all else here.
  if (text.length <= MAX_SHOWN && PLAIN.test(text)) return text;
  const plain = text
    .replaceAll(/[^\p{L}\p{N} '’,./_+[\]$-]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  if (plain.length <= MAX_SHOWN) return plain;
  const at = plain.lastIndexOf(' ', MAX_SHOWN);
  return `${clip(plain, at > 0 ? at : MAX_SHOWN)}…`;
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
