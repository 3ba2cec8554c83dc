import { parameterEvidence } from '../evidence.ts';
import type { ToolFacts } from '../facts.ts';
import { type Parameter, takesText } from '../parameters.ts';
import { defineSignal, NOT_APPLICABLE, presentIf } from '../signal.ts';

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
  /^(?:(?:the|a|an|full|local|absolute|relative|optional) )*(?:file|directory|folder) path\b/i;
/** Other things that are called a path. */
const NOT_A_FILE =
  /json ?path|x ?path|json ?pointer|dot[- ]?(?:path|notation)|\b(?:url|api|endpoint|request|cookie|http|route|uri|property|field|metric|object|key|redirect) path|path (?:in|within|of) the (?:url|json|document|object)|\bcookie|critical path/i;
const OTHER_PATHS = new Set(
  'json xpath jsonpath url api error cookie key metric career learning property'.split(' '),
);

export const signal = defineSignal({
  id: 'path-input',
  group: 'capability',
  version: 1,
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
    if (facts.parameters.length === 0) return NOT_APPLICABLE;
    const isAboutCookies = facts.name.words.some((word) => word.text === 'cookie' || word.text === 'cookies');
    const found = isAboutCookies ? [] : facts.parameters.filter((parameter) => takesPath(parameter, facts));
    return presentIf(
      found.map((parameter) => parameterEvidence(parameter, 'a path that the caller chooses')),
      { confidence: 'medium' },
    );
  },
});

function takesPath(parameter: Parameter, facts: ToolFacts): boolean {
  const last = parameter.words.at(-1) ?? '';
  const isNamed = PATH_WORDS.has(last);
  if (parameter.choices.length > 0 || !takesText(parameter)) return false;
  const description = parameter.description ?? '';
  if (NOT_A_FILE.test(description) || parameter.words.slice(0, -1).some((word) => OTHER_PATHS.has(word)))
    return false;
  if (MAYBE_WORDS.has(last)) return SAYS_PATH.test(description) || isAboutFiles(facts);
  if (!isNamed) return DESCRIBED.test(description);
  return !isJsonPatch(parameter, facts);
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
