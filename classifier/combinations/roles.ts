import type { Category, Classification, PresentFinding } from '../contract.ts';
import { MAX_NAME_CHARS } from '../limits.ts';
import { clip, splitWords } from '../text.ts';

/** What a role is told of a tool: the words of its name, its verdict, and what was found in its definition. */
export interface Abilities {
  category: Category;
  destructive: boolean;
  financial: boolean;
  /** The words of the name in lower case, plurals in the singular too. */
  words: ReadonlySet<string>;
  /** The finding of a signal that is present. */
  found(signal: string): PresentFinding | undefined;
}

/** A part that a tool can play in an attack. */
export interface Role {
  id: RoleId;
  /** What the tool does in this part, to follow its name. */
  words: string;
  fills(abilities: Abilities): boolean;
}

export type RoleId =
  | 'private-data'
  | 'secrets'
  | 'untrusted-content'
  | 'way-out'
  | 'file-writing'
  | 'code-running'
  | 'money'
  | 'irreversible'
  | 'access'
  | 'persistence';

/** What a role is asked about: a tool's name and the verdict on it. */
export function abilitiesOf(tool: string, classification: Classification): Abilities {
  const present = new Map(
    classification.findings.flatMap((finding) =>
      finding.outcome === 'present' ? [[finding.signal, finding] as const] : [],
    ),
  );
  const { category, destructive, financial } = classification;
  const [first, ...rest] = wordsOf(subjectOf(tool));
  // What stands first is a verb, or a method of HTTP, and never the thing that was posted.
  const ownWords = first === 'post' ? ['posting', ...rest] : [first ?? '', ...rest];
  return {
    category,
    destructive,
    financial,
    words: new Set(ownWords),
    found: (signal) => present.get(signal),
  };
}

/**
 * The parts that tools play in attacks on agents. Each goes by the verdict and the signals; the name is asked only
 * for what no signal tells, which is whose words come back and who gets to read what goes out.
 */
export const roles: readonly Role[] = [
  { id: 'private-data', words: 'reads data that is not public', fills: readsPrivateData },
  { id: 'secrets', words: 'hands out stored secrets', fills: handsOutSecrets },
  { id: 'untrusted-content', words: 'brings in text that strangers write', fills: bringsStrangersText },
  { id: 'way-out', words: 'sends data to where others can read it', fills: sendsOut },
  { id: 'file-writing', words: 'writes files at a path that the caller chooses', fills: writesFiles },
  { id: 'code-running', words: 'runs code or commands that the caller writes', fills: runsCode },
  { id: 'money', words: 'moves or commits money', fills: movesMoney },
  { id: 'irreversible', words: 'destroys for good, or many things at once', fills: destroysForGood },
  { id: 'access', words: 'gives people or programs access', fills: givesAccess },
  { id: 'persistence', words: 'leaves something that acts or is read later', fills: persists },
];

/** Names of what is about things and not the things themselves: `list_email_templates` reads no mail. */
const ABOUT = words(
  `template setting config configuration status stats statistic count schema type label folder domain validate verify
   check quota usage analytics metric limit permission preference signature format model capability tool provider
   category tag field column rule filter queue version documentation help example guide api sdk library account address
   campaign customization sender header symbol date install normalize decode`,
);

/** What people write to each other. It is private, and whoever writes to the reader chooses its words. */
const MESSAGES = words(
  'email mail inbox gmail message dm sms thread conversation chat mailbox voicemail whatsapp imessage',
);

/** What anybody can write where the reader will find it. */
const POSTS = words(
  'issue comment reviews tweet post reddit subreddit discussion ticket pr mr feedback reply mention rss news webpage',
);
const PAIRED_POSTS: readonly Pair[] = pairs(
  `pull request,merge request,search web,search internet,search google,search bing,search brave,search duckduckgo,
   search tavily,search exa,get review,list review,product review,pull review`,
);

const FETCHES = words('fetch scrape crawl browse navigate visit goto');
const PAGES = words('url web page webpage website site html content markdown link internet browser text');

const PRIVATE = words(
  `document drive note calendar contact customer client employee patient invoice payroll salary resume crm lead deal
   attendee candidate applicant payslip prescription diagnosis clipboard bookmark journal diary vault password`,
);
const PRIVATE_PAIRS: readonly Pair[] = pairs(
  'file content,read file,read multiple,bank account,medical record,health record',
);
const LOOKS = words('read get view open cat load search grep find file content list fetch extract');
const DATABASES = words(
  'sql database db table postgres mysql sqlite mongodb snowflake bigquery clickhouse redshift warehouse',
);

const SENDS = words('send reply forward publish broadcast notify dm');
/** Sending coins says who is paid, and nothing else. */
const COINS = words('transaction payment token fund coin eth sol btc money');
const PUBLISHES = words('create add submit open write leave post posting send');
const PUBLIC_THINGS = words('issue comment gist tweet discussion review reply webhook reaction post message');

const FILES = words('file filename filepath directory dir folder');
const WRITES = words(
  'write edit create append save patch update replace move copy insert rename put modify apply',
);
const COMMANDS = words('command cmd shell script code bash python javascript js terminal exec powershell');
const LASTING = words('cron crontab webhook memory autostart startup daemon');
const PLANTS = words('create add set register install update write store save edit enable');

