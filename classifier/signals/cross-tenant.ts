import { matchEvidence, parameterEvidence } from '../evidence.ts';
import type { Text, ToolFacts } from '../facts.ts';
import { defineSignal, presentIf } from '../signal.ts';
import { clip } from '../text.ts';
import { wordSet } from '../vocabulary.ts';

const WHOSE =
  '(?:users?|people|persons?|members?|customers?|clients?|employees?|mailbox(?:es)?|tenants?|organi[sz]ations?|orgs?|accounts?|workspaces?|patients?|students?|employees?)';
/** Whole populations, and others than the caller. */
const OTHERS = new RegExp(
  [
    String.raw`\b(?:any|another|other|every|someone else|each)(?:'s|’s)? ${WHOSE}(?:'s|’s|s'|s’)(?! (?:choice|input|request))`,
    String.raw`\bother (?:users|people|tenants|organi[sz]ations|accounts|customers|members)(?:'|’)`,
    String.raw`\ball (?:users|tenants|customers|employees|members|organi[sz]ations|accounts|workspaces|mailboxes)(?:'|’)`,
    String.raw`\b(?:for|of|from|by|belonging to|owned by|as) (?:any|another|other|a different|someone else(?:'s)?|every|a specific other) (?:gitlab |github |okta |slack |specific |existing |registered |platform )?(?:users?|tenants?|customers?|employees?|members?|persons?)\b(?! (?:input|agent|story|interface|experience|query|request|message|prompt|id|of (?:the|a)))`,
    String.raw`\b(?:across|for|from|in|of|over|spanning) (?:all|every|multiple|several|any(?= (?:tenant|customer))|different) (?:of (?:the |your |an )?(?:\w+ )?)?(?:tenants?|organi[sz]ations?|orgs|customer accounts?|aws accounts?|linked accounts?|member accounts?|mailboxes in|customers|user accounts|workspaces)\b(?! (?:you|the|that you|i |to which|associated|accessible|available|where))`,
    String.raw`\bcross[- ](?:tenant|account|organi[sz]ation|org|user|customer)\b(?! isolation)`,
    String.raw`\b(?:org(?:ani[sz]ation)?|tenant|company|domain|enterprise|instance|site|account)-wide\b(?! (?:setting|style|convention|search of (?:your|my)|default|template|standard|polic))`,
    String.raw`\bon behalf of (?:an?(?! (?:authenticated|current|logged))|any|another|other|different|someone|somebody|specific|the specified|the given|that|customers?|users|others|end[- ]?users|employees)\b(?! (?:authenticated|current|logged|agent|account you))`,
    String.raw`(?<!brand |domain |and |user[- ]agent )\bimpersonat(?:e|es|ing|ion)\b(?! (?:a human|attack|scam|brand|domain|of (?:brands|domains)|token list|detect|accounts?|risk|check))`,
    String.raw`\b(?:act|run|execute|log ?in|sign ?in|switch|authenticate) as (?:any|another|other|a different|the specified|a specific|the given) (?:\w+ )?(?:user|tenant|account|customer|member)\b`,
    String.raw`\b(?:admin(?:istrator)?s?|admin only):? [^.]{0,40}\b(?:any|all|other) users?\b`,
    String.raw`\b(?:list|get|search|export|read|retrieve)s? (?:all |the )?(?:tenants(?! you)|child organi[sz]ations|sub-?accounts|sub-?organi[sz]ations)\b`,
    String.raw`\b(?:an?|specific|existing) (?:[\w-]+ ){0,4}user(?:'s|’s)?\b[^.\n]{0,60}\(admin(?:s|istrators?)? only\)`,
    '(?:所有用户|其他用户|任意用户|所有租户|跨租户|跨账号|全部用户)(?:的)?',
  ].join('|'),
  'i',
);
/** The caller's own things, and what everybody sees anyhow. */
const HARMLESS =
  /\b(?:visible|available|accessible|open|public|useful|suitable|applies|apply|identical|same|shared|works?|supported|unique|compatible|relevant|default) (?:to|for|across|by|with) $|\b(?:not|never|cannot|can't|no|without|isn't|doesn't|engage with|respond to|unlike|instead of|rather than|prevents?|before|if)\b[^.]{0,40}$|['"`“]$|\bto $|\b(?:need|want)s? to [^.]{0,20}$/i;

const ACTS_FOR = new Set(
  'impersonate|impersonation|on behalf of|onbehalfof|act as|as user|run as user|sudo user|acting user|delegated user|impersonated user|impersonate user|target tenant|assume role|assume role arn|login customer|cross account role arn|on behalf'.split(
    '|',
  ),
);

const TRIGGERS = wordSet(
  `any another other others every each all across cross multi multitenant tenant tenants wide behalf onbehalfof impersonate impersonates impersonating impersonation
   impersonated act as run someone sudo switch sub child subaccounts customer customers organization organizations organisation admin assume acting delegated
   different`.split(/\s+/),
);

export const signal = defineSignal({
  id: 'cross-tenant',
  group: 'capability',
  version: 1,
  label: 'Reaches data of other users or tenants',
  title: 'Reaches data of other users or tenants',
  why: 'One call reaches what belongs to others, so a confused or misled agent does harm far beyond its own user.',
  looksAt: 'the name, the first sentences of the description, and parameters that name whom to act for',
  falsePositives: 'Texts that speak of other users only to say what they see.',
  triggers: TRIGGERS,
  examples: {
    fires: [
      { name: 'read_mailbox', description: "Read any user's mailbox" },
      { name: 'find_resources', description: 'Find resources across all tenants' },
      { name: 'book_leave', description: 'Book leave on behalf of another employee' },
      {
        name: 'query',
        description: 'Query the records of a base',
        inputSchema: { type: 'object', properties: { impersonate_user: { type: 'string' } } },
      },
    ],
    silent: [
      { name: 'get_me', description: 'Get the profile of the signed-in user' },
      { name: 'post_tweet', description: 'Post on behalf of the authenticated user' },
      { name: 'list_projects', description: 'List all projects that the user has access to' },
      { name: 'publish', description: 'Publish a page that is visible to all users' },
      { name: 'check_domain', description: 'Check whether a domain is used for brand impersonation' },
    ],
  },
  observe(facts) {
    const evidence = [inText(facts), inName(facts), ...inParameters(facts)].filter(
      (one) => one !== undefined,
    );
    return presentIf(evidence, { confidence: evidence[0]?.pointer === '/description' ? 'medium' : 'high' });
  },
});

/** One of these stands in the text whenever the pattern can match, beside one of the triggers. */
const WHOSE_WORDS = wordSet(
  `user users user's users' user’s users’ people person person's persons member members member's members' customer customers customer's customers'
   client client's employee employees employee's employees' mailbox mailboxes mailbox's tenant tenants tenant's tenants' organization organizations
   organization's organizations' organisation organisations org orgs account accounts account's accounts' workspace workspaces workspace's patient's
   student's someone somebody else's behalf wide impersonate impersonates impersonating impersonation subaccounts sub`.split(
    /\s+/,
  ),
);

const NOTE = "reaches what is not the caller's own";
const MAX_READ = 260;

function inText(facts: ToolFacts) {
  const { description } = facts;
  if (!description || !facts.mentions(WHOSE_WORDS)) return undefined;
  const opening: Text = { ...description, text: clip(description.text, MAX_READ) };
  const found = matchEvidence(opening, OTHERS, NOTE);
  if (!found) return undefined;
  const at = opening.text.indexOf(found.quote);
  return HARMLESS.test(opening.text.slice(Math.max(0, at - 60), at)) ? undefined : found;
}

const IN_NAME =
  /\b(?:impersonate|impersonation|on behalf of|cross (?:tenant|account|org)|all tenants|as another user|switch tenant|any user)\b/;

function inName({ name }: ToolFacts) {
  const match = IN_NAME.exec(name.words.map((word) => word.text).join(' '));
  return match ? { pointer: '/name', quote: clip(name.text, 160), note: NOTE } : undefined;
}

function inParameters({ parameters }: ToolFacts) {
  return parameters
    .filter(({ words }) => {
      const said = words.join(' ');
      return (
        ACTS_FOR.has(said) || (words.length > 1 && ACTS_FOR.has(said.replace(/ (?:id|email|name|upn)$/, '')))
      );
    })
    .map((parameter) => parameterEvidence(parameter, 'names whom the call acts for'));
}
