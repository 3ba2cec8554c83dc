import { saysReadOnly } from '../claims.ts';
import { hasNoSchema } from '../documented.ts';
import { matchEvidence, parameterEvidence } from '../evidence.ts';
import type { ToolFacts } from '../facts.ts';
import { MAX_QUOTE_CHARS } from '../limits.ts';
import { type Parameter, takesText } from '../parameters.ts';
import { defineSignal, NOT_APPLICABLE, presentIf } from '../signal.ts';
import { clip } from '../text.ts';

/** Names that by themselves say that code or a statement goes in. */
const CODE_WORDS = new Set(
  `sql script javascript js python cypher promql logql traceql kql gql graphql jq bash shell cmd command commands snippet expression expressions expr kustoquery sparql soql jql cql dax xquery scriptcontent`.split(
    /\s+/,
  ),
);
/** Names that say so only where the text around them names a language. */
const MAYBE_WORDS = new Set(
  'query queries q function fn program filter where condition pipeline content source formula body text input statement statements'.split(
    ' ',
  ),
);
const LANGUAGE =
  /\b(?:sql|kql|kusto|promql|logql|graphql|cypher|sparql|soql|jql|cql|lucene|elasticsearch dsl|query language|query dsl|mongodb query|javascript|typescript|python|bash|shell|powershell|lua|jinja|jq|xpath|dax|m expression|regexp? engine|athena|snowflake|clickhouse|bigquery)\b|=>/i;
/** Languages in which a caller can change something. */
const ACTS =
  /\b(?:sql|cypher|javascript|typescript|python|bash|shell|powershell|lua|command|code|script|expression)\b|=>/i;
const OTHER_CODE =
  /\b(?:country|currency|postal|zip|verification|auth\w*|otp|2fa|status|stock|airport|language|iso|error|coupon|promo\w*|invit\w+|redemption|product|area|pairing|station|region|access|voucher|discount|security|symbol|city|hs|ticker|iata|barcode|unique|short|cron)\b/i;
/** A script that is only named: "the Worker script that implements this class". */
const EXISTING_SCRIPT = /\bscript (?:that|which|where|this|name)\b/i;
/** Where no schema was sent, the text stands in for it. */
const SAID =
  /\b(?:execut|run|evaluat)(?:e|es|s|ing)? (?:(?:an?|any|arbitrary|custom|raw|the|some|multiple|read-only|provided|given) ){0,3}(?:[\w-]+ ){0,2}(?:sql|javascript|python|shell|bash|powershell|cypher|code|sparql|soql|graphql|kql)\b(?! (?:from|tests?|files?|project|analysis|review|scan|in the repo))|\b(?:quer(?:y|ies)|search(?:es)?) (?:[\w-]+ ){0,4}(?:using|with|in) (?:sql|cypher|promql|logql|kql|jql|soql|sparql|graphql)\b/i;
const NAMED =
  /(?:^|[_-])(?:(?:run|exec|execute|eval|evaluate)_?(?:\w{1,20}_)?(?:code|sql|python|javascript|js|shell|bash|script|cypher|command)|(?:sql|promql|cypher|graphql)_?query|query_?(?:sql|promql|graphql))$/i;
const NAMES_A_COMMAND = /sub-?commands?\b|against the specified tool|command name|name of the command/i;

