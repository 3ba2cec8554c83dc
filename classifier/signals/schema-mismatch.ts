import { saysReadOnly } from '../claims.ts';
import type { Evidence } from '../contract.ts';
import { matchEvidence, parameterEvidence } from '../evidence.ts';
import type { Text, ToolFacts } from '../facts.ts';
import { MAX_QUOTE_CHARS } from '../limits.ts';
import type { Parameter } from '../parameters.ts';
import { defineSignal, NOT_APPLICABLE, presentIf } from '../signal.ts';
import { clip } from '../text.ts';
import { wordSet } from '../vocabulary.ts';

const INPUT = {
  type: 'object',
  properties: { path: { type: 'string' }, size: { type: 'integer' } },
  required: ['path'],
};

export const signal = defineSignal({
  id: 'schema-mismatch',
  group: 'definition',
  version: 1,
  label: 'Description and schema disagree',
  title: 'Description and schema disagree',
  why: 'One of the two is wrong, so a reader of the description does not know what a call can do.',
  looksAt: 'the description beside the parameters of the input schema',
  falsePositives: 'A description that documents an argument under another name than the schema has.',
  examples: {
    fires: [
      {
        name: 'resize',
        description: 'Resize an image.\n\nArgs:\n    path: The image\n    image_size: The new size\n',
        inputSchema: INPUT,
      },
      { name: 'status', description: 'Get the status. This tool takes no arguments.', inputSchema: INPUT },
      {
        name: 'get_file',
        description: 'Get a file',
        inputSchema: { properties: { path: { type: 'string' }, delete_after: { type: 'boolean' } } },
      },
      {
        name: 'console_logs',
        description: 'Retrieve the logs of the console',
        inputSchema: {
          properties: { clear: { type: 'boolean', description: 'Clear the logs after retrieval' } },
        },
      },
      {
        name: 'query',
        description: 'Run a read-only SQL query',
        inputSchema: { properties: { sql: { type: 'string' }, allow_write: { type: 'boolean' } } },
      },
      {
        name: 'set_state',
        description: 'Set the state of an issue',
        inputSchema: {
          properties: {
            state: {
              type: 'string',
              description: "Must be one of: 'open', 'closed'",
              enum: ['open', 'closed', 'deleted'],
            },
          },
        },
      },
    ],
    silent: [
      {
        name: 'resize',
        description:
          'Resize an image.\n\nArgs:\n    path: The image\n    size: The new size\n    ctx: The context\n',
        inputSchema: INPUT,
      },
      {
        name: 'route',
        description:
          'Get a route.\n\nArgs:\n    path: The way\n    size: One of\n        car: by car\n        bike: by bike\n\nReturns:\n    distance: in metres\n',
        inputSchema: INPUT,
      },
      {
        name: 'resize',
        description: 'Resize an image.\n\nArgs:\n    image: The image\n    dimensions: The new size\n',
      },
      {
        name: 'status',
        description: 'Get the status. No parameters are needed.',
        inputSchema: { properties: {} },
      },
      {
        name: 'get_html',
        description: 'Get the HTML of a page',
        inputSchema: {
          properties: { removeScripts: { type: 'boolean' }, include_deleted: { type: 'boolean' } },
        },
      },
      {
        name: 'move_file',
        description: 'Move a file',
        inputSchema: { properties: { overwrite: { type: 'boolean' }, delete_source: { type: 'boolean' } } },
      },
      {
        name: 'search',
        description: 'Search issues',
        inputSchema: {
          properties: {
            state: { description: 'One of the values, e.g. open or closed', enum: ['open', 'closed', 'all'] },
          },
        },
      },
    ],
  },
  observe(facts) {
    if (facts.propertyCount === 0) return NOT_APPLICABLE;
    const sure = [...deniedArguments(facts), ...writesInReadOnly(facts)];
    const likely = [...missingArguments(facts), ...changesInRead(facts), ...unnamedChoices(facts)];
    return presentIf([...sure, ...likely], { confidence: sure.length > 0 ? 'high' : 'medium' });
  },
});

const TAKES_NOTHING =
  /\b(?:takes|has|accepts|needs|requires) (?:no|zero) (?:input |required )?(?:arguments|parameters|params|inputs?)\b|(?:^|[.\n]\s*)no (?:input )?(?:parameters|arguments|params|inputs?) (?:are |is )?(?:required|needed|necessary)\b|\b(?:parameters|arguments|args)\s?: ?none\b/i;

const NOTHING_WORDS = wordSet(['no', 'zero', 'none']);

/** "Takes no arguments", beside parameters that a call must have. */
function deniedArguments({ description, parameters, mentions }: ToolFacts): Evidence[] {
  if (!mentions(NOTHING_WORDS)) return [];
  const required = parameters.find((parameter) => parameter.required && parameter.depth === 0);
  if (!required || parameters.some((parameter) => parameter.choices.length > 1)) return [];
  const denied = matchEvidence(description, TAKES_NOTHING, 'says that there are no arguments');
  return denied ? [denied, parameterEvidence(required, 'is required all the same')] : [];
}

const ALLOWING = new Set('allow enable permit with'.split(' '));
const WRITING = new Set(
  'write writes writing modification modifications ddl dml mutation mutations destructive unsafe commit'.split(
    ' ',
  ),
);

/** A promise only to read, beside a switch that lets it write. */
function writesInReadOnly(facts: ToolFacts): Evidence[] {
  const flag = facts.parameters.find(
    ({ words, types }) =>
      types.includes('boolean') &&
      WRITING.has(words.at(-1) ?? '') &&
      (words.length === 1 || ALLOWING.has(words[0] ?? '')),
  );
  return flag && saysReadOnly(facts)
    ? [parameterEvidence(flag, 'lets it write, though the description says that it only reads')]
    : [];
}

