import { parameterEvidence } from '../evidence.ts';
import { type Parameter, takesText } from '../parameters.ts';
import { defineSignal, NOT_APPLICABLE, presentIf } from '../signal.ts';

const ADDRESS_WORDS = new Set(
  'url urls uri uris endpoint endpoints webhook href host baseurl weburl imageurl websocketurl'.split(' '),
);
const DESCRIBED =
  /^(?:(?:the|a|an|full|target|valid|public|optional|absolute|remote|web) )*(?:[a-z]+ )?(?:url|uri)s?\b(?! (?:pattern|glob|path|slug|regex))/i;
/** What a local address or an identifier is called, which is no destination. */
const NOT_AN_ADDRESS = /\b(?:data uri only|url[- ]encoded|slug)\b/i;

export const signal = defineSignal({
  id: 'url-input',
  group: 'capability',
  version: 1,
  label: 'Accepts URL/endpoint input',
  title: 'Accepts a URL or an endpoint',
  why: 'Whoever writes the arguments chooses which address is reached, an internal one or one that collects data included.',
  looksAt: 'the names, formats and descriptions of parameters',
  falsePositives:
    'A link that is only stored, or a host that the server checks against a list that it does not show.',
  examples: {
    fires: [
      {
        name: 'open_tabs',
        description: 'Open several tabs',
        inputSchema: {
          type: 'object',
          properties: {
            tabs: { type: 'array', items: { type: 'object', properties: { url: { type: 'string' } } } },
          },
        },
      },
      {
        name: 'register_hook',
        description: 'Register a hook',
        inputSchema: { type: 'object', properties: { target: { type: 'string', format: 'uri' } } },
      },
    ],
    silent: [
      { name: 'create_session', description: 'Create a session and return the session URL' },
      {
        name: 'pick_region',
        description: 'Choose where to read from',
        inputSchema: {
          type: 'object',
          properties: { endpoint: { type: 'string', enum: ['eu', 'us'] }, url_count: { type: 'integer' } },
        },
      },
    ],
  },
  observe(facts) {
    if (facts.parameters.length === 0) return NOT_APPLICABLE;
    const found = facts.parameters.filter(takesAddress);
    return presentIf(
      found.map((parameter) => parameterEvidence(parameter, 'an address that the caller chooses')),
      { confidence: 'high' },
    );
  },
});

function takesAddress(parameter: Parameter): boolean {
  if (parameter.choices.length > 0 || !takesText(parameter)) return false;
  if (parameter.format === 'uri' || parameter.format === 'url' || parameter.format === 'iri') return true;
  const description = parameter.description ?? '';
  if (NOT_AN_ADDRESS.test(description)) return false;
  const last = parameter.words.at(-1) ?? '';
  return ADDRESS_WORDS.has(last) || DESCRIBED.test(description);
}
