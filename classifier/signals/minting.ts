import type { Evidence } from '../contract.ts';
import type { ToolFacts } from '../facts.ts';
import { MAX_QUOTE_CHARS } from '../limits.ts';
import { defineSignal, presentIf } from '../signal.ts';
import { clip } from '../text.ts';
import { wordSet } from '../vocabulary.ts';

const MAKERS = new Set(
  'create generate issue mint add register new make request rotate regenerate provision'.split(' '),
);
const MINTED =
  /\b(?:api[- ]?keys?|api[- ]tokens?|access[- ]?(?:keys?|tokens?)|auth(?:entication)? tokens?|session tokens?|(?:redemption|voucher|invite|invitation|coupon|promo|activation) codes?|service account keys?|client secrets?|personal access tokens?|vouchers?|gift cards?|coupons?|licen[cs]e keys?|nfts?|bearer tokens?|credentials|certificates?|ssh keys?|new tokens?|jwts?|access credentials?)\b/i;
const MINT = /\b(?:re)?mint(?:s|ing|ed)?\b(?! condition| green| flavou?r)/i;

const TRIGGERS = wordSet(
  `mint mints minting minted remint key keys apikey apikeys accesskey token tokens accesstoken code codes secret secrets voucher vouchers gift coupon coupons
   nft nfts credential credentials certificate certificates jwt jwts card cards`.split(/\s+/),
);

export const signal = defineSignal({
  id: 'minting',
  group: 'capability',
  version: 1,
  label: 'Mints credentials or value',
  title: 'Mints credentials or value',
  why: 'Something comes into being that others accept as a key or as worth, and it outlives the conversation.',
  looksAt: 'the name, and what the description says is created',
  falsePositives: 'Test values that no system accepts.',
  triggers: TRIGGERS,
  examples: {
    fires: [
      { name: 'create_api_key', description: 'Create an API key for a project' },
      { name: 'hand_out_passes', description: 'Mint passes for visitors' },
    ],
    silent: [
      { name: 'list_api_keys', description: 'List the API keys of a project' },
      { name: 'generate_report', description: 'Generate a report' },
      { name: 'generate_uuid', description: 'Generate a random identifier' },
    ],
  },
  observe(facts) {
    const evidence = [inText(facts), inName(facts)].filter((one) => one !== undefined);
    return presentIf(evidence, { confidence: 'medium', raises: 'high' });
  },
});

function inText(facts: ToolFacts): Evidence | undefined {
  const acting = facts.acts.find(
    (act) =>
      act.source !== 'name' &&
      (act.lemma === 'mint' ||
        (MAKERS.has(act.lemma) && act.action !== 'read' && MINTED.test(act.object ?? ''))),
  );
  return acting && { ...acting.evidence, note: 'brings a credential or something of value into being' };
}

function inName(facts: ToolFacts): Evidence | undefined {
  const words = facts.name.words.map((word) => word.text).join(' ');
  const main = facts.acts[0];
  if (!main || main.action === 'read' || main.action === 'destructive') return undefined;
  const isMinting = MINT.test(words) || (MAKERS.has(main.lemma) && MINTED.test(words));
  if (!isMinting) return undefined;
  return {
    pointer: '/name',
    quote: clip(facts.name.text, MAX_QUOTE_CHARS),
    note: 'brings a credential or something of value into being',
  };
}
