import type { Category, HintCheck, HintName } from './contract.ts';
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

/** The values that some libraries send for every tool; nobody chose them. */
const LIBRARY_DEFAULT: Readonly<Record<HintName, HintClaim>> = {
  readOnlyHint: 'false',
  destructiveHint: 'true',
  idempotentHint: 'false',
  openWorldHint: 'true',
};

/** Whether the hints are a library's defaults, which carry no judgement. */
export function isLibraryDefault({ hints }: ToolFacts): boolean {
  return HINT_NAMES.every((name) => hints[name] === LIBRARY_DEFAULT[name]);
}

export interface Judged {
  category: Category;
  destructive: boolean;
  /** The definition gave ground to judge by. */
  grounded: boolean;
}

/** Each hint beside our verdict. A claim of more risk than we see overstates; of less, understates. */
export function checkHints(facts: ToolFacts, judged: Judged): HintCheck[] {
  const isDefault = isLibraryDefault(facts);
  return HINT_NAMES.map((hint) => {
    const claim = facts.hints[hint];
    if (claim === 'unset') return { hint, claim, verdict: 'unset' };
    if (isDefault || !judged.grounded) return { hint, claim, verdict: 'not-judged' };
    return { hint, claim, verdict: verdictOn(hint, claim, judged) };
  });
}

function verdictOn(hint: HintName, claim: HintClaim, judged: Judged): HintCheck['verdict'] {
  if (hint === 'readOnlyHint') {
    const isRead = judged.category === 'Read';
    if ((claim === 'true') === isRead) return 'agrees';
    return claim === 'true' ? 'understates' : 'overstates';
  }
  if (hint === 'destructiveHint') {
    if ((claim === 'true') === judged.destructive) return 'agrees';
    return claim === 'true' ? 'overstates' : 'understates';
  }
  return 'not-judged';
}
