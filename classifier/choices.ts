import type { Act } from './acts.ts';
import type { Evidence } from './contract.ts';
import type { Prose, Text, ToolFacts } from './facts.ts';
import { SEVERITY, verbForm } from './lexicon.ts';
import { type Parameter, takesText } from './parameters.ts';
import { splitWords } from './text.ts';
import { wordSet } from './vocabulary.ts';

/** One of the things that a caller can have a tool do, as the definition offers it. */
export interface Choice {
  text: Text;
  evidence: Evidence;
}

const CHOOSERS = new Set(
  'action actions operation operations op method command cmd verb subcommand mode task'.split(' '),
);

/** Whether the value of a parameter decides what the tool does. */
function choosesAction({ words }: Parameter): boolean {
  const [first, second, third] = words;
  if (third !== undefined || first === undefined) return false;
  if (second === undefined) return CHOOSERS.has(first);
  if ((first === 'http' || first === 'request') && second === 'method') return true;
  if (CHOOSERS.has(first)) return second === 'type' || second === 'name';
  return second === 'action' || second === 'operation';
}

const HTTP_METHODS = new Set('GET POST PUT PATCH DELETE HEAD OPTIONS TRACE CONNECT'.split(' '));
/** A choice that only a tool with several purposes offers; a filter on events has none of them. */
const LOOKS = new Set(
  'get list search show view status fetch describe find query info check read'.split(' '),
);

/**
 * What can be chosen: the values of a parameter such as `action`, those that its description names, or those that the
 * tool's description lists. The methods of HTTP are left out, because they do not say what the other end does. Of a
 * tool that is said to read, a list counts only where reading is one of its values.
 */
export function choicesOf(facts: ToolFacts, isRead: boolean): Choice[] {
  const found: Choice[] = [];
  for (const parameter of facts.parameters) {
    if (!choosesAction(parameter)) continue;
    const offered = parameter.choices.length > 0 ? valuesOf(parameter) : namedIn(parameter);
    if (!areHttpMethods(offered)) found.push(...offered);
  }
  if (found.length === 0 && facts.description && facts.mentions(HEADING_WORDS)) {
    found.push(...listedIn(facts.description));
  }
  if (isRead && !found.some(({ text }) => text.words.some((word) => LOOKS.has(word.text)))) return [];
  return found;
}

/** In capitals, or with one among them that no other list has. */
function areHttpMethods(offered: readonly Choice[]): boolean {
  if (!offered.every(({ text }) => HTTP_METHODS.has(text.text.toUpperCase()))) return false;
  return offered.some(
    ({ text }) => HTTP_METHODS.has(text.text) || /^(?:post|put|patch|head)$/.test(text.text),
  );
}

function valuesOf(parameter: Parameter): Choice[] {
  const note = `one of the choices of ${parameter.path}`;
  return parameter.choices.map(({ value, pointer }) => ({
    text: { pointer, text: value, words: splitWords(value, 'identifier') },
    evidence: { pointer, quote: value, note, parameter: parameter.path },
  }));
}

/** The choices that the description of a parameter names where its schema leaves it free. */
function namedIn(parameter: Parameter): Choice[] {
  const { description, descriptionPointer, path } = parameter;
  if (description === undefined || descriptionPointer === undefined || !takesText(parameter)) return [];
  return tokensIn(description.slice(0, MAX_LIST_CHARS)).map((token) => ({
    text: { pointer: descriptionPointer, text: token, words: splitWords(token, 'identifier') },
    evidence: {
      pointer: descriptionPointer,
      quote: token,
      note: `one of the choices of ${path}`,
      parameter: path,
    },
  }));
}