function readsPrivateData(tool: Abilities): boolean {
  if (tool.category !== 'Read') return false;
  if (['personal-data', 'cross-tenant'].some((signal) => tool.found(signal))) return true;
  if (handsOutSecrets(tool)) return true;
  if (has(tool, ABOUT)) return false;
  if (tool.found('path-input') && has(tool, LOOKS)) return true;
  if (tool.found('code-or-query-input') && readsDatabase(tool)) return true;
  return has(tool, MESSAGES) || has(tool, PRIVATE) || hasPair(tool, PRIVATE_PAIRS);
}

function readsDatabase(tool: Abilities): boolean {
  return has(tool, DATABASES) || parametersOf(tool.found('code-or-query-input')).has('sql');
}

/** `credential-handling` alone says only that a secret is near; it raises the risk where one is given out. */
function handsOutSecrets(tool: Abilities): boolean {
  if (tool.found('returns-secrets')) return true;
  const isRead = tool.category === 'Read' && !has(tool, ABOUT);
  return isRead && tool.found('credential-handling')?.raises !== undefined;
}

function bringsStrangersText(tool: Abilities): boolean {
  if (tool.category === 'Write') return false;
  const names = has(tool, FETCHES);
  if (names && (takesAddress(tool) || has(tool, PAGES) || tool.words.size === 1)) return true;
  if (takesAddress(tool) && tool.category === 'Execute') return has(tool, PAGES);
  if (tool.category !== 'Read' || has(tool, ABOUT)) return false;
  return takesAddress(tool) || has(tool, MESSAGES) || has(tool, POSTS) || hasPair(tool, PAIRED_POSTS);
}

/** A request to an address of the caller's choice carries data out in the address itself. */
function sendsOut(tool: Abilities): boolean {
  if (tool.found('sends-external-message')) return true;
  if (tool.category !== 'Write' && takesAddress(tool)) return true;
  if (tool.category === 'Read' || tool.financial || tool.destructive) return false;
  if (tool.words.has('share') && tool.found('grants-access')) return true;
  if (has(tool, SENDS)) return !has(tool, COINS);
  return (
    has(tool, PUBLISHES) && (hasPair(tool, PAIRED_POSTS) || hasOtherThan(tool, PUBLIC_THINGS, PUBLISHES))
  );
}

const ADDRESSES = words('url uri link href webpage website site page webhook callback');
/** The address of a service that the server knows how to talk to: `cluster-uri`. */
const SERVICES = words(
  'cluster database db server host endpoint base region connection repo repository registry',
);

function takesAddress(tool: Abilities): boolean {
  const named = parametersOf(tool.found('url-input'));
  return !named.isDisjointFrom(ADDRESSES) && named.isDisjointFrom(SERVICES);
}

function writesFiles(tool: Abilities): boolean {
  const path = tool.found('path-input');
  if (tool.category !== 'Write' || path === undefined || !has(tool, WRITES)) return false;
  return has(tool, FILES) || !parametersOf(path).isDisjointFrom(FILES);
}

function runsCode(tool: Abilities): boolean {
  if (tool.found('host-code-execution')) return true;
  const input = tool.found('code-or-query-input');
  if (tool.category !== 'Execute' || input === undefined) return false;
  return !parametersOf(input).isDisjointFrom(COMMANDS) || has(tool, COMMANDS);
}

function movesMoney(tool: Abilities): boolean {
  return tool.category !== 'Read' && tool.financial;
}

function destroysForGood(tool: Abilities): boolean {
  if (!tool.destructive) return false;
  return ['irreversible', 'bulk', 'unbounded'].some((signal) => tool.found(signal));
}

function givesAccess(tool: Abilities): boolean {
  return tool.category !== 'Read' && !tool.destructive && tool.found('grants-access') !== undefined;
}

function persists(tool: Abilities): boolean {
  if (tool.category === 'Read' || tool.destructive) return false;
  return tool.found('persistence') !== undefined || (has(tool, LASTING) && has(tool, PLANTS));
}

function has({ words: own }: Abilities, wanted: ReadonlySet<string>): boolean {
  return !own.isDisjointFrom(wanted);
}

function hasPair({ words: own }: Abilities, wanted: readonly Pair[]): boolean {
  return wanted.some(([a, b]) => own.has(a) && own.has(b));
}

/** Whether the name has one of these words, beside the one that is also among the others: `post_comment`. */
function hasOtherThan(
  { words: own }: Abilities,
  wanted: ReadonlySet<string>,
  others: ReadonlySet<string>,
): boolean {
  const there = own.intersection(wanted);
  return there.size > 0 && own.intersection(others).union(there).size > 1;
}

/** The words of the last part of each parameter that a finding is about. */
function parametersOf(finding: PresentFinding | undefined): Set<string> {
  const paths = finding?.evidence.flatMap(({ parameter }) => parameter ?? []) ?? [];
  return new Set(paths.flatMap((path) => wordsOf(path.slice(path.lastIndexOf('.') + 1))));
}

/** The words of an identifier, and of each plural the singular. */
function wordsOf(identifier: string): string[] {
  return splitWords(clip(identifier, MAX_NAME_CHARS), 'identifier').flatMap(({ text }) =>
    text.endsWith('s') ? [text, text.slice(0, -1)] : [text],
  );
}

/** What a name is about: in `find_person_by_email` no mail is found. */
function subjectOf(name: string): string {
  return name.replace(/[_-]by[_-].*$|By[A-Z].*$/s, '');
}

type Pair = readonly [string, string];

function pairs(list: string): Pair[] {
  return list.split(',').map((pair): Pair => {
    const [first = '', second = ''] = pair.trim().split(' ');
    return [first, second];
  });
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/));
}
