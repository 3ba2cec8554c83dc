import type { Act } from '../acts.ts';
import type { Evidence } from '../contract.ts';
import { matchEvidence } from '../evidence.ts';
import type { ToolFacts } from '../facts.ts';
import { MAX_QUOTE_CHARS } from '../limits.ts';
import { defineSignal, presentIf } from '../signal.ts';
import { clip } from '../text.ts';
import { wordSet } from '../vocabulary.ts';

/** What a secret is called, where it is the thing itself and not the first half of another ("password policy"). */
const SECRET =
  '(?:secrets?(?: values?)?|passwords?|passphrases?|credentials?|api[- ]?keys?|(?:access|account|private|signing|encryption|shared|storage|master|primary|secondary|admin|service|license) keys?|ssh private keys?|connection[- ]?strings?|(?:auth(?:entication|orization)?|access|refresh|bearer|session|api|oauth|id|security|service|bot|personal access)[- ]?tokens?|jwts?|seed phrases?|mnemonics?|recovery (?:codes?|phrases?)|cookies?|cookie jar|storage ?state|kube ?configs?|keystores?|environment variables|env vars|(?:otp|totp|2fa|mfa) (?:codes?|seeds?|secrets?)|login items?|one[- ]time (?:passwords?|codes?))';
/** Second halves that make it something about secrets, such as their policy, their names or how many there are. */
const ABOUT = String.raw`(?![\w-]|[ -](?:scanning|alerts?|polic(?:y|ies)|usage|prices?|status|states?|metadata|info(?:rmation)?|details?|names?|lists?|ids?|identifiers?|counts?|stats|statistics|strength|expir\w*|rotation|settings?|config\w*|histor\w+|permissions?|scopes?|types?|versions?|generators?|managers?|resets?|validity|protection|consent|banners?|holders?|balances?|suppl\w+|providers?|stores?|groups?|requirements?|audit|quotas?|limits?|leaks?|breach\w*|exposure|exchange|endpoints?|references?|collections?|categories|folders?|vaults?|bindings?|profiles?|schemas?|templates?|links?|hash|analytics|recommendations?|detection|findings?|locations?|urls?|contexts?|instances?|data schemas?|objects?|fields?|pairs? (?:names?|list)|best)\b)`;
const HANDED_OUT = new RegExp(String.raw`\b${SECRET}${ABOUT}`, 'i');

