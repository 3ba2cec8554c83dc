import { type Choice, choicesOf, gravestChoice, routeOf, suboperationsOf } from './choices.ts';
import { withClause } from './clauses.ts';
import type { Category, Confidence, Evidence } from './contract.ts';
import { parameterEvidence } from './evidence.ts';
import type { Text, ToolFacts } from './facts.ts';
import { type Action, categoryOf, SEVERITY, type Sense, type VerbForm, verbForm } from './lexicon.ts';
import { MAX_QUOTE_CHARS } from './limits.ts';
import { readName, readNounOf } from './names.ts';
import { readProse } from './prose.ts';
import type { Span } from './senses.ts';
import { clip } from './text.ts';

/** A verb where it stands, with what it means there. */
export interface Reading {
  at: number;
  form: VerbForm;
  sense: Sense;
  object: Span;
  /** The verb says too little to be relied on. */
  weak: boolean;
}

/** Something that the definition says the tool does. */
export interface Act {
  action: Action;
  category: Category;
  lemma: string;
  /** Completes "it …". */
  because: string;
  source: 'name' | 'description' | 'title' | 'statement' | 'choice' | 'route' | 'noun';
  /** The rest of the clause, and not the verb, decides what is done. */
  isByClause?: true;
  /** The words it acts on, verbatim. */
  object: string | undefined;
  /** The rest of the clause after the verb, verbatim; empty where there is none. */
  phrase: string;
  evidence: Evidence;
  confidence: Confidence;
}

/**
 * What a tool is said to do. The description comes before the name, because it is written for the reader; the name
 * counts where the description is silent or vague, and the choices of a parameter such as `action` add to both.
 */
export function readActs(facts: ToolFacts): Act[] {
  const prose = facts.description && readProse(facts.description);
  const inName = facts.named;
  const heads = facts.description ? settleHeads(facts, prose?.heads ?? [], inName) : [];
  const spoken = settle(facts, heads, inName, prose?.late ?? false);
  const isPlainRead =
    spoken.some((act) => act.confidence !== 'low') && spoken.every((act) => act.action === 'read');
  const choices = chosenActs(facts, isPlainRead);
  if (spoken.every((act) => act.confidence === 'low')) choices.push(...routedActs(facts));
  // What can be chosen says more than a vague verb such as "manage".
  const isVague = choices.length > 0 && spoken.every((act) => act.confidence === 'low');
  const acts = isVague ? [] : [...spoken];
  for (const reading of prose?.statements ?? []) {
    if (facts.description) addStatement(acts, actOf(facts.description, reading, 'statement'));
  }
  acts.push(...choices);
  return acts.map((act) => inBrowser(facts, act)).sort((a, b) => SEVERITY[b.action] - SEVERITY[a.action]);
}

/** Vague, and yet never a mere read when they stand beside one: "list and manage alerts". */
const MANAGING = new Set(
  `manage maintain administer gestionar gestiona administrar administra gerenciar gerencia gérer gère verwalten
   verwaltet управлять управляет yönetir 管理 관리`.split(/\s+/),
);

/** What the name alone says that the tool does. */
export function actsOfName(name: Text): Act[] {
  return readName(name.words).map((reading) => actOf(name, reading, 'name'));
}

/** "Initiate the login to get tokens", where the name says so too, does not only get. */
function staysFirm({ form: { verb } }: Reading, inName: readonly Act[]): boolean {
  if (MANAGING.has(verb.lemma)) return true;
  return verb.action === 'execute' && inName[0]?.lemma === verb.lemma && inName[0].action === 'execute';
}

/** The acts that the first sentence states. Where the name has one of several joined verbs, that one is meant. */
function settleHeads(facts: ToolFacts, heads: readonly Reading[], inName: readonly Act[]): Act[] {
  const text = facts.description;
  if (!text) return [];
  const firm = heads.filter((head) => !head.weak || staysFirm(head, inName));
  const strong = heads.some((head) => !head.weak) ? firm : heads;
  const acts = strong.map((head) =>
    withClause(actOf(text, head, head.form.form === 'noun' ? 'noun' : 'description')),
  );
  const reads = acts.some((act) => act.action === 'read');
  const named = acts.filter(
    (act) => act.confidence !== 'low' && inName.some((name) => name.lemma === act.lemma),
  );
  const grave = acts.some((act) => SEVERITY[act.action] >= SEVERITY.destructive);
  return named.length > 0 && !reads && !grave ? named : acts;
}