const HEADING_WORDS = wordSet(
  'action actions operation operations commands methods modes subcommand subcommands'.split(' '),
);
const HEADING =
  /(?:^|[\n.*(]\s*|\b(?:available|supported|valid|possible|following|allowed) )(?:actions?|operations?|commands|methods|modes|subcommands?)(?: (?:include|are|supported|available))?(?:\*\*)?:/i;

/** The choices that the description of a tool lists under a heading such as "Actions:". */
function listedIn({ text, pointer }: Prose): Choice[] {
  const heading = HEADING.exec(text);
  if (!heading) return [];
  const from = heading.index + heading[0].length;
  return tokensIn(text.slice(from - 1, from + MAX_LIST_CHARS)).map((token) => ({
    text: { pointer, text: token, words: splitWords(token, 'identifier') },
    evidence: { pointer, quote: token, note: 'one of the actions that the description lists' },
  }));
}

const MAX_LIST_CHARS = 1_500;
const MAX_TOKENS = 60;
const QUOTED = /['"`‘“]([a-z][a-z0-9]*(?:[_.-][a-z0-9]+)*)['"`’”]/gi;
const BULLETS =
  /(?:(?:^|\n)\s*[-*•]\s*\**([a-z][a-z0-9_]*)\**\s*(?:[:(=–—-]|\n|$)|\s[-•]\s([a-z][a-z0-9_]*):)/gi;
const LISTED =
  /[:(]\s*\**((?:[a-z][a-z0-9_]*\**\s*(?:,\s*(?:or|and)\s+|[,|/;]\s*|\s(?:or|and)\s+))+[a-z][a-z0-9_]*)/i;

/** The names in a list: in quotes, behind bullets, or in a row behind a colon. At least two must be acts. */
function tokensIn(text: string): string[] {
  for (const pattern of [QUOTED, BULLETS]) {
    const found = Array.from(text.matchAll(pattern), (match) => match[1] ?? match[2] ?? '').slice(
      0,
      MAX_TOKENS,
    );
    if (areActs(found)) return found;
  }
  const row = LISTED.exec(text)?.[1]?.split(/[,|/;*\s]+(?:or\s+|and\s+)?/) ?? [];
  const found = row.filter((token) => token !== '' && token !== 'or' && token !== 'and').slice(0, MAX_TOKENS);
  return areActs(found) ? found : [];
}

function areActs(tokens: readonly string[]): boolean {
  const acts = tokens.filter((token) => {
    const form = verbForm(splitWords(token, 'identifier')[0]?.text ?? '');
    return form?.form === 'base' && form.verb.english;
  });
  return acts.length >= 2 && acts.length * 2 >= tokens.length;
}

/** The gravest of the choices, as an act. */
export function gravestChoice(choices: readonly Choice[], toAct: (choice: Choice) => Act | undefined): Act[] {
  let gravest: Act | undefined;
  for (const choice of choices) {
    const act = toAct(choice);
    if (act && (!gravest || SEVERITY[act.action] > SEVERITY[gravest.action])) gravest = act;
  }
  return gravest ? [gravest] : [];
}

/** Names of a parameter that says which tool to call, beside one that holds what to call it with. */
const TARGETS = new Set(
  'tool toolname function functionname endpoint method command action operation'.split(' '),
);
const PAYLOADS = new Set(
  'arguments args params parameters input inputs payload body toolinput toolargs toolarguments toolparams'.split(
    ' ',
  ),
);

/** The parameters by which a tool passes a call on to another that the caller names. */
export function routeOf(facts: ToolFacts): Parameter | undefined {
  const payload = facts.parameters.find(
    ({ words, types, depth }) =>
      depth === 0 && PAYLOADS.has(words.join('')) && (types.length === 0 || types.includes('object')),
  );
  if (!payload) return undefined;
  return facts.parameters.find((parameter) => {
    if (parameter.depth > 0 || parameter.choices.length > 0 || !takesText(parameter)) return false;
    const joined = parameter.words.join('').replace(/(?:name|id|slug)$/, '');
    return TARGETS.has(joined);
  });
}

/** Nested objects such as `requests[].deleteSheet`, each of which is something to be done. */
export function suboperationsOf(facts: ToolFacts): Choice[] {
  const found: Choice[] = [];
  for (const { depth, words, name, types, pointer, path } of facts.parameters) {
    if (depth < 2 || words.length < 2 || !types.includes('object')) continue;
    const form = verbForm(words[0] ?? '');
    if (form?.form !== 'base' || form.verb.nounness > 0) continue;
    const text = { pointer, text: name, words: splitWords(name, 'identifier') };
    found.push({
      text,
      evidence: { pointer, quote: name, note: 'one of the requests it takes', parameter: path },
    });
  }
  return found.length >= 2 ? found : [];
}
