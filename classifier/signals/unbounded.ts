import type { Act } from '../acts.ts';
import type { Evidence } from '../contract.ts';
import type { ToolFacts } from '../facts.ts';
import type { Parameter } from '../parameters.ts';
import { defineSignal, presentIf } from '../signal.ts';
import { wordSet } from '../vocabulary.ts';

const SWEEPERS = new Set(
  `delete remove clear purge erase wipe destroy empty flush drop truncate discard evict expunge revoke terminate kill
   cancel stop restart reboot pause resume close disable enable deactivate archive unarchive update mark move replace
   publish unpublish approve reject send notify broadcast email message unsubscribe invite assign unassign release
   restore migrate rename transfer share hide mute block unblock start unfollow ban kick sell liquidate acknowledge
   dismiss uninstall reset nuke shutdown turn unlock`.split(/\s+/),
);
const ALL =
  /^(?:(?:specific or |one or |some or )?(?:all|every|everything|everyone)\b|(?:the |an )?(?:entire|whole) (?:[\w-]{1,20} ){0,2}?(?:databases?|collections?|index|tables?|history|library|workspace|account|project|cache|store|queue|bucket|inbox|mailbox|repository|directory|folder|board|canvas|cluster|list|memory|graph|server)\b)/i;
const ALL_LATER =
  /\b(?:for|from|across|of|in|to|on) (?:all (?!of its|its|their|related|associated|applicable)|every |everyone|an entire |the (?:entire|whole) )(?:the )?(?:your |active |open |registered |available |existing |connected )?(?:[a-z]{1,15} ){0,2}?(?:users?|subscribers?|members|followers|friends|contacts|customers|employees|recipients|participants|projects?|workspaces?|accounts?|servers|devices|database|tables|documents|records|links|repositories|collection|organi[sz]ation|clients|players|channels)\b/i;
/** What is done to one thing, in however many places. */
const ONE = /^(?:an?|this|that|the specified|one|specific) /i;
/** Parts of one thing, or a passing state, however many there are. */
const PARTS =
  /\b(?:changes|fields|properties|settings|options|columns|values?|contents?|part of|parameters|details|staged|attributes|steps|references?|occurrences?|filters?|formatting|selections?|selected|breakpoints|dimensions|deliveries|access rules|permissions|required|necessary|information|metadata|future|its|their|associated|lines|paragraphs|variations|instances of|matching|matches|specified|given|expired|stale|completed|unused|old|orphaned|whitespace|markers|annotations|comments|reactions|labels|tags|styles|layers|rows? (?:in|of) (?:a|the) range|customi[sz]ations|assignees|overrides|modifiers|effects|keyframes|images (?:from|in)|tests?|pins|input|keys pressed|notes (?:from|in) a clip|constraints|caches? for)\b/i;
/** "From an issue": all, yet of one thing only. */
const OF_ONE =
  /\b(?:from|of|in|on|for|to|with|by|within|inside) (?:an?|the(?! (?:authenticated|current|signed-in))|this|that|one|each|specific|given|specified|particular) (?:(?!all\b)[\w-]{1,20} ){0,3}(?:items?|issues?|pages?|users?|elements?|nodes?|messages?|posts?|files?|cards?|tasks?|contacts?|cells?|tracks?|shapes?|actors?|tweets?|events?|entr(?:y|ies)|objects?|threads?|requests?|tickets?|clip|clips|session|sessions|person|customer|member|recipients?|devices?|pods?|order|product|form|field|document|role|template|rules?|view|image|video|note|policy|key|label|id|ids|campaign|story|lead|branch|bet|webhook|setting|flag|epic|player|host|property|folder item|environment variable)\b/i;

const CLEARERS = new Set('clear truncate empty flush wipe purge reset'.split(' '));
const WHOLE =
  /\b(?:tables?|collections?|databases?|queues?|index(?:es)?|history|logs?|cache(?:s|d data)?|memor(?:y|ies)|storage|cookies|canvas|board|trash|recycle bin|inbox|bucket|(?:all|stored|cached) data|records|messages|entries|notifications|thoughts|conversations|tasks|scene|graph|knowledge base|vector store|clipboard history|downloads)$/i;