function settle(facts: ToolFacts, heads: readonly Act[], inName: readonly Act[], isLate: boolean): Act[] {
  const isVague = heads.length === 0 || heads.every((head) => head.confidence === 'low');
  if (isVague && inName.length > 0) {
    const isSilent = facts.description === undefined || heads.length === 0;
    return inName.map((act) => ({ ...act, confidence: isSilent ? act.confidence : 'medium' }));
  }
  if (heads.length === 0) return nounActs(facts);
  const name = inName[0];
  if (
    name?.action === 'read' &&
    heads.every((head) => RUNNERS.has(head.lemma) && !SPEAKS_SQL.test(head.object ?? ''))
  ) {
    return [{ ...name, confidence: 'medium' }];
  }
  const agrees = name !== undefined && heads.some((head) => head.category === name.category);
  const settled = heads.map(
    (act): Act => ({ ...act, confidence: isVague ? 'low' : agrees ? 'high' : 'medium' }),
  );
  if (name !== undefined && settled.every((act) => act.action === 'read') && isSaid(facts, name)) {
    settled.push({ ...name, confidence: 'medium' });
  }
  // "Returns the new total", in a later sentence, tells what comes back and not what the first one did.
  if (name !== undefined && isLate && !settled.some((act) => SEVERITY[act.action] >= SEVERITY[name.action])) {
    settled.push({ ...name, confidence: 'medium' });
  }
  // A name that says "delete" is a claim against the author's interest; a vaguer text does not take it back.
  if (name?.action === 'destructive' && !settled.some((act) => act.action === 'read')) settled.push(name);
  return settled;
}

/** Whether the first sentence says what the name does, joined to something else: "parses a plan and imports tasks". */
function isSaid({ description }: ToolFacts, name: Act): boolean {
  if (name.action === 'read' || name.confidence === 'low' || !description) return false;
  const { words, sentences } = description;
  for (let at = (sentences[0]?.first ?? 0) + 1; at < (sentences[0]?.last ?? 0); at++) {
    const form = verbForm(words[at]?.text ?? '');
    if (form?.verb.lemma !== name.lemma || (form.form !== 's' && form.form !== 'base')) continue;
    if (/^(?:and|or|then|automatically)$/.test(words[at - 1]?.text ?? '')) return true;
  }
  return false;
}

/** "Runs" says how; a name such as `diagnose` says what for. */
const RUNNERS = new Set('run execute perform'.split(' '));
const SPEAKS_SQL =
  /\b(?:sql|statements?|commands?|scripts?|code|quer(?:y|ies)|shell|javascript|python|expression)\b/i;

/** Without any verb, a noun such as "status" says that something is returned. */
function nounActs(facts: ToolFacts): Act[] {
  for (const text of [facts.title, facts.name]) {
    const noun = text && readNounOf(text.words);
    if (!text || !noun) continue;
    const quote = text.text.slice(noun.start, noun.end);
    return [
      {
        action: 'read',
        category: 'Read',
        lemma: 'return',
        because: 'names information to look at',
        source: 'noun',
        object: quote,
        phrase: quote,
        evidence: { pointer: text.pointer, quote, note: 'names information to look at' },
        confidence: 'medium',
      },
    ];
  }
  return [];
}

/** A later sentence adds an act only where it is graver than what the first one says, and no second word for it. */
function addStatement(acts: Act[], act: Act): void {
  // "Stop a service. This shuts down its container."
  if (act.category === 'Execute' && acts.some((known) => known.category === 'Execute')) return;
  const most = Math.max(-1, ...acts.map((known) => SEVERITY[known.action]));
  if (SEVERITY[act.action] > most && act.action !== 'execute') acts.push({ ...act, confidence: 'medium' });
}

const BROWSERS = new Set('browser playwright puppeteer selenium webdriver'.split(' '));
const STORED_IN_BROWSER =
  /\b(?:cookies?|(?:local|session)? ?storage|localstorage|sessionstorage|cache|history|bookmarks?|profiles?|sessions?|contexts?|downloads?|passwords?)\b/i;

