import type { Act } from '../acts.ts';
import type { Evidence } from '../contract.ts';
import { matchEvidence } from '../evidence.ts';
import type { ToolFacts } from '../facts.ts';
import { MAX_QUOTE_CHARS } from '../limits.ts';
import { defineSignal, presentIf } from '../signal.ts';
import { clip } from '../text.ts';
import { wordSet } from '../vocabulary.ts';

/** Things that people receive. */
const MESSAGE =
  /\b(?:e-?mails?|mails?|messages?|sms(?:es)?|mms|texts?|dms?|imessages?|whats ?app|notifications?|notify|alerts?|invit(?:es?|ations?)|reminders?|newsletters?|campaigns?|tweets?|repl(?:y|ies)|fax(?:es)?|letters?|postcards?|announcements?|broadcasts?|invoices? to)\b/i;
/** What is put up where others read it. */
const COMMENT =
  /\b(?:comments?|repl(?:y|ies)|tweets?|toots?|messages?$|reviews?|forum (?:post|topic)s?|casts?|posts? (?:on|to)|threads? (?:on|to)|messages? (?:in|to|on) )\b/i;
const SOCIAL =
  /\b(?:linked ?in|twitter|tweets?|x\.com|bluesky|mastodon|facebook|instagram|tiktok|reddit|nostr|farcaster|discord|slack|telegram|whatsapp|social media|hacker news|product hunt|forum|subreddit|teams channel|mattermost)\b/i;

const RECIPIENT = /\b(?:phone number|recipients?|whatsapp|telegram|discord|slack)\b/i;
const POST = /\b(?:posts?|threads?|stor(?:y|ies)|messages?|videos?|photos?|updates?)\b/i;
const MACHINE_CHANNEL = /\b(?:redis|mqtt|kafka|pub ?\/?sub|pubnub|nats|queue|topic)\b/i;
/** "Respond with a picture" answers the caller. */
const ANSWERED =
  /\b(?:to|on) (?:\w+ ){0,4}(?:comments?|e-?mails?|messages?|tweets?|posts?|reviews?|threads?|tickets?|issues?|invitations?|pull requests?|discussions?|questions?)\b|^(?:an? |the )?(?:\w+ )?(?:e-?mail|tweet|message|comment)/i;
const REACTION = /^(?:an? |the )?(?:\w+ ){0,2}reactions?\b/i;
/** What follows tells how it is sent, not to whom. */
const MEANS = /\b(?:using|via|with|through|by|for|from|on behalf)\b/i;
const SENDING_NAME =
  /^(?!.*\b(?:get|list|read|search|generate|draft|delete|remove|find|count|update|fetch|check|has|create)\b).*\b(?:send|resend|reply(?: to)?|forward|broadcast)(?: \w+){0,2}? (?:e?mails?|messages?|sms|dms?|tweets?|notifications?|comments?|invitations?|whatsapp|reply)(?: \w+)?$/;

/** Receivers that are programs, not people. */
const MACHINE =
  /\b(?:queues?|kafka|mqtt|rabbit ?mq|amqp|nats|sqs|pub ?\/? ?sub|service bus|event ?hubs?|event ?bus|topics?|brokers?|web ?sockets?|stdin|terminals?|consoles?|process(?:es)?|llms?|(?:language |ai )?models?|gpt\S*|claude|gemini|openai|completions?|chat ?bots?|sub-?agents?|agents?|assistants?|ai|sessions?|server|contracts?|canisters?|serial|devices?|midi|osc|iframes?|extensions?|simulator|dead.letter|stream|worker|tab|page|inbox of (?:an|the|another) agent|(?:get|gets|receive|return|returns) (?:an? |the |its )?(?:answer|response|completion))\b/i;
/** Comments that stay in a file or a database, and reviews that are looked at. */
const NOT_READ_BY_OTHERS =
  /\b(?:disassembl\w*|decompil\w*|ghidra|binary|address|columns?|tables?|source code|source file|code review|review (?:app|queue)|to-?do|log entry|docstrings?|audit|dry.?run|ida|function|instruction|pending|typing|stars?)\b/i;

