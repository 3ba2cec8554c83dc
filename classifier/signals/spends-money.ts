import type { Act } from '../acts.ts';
import type { Evidence } from '../contract.ts';
import { statedEvidence } from '../evidence.ts';
import { openingOf, spokenName, type ToolFacts } from '../facts.ts';
import { defineSignal, presentIf } from '../signal.ts';
import { clip } from '../text.ts';
import { wordSet } from '../vocabulary.ts';

/** The text says that a call is paid for. */
const STATED =
  /\b(?:(?:costs?|uses?|consumes?|charges?|deducts?|requires?|spends?)(?: about| up to| exactly| approximately|:)? ?~?\$?(?:[1-9][\d,.]*|0\.\d+|one|two|several|more|additional|your|api) (?:\w{1,12} )?credits?\b|[1-9]\d* (?:\w{1,12} )?credits? (?:per|each|for each)\b|costs? (?:about |up to |~)?\$ ?\d|\$ ?0?\.\d+(?: usdc?)? ?per\b|(?:consumes?|deducts?|burns?|spends?|uses up) (?:\w{1,12} ){0,3}credits?\b|(?:will|may|can|could|might|to) (?:incur|result in) (?:\w{1,12} ){0,3}(?:charges?|costs?|fees?|billing)\b|(?:is|are|be|gets?|will be) (?:billed|charged) (?:to|per|for|at|by|from|against)\b|billable (?:resources?|operations?|api|calls?|requests?|actions?|events?)|(?:x402|l402|http 402)(?= (?:payment|protocol|micro)|[.,)]|$)|pay-per-(?:use|call|request|query)|paid (?:api calls?|endpoint|tool|request|call|query)\b|costs? (?:real )?money|cost warning|(?:will|to) (?:charge|bill) (?:your|you)\b)/i;
/** Prices and credits of somebody else's. */
const NOT_OURS =
  /\b(?:customers?|guests?|patients?|clients? (?:is|are|will be)|invoices?|time entr(?:y|ies)|hours|tax credits?|credit notes?|carbon|course|academic|photo credits?)\b/i;
const OPENING = 1200;
/** One of these stands in every such statement, so that most texts need no closer look. */
const PAID_WORDS = wordSet(
  'credit credits cost costs incur result charge charged billed billable x402 402 l402 pay paid per bill'.split(
    ' ',
  ),
);

const PROVISIONERS = new Set(
  'create launch provision order buy purchase rent allocate spawn deploy upsert register add reserve resize scale'.split(
    ' ',
  ),
);
/** What a provider bills for as long as it exists. */
const METERED =
  /\b(?:virtual machines?|vms?|vmss|droplets?|vps|ec2 instances?|rds instances?|db instances?|compute instances?|(?:cloud|gpu|dedicated|virtual|sql|mysql|postgresql|postgres|database|redis|flexible) (?:servers?|instances?|clusters?|databases?)|linode instances?|(?:kubernetes|k8s|eks|gke|aks|kafka|redis|database|dedicated|hadoop|emr|spark|kusto|search) clusters?|node ?pools?|node groups?|load balancers?|managed disks?|elastic (?:ips?|pools?)|nat gateways?|dynos?|gpu pods?|runpod|pro subscriptions?|essential subscriptions?|add-?ons?|managed redis|lustre filesystem|block storage|storage accounts?|reserved instances?|floating ips?|reserved ips?|app service plans?)\b/i;
/** Of these hardly any stand on one's own machine. */
const RENTED =
  /\b(?:droplets?|ec2|rds|(?:database|kubernetes|eks|gke|aks|redis|kafka) clusters?|node ?pools?|load balancers?|vps)\b/i;
const OWN =
  /\b(?:local|kind|minikube|k3d|k3s|multipass|proxmox|vmware|esxi|virtualbox|hyper-v|libvirt|kvm|docker|ludus|parallels|existing)\b/i;
/** Bought rather than made, since the same words name mere records. */
const BUYERS = new Set('buy purchase order rent register provision renew transfer reserve'.split(' '));
const BOUGHT =
  /\b(?:phone numbers?|domains?|domain names?|did numbers?|toll-free numbers?|ssl certificates?|mailbox(?:es)?|proxies|proxy)\b/i;
const PROVIDER =
  /\b(?:azure|aws|amazon|ec2|rds|gcp|google cloud|digital ?ocean|droplets?|linode|hetzner|vultr|ovh|scaleway|runpod|lambda cloud|vast\.ai|heroku|railway|render|fly\.io|redis cloud|atlas|aiven|planetscale|neon|alibaba|aliyun|tencent|oracle cloud|oci|hostinger|upcloud|cloud|coreweave|ibm|civo|equinix|yandex|kamatera|contabo|dokku|skysql|singlestore|serverless|billing|pricing|subscription)\b/i;
const SIZES = new Set(
  'sku tier plan instancetype machinetype vmsize size nodetype nodesize flavor region billingperiod droplettype type'.split(
    ' ',
  ),
);
const OF_CODE =
  /\b(?:connections?|records?|snapshots?|backups?|firewall|rules?|users?|policy|policies|template|configuration|schema|entry|agents?|tokens?|settings?|certificates?|credential|profiles?|tags?|contact|dns|ssh|hostname|pixels?)$/i;