export const signal = defineSignal({
  id: 'code-or-query-input',
  group: 'capability',
  version: 2,
  label: 'Accepts freeform code/query input',
  title: 'Accepts code or a query',
  why: 'What the tool does is decided by text that the caller writes, not by the tool.',
  looksAt: 'the names and descriptions of parameters, and the description for the language that they are in',
  falsePositives: 'Code that is only formatted, checked or stored.',
  examples: {
    fires: [
      {
        name: 'warehouse',
        description: 'Run a statement on the warehouse',
        inputSchema: { type: 'object', properties: { sql: { type: 'string' } } },
      },
      {
        name: 'search_logs',
        description: 'Search logs',
        inputSchema: {
          type: 'object',
          properties: { query: { type: 'string', description: 'A KQL query' } },
        },
      },
    ],
    silent: [
      {
        name: 'search_web',
        description: 'Search the web',
        inputSchema: {
          type: 'object',
          properties: { query: { type: 'string', description: 'What to look for' } },
        },
      },
      {
        name: 'get_holidays',
        description: 'List holidays',
        inputSchema: {
          type: 'object',
          properties: { code: { type: 'string', description: 'Country code' } },
        },
      },
      { name: 'list_scripts', description: 'List the scripts of a project' },
    ],
  },
  observe(facts) {
    const parameters = facts.documented;
    if (parameters.length === 0) return hasNoSchema(facts) ? observeText(facts) : NOT_APPLICABLE;
    const found = parameters.filter((parameter) => takesCode(parameter, facts));
    const runs = found.some((parameter) => canAct(parameter, facts)) && isRun(facts);
    return presentIf(
      found.map((parameter) => parameterEvidence(parameter, 'code or a query that the caller writes')),
      { confidence: 'medium', ...(runs && { supports: 'Execute' as const }) },
    );
  },
});

const MAX_READ = 200;

/** A definition without a schema still says in its name and text what it is given. */
function observeText({ name, description }: ToolFacts) {
  const opening = description && { ...description, text: clip(description.text, MAX_READ) };
  const note = 'code or a query is given to it';
  const found =
    matchEvidence(opening, SAID, note) ??
    (NAMED.test(name.text) ? { pointer: '/name', quote: clip(name.text, MAX_QUOTE_CHARS), note } : undefined);
  return presentIf(found ? [found] : [], { confidence: 'low' });
}

function takesCode(parameter: Parameter, facts: ToolFacts): boolean {
  if (parameter.choices.length > 0 || !takesText(parameter)) return false;
  const last = parameter.words.at(-1) ?? '';
  const description = parameter.description ?? '';
  if (last === 'code') return isSourceCode(parameter, description, facts);
  if (last === 'content') return parameter.words.includes('script') || parameter.words.includes('code');
  if (CODE_WORDS.has(last)) {
    if (/\bcron\b|[* ]{5}/i.test(description) || parameter.words.includes('cron')) return false;
    return !NAMES_A_COMMAND.test(description) && !(last === 'script' && EXISTING_SCRIPT.test(description));
  }
  if (!MAYBE_WORDS.has(last)) return false;
  if (LANGUAGE.test(description.slice(0, 400))) return true;
  const isQuery = last === 'query' || last === 'queries' || last === 'statement';
  return isQuery && LANGUAGE.test(openingOf(facts));
}

/** `code` is as often a country's, a currency's or a coupon's. */
function isSourceCode(parameter: Parameter, description: string, facts: ToolFacts): boolean {
  const before = parameter.words.at(-2) ?? '';
  if (OTHER_CODE.test(before) || OTHER_CODE.test(description)) return false;
  if (LANGUAGE.test(description) || /\bcode (?:to|snippet)\b|\bsource\b/i.test(description)) return true;
  return facts.name.words.some((word) =>
    /^(?:code|script|python|javascript|js|eval\w*|execute|run|exec)$/.test(word.text),
  );
}

function canAct(parameter: Parameter, facts: ToolFacts): boolean {
  const own = `${parameter.words.join(' ')} ${parameter.description?.slice(0, 400) ?? ''}`;
  return ACTS.test(own) || ACTS.test(openingOf(facts));
}

const RUNNING = new Set('query evaluate run execute exec eval test call invoke'.split(' '));

/** Taking code is not running it: a tool that is said to check, explain or store code does only that. */
function isRun(facts: ToolFacts): boolean {
  if (saysReadOnly(facts)) return false;
  const main = facts.acts[0];
  return main === undefined || main.confidence === 'low' || RUNNING.has(main.lemma);
}

function openingOf(facts: ToolFacts): string {
  return `${facts.name.words.map((word) => word.text).join(' ')} ${facts.description?.text.slice(0, 300) ?? ''}`;
}
