import type { Category, HintCheck, HintName, PresentFinding } from './contract.ts';
import type { HintClaim, ToolFacts } from './facts.ts';

export const HINT_NAMES = [
  'readOnlyHint',
  'destructiveHint',
  'idempotentHint',
  'openWorldHint',
] as const satisfies HintName[];

/** What the protocol takes for granted where a server says nothing (specification 2025-11-25, ToolAnnotations). */
export const HINT_DEFAULTS: Readonly<Record<HintName, 'true' | 'false'>> = {
  readOnlyHint: 'false',
  destructiveHint: 'true',
  idempotentHint: 'false',
  openWorldHint: 'true',
};

/**
 * The values that some libraries send for every tool; nobody chose them. They are the protocol's own defaults, so that
 * sending them says no more than silence does.
 */
const LIBRARY_DEFAULT: Readonly<Record<HintName, HintClaim>> = HINT_DEFAULTS;

/** Whether the hints are a library's defaults, which carry no judgement. */
export function isLibraryDefault({ hints }: ToolFacts): boolean {
  return HINT_NAMES.every((name) => hints[name] === LIBRARY_DEFAULT[name]);
}

export interface Judged {
  category: Category;
  destructive: boolean;
  /** The definition gave ground to judge by. */
  grounded: boolean;
  present: readonly Pick<PresentFinding, 'signal'>[];
}

/** Each hint beside our verdict. A claim of more risk than we see overstates; of less, understates. */
export function checkHints(facts: ToolFacts, judged: Judged): HintCheck[] {
  const isDefault = isLibraryDefault(facts);
  return HINT_NAMES.map((hint) => {
    const claim = facts.hints[hint];
    if (claim === 'unset') return { hint, claim, verdict: 'unset' };
    if (isDefault) return { hint, claim, verdict: 'library-default' };
    const risky = judged.grounded ? seenRisk(hint, facts, judged) : undefined;
    if (risky === undefined) return { hint, claim, verdict: 'not-judged' };
    return { hint, claim, verdict: compare(claim === RISKY_VALUE[hint], risky) };
  });
}

/** The value of each hint that claims the greater risk. */
const RISKY_VALUE: Readonly<Record<HintName, 'true' | 'false'>> = {
  readOnlyHint: 'false',
  destructiveHint: 'true',
  idempotentHint: 'false',
  openWorldHint: 'true',
};

/** A risk that the definition shows or denies; `possible` where it only keeps one from being called wrong. */
type Risk = boolean | 'possible';

function compare(claimed: boolean, seen: Risk): HintCheck['verdict'] {
  if (seen === 'possible') return claimed ? 'not-judged' : 'agrees';
  if (claimed === seen) return 'agrees';
  return claimed ? 'overstates' : 'understates';
}

/** Whether we see the risk that a hint is about; undefined where there is no ground to say. */
function seenRisk(hint: HintName, facts: ToolFacts, judged: Judged): Risk | undefined {
  if (hint === 'readOnlyHint') return judged.category !== 'Read';
  if (hint === 'openWorldHint') return reachesOut(facts, judged);
  // The protocol gives these two a meaning only for tools that are not read-only.
  if (facts.hints.readOnlyHint === 'true') return undefined;
  return hint === 'destructiveHint' ? judged.destructive : addsWhenRepeated(facts, judged);
}

/** Verbs of acts that do it once more when they are called once more. */
const ADDING = new Set(
  'create append insert send post publish upload submit pay charge buy order book trade transfer mint clone copy duplicate comment reply invite trigger increment swap bet'.split(
    ' ',
  ),
);
/** Verbs of acts that leave the same state behind however often they are done. */
const SETTLING = new Set(
  'set update replace delete remove disable enable archive unarchive close lock unlock rename move mark put destroy drop clear purge mute unmute pin unpin'.split(
    ' ',
  ),
);
const ONLY_ONCE =
  /\b(?:idempotent|upserts?|creates? or (?:\w+ )?(?:updates?|replaces?|overwrites?)|creates?\/updates?|(?:creates?|make) (?:a |an |the |new )*(?:director(?:y|ies)|folders?)|(?:if|when|unless) (?:it |one |they )?(?:does|do|already|not|doesn['’]t)\b[^.]{0,20}\bexists?|already exists|ensures?|overwrit\w+|replaces? (?:the |any )?existing)\b/i;
const SENDS = new Set(['sends-external-message', 'spends-money', 'financial-effect']);

/** Whether a second call with the same arguments does more than the first. */
function addsWhenRepeated({ acts, description }: ToolFacts, { category, present }: Judged): Risk | undefined {
  if (category === 'Read') return false;
  if (ONLY_ONCE.test(description?.text ?? '')) return undefined;
  if (present.some(({ signal }) => SENDS.has(signal))) return true;
  const sure = acts.filter((act) => act.confidence !== 'low' && act.action !== 'read');
  if (sure.length === 0) return undefined;
  if (sure.every((act) => ADDING.has(act.lemma))) return true;
  return sure.every((act) => SETTLING.has(act.lemma)) ? 'possible' : undefined;
}

const REACHES_OUT = new Set(['open-world', 'sends-external-message']);
const MAY_REACH_OUT = new Set([
  'url-input',
  'host-code-execution',
  'code-or-query-input',
  'model-inference',
  'spends-money',
]);
const LOCAL =
  /\blocal (?:file ?systems?|files?|folders?|director(?:y|ies)|machine|computer|disk|git|repositor(?:y|ies))\b|\b(?:in|from) memory\b|\bon (?:the |local )?disk\b|\b(?:this|your|the user['’]s) (?:machine|computer)\b|\bworking directory\b/i;
const ELSEWHERE =
  /\b(?:upload|push|pull|clone|fetch|sync|deploy|publish|cloud|remote|download|api|server|import|export)\w*/i;

/** Whether a tool meets things from outside; a service that it belongs to is neither here nor there. */
function reachesOut({ description, parameters }: ToolFacts, { present }: Judged): Risk | undefined {
  if (present.some(({ signal }) => REACHES_OUT.has(signal))) return true;
  if (present.some(({ signal }) => MAY_REACH_OUT.has(signal)) || parameters.length > MANY) return undefined;
  const text = description?.text ?? '';
  return LOCAL.test(text) && !ELSEWHERE.test(text) ? false : undefined;
}

/** With as many parameters one of them may well lead outside. */
const MANY = 12;
