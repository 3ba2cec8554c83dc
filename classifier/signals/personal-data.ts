import type { Act } from '../acts.ts';
import type { Evidence } from '../contract.ts';
import type { ToolFacts } from '../facts.ts';
import { MAX_QUOTE_CHARS } from '../limits.ts';
import { defineSignal, presentIf } from '../signal.ts';
import { clip } from '../text.ts';
import { wordSet } from '../vocabulary.ts';

/** A word that follows makes it something else: the templates of mails, the statistics of a campaign. */
const ABOUT = String.raw`(?![\w-]|[ -](?:templates?|queues?|brokers?|bus|types?|formats?|schemas?|settings?|config\w*|servers?|providers?|domains?|addresses? (?:validity|format|verification)|polic(?:y|ies)|campaigns?|marketing|automations?|signatures?|themes?|webhooks?|labels?|channels?|counts?|statistics|stats|metrics|analytics|fields?|propert(?:y|ies)|segments?|stor(?:y|ies)|lists? (?:ids?|names)|check|checks|status|identity|identities|accounts?|points?|groups?|forms?|us\b|tracking|events|tasks|sequences?|purposes?|ratings?|categor(?:y|ies)|sources?|stages?|scor\w+|clubs?|notifications?|pipelines?|reports?|usage|filters?|rules?|aliases|forwarding|hosting|verification|validat\w*|deliverability|infrastructure|inference|portal|acquisition|lifetime|journey|satisfaction|support tickets? types|groups? types|codes?|from (?:the )?(?:queue|topic|kafka|pub\/?sub|stream|broker|server log)))`;

const PROFILES = 'profiles of people';
const KINDS: readonly (readonly [string, string])[] = [
  [
    'mail and messages of people',
    String.raw`(?:e-?mails?|mailbox(?:es)?|inbox|gmail|(?:direct|private|chat|slack|whatsapp|telegram|discord|sms|text|teams|wechat|imessage|unread|channel|recent|group|voice) messages?|messages? (?:from|in|of|with) (?:an?|the|your|all|specific|any|my) (?:\w+ )?(?:channels?|chats?|conversations?|groups?|threads?|mailbox|inbox|contacts?|rooms?|users?|dms?)|sms|imessages|voicemails?|call (?:logs?|history|recordings?|transcripts?)|(?:chat|conversation|message|sms) histor(?:y|ies)|(?:chats?|conversations?|threads?) (?:messages|history|with)|(?:whatsapp|telegram|slack|messenger|direct message) (?:chats?|conversations?|threads?)|(?:meeting|call|interview) (?:transcripts?|recordings?))`,
  ],
  [
    'contacts and calendars',
    String.raw`(?:contacts?|address book|contact (?:lists?|details|information|info)|phone ?book|(?:calendar )?(?:events?|appointments?|meetings?) (?:from|on|in|of) (?:an?|the|your|all|my|multiple|one or more|specified|google|outlook|apple)? ?(?:\w+ )?calendars?|calendar (?:events?|entries|appointments?)|(?:google|outlook|personal|work) calendar|(?:free\/?busy|availability of (?:people|users|attendees)))`,
  ],
  [
    'health and body',
    "(?:patients?|(?:medical|health|patient|clinical) (?:records?|data|histor(?:y|ies))|prescriptions|diagnoses|heart[- ]rate|sleep (?:data|logs?|scores?|summar(?:y|ies)|stages|sessions?|records?|metrics)|(?:blood (?:pressure|glucose|sugar|oxygen|test)s?)|glucose|body (?:weight|composition|measurements?|fat|battery)|menstrual|workouts?|(?:athlete|fitness|training|workout) (?:activit(?:y|ies)|data|stats|zones|profiles?|logs?)|athlete(?:'s)?|steps? (?:count|data)|hrv|calories|wellness data|symptoms (?:log|history)|allerg(?:y|ies) of|immunizations?)",
  ],
  [
    'where people are',
    "(?:(?:user|current|device|driver|employee|person|phone|vehicle|last known|live|real-?time gps|gps)(?:'s|s'|’s)? (?:current )?(?:gps |geo)?locations?|location history|whereabouts|check-?ins? history|geolocation of (?:the|an?) (?:user|device|phone))",
  ],
  [
    'people at work and customers',
    '(?:employees?(?: (?:data|records?|details|profiles?|information|director(?:y|ies)))?|payroll|salar(?:y|ies)|payslips?|paystubs|time[- ]off (?:requests?|balances?)|leave (?:requests?|records?|balances?|transactions)|job candidates?|candidates? (?:profiles?|resumes?|details|data|by)|(?:job )?applicants?|job applications?|resumes?|curriculum vitae|performance reviews|customers?|(?:customer|guest|student|tenant|lead|donor|member|subscriber|person|people|attendee|participant|passenger|visitor)s?(?: (?:data|records?|details|profiles?|information|info|lists?|emails))|leads?|prospects?|subscribers|attendees|donors|students|guests|invitees|crm (?:contacts?|records?)|people(?: (?:by|matching|profiles?|data|in|from))?)',
  ],
  [
    PROFILES,
    String.raw`(?:(?:linkedin|person(?:'s|al)?|people|social media|instagram|facebook|twitter|tiktok) profiles?|(?:users?|members?|employees?)(?:'s|s'|’s)? profiles?(?= (?:by|of|for|from|with|in)\b|$)|profiles? of (?:an?|any|the specified|the given|multiple|specific) (?:\w+ )?(?:users?|members?|person|people|employees?|customers?)|(?:users|members)(?=$| (?:in|by|from|of|with|matching|who|on|assigned|and|for|belonging|across|via|using|from|\()|[,.(])|(?:user|member) (?:details|information|info|records?|director(?:y|ies)|data|personal information)(?= (?:by|for|from|of)\b|$)|(?:user|member)(?= (?:by|with (?:the |a )?(?:id|given|specified|username))\b)|(?:details|information|profile|record|info) (?:of|about|for|on) (?:an?|one|any|the specified|the given) (?:specific |single |particular |given |enterprise |registered |\w+ )?(?:user|member|person)\b|personal (?:data|information|details|files|documents|notes)|pii|personally identifiable|(?:e-?mail addresses|phone numbers|home address(?:es)?) (?:of|for|from)|birthdays?|social security|passports?|background checks?|criminal records?|identity documents?)`,
  ],
  [
    'what people keep and what they did',
    "(?:(?:google|one|my|user's) ?drive files?|(?:files?|documents?|photos?|folders?) (?:in|from|on) (?:google drive|onedrive|icloud|dropbox|(?:the |your |my )?(?:photo library|camera roll))|photo library|camera roll|(?:browser|browsing|watch|viewing|listening) history|(?:apple|personal|your) notes|journal entr(?:y|ies)|diary|clipboard|(?:bank|checking|savings) (?:accounts?|transactions?|statements?)|credit (?:reports?|scores?)|tax returns?|screen ?time|keystrokes|webcam|camera (?:feed|snapshot|photo)|microphone)",
  ],
];
const PERSONAL = KINDS.map(([kind, words]) => ({
  kind,
  pattern: new RegExp(String.raw`\b${words}${ABOUT}`, 'i'),
}));

