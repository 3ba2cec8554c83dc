import type { Act } from '../acts.ts';
import type { Evidence } from '../contract.ts';
import { parameterEvidence, statedEvidence } from '../evidence.ts';
import type { ToolFacts } from '../facts.ts';
import { defineSignal, presentIf } from '../signal.ts';
import { wordSet } from '../vocabulary.ts';

/** The text itself says that there is no way back. */
const STATED =
  /\b(?:(?:cannot|can't|can not|can never|could not) be (?:easily )?(?:undone|reversed|restored|recovered|reverted|rolled back|recalled|unsent|taken back)|irreversibl[ey]|irrevocabl[ey]|irrecoverabl[ey]|unrecoverabl[ey]|non-?(?:reversible|recoverable)|(?:not|never) (?:reversible|recoverable)|permanently (?:and [a-z]{1,20} )?(?:delet|remov|eras|destroy|purg|wip|drop|discard|revok|los)\w{0,6}\b(?! (?:after|in|within) \d)|(?:delete|remove|erase|destroy|revoke)[sd]?\b[^.\n;:]{0,60}\b(?:permanently|for good|forever)\b(?! (?:delet|remov))|(?:action|operation|deletion|removal|this|change) is permanent\b|(?:is|with) no (?:undo|way back|recovery)\b|lost forever|hard[- ]delet\w{0,4}|force[- ]?push\w{0,4})/i;

/** One of these stands in every such statement. */
const STATED_WORDS = wordSet(
  `undone reversed restored recovered reverted back recalled unsent irreversible irreversibly irrevocable irrevocably
   irrecoverable irrecoverably unrecoverable unrecoverably reversible recoverable nonreversible nonrecoverable permanent
   permanently good forever undo way recovery hard force`.split(/\s+/),
);

/** Verbs whose meaning is that nothing is kept. */
const FOR_GOOD = new Set('purge shred obliterate nuke expunge'.split(' '));
const KEPT_ELSEWHERE = /\b(?:cach\w{1,4}|cdn|edge)\b/i;

/** What a database drops or truncates, it does not keep anywhere. */
const DROPS = new Set('drop truncate'.split(' '));
const DROPPED = /\b(?:databases?|schemas?|tables?|collections?|keyspaces?|columns?|rows|records)\b/i;

const EMPTIES = new Set('empty clear delete'.split(' '));
const TRASH =
  /\b(?:(?:empty|clear)(?:s|ing|ies)? (?:the )?(?:\w{1,20} )?(?:trash|recycle bin|deleted items)|(?:all|every)[^.]{0,20} (?:trash|recycle bin|trashed))\b/i;

const PUBLISHES = new Set('publish release push'.split(' '));
const REGISTRY =
  /\b(?:npm|pypi|crates?(?:\.io)?|rubygems?|nuget|maven central|packagist|package to (?:the|a) registry|hex\.pm)\b/i;

/** A transaction that a chain has taken up cannot be called back by anyone. */
const SENDS_ON_CHAIN = new Set(
  'transfer send pay swap bridge burn withdraw donate broadcast mint airdrop submit deploy remit'.split(' '),
);
const CHAIN =
  /\b(?:on-?chain|blockchain|solana|sol|ethereum|eth|evm|bitcoin|btc|sats|satoshis?|lightning|erc-?(?:20|721|1155)|spl|nfts?|lamports|usdc|usdt|stablecoins?|crypto\w{0,8}|polygon|arbitrum|starknet|uniswap|jupiter|monad|tron|trx|bnb|bsc|xrp|stellar|xlm|sui|aptos|smart contract|raw transaction|signed transaction|mainnet|(?:one|another) wallet)\b/i;
const CONTRACT = /\b(?:contracts?|nft|erc-?\d{2,4}|tokens?)\b/i;
const NOT_SENT =
  /\b(?:unsigned|paper|simulat\w{1,5}|estimate\w{0,2}|quote|dry[- ]run|testnet|prepare[sd]?|centrali[sz]ed|exchange|order|futures|binance|watch-only|draft|email|invoice|payment request)\b/i;

const TELLING = new Set([...FOR_GOOD, ...DROPS, ...EMPTIES, ...PUBLISHES, ...SENDS_ON_CHAIN]);

const PERMANENT = new Set(
  'permanent permanently permanently_remove hard_delete harddelete delete_permanently skip_trash skiptrash bypass_trash force_delete_without_recovery purge'.split(
    ' ',
  ),
);

export const signal = defineSignal({
  id: 'irreversible',
  group: 'capability',
  version: 1,
  label: 'Cannot be undone',
  title: 'Cannot be undone',
  why: 'No call brings back what was there before, so a mistake stays.',
  looksAt:
    'statements such as "cannot be undone", verbs such as "purge", what is dropped, published or sent on a chain, and switches such as `permanent`',
  falsePositives:
    'A statement about another tool, or a warning that holds for one option only. A delivered message is not counted: nearly every tool that writes to people would be.',
  examples: {
    fires: [
      { name: 'delete_project', description: 'Permanently deletes a project and all its data.' },
      { name: 'close_period', description: 'Close an accounting period. This cannot be undone.' },
      { name: 'drop_table', description: 'Drop a table from the database' },
      { name: 'transfer_sol', description: 'Transfer SOL to another wallet' },
      {
        name: 'remove_files',
        description: 'Move files to the trash',
        inputSchema: { type: 'object', properties: { permanent: { type: 'boolean' } } },
      },
      { name: 'publish_crate', description: 'Publish a new version of the package to crates.io' },
    ],
    silent: [
      { name: 'delete_note', description: 'Delete a note' },
      { name: 'list_trash', description: 'List the items that are pending permanent deletion' },
      { name: 'archive_item', description: 'Archive an item. It does not permanently delete anything.' },
      { name: 'purge_cache', description: 'Purge the cache of a zone' },
      { name: 'drop_item', description: 'Drop an item from the inventory' },
      { name: 'protect_branch', description: 'Protect a branch. Protected branches cannot be force-pushed.' },
      { name: 'publish_post', description: 'Publish a post' },
      {
        name: 'trash_mail',
        description: 'Move a mail to the trash. Use purge_mail to permanently delete it.',
      },
    ],
  },
  observe(facts) {
    const { acts } = facts;
    if (acts.length > 0 && acts.every(({ action }) => action === 'read'))
      return presentIf([], { confidence: 'low' });
    const stated = facts.mentions(STATED_WORDS)
      ? (statedEvidence(facts.description, STATED, 'says that there is no way back') ??
        statedEvidence(facts.title, STATED, 'says that there is no way back'))
      : undefined;
    const implied = acts.flatMap((act) => impliedBy(act, facts) ?? []);
    const switches = acts.some(({ action }) => action === 'destructive') ? permanence(facts) : [];
    const evidence = [...(stated ? [stated] : []), ...implied, ...switches];
    return presentIf(evidence, {
      confidence: stated ? 'high' : implied.length > 0 ? 'medium' : 'low',
      raises: 'high',
    });
  },
});

function impliedBy(act: Act, facts: ToolFacts): Evidence | undefined {
  const { lemma, evidence } = act;
  if (!TELLING.has(lemma)) return undefined;
  const told = `${evidence.quote.replaceAll('_', ' ')} ${act.phrase}`;
  if (FOR_GOOD.has(lemma)) {
    return KEPT_ELSEWHERE.test(`${told} ${facts.description?.text.slice(0, 120) ?? ''}`)
      ? undefined
      : { ...evidence, note: 'keeps nothing of what it removes' };
  }
  if (DROPS.has(lemma) && DROPPED.test(told)) return { ...evidence, note: 'a database keeps nothing of it' };
  if (EMPTIES.has(lemma) && TRASH.test(told))
    return { ...evidence, note: 'empties what was kept as a way back' };
  if (PUBLISHES.has(lemma) && REGISTRY.test(told)) {
    return { ...evidence, note: 'a published version stays with those who fetched it' };
  }
  if (lemma === 'deploy' && !CONTRACT.test(act.object ?? '')) return undefined;
  if (!SENDS_ON_CHAIN.has(lemma) || act.action === 'read') return undefined;
  if (act.action === 'write' && !CHAIN.test(act.object ?? '')) return undefined;
  const opening = `${facts.name.text.replaceAll('_', ' ')} ${facts.description?.text.slice(0, 400) ?? ''}`;
  if (!CHAIN.test(opening) || NOT_SENT.test(opening)) return undefined;
  return { ...evidence, note: 'a chain does not take a transaction back' };
}

/** A switch that turns a removal with a way back into one without. */
function permanence({ parameters }: ToolFacts): Evidence[] {
  return parameters
    .filter(({ name, depth }) => depth === 0 && PERMANENT.has(name.toLowerCase()))
    .map((parameter) => parameterEvidence(parameter, 'removes for good when set'));
}