const SENDERS = new Set(
  'send resend forward deliver dispatch broadcast push notify schedule transmit fire trigger blast'.split(
    ' ',
  ),
);
/** Verbs that need no object: whoever is notified, e-mailed or called is outside. */
const TELLERS = new Set('notify email tweet retweet dm text mail sms invite'.split(' '));
const WRITERS = new Set('add create post publish submit write leave make comment put share reply'.split(' '));
const ANSWERERS = new Set('reply respond comment'.split(' '));
const CALL =
  /\b(?:phone|voice|outbound|telephone|twilio|ai|vapi)[ -]?(?:phone )?calls?\b|\bcalls? (?:to|via twilio)\b/i;
const CALLERS = new Set('make place initiate create start dial call launch trigger'.split(' '));

/** A statement of sending that is not the main verb: "supports sending SMS", "they'll receive an invitation e-mail". */
const SAID =
  /(?<!['"`“])\b(?:supports?|for|by) sending (?:an? |out )?(?:sms|e-?mail|text message|whatsapp|messages? to (?:user|channel|people))|\b(?:will|they'll|will also|you'll) (?:receive|be sent|get) an? (?:\w+ )?(?:e-?mail|sms|text message|invitation)\b|\b(?:e-?mails|notifies|texts|messages) the (?:passenger|customer|client|guest|recipient|user|team|owner|invitee|candidate|buyer|seller|host)\b|(?<!['"`“])\bsends? (?:out )?(?:an? |the )?(?:\w+ ){0,2}(?:e-?mail|sms|invitation) (?:to|with)\b|\bpost (?:an? |the )?(?:\w+ ){0,2}(?:payload|message|data) to (?:any|an?|the given) webhook\b/i;
const NOT_SENT =
  /\b(?:not|never|without|before|instead of|does not|doesn't|no) (?:\w+ ){0,2}(?:send|sending|e-?mail|notif)/i;
const FOREIGN =
  /发送[^。，,\n]{0,12}(?:邮件|短信|消息|信息|通知)|发(?:邮件|短信|微博|帖|评论)|发布(?:评论|帖|推文|微博|动态)|回复[^。\n]{0,8}(?:评论|邮件|消息)|(?:メール|メッセージ|通知)を[^。\n]{0,6}(?:送信|投稿)|(?:메일|메시지|문자)[^.\n]{0,6}(?:보내|전송|발송)|\benvi(?:a|ar|e|er|oyer|oie) (?:un|uma?|une|el|o|le|a|des|los)? ?(?:correos?|mensaje|mensagem|message|e-?mail|courriel)|\b(?:sendet?|verschickt) (?:eine?n? )?(?:nachricht|e-?mail|mail)/i;

const TRIGGERS = wordSet(
  `send sends sending resend forward forwards deliver dispatch broadcast push notify notifies notification notifications
   email emails mail mails message messages messaging sms text tweet tweets retweet dm dms invite invites invitation comment comments
   reply replies respond responds review reviews post posts publish publishes publishing call calls dial webhook alert reminder share toot cast thread
   announcement newsletter whatsapp telegram slack discord gmail facebook instagram linkedin twitter tiktok reddit bluesky mastodon envia enviar envoyer envoie envie sendet sende verschickt`.split(
    /\s+/,
  ),
);

export const signal = defineSignal({
  id: 'sends-external-message',
  group: 'capability',
  version: 1,
  label: 'Sends messages to people',
  title: 'Sends messages to people or other parties',
  why: 'What is sent cannot be taken back, speaks in the name of whoever owns the account, and can carry data out.',
  looksAt: 'what the name and the description say is sent, posted or said, and to whom',
  falsePositives: 'Messages between programs that the text does not tell from messages to people.',
  triggers: TRIGGERS,
  examples: {
    fires: [
      { name: 'send_invoice_mail', description: 'Send an e-mail with the statement to a customer' },
      { name: 'add_issue_comment', description: 'Add a comment to an issue' },
      { name: 'ping_team', description: 'Notify the people on call by SMS' },
      { name: 'place_call', description: 'Make a phone call and read a text aloud' },
      { name: 'share_update', description: 'Publish a post on LinkedIn' },
    ],
    silent: [
      { name: 'queue_send', description: 'Send a message to a queue' },
      { name: 'draft_reply', description: 'Create a draft e-mail without sending it' },
      { name: 'list_messages', description: 'List the messages that were sent to a channel' },
      { name: 'ask_model', description: 'Send a message to a language model and return its answer' },
      { name: 'set_comment', description: 'Add a comment at an address in the disassembly' },
      { name: 'send_keys', description: 'Send text to the terminal' },
    ],
  },
  observe(facts) {
    const evidence = [inActs(facts) ?? inName(facts), inChoices(facts), inText(facts)].filter(
      (one) => one !== undefined,
    );
    return presentIf(evidence, { confidence: evidence[0]?.pointer === '/name' ? 'medium' : 'high' });
  },
});

const MAX_HEAD = 160;
const NOTE = 'sends something that others receive';

function inActs(facts: ToolFacts): Evidence | undefined {
  const name = facts.name.words.map((word) => word.text).join(' ');
  for (const act of facts.acts) {
    if (act.action === 'read' || act.source === 'choice') continue;
    const said = act.source === 'name' ? name : `${act.object ?? ''} ${act.phrase}`;
    if (isSending(act, said, name, facts)) return { ...act.evidence, note: NOTE };
  }
  return undefined;
}

function isSending({ lemma, object }: Act, said: string, name: string, facts: ToolFacts): boolean {
  if (/\bdrafts?\b/i.test(said) && lemma !== 'send') return false;
  if (TELLERS.has(lemma)) return !MACHINE.test(object ?? said);
  if (CALLERS.has(lemma) && CALL.test(said)) return true;
  if (SENDERS.has(lemma)) {
    const means = MEANS.exec(said);
    const isForPrograms = MACHINE.test(means ? said.slice(0, means.index) : said);
    if (MESSAGE.test(said) || RECIPIENT.test(said)) return !isForPrograms;
  }
  if (lemma !== 'schedule' && !WRITERS.has(lemma) && !ANSWERERS.has(lemma)) return false;
  if (REACTION.test(object ?? said) || NOT_READ_BY_OTHERS.test(`${name} ${said}`)) return false;
  if (MACHINE_CHANNEL.test(said)) return false;
  if ((ANSWERERS.has(lemma) && ANSWERED.test(said)) || COMMENT.test(said)) return true;
  return POST.test(said) && SOCIAL.test(`${name} ${facts.description?.text.slice(0, 300) ?? ''}`);
}

/** A name that says it where the description, often a page's debris, says something else. */
function inName({ name, description }: ToolFacts): Evidence | undefined {
  const match = SENDING_NAME.exec(name.words.map((word) => word.text).join(' '));
  if (!match || MACHINE.test(match[0]) || MACHINE.test(description?.text.slice(0, MAX_HEAD) ?? ''))
    return undefined;
  return { pointer: '/name', quote: clip(name.text, MAX_QUOTE_CHARS), note: NOTE };
}

/** A router such as `mail` with `send` among its actions. */
function inChoices({ name, parameters }: ToolFacts): Evidence | undefined {
  const isMail = name.words.some((word) =>
    /^(?:e?mails?|messages?|messaging|gmail|slack|sms|chat|telegram|discord|whatsapp|comments?)$/.test(
      word.text,
    ),
  );
  for (const { depth, choices, path } of parameters) {
    if (depth > 0) continue;
    const found = choices.find(({ value }) =>
      isMail
        ? /^(?:send|reply|forward|post)(?:$|[_-])/.test(value)
        : /^(?:send|reply)[_-](?:e?mail|message|sms|dm|to_message|to_comment)$/.test(value),
    );
    if (found)
      return {
        pointer: found.pointer,
        quote: clip(found.value, MAX_QUOTE_CHARS),
        note: NOTE,
        parameter: path,
      };
  }
  return undefined;
}

const MAX_READ = 600;
/** Scripts without blanks, and accents. */
const NOT_ENGLISH = /[\u00c0-\uffff]|\benvi/;

function inText({ description }: ToolFacts): Evidence | undefined {
  if (!description) return undefined;
  const opening = { ...description, text: clip(description.text, MAX_READ) };
  if (NOT_SENT.test(opening.text)) return undefined;
  return (
    matchEvidence(opening, SAID, NOTE) ??
    (NOT_ENGLISH.test(opening.text) ? matchEvidence(opening, FOREIGN, NOTE) : undefined)
  );
}