/** Whoever calls, public figures and things that only sound alike. */
const OTHER =
  /\b(?:commit|error|log|kafka|queue|mqtt|sqs|rabbitmq|amqp|service bus|system|prompt|toast|protocol|json-rpc|stream|pub\/?sub|dead[- ]letter|api|mcp|agent|llm|model|bot|validation|console|websocket|iso|can|syslog|solana|blockchain|wallet|nft|token|smart contract|on-chain|kv|redis|mock|fake|dummy|sample|example|synthetic|random|test|economic|earnings|ipo|dividend|academic|release|content calendar|editorial|actors?|movies?|event bus|sports?|game|games|team|league|football|nba|player|pokemon|champion|summoner|performance|cpu|memory|profiler|aws|instance|index|cluster|kubernetes|hardware|browser profile|color|linter|clinical trials?|drug|public|company|companies|stock|sec|fda|azure|nonfarm|perplexity|claude|gpt|dms|vm|qemu|proxmox|virtual|thread dump|stories|cursor|ssh|gpg|cloud region|health check|endpoint|trial)\b/i;
const SELF =
  /\b(?:authenticated|current|currently|own|logged[- ]in|signed[- ]in|calling|caller's|bot's|my account|whoami|yourself|your (?:account|profile|user))\b/i;

const READERS = new Set(
  'get list read fetch retrieve search find show view query download export look lookup check access browse return scan monitor track watch extract enrich collect obtain scrape pull capture poll see summarize summarise analyze analyse'.split(
    ' ',
  ),
);