const NOT_WHOLE =
  /\b(?:cells?|range|value|filters?|selection|error|form|text|screen|console|field|flag|defaults|credentials|formatting|specific|single|matching|for (?:a|the) |task's|unpublished|auth\w*|reset)\b/i;

const SENDERS = new Set(
  'broadcast send notify email message push publish announce invite mail post'.split(' '),
);
const AUDIENCE =
  /\bto (?:all|every|everyone|the entire|the whole)\b(?: (?:the |of the |of your |your |active |connected |registered )?[\w-]{1,20}){0,2}|\b(?:all|every) (?:your )?(?:subscribers?|followers|friends|users|members|contacts|customers|employees)\b/i;
const NO_AUDIENCE =
  /\b(?:transactions?|tx|events? to|livestate|signed|applicable|nodes|intents?|window|tab|platforms)\b/i;

const EXPORTERS = new Set('dump export backup download extract'.split(' '));
const EVERYTHING =
  /\b(?:entire|whole|full|complete|all) (?:[\w-]{1,20} ){0,2}(?:databases?|db|account|workspace|vault|mailbox|organi[sz]ation|knowledge graph|collection)\b|\ball (?:my |your |user |stored |the )?data\b/i;

/** Without one of these, only what is cleared as a whole reaches everything. */
const ALL_WORDS = wordSet('all every everything everyone entire whole full complete'.split(' '));

const TELLING = new Set([...SWEEPERS, ...CLEARERS, ...SENDERS, ...EXPORTERS]);

/** Words of parameters that narrow down what is reached. */
const LIMITS = new Set(
  `limit limits filter filters where query criteria condition conditions max maximum count page ids before after since until
   older pattern status tag tags category keys key names selector scope match search include exclude type types range
   start end days age regex prefix glob items entries list recipients emails users`.split(/\s+/),
);
const NARROWED =
  /\b(?:match(?:ing|es)?|filter(?:s|ed)?|criteria|older than|up to \d|at most|limit(?:ed)? (?:to|of)|maximum of|by (?:id|ids|type|tag|status|category|pattern)|where|optional(?:ly)?|selected|expired|that (?:are|have|were))\b/i;
const OPENING = 300;

export const signal = defineSignal({
  id: 'unbounded',
  group: 'capability',
  version: 1,
  label: 'Reaches everything at once',
  title: 'Reaches everything at once',
  why: 'There is no limit, filter or page to keep a mistaken call small.',
  looksAt:
    'words such as "all", "entire" and "everyone" after a verb that changes, removes, sends or exports, what is cleared as a whole, and whether any parameter narrows it down',
  falsePositives:
    'Something small that the text calls all, and a limit that the server keeps without saying so. Listing all is not counted.',
  examples: {
    fires: [
      { name: 'wipe_notes', description: 'Delete all notes' },
      { name: 'truncate_table', description: 'Truncate a table' },
      { name: 'send_news', description: 'Send a message to all subscribers' },
      { name: 'mark_all_read', description: 'Mark all notifications as read' },
      { name: 'restart', description: 'Restart all services of the cluster' },
      { name: 'db_dump', description: 'Export the entire database' },
      {
        name: 'delete_all_documents',
        description: 'Delete all documents in an index',
        inputSchema: { type: 'object', properties: { index_uid: { type: 'string' } } },
      },
    ],
    silent: [
      { name: 'list_all', description: 'List all notes' },
      { name: 'delete_note', description: 'Delete a note' },
      {
        name: 'delete_documents',
        description: 'Delete all documents of a collection',
        inputSchema: { type: 'object', properties: { filter: { type: 'object' } } },
      },
      { name: 'update_many', description: 'Updates all documents that match the filter' },
      { name: 'remove_labels', description: 'Remove all labels from an issue' },
      { name: 'save_all', description: 'Update all fields of a record' },
      { name: 'clear_filter', description: 'Clear the filter of a view' },
      { name: 'broadcast_tx', description: 'Broadcast a signed transaction to the network' },
      { name: 'notify', description: 'Send a message to a channel' },
    ],
  },
  observe(facts) {
    const found = facts.acts.flatMap((act) => reaches(act, facts) ?? []);
    if (found.length === 0 || isNarrowed(facts)) return presentIf([], { confidence: 'low' });
    const changes = facts.acts.some(({ action }) => action !== 'read');
    const isStated = facts.acts.some(({ confidence }) => confidence === 'high');
    return presentIf(found, {
      confidence: !changes ? 'low' : isStated ? 'high' : 'medium',
      ...(changes && { raises: 'high' as const }),
    });
  },
});

function reaches(act: Act, facts: ToolFacts): Evidence | undefined {
  if (act.source === 'choice' || !TELLING.has(act.lemma)) return undefined;
  if (!CLEARERS.has(act.lemma) && !facts.mentions(ALL_WORDS)) return undefined;
  const isNamed = act.source === 'name';
  const object = isNamed ? afterVerb(facts, act.lemma) : (act.object ?? '');
  const said = `${object} ${isNamed ? '' : act.phrase}`;
  if (EXPORTERS.has(act.lemma)) {
    const isAll = EVERYTHING.test(said) && !OF_ONE.test(said);
    return isAll ? { ...act.evidence, note: 'hands out everything there is' } : undefined;
  }
  if (act.action === 'read') return undefined;
  if (SENDERS.has(act.lemma) && AUDIENCE.test(said) && !NO_AUDIENCE.test(said)) {
    return { ...act.evidence, note: 'reaches everyone' };
  }
  if (CLEARERS.has(act.lemma) && WHOLE.test(object) && !NOT_WHOLE.test(said) && !OF_ONE.test(said)) {
    return { ...act.evidence, note: 'empties the whole of it' };
  }
  if (!SWEEPERS.has(act.lemma)) return undefined;
  const isAll = ALL.test(object) || (ALL_LATER.test(said) && !ONE.test(object));
  if (!isAll || PARTS.test(said) || OF_ONE.test(said)) return undefined;
  return { ...act.evidence, note: 'acts on all of them' };
}

/** The words of the name behind its verb: "all documents" of `delete_all_documents`. */
function afterVerb({ name }: ToolFacts, lemma: string): string {
  const words = name.words.map(({ text }) => text);
  const at = words.findIndex((word) => word.startsWith(lemma.slice(0, 4)));
  return words.slice(at + 1).join(' ');
}

/** Whether a parameter or the text keeps the reach smaller than everything. */
function isNarrowed(facts: ToolFacts): boolean {
  if (facts.parameters.some((parameter) => narrows(parameter))) return true;
  return NARROWED.test(facts.description?.text.slice(0, OPENING) ?? '');
}

function narrows({ words, types, depth }: Parameter): boolean {
  return depth === 0 && (types.includes('array') || words.some((word) => LIMITS.has(word)));
}
