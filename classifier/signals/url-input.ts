import type { Evidence } from '../contract.ts';
import { hasNoSchema } from '../documented.ts';
import { matchEvidence, parameterEvidence } from '../evidence.ts';
import type { ToolFacts } from '../facts.ts';
import { MAX_QUOTE_CHARS } from '../limits.ts';
import { type Parameter, takesText } from '../parameters.ts';
import { defineSignal, NOT_APPLICABLE, presentIf } from '../signal.ts';
import { clip } from '../text.ts';
import { wordSet } from '../vocabulary.ts';

const ADDRESS_WORDS = new Set(
  'url urls uri uris endpoint endpoints webhook href host baseurl weburl imageurl websocketurl'.split(' '),
);
const DESCRIBED =
  /^(?:(?:the|a|an|full|target|valid|public|optional|absolute|remote|web) )*(?:[a-z]+ )?(?:url|uri)s?\b(?! (?:pattern|glob|path|slug|regex))/i;
/** "A path or URL", "a resource ID or a blob URI". */
const OR_ADDRESS = /\b(?:or|and\/or) (?:an? |the )?(?:[\w-]+ ){0,2}(?:URL|URI)s?\b/;
/** Where no schema was sent, the text stands in for it. */
const SAID =
  /\b(?:navigate(?:s|d)? (?:[\w' -]{0,40}? )?to|go to|browse|from|of|at|beneath|crawls?|scrapes?|fetch(?:es)?|visits?|opens?|downloads?|reads?|into|given|to|inputting|by|for) (?:an?|any|the given|the provided|the specified|given|provided|multiple|one or more|specified|specific|single|the) (?:[\w-]+ ){0,3}?(?:urls?|web ?pages?|websites?)\b|\b(?:extracts?|scrapes?|fetch(?:es)?) [\w ]{0,40}?from web ?pages\b/i;
/** One of these stands in every text that says so. */
const SAID_WORDS = wordSet('url urls web webpage webpages website websites page pages'.split(' '));
const NAMED =
  /(?:^|[^a-z])(?:fetch|open|visit|scrape|crawl|read|screenshot)[_-]?(?:web[_-]?)?(?:urls?|pages?|website)$|(?:browser|page)[_-]?(?:navigate|goto)$/i;
/** What a local address or an identifier is called, which is no destination. */
const NOT_AN_ADDRESS = /\b(?:data uri only|url[- ]encoded|slug)\b/i;

export const signal = defineSignal({
  id: 'url-input',
  group: 'capability',
  version: 2,
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
    if (hasNoSchema(facts)) return observeText(facts);
    if (facts.parameters.length === 0) return NOT_APPLICABLE;
    return presentIf(facts.documented.filter(takesAddress).map(evidenceOf), { confidence: 'high' });
  },
});

function evidenceOf(parameter: Parameter): Evidence {
  return parameterEvidence(parameter, 'an address that the caller chooses');
}

const MAX_READ = 200;

/** A definition without a schema still says in its text what it is given. */
function observeText(facts: ToolFacts) {
  const { name, description } = facts;
  const documented = facts.documented.filter(takesAddress).map(evidenceOf);
  const opening = description && { ...description, text: clip(description.text, MAX_READ) };
  const said =
    documented.length > 0 || !facts.mentions(SAID_WORDS)
      ? undefined
      : matchEvidence(opening, SAID, 'an address is given to it');
  const named = NAMED.test(name.text)
    ? { pointer: '/name', quote: clip(name.text, MAX_QUOTE_CHARS), note: 'an address is given to it' }
    : undefined;
  const evidence = [...documented, said ?? named].filter((one) => one !== undefined);
  return presentIf(evidence, { confidence: documented.length > 0 ? 'medium' : 'low' });
}

function takesAddress(parameter: Parameter): boolean {
  if (parameter.choices.length > 0 || !takesText(parameter)) return false;
  if (parameter.format === 'uri' || parameter.format === 'url' || parameter.format === 'iri') return true;
  const last = parameter.words.at(-1) ?? '';
  const { description } = parameter;
  if (description === undefined) return ADDRESS_WORDS.has(last);
  const isAddress = ADDRESS_WORDS.has(last) || DESCRIBED.test(description) || mayBeAddress(description);
  return isAddress && !NOT_AN_ADDRESS.test(description);
}

function mayBeAddress(description: string): boolean {
  return description.includes(' UR') && OR_ADDRESS.test(clip(description, MAX_READ));
}