/** Verbs that hand out the thing itself. */
const TAKES_OUT = new Set(
  'get read fetch retrieve reveal decrypt show export dump return download obtain print display view copy pull extract expose receive acquire recover'.split(
    ' ',
  ),
);
const LISTING = new Set('list find search query'.split(' '));
/** What a list of it holds is the thing itself; a list of secrets or keys is mostly one of names. */
const LISTED = new RegExp(
  String.raw`\b(?:cookies?|environment variables|env vars|connection strings?|account keys?|access keys?|private keys?|credentials|passwords?|storage ?state|secret values?|keys and values)${ABOUT}`,
  'i',
);
/** A result that is told of in passing: "returns endpoints, access keys and the state". */
const RETURNED = new RegExp(
  String.raw`\b(?:return(?:s|ing)?|includ(?:es|ing)|retriev(?:es|ing)|reveal(?:s|ing)?|shows|expos(?:es|ing)|prints|contains?)\b[^.;:\n]{0,60}?\b(?:secret values?|secret keys?|access keys|account keys|private keys?|connection strings?|passwords?|credentials|api keys?|sensitive information|sensitive (?:values|data) such)${ABOUT}`,
  'i',
);
/** What the text says is kept back. */
const MASKED =
  /\b(?:masked|redacted|obfuscated|hidden|truncated|hashed|names only|only (?:the )?names|metadata only|only (?:the )?metadata|without (?:the |their |its |exposing |revealing |showing |returning )?(?:actual )?(?:secret )?(?:values?|secrets?|credentials?|passwords?)|(?:never|not|n't) (?:return|reveal|expose|show|include|display|contain)\w*|no values|values are not|secrets? are not|excluding (?:secrets?|values|passwords?)|(?:tokens?|keys?|credentials?) (?:details|metadata|information))\b/i;
const AND_VALUE = /\bretrieves? (?:the )?secret values?\b/i;
const NEGATED = /\b(?:no|not|without|never|don't|doesn't|excluding|except)\b[^.,;]{0,30}$/i;

const TRIGGERS = wordSet(
  `secret secrets password passwords passphrase passphrases credential credentials key keys apikey apikeys token tokens jwt jwts seed mnemonic mnemonics
   recovery cookie cookies storagestate state kubeconfig kubeconfigs keystore keystores env environment variables otp totp 2fa mfa one connection connectionstring
   connectionstrings sensitive privatekey accesstoken accesskey authtoken login storage kube`.split(/\s+/),
);

export const signal = defineSignal({
  id: 'returns-secrets',
  group: 'capability',
  version: 1,
  label: 'Returns stored secrets',
  title: 'Returns stored secrets',
  why: 'A secret that is handed out stands in the context of the model, in its logs, and within reach of every other tool.',
  looksAt: 'what the name and the description say is returned',
  falsePositives: 'Secrets that the server masks without saying so, and tokens that open nothing.',
  triggers: TRIGGERS,
  examples: {
    fires: [
      { name: 'vault_read', description: 'Read a secret from the vault' },
      { name: 'browser_cookie_list', description: 'List all cookies' },
      { name: 'get-env', description: 'Returns all environment variables' },
      { name: 'list_topics', description: 'List topics, returning endpoints, access keys and state' },
    ],
    silent: [
      { name: 'list_secrets', description: 'List the names of the secrets of a project' },
      { name: 'get_password_policy', description: 'Get the password policy of the organisation' },
      { name: 'get_api_key', description: 'Get an API key; its value is masked' },
      { name: 'list_secret_scanning_alerts', description: 'List secret scanning alerts' },
      { name: 'get_token_balance', description: 'Get the balance of a token' },
      { name: 'set_password', description: 'Set the password of an account' },
    ],
  },
  observe(facts) {
    const evidence = [inActs(facts), inText(facts)].filter((one) => one !== undefined);
    if (evidence.length === 0 || isMasked(facts)) return { outcome: 'absent' };
    const isStated = evidence[0]?.pointer === '/description';
    return presentIf(evidence, { confidence: isStated ? 'high' : 'medium', raises: 'high' });
  },
});

const NOTE = 'hands out a stored secret';

function inActs(facts: ToolFacts): Evidence | undefined {
  const isRead = facts.acts.every(({ action }) => action === 'read');
  if (!isRead) return undefined;
  for (const act of facts.acts) {
    const said = act.source === 'name' ? facts.name.words.map((word) => word.text).join(' ') : ownWords(act);
    const isList = LISTING.has(act.lemma);
    const pattern = isList ? LISTED : HANDED_OUT;
    if ((isList || TAKES_OUT.has(act.lemma)) && isNamed(pattern, said))
      return { ...act.evidence, note: NOTE };
  }
  return nameOf(facts);
}

const TELLS_ABOUT =
  /\b(?:information|info|details|metadata|status|schema|examples?|address|account|whether)\b/i;

/** A name that says it, where the description has only the verb: `get_secret`, "Gets it from the vault". */
function nameOf({ name, acts, description }: ToolFacts): Evidence | undefined {
  if (description && TELLS_ABOUT.test(description.text.slice(0, 120))) return undefined;
  const words = name.words.map((word) => word.text);
  const said = words.join(' ');
  if (!words.some((word) => TAKES_OUT.has(word)) || !acts.some(({ lemma }) => TAKES_OUT.has(lemma)))
    return undefined;
  if (!isNamed(HANDED_OUT, said)) return undefined;
  return { pointer: name.pointer, quote: clip(name.text, MAX_QUOTE_CHARS), note: NOTE };
}

/** "A token" hands one out; "an order by its token" does not. */
function isNamed(pattern: RegExp, said: string): boolean {
  const match = pattern.exec(said);
  return (
    match !== null &&
    !/\b(?:examples?|samples?|information|details|by|with|using|via|for|from|to|about|of|whether|if|that|where|in)\b/i.test(
      said.slice(0, match.index),
    )
  );
}

function ownWords({ object, phrase }: Act): string {
  return phrase === '' ? (object ?? '') : phrase;
}

const MAX_READ = 500;

function inText({ description, acts }: ToolFacts): Evidence | undefined {
  if (!description || acts.some(({ action }) => action !== 'read')) return undefined;
  const opening = { ...description, text: clip(description.text, MAX_READ) };
  const found = matchEvidence(opening, RETURNED, NOTE);
  if (!found) return undefined;
  return NEGATED.test(found.quote.replace(/\S+ ?\S+$/, '')) ? undefined : found;
}

function isMasked({ description }: ToolFacts): boolean {
  const text = description?.text.slice(0, MAX_READ) ?? '';
  return MASKED.test(text) && !AND_VALUE.test(text);
}
