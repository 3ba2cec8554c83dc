import { hasNoSchema } from '../documented.ts';
import { parameterEvidence } from '../evidence.ts';
import type { ToolFacts } from '../facts.ts';
import { MAX_QUOTE_CHARS } from '../limits.ts';
import { type Parameter, takesText } from '../parameters.ts';
import { defineSignal, NOT_APPLICABLE, presentIf } from '../signal.ts';
import { clip } from '../text.ts';

const PATH_WORDS = new Set(
  'path paths file files filename filenames filepath filepaths directory directories dir dirs dirname cwd workdir pathname'.split(
    ' ',
  ),
);
/** Names that hold a path only where the description says so. */
const MAYBE_WORDS = new Set(
  'destination source src dest target output input folder root location workspace save to from dst archive'.split(
    ' ',
  ),
);
const SAYS_PATH =
  /\b(?:file|directory|folder|local|absolute|relative|full|output|workspace|disk) ?path|\bpaths? (?:to|of|where)\b|\b(?:local|output|input|audio|source|destination) (?:file|directory)\b|\bfile ?name\b/i;
/** A description that begins by calling the parameter a path, whatever its name. */
const DESCRIBED =
  /^(?:(?:the|a|an|full|local|absolute|relative|optional) )*(?:(?:file|directory|folder) path\b|path (?:to|of) (?:an?|the)\b)/i;
/** A path among what a parameter may hold, whatever its name: "a base64 string or the path to a PEM file". */
const MAY_BE_PATH =
  /\b(?:a |the )?(?:local )?(?:file )?path to (?:an?|the) (?:[\w/.-]+ ){0,3}(?:file|folder|directory)\b|\bin the local file ?system\b/i;
/** Where no schema was sent: tools of a file system take paths. */
const NAMED =
  /(?:^|[_-])(?:(?:read|write|move|rename|edit|append|open)_?(?:multiple_|text_|media_)?(?:files?|director(?:y|ies)|folder)(?:_contents?)?|(?:list|create|delete)_?(?:directory|dir)|(?:set|get)_(?:\w{1,30}_)?path)$/i;
const SAYS_IT =
  /(?<!\breturn(?:s|ing)? (?:the |a |an |its )?)\b(?:absolute|relative|file|local|directory) paths?\b|\bgiven (?:\w+ )?(?:directory|file|folder)\b|\bfile or directory\b/i;
/** Other things that are called a path. */
const NOT_A_FILE =
  /json ?path|x ?path|json ?pointer|dot[- ]?(?:path|notation)|\b(?:url|api|endpoint|request|cookie|http|route|uri|property|field|metric|object|key|redirect) path|path (?:in|within|of) the (?:url|json|document|object)|\bcookie|critical path/i;
const OTHER_PATHS = new Set(
  'json xpath jsonpath url api error cookie key metric career learning property'.split(' '),
);

export const signal = defineSignal({
  id: 'path-input',
  group: 'capability',
  version: 2,
  label: 'Accepts file system path',
  title: 'Accepts a path in a file system',
  why: 'A path chosen by the caller can name a file that was never meant to be read or overwritten.',
  looksAt: 'the names and descriptions of parameters',
  falsePositives: 'A path inside a repository or a store that cannot leave it.',
  examples: {
    fires: [
      {
        name: 'convert_document',
        description: 'Convert a document',
        inputSchema: { type: 'object', properties: { inputFile: { type: 'string' } } },
      },
      {
        name: 'take_picture',
        description: 'Take a picture of the page',
        inputSchema: {
          type: 'object',
          properties: { output: { type: 'string', description: 'Local path to write to' } },
        },
      },
    ],
    silent: [
      {
        name: 'patch_record',
        description: 'Apply a JSON patch',
        inputSchema: {
          type: 'object',
          properties: {
            operations: {
              type: 'array',
              items: { type: 'object', properties: { op: { type: 'string' }, path: { type: 'string' } } },
            },
          },
        },
      },
      {
        name: 'set_cookie',
        description: 'Set a cookie',
        inputSchema: { type: 'object', properties: { name: { type: 'string' }, path: { type: 'string' } } },
      },
      { name: 'get_profile', description: 'Get the profile of a user' },
    ],
  },
  observe(facts) {
    const parameters = facts.documented;
    if (parameters.length === 0) return hasNoSchema(facts) ? observeText(facts) : NOT_APPLICABLE;
    const isAboutCookies = facts.name.words.some((word) => word.text === 'cookie' || word.text === 'cookies');
    const found = isAboutCookies ? [] : parameters.filter((parameter) => takesPath(parameter, facts));
    return presentIf(
      found.map((parameter) => parameterEvidence(parameter, 'a path that the caller chooses')),
      { confidence: 'medium' },
    );
  },
});

const MAX_READ = 200;

/** A definition without a schema still says in its name and text what it is given. */
function observeText({ name, description }: ToolFacts) {
  const opening = description?.text.slice(0, MAX_READ) ?? '';
  const isLocal =
    NAMED.test(name.text) && !/\b(?:repository|repo|gist|branch|bucket|drive|id)\b/i.test(opening);
  const said = isLocal ? undefined : SAYS_IT.exec(opening)?.[0];
  const evidence = said
    ? [{ pointer: '/description', quote: said, note: 'a path is given to it' }]
    : isLocal
      ? [{ pointer: '/name', quote: clip(name.text, MAX_QUOTE_CHARS), note: 'a path is given to it' }]
      : [];
  return presentIf(evidence, { confidence: 'low' });
}

function takesPath(parameter: Parameter, facts: ToolFacts): boolean {
  const last = parameter.words.at(-1) ?? '';
  const isNamed = PATH_WORDS.has(last);
  if (parameter.choices.length > 0 || !takesText(parameter)) return false;
  const description = parameter.description ?? '';
  const isPath = isNamed ? !isJsonPatch(parameter, facts) : isSaidToBePath(last, description, facts);
  if (!isPath || NOT_A_FILE.test(description)) return false;
  return !parameter.words.slice(0, -1).some((word) => OTHER_PATHS.has(word));
}

function isSaidToBePath(last: string, description: string, facts: ToolFacts): boolean {
  if (MAYBE_WORDS.has(last)) return SAYS_PATH.test(description) || isAboutFiles(facts);
  return DESCRIBED.test(description) || MAY_BE_PATH.test(clip(description, MAX_READ));
}

/** In `move_file`, `source` and `destination` are paths without saying so. */
function isAboutFiles({ name }: ToolFacts): boolean {
  return name.words.some((word) => PATH_WORDS.has(word.text));
}

/** `operations[].op` beside `operations[].path` is a JSON Patch, whose paths are inside a document. */
function isJsonPatch({ path, name }: Parameter, { parameters }: ToolFacts): boolean {
  if (name !== 'path' || !path.includes('[]')) return false;
  const sibling = `${path.slice(0, -'path'.length)}op`;
  return parameters.some((parameter) => parameter.path === sibling);
}
