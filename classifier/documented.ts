import type { ToolFacts } from './facts.ts';
import type { Parameter } from './parameters.ts';
import { splitWords } from './text.ts';
import { wordSet } from './vocabulary.ts';

/** A heading under which a description documents its arguments, as Python's docstrings do. */
const HEADING = /(?:^|[\s.])(?:args|arguments|parameters|params)\s?:(?=\s)/i;
/** One documented argument: `url (str, optional): The page to read`. */
const ENTRY = /(?:^|[\s*\-–•`])([A-Za-z_]\w{0,40})`? ?(?:\([^()]{0,40}\))?: ?(?=\S)/g;
/** What follows the arguments, and words that are no argument though a colon follows them. */
const OTHER =
  /^(?:returns?|raises|yields|examples?|notes?|usage|output|response|optional|required|default|https?|e|g|i|warning|important|tip)$/i;

/** Arguments that one description documents; a text has no reason for more. */
const MAX_DOCUMENTED = 40;

/** Whether the definition came without an input schema, as in listings that copy only names and descriptions. */
export function hasNoSchema({ definition }: ToolFacts): boolean {
  for (const _ in definition.inputSchema) return false;
  return true;
}

/** One of these heads the arguments of a description. */
const HEADINGS = wordSet(['args', 'arguments', 'parameters', 'params']);

/**
 * The parameters of a tool. Where a schema gives one no description, the description of the tool may, under a heading
 * such as `Args:`; where there is no schema at all, the parameters are those that stand there, and their pointer names
 * the description.
 */
export function documentedParameters(facts: ToolFacts): readonly Parameter[] {
  const { parameters, description } = facts;
  const isBare = parameters.length === 0;
  if (!description || !facts.mentions(HEADINGS) || (isBare && !hasNoSchema(facts))) return parameters;
  if (!isBare && !parameters.some(lacksDescription)) return parameters;
  const documented = readDocumented(description.text);
  if (isBare || documented.length === 0) return documented.length === 0 ? parameters : documented;
  const texts = new Map(documented.map((one) => [one.name, one.description]));
  return parameters.map((parameter) =>
    lacksDescription(parameter) ? { ...parameter, description: texts.get(parameter.name) } : parameter,
  );
}

function lacksDescription({ depth, description }: Parameter): boolean {
  return depth === 0 && description === undefined;
}

function readDocumented(text: string): Parameter[] {
  const heading = HEADING.exec(text);
  if (!heading) return [];
  const section = text.slice(heading.index + heading[0].length);
  const entries = [...section.matchAll(ENTRY)].slice(0, MAX_DOCUMENTED);
  const parameters: Parameter[] = [];
  for (const [index, entry] of entries.entries()) {
    const name = entry[1] ?? '';
    if (/^(?:returns?|raises|yields|examples?)$/i.test(name)) break;
    if (OTHER.test(name)) continue;
    const start = entry.index + entry[0].length;
    parameters.push(documented(name, section.slice(start, entries[index + 1]?.index).trim()));
  }
  return parameters;
}

function documented(name: string, description: string): Parameter {
  return {
    pointer: '/description',
    path: name,
    name,
    words: splitWords(name, 'identifier').map((word) => word.text),
    types: [],
    itemTypes: [],
    format: undefined,
    choices: [],
    required: !/\boptional\b/i.test(description),
    description,
    depth: 0,
  };
}