const ARGUMENTS = /(?:^|\n)[ \t]*\*{0,2}(?:args|arguments|parameters|params)\*{0,2}:\*{0,2}[ \t]*\n/i;
const HEADINGS = wordSet(['args', 'arguments', 'parameters', 'params']);
const ENTRY = /^([ \t]*)(?:[-*•][ \t]+)?[`"*]{0,3}([a-z_]\w{1,40})[`"*]{0,3} ?(?:\([^()]{0,60}\))?:[ \t]/;
const SECTION_ENDS = /^[ \t]*(?:returns?|raises|yields|examples?|notes?|usage|output|response|see also)\b/i;
/** What frameworks pass in themselves, and what are no names. */
const INJECTED = new Set(
  'ctx context self cls request kwargs args note e g i important optional default example returns'.split(' '),
);
const MAX_LINES = 200;

interface Entry {
  name: string;
  indent: number;
}

/** Arguments that the description documents and the schema lacks, where most of those beside them are in it. */
function missingArguments({ description, parameters, mentions }: ToolFacts): Evidence[] {
  if (!description || !mentions(HEADINGS)) return [];
  const names = new Set(parameters.map((parameter) => parameter.name));
  const entries = documentedIn(description);
  const missing = entries.filter(({ name }) => !names.has(name));
  if (missing.length * 2 > entries.length) return [];
  return missing
    .filter(({ name }) => !INJECTED.has(name))
    .map(({ name }) => ({
      pointer: description.pointer,
      quote: name,
      note: 'is documented, but is not in the schema',
    }));
}

function documentedIn({ text }: Text): Entry[] {
  const heading = ARGUMENTS.exec(text);
  if (!heading) return [];
  const entries: Entry[] = [];
  for (const line of text.slice(heading.index + heading[0].length).split('\n', MAX_LINES)) {
    if (SECTION_ENDS.test(line)) break;
    const match = ENTRY.exec(line);
    const [, indent = '', name = ''] = match ?? [];
    // A name that ends in an underscore stands for several.
    if (!match || name.endsWith('_') || entries.some((entry) => entry.name === name)) continue;
    entries.push({ name, indent: indent.length });
  }
  // What is set deeper belongs to the argument above it.
  return entries.filter(({ indent }) => indent === entries[0]?.indent);
}

const CHANGING = new Set('delete purge wipe erase destroy clear truncate overwrite expunge reset'.split(' '));
const CHANGING_WITH = new Set('remove drop'.split(' '));
const CHANGED = new Set(
  'after afterwards source original originals file files remote message messages branch'.split(' '),
);
/** What is cleared of these is not data of the user's. */
const OF_NO_ACCOUNT = new Set(
  'cache filter filters formatting selection whitespace comments cookies html'.split(' '),
);

/** A tool that is said only to read, with a switch by which it changes something. */
function changesInRead({ acts, parameters }: ToolFacts): Evidence[] {
  if (acts.length === 0 || acts.some((act) => act.action !== 'read' || act.confidence === 'low')) return [];
  const flags = parameters.filter(changesSomething);
  const [act] = acts;
  if (!act || flags.length === 0) return [];
  return [
    ...flags.map((flag) => parameterEvidence(flag, 'lets it change something')),
    { ...act.evidence, note: 'speaks only of reading' },
  ];
}

function changesSomething({ words, types }: Parameter): boolean {
  const [first = '', ...rest] = words;
  if (!types.includes('boolean') || rest.some((word) => OF_NO_ACCOUNT.has(word))) return false;
  return CHANGING.has(first) || (CHANGING_WITH.has(first) && rest.some((word) => CHANGED.has(word)));
}

const LISTED =
  /\b(?:one of|must be|either|(?:valid|possible|allowed|supported) (?:values|options)(?: are)?|options(?: are)?):? +((?:["'`]?[\w-]{1,40}["'`]?(?:, or |, | or |\/| \| )){1,20}["'`]?[\w-]{1,40}["'`]?)(?! \w)/i;
const OPEN_ENDED =
  /\b(?:e\.g|such as|etc|for example|including|default|like|depending|only (?:for|when)|when)\b/i;

/** Choices that the description of a parameter leaves out though it says which there are. */
function unnamedChoices({ parameters }: ToolFacts): Evidence[] {
  for (const parameter of parameters) {
    const { choices, description, descriptionPointer } = parameter;
    if (choices.length < 2 || description === undefined || descriptionPointer === undefined) continue;
    const match = LISTED.exec(description);
    if (!match || OPEN_ENDED.test(description)) continue;
    const named = new Set(
      (match[1] ?? '')
        .split(/, or |, | or |\/| \| /)
        .map((one) => one.replaceAll(/["'`]/g, '').toLowerCase()),
    );
    const known = new Set(choices.map(({ value }) => value.toLowerCase()));
    const others = choices.filter(({ value }) => !named.has(value.toLowerCase()));
    if (others.length === 0 || ![...named].every((name) => known.has(name))) continue;
    const { path } = parameter;
    const listed = {
      pointer: descriptionPointer,
      quote: clip(match[0], MAX_QUOTE_CHARS),
      note: 'says which choices there are',
      parameter: path,
    };
    return [
      ...others.slice(0, 3).map(({ value, pointer }) => ({
        pointer,
        quote: value,
        note: 'is a choice that the description leaves out',
        parameter: path,
      })),
      listed,
    ];
  }
  return [];
}
