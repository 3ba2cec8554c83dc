import type { Act } from '../acts.ts';
import type { Evidence } from '../contract.ts';
import { parameterEvidence } from '../evidence.ts';
import { spokenName, type ToolFacts } from '../facts.ts';
import { MAX_QUOTE_CHARS } from '../limits.ts';
import type { Parameter } from '../parameters.ts';
import { defineSignal, presentIf } from '../signal.ts';
import { clip } from '../text.ts';

/** Verbs that bring such a thing about or change what it will do. */
const SETTERS = new Set(
  'create add register set configure enable update edit modify install setup define upsert make activate put save new change replace patch resume insert write provision'.split(
    ' ',
  ),
);

/** Things that act by themselves at a later time or on an event. */
const ACTS_LATER =
  /\b(?:webhooks?|web hooks?|cron ?jobs?|crontabs?|cron|scheduled? (?:tasks?|jobs?|runs?|reports?|quer(?:y|ies)|actions?|workflows?|triggers?|messages?|posts?|refresh|backups?|exports?|searches|scans?)|(?:task|job|pipeline|sending|backup|refresh|campaign|sync|scan|report|run|delivery|scrap(?:e|ing)|build|cron|workflow|playbook|snapshot|posting|publishing) schedules?|recurring (?:tasks?|jobs?|schedules?|messages?|reports?|payments?|transfers?|orders?|invoices?)|triggers?|automations?|automation rules?|event (?:rules?|subscriptions?|handlers?|listeners?)|(?:notification|push|topic|webhook|pub\/?sub|change|pubsub) subscriptions?|alert rules?|alerting rules?|alert polic(?:y|ies)|price alerts?|alarms?|(?:git|pre-?commit|post-?commit|project|repository|group|system|service|instance|lifecycle) hooks?|start-?up (?:items?|programs?|entr(?:y|ies)|scripts?|tasks?)|login items?|autostart\w*|autorun|launch (?:agents?|daemons?)|daemons?|systemd (?:units?|services?|timers?)|background (?:jobs?|workers?|services?|daemons?)|(?:inbox|mail|email|gmail|forwarding|message) (?:rules?|filters?)|auto-?(?:repl(?:y|ies)|responders?|forward(?:ing)?|renew(?:al)?|merge|scal(?:e|ing)|delete|assign\w*|backup\w*|start)|(?:uptime|http|synthetic|availability|website|heartbeat) (?:monitors?|checks?|tests?)|web tests?|vacation (?:responder|reply|settings)|out-of-office|lifecycle (?:rules?|polic(?:y|ies)|configurations?)|backup polic(?:y|ies)|dead man'?s switch|post-?install scripts?)\b/i;
/** The same words for what is no such thing. */
const NOT_LATER =
  /\b(?:schedule (?:conflict|variable)|webhook (?:secret|token|handler|payload|event|endpoint code|deliver(?:y|ies))|trigger (?:warning|word|token|bot)s?|on-?call|shift|class|payroll|amortization|bell|oscilloscope|fixture|mock|sample code|template code|boilerplate|url variable|custom header)\b/i;

/** What "schedule" leaves behind, unless it is only an entry in a calendar or a place in a queue. */
const CALENDAR =
  /\b(?:meetings?|appointments?|(?:phone |video |zoom )?calls?|events?|interviews?|demo|visit|viewing|classes|session|conference|exports?|relations export|moves?|storage moves?|deletion|courses?|lessons?|time slots?|slots?|tours?|pickup|consultation|reviews?|match(?:es)?|games?|one-off)\b/i;

const SUBSCRIBES_TO =
  /\b(?:webhooks?|events?|notifications?|topics?|alerts?|push|updates|changes|mentions|callbacks?|automatic)\b/i;
const PASSING =
  /\b(?:stream|streaming|real-?time|live|websocket|mailing list|newsletter|sse|session|market data|ticker|mqtt message|hardware|debug)\b/i;

const STARTERS = new Set('start launch run spawn'.split(' '));
const STAYS =
  /\b(?:in (?:the )?background|as a (?:daemon|background)|daemons?|background (?:process|service|worker|task|job)|watch mode|file watcher)\b/i;

const TURNS_ON = new Set('activate enable reactivate'.split(' '));
const FLOW = /\b(?:workflows?|flows?|scenarios?|zaps?|playbooks?|scheduled|tasks?|bots?)\b/i;

const TELLING = new Set(['schedule', 'subscribe', ...SETTERS, ...STARTERS, ...TURNS_ON]);

const CHOICE = /(?:web)?hook|schedule(?!d_)|cron|trigger|automation|subscription(?!_cancel)|alert_rule/i;
const SETS =
  /(?:^|[_.-])(?:create|add|update|edit|set|enable|register|subscribe)(?:$|[_.-])|(?:^|[_.-])schedule_(?:post|message|task|job|report|tweet|run)/i;
const NO_CHOICE =
  /trigger_(?:pipeline|run|build|job|workflow|bot)|pipeline_trigger|_variable|_header|_test|_export|customer|billing|plan/i;

const CHOOSERS = new Set('action actions operation operations op method command cmd mode'.split(' '));

const TIMERS = new Set(
  'cron cronexpression cronschedule cronexpr crontab rrule recurrence scheduleexpression'.split(' '),
);
const SEND_TIMES = new Set(
  'sendat publishat scheduledpublishtime scheduletime scheduledat scheduledtime scheduledfor schedulefor postat scheduledate delayuntil'.split(
    ' ',
  ),
);
const REPEATED = /\b(?:tasks?|jobs?|reports?|backups?|scans?|syncs?|alerts?|agents?|crawls?)\b/i;
const SENDING = new Set(
  'send post publish tweet email message share create submit reply broadcast'.split(' '),
);
const POSTED =
  /\b(?:posts?|tweets?|messages?|e-?mails?|sms|campaigns?|broadcasts?|newsletters?|reels?|videos?|stor(?:y|ies)|content|articles?|threads?|notifications?)\b/i;

export const signal = defineSignal({
  id: 'persistence',
  group: 'capability',
  version: 1,
  label: 'Acts later by itself',
  title: 'Leaves something that acts later by itself',
  why: 'What is set up goes on after the conversation has ended, with nobody watching.',
  looksAt:
    'what is created, changed or scheduled (webhooks, cron jobs, triggers, rules, hooks, daemons), and parameters such as `cron` and `send_at`',
  falsePositives:
    'An entry in a calendar that the text calls scheduled, and a trigger or a hook of another kind. Looking at such things, ending them or running them once is not counted.',
  examples: {
    fires: [
      { name: 'create_webhook', description: 'Create a webhook for a repository' },
      { name: 'schedule_post', description: 'Schedule a post for later' },
      { name: 'update_trigger', description: 'Update a trigger of a database' },
      { name: 'topic_subscribe', description: 'Subscribe an address to event notifications' },
      {
        name: 'run_report',
        description: 'Create a report',
        inputSchema: { type: 'object', properties: { cron: { type: 'string' } } },
      },
      {
        name: 'webhooks',
        description: 'Work with webhooks',
        inputSchema: { type: 'object', properties: { action: { enum: ['list', 'create', 'delete'] } } },
      },
      { name: 'mail_filter', description: 'Add a mail filter that forwards matching mails' },
    ],
    silent: [
      { name: 'list_webhooks', description: 'List the webhooks of a repository' },
      { name: 'delete_schedule', description: 'Delete a pipeline schedule' },
      { name: 'trigger_build', description: 'Trigger a build' },
      { name: 'schedule_meeting', description: 'Schedule a meeting with a person' },
      { name: 'send_to_webhook', description: 'Send a payload to a webhook' },
      { name: 'create_subscription', description: 'Create a subscription for a customer and a price' },
      { name: 'schedule_export', description: 'Schedule an export of a group' },
      { name: 'update_schedule', description: 'Update the on-call schedule of a team' },
    ],
  },
  observe(facts) {
    const { acts } = facts;
    if (acts.length > 0 && acts.every(({ action }) => action === 'read')) {
      return presentIf([], { confidence: 'low' });
    }
    const told = acts.flatMap((act) => leaves(act, facts) ?? []);
    const chosen = told.length > 0 ? [] : facts.parameters.flatMap((parameter) => choice(parameter, facts));
    const timers = timersOf(facts);
    const evidence = [...told, ...chosen, ...timers];
    const isSure = told.length > 0 && acts.some(({ confidence }) => confidence === 'high');
    return presentIf(evidence, {
      confidence: isSure ? 'high' : told.length + chosen.length > 0 ? 'medium' : 'low',
    });
  },
});

function leaves(act: Act, facts: ToolFacts): Evidence | undefined {
  if (act.action === 'read' || act.action === 'destructive' || act.source === 'choice') return undefined;
  if (!TELLING.has(act.lemma)) return undefined;
  const said = act.source === 'name' ? spokenName(facts) : `${act.object ?? ''} ${act.phrase}`;
  if (act.lemma === 'schedule') {
    const isEntry = CALENDAR.test(said) || NOT_LATER.test(said);
    return isEntry ? undefined : { ...act.evidence, note: 'happens later without another call' };
  }
  if (act.lemma === 'subscribe') {
    const around = `${said} ${facts.name.text.replaceAll('_', ' ')}`;
    const isLasting = SUBSCRIBES_TO.test(around) && !PASSING.test(around);
    return isLasting ? { ...act.evidence, note: 'is told of what happens from now on' } : undefined;
  }
  if (STARTERS.has(act.lemma) && STAYS.test(said)) {
    return { ...act.evidence, note: 'goes on after the call has returned' };
  }
  if (
    TURNS_ON.has(act.lemma) &&
    FLOW.test(act.object ?? '') &&
    !/\bdevelopment\b|\btools?\b/i.test(act.object ?? '')
  ) {
    return { ...act.evidence, note: 'turns on what acts by itself' };
  }
  if (!SETTERS.has(act.lemma)) return undefined;
  const object = act.source === 'name' ? said : (act.object ?? '');
  if (!ACTS_LATER.test(object) || NOT_LATER.test(object)) return undefined;
  return { ...act.evidence, note: 'sets up what acts by itself' };
}

/** Among the things that can be chosen is one that sets such a thing up. */
function choice({ choices, path, words }: Parameter, facts: ToolFacts): Evidence[] {
  if (choices.length === 0 || !CHOOSERS.has(words.at(-1) ?? '')) return [];
  const name = facts.name.text;
  const found = choices.find(
    ({ value }) => SETS.test(value) && !NO_CHOICE.test(value) && (CHOICE.test(value) || CHOICE.test(name)),
  );
  if (!found || NO_CHOICE.test(name)) return [];
  const quote = clip(found.value, MAX_QUOTE_CHARS);
  return [{ pointer: found.pointer, quote, note: `one of the choices of ${path}`, parameter: path }];
}

function timersOf(facts: ToolFacts): Evidence[] {
  const name = facts.name.text.replaceAll('_', ' ');
  const does = (lemmas: ReadonlySet<string>, what: RegExp) =>
    facts.acts.some(({ lemma, object }) => lemmas.has(lemma) && what.test(`${object} ${name}`));
  return facts.parameters
    .filter(({ words, depth }) => {
      if (depth > 0 || words.length > 3) return false;
      const word = words.join('');
      if (TIMERS.has(word)) return true;
      if (SEND_TIMES.has(word)) return does(SENDING, POSTED);
      return word === 'schedule' && does(SETTERS, REPEATED);
    })
    .map((parameter) => parameterEvidence(parameter, 'says when it happens, later than the call'));
}
