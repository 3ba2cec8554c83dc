import type { Act } from '../acts.ts';
import { saysReadOnly } from '../claims.ts';
import type { Evidence } from '../contract.ts';
import { parameterEvidence } from '../evidence.ts';
import { openingOf, type ToolFacts } from '../facts.ts';
import type { Action } from '../lexicon.ts';
import { readName } from '../names.ts';
import { type Parameter, takesText } from '../parameters.ts';
import { defineSignal, presentIf } from '../signal.ts';
import { splitWords } from '../text.ts';
import { wordSet } from '../vocabulary.ts';

/** Parameters that name what is to be called. */
const TARGETS = new Set(
  `tool toolname toolid toolslug toolkey actionname actionid actionslug actionkey function functionname operationid operationname apiname
   methodname rpcmethod method endpoint apipath path servername command commandname service capability capabilityname skillname`.split(
    /\s+/,
  ),
);
/** Of these alone the name says enough; the others need a text that speaks of calling. */
const SURE_TARGETS = new Set(
  'toolname toolid toolslug toolkey operationid apiname rpcmethod actionslug actionkey'.split(' '),
);
/** Parameters that carry whatever the called thing takes. */
const BAGS = new Set(
  `arguments args params parameters input inputs payload data body toolargs toolarguments toolinput toolparams
   toolparameters arguments kwargs requestbody queryparams query servicedata bodyparams actionparams inputparams argumentsjson
   argsjson paramsjson parametersjson`.split(/\s+/),
);
const VERBS = new Set('method httpmethod requestmethod verb'.split(' '));
const HTTP_WRITES = /^(?:post|put|patch|delete)$/i;