const AD_MAKERS = new Set(
  'create update launch set increase enable activate resume add boost promote publish edit upsert start modify adjust'.split(
    ' ',
  ),
);
const ADS =
  /\b(?:ad campaigns?|ads?|ad ?sets?|ad ?groups?|advertising|meta ads|google ads|adwords|tiktok ads|linkedin ads|facebook ads|sponsored)\b/i;
const AD_OBJECT =
  /\b(?:campaigns?|ads?|ad ?sets?|ad ?groups?|(?:daily|lifetime|campaign|ad) budgets?|bids?|bid (?:strategy|amount)|keywords? bids?|promoted|boosted posts?)$/i;

/** Of the description, what says what the tool is. */
const OPENING_CHARS = 300;

export const signal = defineSignal({
  id: 'spends-money',
  group: 'capability',
  version: 1,
  label: 'Costs money',
  title: 'Costs the caller money',
  why: 'The bill comes whether or not the call was of use, and some of it goes on until somebody ends it.',
  looksAt:
    'statements such as "costs 5 credits", the creation of machines, clusters and other metered resources, numbers and domains that are bought, and advertising',
  falsePositives:
    'A machine of your own that the text does not tell from a rented one. Payments, orders and transfers are another signal, and models are counted here only where the text names a cost.',
  examples: {
    fires: [
      { name: 'enrich_profile', description: 'Get a profile. Costs 1 credit per call.' },
      { name: 'create_vm', description: 'Create a virtual machine in an Azure subscription' },
      { name: 'buy_number', description: 'Buy a phone number' },
      { name: 'create_campaign', description: 'Create a campaign in a Meta Ads account' },
      { name: 'make_video', description: 'Generate a video. This may incur costs.' },
      { name: 'agent_wallet', description: 'Get the holdings of a wallet over x402' },
    ],
    silent: [
      { name: 'get_credits', description: 'Get the credits that are left' },
      { name: 'list_vms', description: 'List the virtual machines of a subscription' },
      { name: 'create_campaign', description: 'Create an e-mail campaign for a list' },
      { name: 'create_database', description: 'Create a database in a workspace' },
      { name: 'log_time', description: 'Log billable hours on a project' },
      { name: 'check_prompt', description: 'Check a prompt. It does not consume credits.' },
      { name: 'create_credit_note', description: 'Create a credit note for a customer' },
      { name: 'delete_cluster', description: 'Delete a Kubernetes cluster' },
      { name: 'create_order', description: 'Create a market order' },
    ],
  },
  observe(facts) {
    const provisions = facts.acts.flatMap((act) => (isChange(act) ? (buys(act, facts) ?? []) : []));
    const stated = statement(facts);
    const evidence = [...(stated ? [stated] : []), ...provisions];
    // What is set up is paid for until it is ended; a call that is paid for by itself costs once.
    return presentIf(evidence, {
      confidence: stated ? 'high' : 'medium',
      raises: provisions.length > 0 ? 'high' : 'medium',
    });
  },
});

function isChange({ action }: Act): boolean {
  return action !== 'read' && action !== 'destructive';
}

function statement(facts: ToolFacts): Evidence | undefined {
  const { description } = facts;
  if (!description || !facts.mentions(PAID_WORDS)) return undefined;
  const opening = { ...description, text: clip(description.text, OPENING) };
  const found = statedEvidence(opening, STATED, 'says that the call is paid for');
  if (!found) return undefined;
  const at = opening.text.indexOf(found.quote);
  return NOT_OURS.test(opening.text.slice(Math.max(0, at - 60), at + found.quote.length + 30))
    ? undefined
    : found;
}

function buys(act: Act, facts: ToolFacts): Evidence | undefined {
  const { lemma } = act;
  const isMaker = PROVISIONERS.has(lemma) || AD_MAKERS.has(lemma) || BUYERS.has(lemma);
  if (!isMaker || act.source === 'choice') return undefined;
  const isNamed = act.source === 'name';
  const said = isNamed ? spokenName(facts) : (act.object ?? '');
  if (OF_CODE.test(said)) return undefined;
  if (BUYERS.has(lemma) && BOUGHT.test(said)) return { ...act.evidence, note: 'is paid for' };
  if (PROVISIONERS.has(lemma) && METERED.test(said) && isRented(facts, said)) {
    return { ...act.evidence, note: 'is paid for as long as it exists' };
  }
  if (AD_MAKERS.has(lemma) && AD_OBJECT.test(said) && ADS.test(openingOf(facts, OPENING_CHARS))) {
    return { ...act.evidence, note: 'spends an advertising budget' };
  }
  return undefined;
}

function isRented(facts: ToolFacts, said: string): boolean {
  if (RENTED.test(said)) return !OWN.test(said);
  return (
    PROVIDER.test(openingOf(facts, OPENING_CHARS)) ||
    facts.parameters.some(({ words }) => SIZES.has(words.join('')))
  );
}