/** Closing, filling or dropping something in a browser steers a live page; only what it stores is data. */
function inBrowser(facts: ToolFacts, act: Act): Act {
  if (act.action !== 'write' && act.action !== 'destructive') return act;
  if (!facts.name.words.some((word) => BROWSERS.has(word.text))) return act;
  if (STORED_IN_BROWSER.test(`${facts.name.text.replaceAll('_', ' ')} ${act.object ?? ''}`)) return act;
  return { ...act, action: 'execute', category: 'Execute', because: 'steers a live page' };
}

function choiceAct({ text, evidence }: Choice): Act | undefined {
  const reading = readName(text.words)[0];
  return reading && { ...actOf(text, reading, 'choice'), evidence };
}

/** The gravest thing that the caller can choose, if it adds to what the text says. */
function chosenActs(facts: ToolFacts, isPlainRead: boolean): Act[] {
  const offered = [...choicesOf(facts, isPlainRead), ...(isPlainRead ? [] : suboperationsOf(facts))];
  return gravestChoice(offered, choiceAct);
}

/** A tool that hands a call on to whichever tool the caller names does what that one does. */
function routedActs(facts: ToolFacts): Act[] {
  const target = routeOf(facts);
  if (!target) return [];
  const because = 'passes a call on to whatever the caller names';
  return [
    {
      action: 'execute',
      category: 'Execute',
      lemma: 'call',
      because,
      source: 'route',
      object: target.name,
      phrase: '',
      evidence: parameterEvidence(target, because),
      confidence: 'medium',
    },
  ];
}

function actOf(text: Text, reading: Reading, source: Act['source']): Act {
  const { verb } = reading.form;
  const { sense, object } = reading;
  return {
    action: sense.action,
    category: categoryOf(sense),
    lemma: verb.lemma,
    because: sense.because,
    source,
    object: sliceOf(text, object),
    phrase: phraseAfter(text, reading),
    evidence: { pointer: text.pointer, quote: quoteOf(text, reading, source), note: sense.because },
    confidence: reading.weak ? 'low' : verb.nounness === 2 && source === 'name' ? 'low' : 'medium',
  };
}

function sliceOf(text: Text, span: Span): string | undefined {
  const first = text.words[span.first];
  const last = text.words[span.last - 1];
  if (!first || !last || span.first >= span.last) return undefined;
  return cut(text.text.slice(first.start, last.end));
}

/** The verb with the rest of its sentence, verbatim; of a name or a choice the whole. */
function quoteOf(text: Text, { at, object }: Reading, source: Act['source']): string {
  if ((source === 'name' || source === 'choice') && text.text.length <= MAX_QUOTE_CHARS) return text.text;
  const verb = text.words[at];
  if (!verb) return '';
  const from = Math.min(verb.start, text.words[object.first]?.start ?? verb.start);
  const last = Math.max(verb.end, text.words[object.last - 1]?.end ?? 0);
  return cut(text.text.slice(from, endOfSentence(text.text, last)));
}

/** What follows the verb, up to the next mark: "a disk from the resource group". */
function phraseAfter(text: Text, { at }: Reading): string {
  const verb = text.words[at];
  if (!verb) return '';
  const rest = text.text.slice(verb.end, endOfSentence(text.text, verb.end));
  const mark = MARK.exec(rest);
  const isCutShort = mark?.[0] === ',' && !rest.slice(0, mark.index).trim().includes(' ');
  return rest.slice(0, isCutShort ? MARK_BUT_COMMA.exec(rest)?.index : mark?.index).trim();
}

/** Where a clause may end. A comma after a single word, as in "simulated, slow logging", ends nothing. */
const MARK = /[,;:(\n[{"`—–]| - /;
const MARK_BUT_COMMA = /[;:(\n[{"`—–]| - /;

/** Where the sentence ends, or as far as a quote may reach. */
function endOfSentence(text: string, from: number): number {
  const most = Math.min(text.length, from + MAX_QUOTE_CHARS);
  for (let at = from; at < most; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || code === 0x3002) return at;
    if (code === 46 && (at + 1 === text.length || text.charCodeAt(at + 1) <= 32)) return at;
  }
  return most;
}

function cut(quote: string): string {
  if (quote.length <= MAX_QUOTE_CHARS) return quote;
  const at = quote.lastIndexOf(' ', MAX_QUOTE_CHARS);
  return clip(quote, at > 0 ? at : MAX_QUOTE_CHARS);
}
