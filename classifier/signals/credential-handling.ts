import type { Evidence } from '../contract.ts';
import { hasNoSchema } from '../documented.ts';
import { matchEvidence, parameterEvidence } from '../evidence.ts';
import type { Prose, Text, ToolFacts } from '../facts.ts';
import type { Parameter } from '../parameters.ts';
import { defineSignal, presentIf } from '../signal.ts';
import { wordSet } from '../vocabulary.ts';

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
  /\b(?:secrets?|passwords?|credentials?|api[-_ ]?keys?|access keys|private keys?|client keys?|connection strings?|cookies|storage state|sensitive information|bearer tokens?|auth tokens?|access tokens?)\b/gi;
/** Keys and certificates of a vault; the vault's own settings are none. */
const IN_VAULT = /\bkey ?vault\b/i;
const VAULTED = /\b(?:keys?(?! ?vault)|certificates?)\b/i;
/** What the caller signs in with is no matter of the tool: "accessible with current credentials". */
const SIGNS_IN =
  /\b(?:accessible with|associated with|authenticated (?:with|by|via)|available (?:to|for|with)|determined from|current|configured|ambient|requires?|needs?|default|based on|authentication|signed in with|your own|supply your) (?:the |your |a |an )?(?:\w+ ){0,2}$/i;
/** A parameter that only the text names, where no schema was sent. */
const NAMES_PARAMETER =
  /\b(?:[Rr]equires?|[Nn]eeds?|[Tt]akes?|[Pp]rovide|[Pp]ass) (?:an? |the |your )?(?:api_key|apiKey|access_token|accessToken|auth_token|secret_key|password)\b/;
/** Something about secrets that holds none. */
const BESIDE =
  /^[ -](?:authentication|auth\b|required|is required|must be (?:set|configured)|policy|policies|reset|push protection|breach|strength|consent|banner|management system)/i;
/** A whole environment is read with whatever secrets are in it; a single variable is named by the caller. */
const WHOLE_ENVIRONMENT = /\b(?:all|every|entire|process|system) (?:environment|env) variables?\b/i;
const NEGATED = /\b(?:no|not|without|never|don't|doesn't)\b[^.]{0,30}$/i;

const TRIGGERS = wordSet([
  ...SECRET_WORDS,
  ...'token tokens key keys connection certificate certificates seed storage sensitive env environment'.split(
    ' ',
  ),
  ...'api_key api_keys'.split(' '),
]);

export const signal = defineSignal({
  id: 'credential-handling',
  group: 'capability',
  version: 2,
  label: 'Handles credentials or secrets',
  title: 'Handles credentials or secrets',
  why: 'A secret that passes through an agent can end up in its context, its logs or another tool.',
  looksAt: 'the name, the first sentences of the description, and the names of parameters',
  falsePositives: 'Tokens that count text or money, and secrets that are only named and never shown.',
  triggers: TRIGGERS,
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
      { name: 'get_teams', description: 'Get the teams that are accessible with current credentials' },
      { name: 'get_password_policy', description: 'Get the password policy of a realm' },
    ],
  },
  observe(facts) {
    const stated = statedSecret(facts);
    const taken = facts.documented.filter((parameter) => takesSecret(parameter, facts));
    const evidence = [
      ...taken.map((parameter) => parameterEvidence(parameter, 'a secret goes in here')),
      ...(stated ? [stated] : []),
    ];
    return presentIf(evidence, { confidence: taken.length > 0 ? 'high' : 'medium' });
  },
});

function takesSecret(parameter: Parameter, facts: ToolFacts): boolean {
  const { words, types } = parameter;
  if (types.length > 0 && !types.includes('string') && !types.includes('array') && !types.includes('object'))
    return false;
  const last = words.at(-1) ?? '';
  if (SECRET_WORDS.has(last) || SECRET_PAIRS.has(`${words.at(-2) ?? ''} ${last}`)) return true;
  if (last !== 'token' || words.length > 1) return false;
  const { description } = parameter;
  if (description === undefined)
    return !OTHER_TOKEN.test(`${facts.name.text} ${facts.description?.text.slice(0, MAX_READ) ?? ''}`);
  return (
    /\b(?:auth\w*|api|access|bearer|oauth|secret|jwt|session|bot|login)\b|认证|鉴权|令牌|認証|인증/i.test(
      description,
    ) && !OTHER_TOKEN.test(description)
  );
}

function statedSecret(facts: ToolFacts) {
  const named = inName(facts.name);
  if (named) return named;
  const environment = facts.acts.find(
    ({ action, object }) => action === 'read' && WHOLE_ENVIRONMENT.test(object ?? ''),
  );
  if (environment) {
    return { ...environment.evidence, note: 'a whole environment holds whatever secrets are in it' };
  }
  const vaulted = facts.acts.find(({ object }) => VAULTED.test(object ?? ''));
  if (vaulted && IN_VAULT.test(vaulted.evidence.quote)) return { ...vaulted.evidence, note: NOTE };
  const { description } = facts;
  const found = description && inOpening(description);
  return found ?? (hasNoSchema(facts) ? matchEvidence(description, NAMES_PARAMETER, NOTE) : undefined);
}

function inName({ text, words }: Text): Evidence | undefined {
  for (const [at, word] of words.entries()) {
    const next = words[at + 1];
    const isPair =
      next !== undefined && SECRET_PAIRS.has(`${word.text} ${next.text}`) && word.text !== 'user';
    if (!isPair && !SECRET_WORDS.has(word.text)) continue;
    const { start, end } = { start: word.start, end: isPair ? next.end : word.end };
    if (BESIDE.test(` ${text.slice(end + 1).replaceAll(/[_-]/g, ' ')}`)) continue;
    return { pointer: '/name', quote: text.slice(start, end), note: NOTE };
  }
  return undefined;
}

/** A secret that the first two sentences speak of, unless it is only what the caller signs in with. */
function inOpening({ pointer, text, words, sentences }: Prose): Evidence | undefined {
  const last = (sentences[1] ?? sentences[0])?.last ?? 0;
  const opening = text.slice(0, Math.min(words[last]?.start ?? MAX_READ, MAX_READ));
  for (const match of opening.matchAll(IN_TEXT)) {
    const before = opening.slice(Math.max(0, match.index - 60), match.index);
    const after = opening.slice(match.index + match[0].length, match.index + match[0].length + 30);
    if (NEGATED.test(before) || SIGNS_IN.test(before) || BESIDE.test(after)) continue;
    return { pointer, quote: match[0], note: NOTE };
  }
  return undefined;
}

const NOTE = 'works with secrets';
const MAX_READ = 600;