const CALLS = new Set(
  'call invoke execute run dispatch proxy make send perform use exec route forward trigger issue submit'.split(
    ' ',
  ),
);
const ANY_TARGET =
  /\b(?:any|arbitrary|generic|raw|custom|specified|given|specific|selected|chosen|named|discovered|retrieved|registered|authenticated|the|an?|other|downstream|upstream|mcp|multiple) (?:[\w.'/-]{1,20} ){0,4}(?:tools?|api (?:calls?|requests?|endpoints?|methods?|operations?)|apis?|endpoints?|rpc (?:calls?|methods?)|json-?rpc (?:calls?|methods?)|rest (?:calls?|requests?)|http requests?|functions?|actions?|operations?|methods?|services? \(|capabilit(?:y|ies)|mcp servers?)\b/i;
const A_TOOL =
  /^(?:(?:a|an|any|one|specific|specified|given|mcp|available|remote|registered|discovered|named|selected|chosen|arbitrary|other|downstream) ){1,4}tools?\b/i;
const TO_ANY =
  /\b(?:requests?|calls?|quer(?:y|ies)|commands?) (?:to|on|against|for) (?:any|arbitrary|the (?:[\w.-]{1,20} ){1,2}api\b)/i;
const FREE =
  /\b(?:any|arbitrary|generic|raw|custom|specified|given|retrieved|discovered|by (?:its |the )?(?:name|id|slug)|low-level|dynamically|directly|proxy|authenticated)\b/i;
/** Functions that are one thing with one name of their own. */
const ONE_FUNCTION =
  /\b(?:lambda|cloud functions?|edge functions?|smart contract|contract|stored|sql|bulk|batch|test|git|file|math|arithmetic|undo|github action|workflow|crud|build|delete operation|database operation|tool calls? (?:log|history)|quick actions?|device|mouse|keyboard|browser|search|this)\b/i;

/** One of these stands in the name of every such parameter. */
const TARGET_WORDS = wordSet([
  ...TARGETS,
  ...'tool action function operation api rpc server command skill'.split(' '),
]);

const MIN_CHOICES = 4;
const CHOOSERS = new Set(
  'action actions operation operations op method command cmd verb subcommand actiontype operationtype'.split(
    ' ',
  ),
);

const CHOOSER_WORDS = wordSet([...CHOOSERS, 'type', 'sub']);

/** Of the description, what says what the tool is. */
const OPENING_CHARS = 300;

export const signal = defineSignal({
  id: 'router',
  group: 'capability',
  version: 1,
  label: 'Dispatches to many operations',
  title: 'Dispatches to many operations',
  why: 'A rule on the name of this tool alone says nothing: what is done is decided by an argument.',
  looksAt:
    'a parameter that names a tool, a method or an endpoint beside one that carries its arguments, lists of actions of different weight, and phrases such as "call any endpoint"',
  falsePositives: 'A function whose name is free but which can only calculate.',
  examples: {
    fires: [
      {
        name: 'use_tool',
        description: 'Execute a tool by its name',
        inputSchema: {
          type: 'object',
          properties: { tool_name: { type: 'string' }, arguments: { type: 'object' } },
        },
      },
      {
        name: 'issues',
        description: 'Work with issues',
        inputSchema: {
          type: 'object',
          properties: { action: { enum: ['list', 'get', 'create', 'update', 'delete'] } },
        },
      },
      { name: 'api', description: 'Call any endpoint of the REST API' },
      {
        name: 'request',
        description: 'Make a request to the API',
        inputSchema: {
          type: 'object',
          properties: {
            path: { type: 'string' },
            method: { enum: ['GET', 'POST', 'PUT', 'DELETE'] },
            body: { type: 'object' },
          },
        },
      },
    ],
    silent: [
      {
        name: 'describe_tool',
        description: 'Describe a tool',
        inputSchema: { type: 'object', properties: { tool_name: { type: 'string' } } },
      },
      {
        name: 'view',
        description: 'Look at a table',
        inputSchema: { type: 'object', properties: { action: { enum: ['list', 'get', 'search', 'count'] } } },
      },
      {
        name: 'compress',
        description: 'Compress an image',
        inputSchema: { type: 'object', properties: { method: { type: 'string' }, data: { type: 'string' } } },
      },
      { name: 'run_tests', description: 'Run the tests of a project' },
      { name: 'invoke_lambda', description: 'Invoke a Lambda function' },
      {
        name: 'toggle',
        description: 'Switch a light',
        inputSchema: { type: 'object', properties: { action: { enum: ['on', 'off'] } } },
      },
    ],
  },
  observe(facts) {
    const named = facts.mentions(TARGET_WORDS) ? namedTarget(facts) : [];
    const told = facts.acts.flatMap((act) => callsAny(act) ?? []);
    const listed = facts.mentions(CHOOSER_WORDS) ? actionLists(facts) : [];
    const evidence = [...named, ...told, ...listed];
    const isFree = named.length > 0 || told.length > 0;
    const canAct = isFree && !saysReadOnly(facts) && facts.acts.some(({ action }) => action !== 'read');
    return presentIf(evidence, {
      confidence: named.length > 0 ? 'high' : 'medium',
      ...(canAct && { supports: 'Execute' as const, raises: 'high' as const }),
    });
  },
});

/** A parameter that names what is called, beside one for whatever that takes. */
function namedTarget(facts: ToolFacts): Evidence[] {
  const top = facts.parameters.filter(({ depth }) => depth === 0);
  if (top.length < 2) return [];
  const target = top.find((parameter) => isTarget(parameter));
  if (!target) return [];
  const bag = top.find((parameter) => parameter !== target && isBag(parameter));
  const verb = top.find((parameter) => parameter !== target && isHttpVerb(parameter));
  const key = target.words.join('');
  const isSure = SURE_TARGETS.has(key) && bag !== undefined;
  if (!isSure && verb === undefined && !(bag && facts.acts.some(({ lemma }) => CALLERS.has(lemma))))
    return [];
  if (!isSure && verb === undefined && !SPEAKS_OF_CALLS.test(openingOf(facts, OPENING_CHARS))) return [];
  const found = [parameterEvidence(target, 'names what is called')];
  if (verb) found.push(parameterEvidence(verb, 'chooses what is done there'));
  if (bag) found.push(parameterEvidence(bag, 'carries whatever that takes'));
  return found;
}

const CALLERS = new Set(
  'call invoke execute run dispatch proxy make send perform exec route forward'.split(' '),
);
const SPEAKS_OF_CALLS =
  /\b(?:tools?|apis?|endpoints?|rpc|methods?|functions?|services?|operations?|actions?|capabilit(?:y|ies))\b/i;

function isTarget(parameter: Parameter): boolean {
  return (
    parameter.words.length <= 2 &&
    TARGETS.has(parameter.words.join('')) &&
    parameter.choices.length === 0 &&
    takesText(parameter) &&
    !parameter.types.includes('array')
  );
}

function isBag({ words, types }: Parameter): boolean {
  const key = words.join('');
  if (!BAGS.has(key)) return false;
  const isObject = types.length === 0 || types.includes('object');
  return (
    isObject ||
    key.endsWith('json') ||
    (types.includes('string') && key !== 'query' && key !== 'input' && key !== 'data')
  );
}

function isHttpVerb({ words, choices, description }: Parameter): boolean {
  if (!VERBS.has(words.join(''))) return false;
  if (choices.length === 0) return /\b(?:POST|PUT|PATCH|DELETE)\b/.test(description ?? '');
  return choices.some(({ value }) => HTTP_WRITES.test(value));
}

function callsAny(act: Act): Evidence | undefined {
  if (!CALLS.has(act.lemma) || act.source === 'name' || act.source === 'choice') return undefined;
  const said = `${act.object ?? ''} ${act.phrase}`;
  const note = 'calls whatever the caller names';
  if (CALLERS.has(act.lemma) && A_TOOL.test(act.object ?? '')) return { ...act.evidence, note };
  if (act.lemma === 'proxy' && /\brequests?\b|\bcalls?\b/i.test(said)) return { ...act.evidence, note };
  if (!ANY_TARGET.test(act.object ?? '') && !TO_ANY.test(act.phrase)) return undefined;
  if (!FREE.test(said) || ONE_FUNCTION.test(act.object ?? '')) return undefined;
  return { ...act.evidence, note };
}

/** Free texts that name one of the acts which the description lists. */
const NAMES_AN_ACT = new Set('action operation op method actiontype operationtype'.split(' '));

/** What only thinks aloud does none of the things that it lists. */
const THINKS = /reasoning|thinking|thought|think/;

/** Lists of actions of which some only look and others change something. */
function actionLists({ parameters, name, acts }: ToolFacts): Evidence[] {
  if (name.words.some(({ text }) => THINKS.test(text))) return [];
  const requests = acts.some(({ lemma }) => CALLERS.has(lemma) || lemma === 'fetch' || lemma === 'request');
  return parameters.flatMap((parameter) => {
    if (!CHOOSERS.has(parameter.words.join('')) || parameter.depth > 1) return [];
    if (parameter.choices.length === 0) {
      if (!NAMES_AN_ACT.has(parameter.words.join('')) || parameter.types.includes('array')) return [];
      const said = new Set(acts.filter(({ source }) => source === 'description').map(({ action }) => action));
      return said.size > 1 ? [parameterEvidence(parameter, 'chooses among acts of different weight')] : [];
    }
    if (parameter.choices.length < MIN_CHOICES) return [];
    if (
      !requests &&
      parameter.choices.some(({ value }) => HTTP_WRITES.test(value) && value === value.toUpperCase())
    )
      return [];
    const weights = new Set<Action>();
    for (const { value } of parameter.choices.slice(0, MAX_READ)) {
      const action = HTTP_WRITES.test(value)
        ? 'write'
        : readName(splitWords(value, 'identifier'))[0]?.sense.action;
      if (action) weights.add(action);
    }
    if (weights.size < 2) return [];
    return [parameterEvidence(parameter, `${parameter.choices.length} actions of different weight`)];
  });
}

const MAX_READ = 60;