const TRIGGERS = wordSet(
  `patient's athlete's user's users' person's employee's customer's member's icloud onedrive dropbox email emails mail mails mailbox mailboxes inbox gmail message messages dm dms sms imessage imessages voicemail voicemails call calls chat chats conversation conversations
   thread threads transcript transcripts recording recordings contact contacts address phone calendar calendars appointment appointments free availability
   patient patients medical health prescriptions diagnoses heart sleep blood glucose body menstrual workout workouts athlete fitness activity training step steps hrv
   calories wellness symptoms immunizations location locations whereabouts geolocation employee employees payroll salary salaries payslips time leave candidate
   candidates applicant applicants job resume resumes customer customers client clients guest guests student students lead leads donor donors member members
   subscriber subscribers person people attendee attendees participant participants passenger passengers prospect prospects user users profile profiles personal
   pii birthday birthdays passport passports voter drive files photos photo camera browsing browser history recently notes journal diary clipboard bank credit tax
   screen webcam microphone crm linkedin invitees visitor keystrokes`.split(/\s+/),
);

export const signal = defineSignal({
  id: 'personal-data',
  group: 'capability',
  version: 1,
  label: 'Reads personal data',
  title: 'Reads personal data of people',
  why: 'What it returns is about people who were not asked, and leaves the place where they left it.',
  looksAt: 'what the name and the description say is read',
  falsePositives: 'Data about invented people, and public entries that happen to name a person.',
  triggers: TRIGGERS,
  examples: {
    fires: [
      { name: 'read_mail', description: 'Read an e-mail from the inbox' },
      { name: 'contacts_search', description: 'Search contacts by name' },
      { name: 'get_sleep', description: 'Get sleep data of the last night' },
      { name: 'crm_lookup', description: 'Retrieve the customer records of a shop' },
      { name: 'list_events', description: 'List the calendar events of a week' },
    ],
    silent: [
      { name: 'get_me', description: 'Get the profile of the authenticated user' },
      { name: 'read_queue', description: 'Read messages from a queue' },
      { name: 'list_email_templates', description: 'List the e-mail templates of a project' },
      { name: 'get_commits', description: 'List commit messages' },
      { name: 'earnings', description: 'Get the earnings calendar events' },
      { name: 'send_mail', description: 'Send an e-mail' },
      { name: 'health', description: 'Check the health of the service' },
    ],
  },
  observe(facts) {
    for (const act of facts.acts) {
      if (act.action !== 'read' || !READERS.has(act.lemma)) continue;
      const found = personalIn(act, facts);
      if (found) return presentIf([found], { confidence: act.source === 'name' ? 'medium' : 'high' });
    }
    return { outcome: 'absent' };
  },
});

/** Without anything to tell whose profile it is, it is the caller's own. */
function isCaller(said: string, { parameters, definition }: ToolFacts): boolean {
  if (SELF.test(said)) return true;
  if (/\busers\b|\bmembers\b|\b(?:by|specific|given|specified|an?|any|linkedin|people|person)\b/i.test(said))
    return false;
  return parameters.length === 0 && 'properties' in definition.inputSchema;
}

const MAX_SAID = 120;

function personalIn(act: Act, facts: ToolFacts): Evidence | undefined {
  const isName = act.source === 'name';
  const name = facts.name.words.map((word) => word.text).join(' ');
  const said = isName ? name : clip(act.phrase || (act.object ?? ''), MAX_SAID);
  const found = kindOf(said);
  if (!found || OTHER.test(found.around) || (!isName && OTHER.test(name))) return undefined;
  const { kind } = found;
  if (kind === PROFILES && isCaller(said, facts)) return undefined;
  if (!isName) return { ...act.evidence, note: `reads ${kind}` };
  return { pointer: '/name', quote: clip(facts.name.text, MAX_QUOTE_CHARS), note: `reads ${kind}` };
}

/** Characters after a find that tell what it is about: "messages from a Kafka topic". */
const MAX_AFTER = 24;

function kindOf(said: string): { kind: string; around: string } | undefined {
  for (const { kind, pattern } of PERSONAL) {
    const match = pattern.exec(said);
    if (!match || !isRead(said.slice(0, match.index))) continue;
    return { kind, around: said.slice(0, match.index + match[0].length + MAX_AFTER) };
  }
  return undefined;
}

/** "Orders by customer" returns orders; "messages of a person" returns messages. */
const ELSEWHERE =
  /\b(?:by|with|using|via|for|to|that|which|where|if|whether|from|per|as|when|so|about|into|on|in|at|under|id|ids|how|of)\b/i;
const LISTED =
  /\b(?:lists?|details?|contents?|information|info|set|summary|summaries|all|any|each|page|collection|array|number|profiles?|records?|data|history|batch|copy|one|some|most) of\b/gi;

function isRead(before: string): boolean {
  return !ELSEWHERE.test(before.replace(/^ *for\b/i, '').replace(LISTED, ''));
}
