import { matchEvidence, parameterEvidence } from '../evidence.ts';
import type { ToolFacts } from '../facts.ts';
import type { Parameter } from '../parameters.ts';
import { defineSignal, presentIf } from '../signal.ts';

const SECRET_WORDS = new Set(
  `password passwords passwd passphrase secret secrets credential credentials apikey cookie cookies mnemonic privatekey
   accesstoken authtoken bearer pwd jwt secretkey`.split(/\s+/),
);
const SECRET_PAIRS = new Set(
  `api key|api keys|access key|access keys|private key|client secret|connection string|secret value|auth token|access token|
   refresh token|bearer token|api token|secret key|ssh key|session token|auth key|certificate data|seed phrase|bot token|
   id token|account key|encryption key|signing key|oauth token|user token|github token|personal token|security token`
    .split('|')
    .map((pair) => pair.trim()),
);
/** A bare `token` is as often a coin, a page or a unit of text. */
const OTHER_TOKEN =
  /\b(?:page|pagination|next|continu\w+|crypto|coin|erc|address|symbol|contract|cursor|swap|wallet|mint|nft|max|sync)/i;
const IN_TEXT =
  /\b(?:secrets?|passwords?|credentials?|api[- ]keys?|access keys|private keys?|connection strings?|key ?vault|cookies|storage state|sensitive information|bearer tokens?|auth tokens?|access tokens?)\b/i;
/** A whole environment is read with whatever secrets are in it; a single variable is named by the caller. */
const WHOLE_ENVIRONMENT = /\b(?:all|every|entire|process|system) (?:environment|env) variables?\b/i;
const NEGATED = /\b(?:no|not|without|never|don't|doesn't)\b[^.]{0,30}$/i;
const TAKES_OUT = new Set(
  'get read fetch retrieve reveal decrypt show export dump return download access obtain'.split(' '),
);

export const signal = defineSignal({
  id: 'credential-handling',
  group: 'capability',
  version: 1,
  label: 'Handles credentials or secrets',
  title: 'Handles credentials or secrets',
  why: 'A secret that passes through an agent can end up in its context, its logs or another tool.',
  looksAt: 'the name, the first sentences of the description, and the names of parameters',
  falsePositives: 'Tokens that count text or money, and secrets that are only named and never shown.',
  examples: {
    fires: [
      { name: 'get_secret', description: 'Get the value of a secret from the vault' },
      {
        name: 'sign_in',
        description: 'Sign in to the service',
        inputSchema: {
          type: 'object',
          properties: { user: { type: 'string' }, password: { type: 'string' } },
        },
      },
    ],
    silent: [
      {
        name: 'list_orders',
        description: 'List orders',
        inputSchema: {
          type: 'object',
          properties: { page_token: { type: 'string' }, max_tokens: { type: 'integer' } },
        },
      },
      { name: 'get_token_price', description: 'Get the price of a token in USD' },
    ],
  },
  observe(facts) {
    const stated = statedSecret(facts);
    const taken = facts.parameters.filter(takesSecret);
    const evidence = [
      ...taken.map((parameter) => parameterEvidence(parameter, 'a secret goes in here')),
      ...(stated ? [stated] : []),
    ];
    const raises = stated ? raisedRisk(facts) : undefined;
    return presentIf(evidence, {
      confidence: taken.length > 0 ? 'high' : 'medium',
      ...(raises && { raises }),
    });
  },
});

function takesSecret(parameter: Parameter): boolean {
  const { words, types } = parameter;
  if (types.length > 0 && !types.includes('string') && !types.includes('array') && !types.includes('object'))
    return false;
  const last = words.at(-1) ?? '';
  if (SECRET_WORDS.has(last) || SECRET_PAIRS.has(`${words.at(-2) ?? ''} ${last}`)) return true;
  if (last !== 'token' || words.length > 1) return false;
  const description = parameter.description ?? '';
  return (
    /\b(?:auth\w*|api|access|bearer|oauth|secret|jwt|session|bot|login)\b/i.test(description) &&
    !OTHER_TOKEN.test(description)
  );
}

function statedSecret(facts: ToolFacts) {
  const words = facts.name.words.map((word) => word.text);
  const inName = facts.name.words.find(
    (word, at) => SECRET_WORDS.has(word.text) || SECRET_PAIRS.has(`${word.text} ${words[at + 1] ?? ''}`),
  );
  if (inName) {
    const quote = facts.name.text.slice(inName.start, inName.end);
    return { pointer: '/name', quote, note: 'works with secrets' };
  }
  const { description } = facts;
  const second = description?.sentences[1];
  const end = description?.words[(second ?? description.sentences[0])?.last ?? 0]?.start;
  const opening = description && { ...description, text: description.text.slice(0, end ?? 600) };
  const found = matchEvidence(opening, IN_TEXT, 'works with secrets');
  const environment = facts.acts.find(
    ({ action, object }) => action === 'read' && WHOLE_ENVIRONMENT.test(object ?? ''),
  );
  if (!found && environment) {
    return { ...environment.evidence, note: 'a whole environment holds whatever secrets are in it' };
  }
  if (!found || NEGATED.test(opening?.text.slice(0, opening.text.indexOf(found.quote)) ?? ''))
    return undefined;
  return found;
}

/** What a read hands out when it names one of these. */
const VALUABLE =
  /\b(?:secrets?|passwords?|credentials?|api[- ]?keys?|access keys?|private keys?|connection strings?|cookies?|tokens?|environment variables)\b/i;

/** A read that hands out the secret itself is worth more care than one that lists names. */
function raisedRisk(facts: ToolFacts): 'high' | 'medium' | undefined {
  const act = facts.acts[0];
  if (act?.action !== 'read') return undefined;
  const opening = `${facts.name.words.map((word) => word.text).join(' ')} ${act.evidence.quote}`;
  if (!VALUABLE.test(opening)) return undefined;
  return facts.acts.some(({ lemma }) => TAKES_OUT.has(lemma)) ? 'high' : 'medium';
}
