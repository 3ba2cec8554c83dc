import type { Condition, Limit, Predicate } from './contract.ts';

/** Rules in words. Values and paths are as the document has them; whoever prints them escapes. */

const SCOPES: Record<Limit['scope'], string> = {
  grant: 'for each grant',
  session: 'in each session',
  server: 'over all clients of the server',
  tool: 'over all clients of the tool',
};

/** A limit: `30 calls a minute for each grant`. */
export function limitText(limit: Limit): string {
  return `${amountText(limit)} ${SCOPES[limit.scope]}`;
}

/** The denial for a limit that has no room for a call. */
export function usedUpText(limit: Pick<Limit, 'max' | 'window' | 'increment_from'>): string {
  const amount = amountText(limit);
  return limit.increment_from === undefined
    ? `The limit of ${amount} is used up. Try again later.`
    : `The limit of ${amount} has no room for this call. Try again later, or with less.`;
}

function amountText({
  max,
  window,
  increment_from,
}: Pick<Limit, 'max' | 'window' | 'increment_from'>): string {
  const calls = max === 1 ? 'call' : 'calls';
  const what = increment_from === undefined ? calls : `of ${increment_from}`;
  return `${max} ${what} ${window === 'hour' ? 'an' : 'a'} ${window}`;
}

const OPERATOR_WORDS: Record<Condition['op'], string> = {
  eq: 'is',
  neq: 'is not',
  lt: 'is below',
  lte: 'is at most',
  gt: 'is above',
  gte: 'is at least',
  in: 'is one of',
  not_in: 'is none of',
  exists: 'is given',
  regex: 'matches',
  contains: 'contains',
};

/** A predicate's conditions: `args.amount is above 100 and args.currency is not "EUR"`. */
export function predicateText({ conditions }: Predicate): string {
  return conditions.length === 0 ? 'every call' : conditions.map(conditionText).join(' and ');
}

function conditionText({ path, op, value }: Condition): string {
  if (op === 'exists') return `${path} ${value === false ? 'is left out' : 'is given'}`;
  if (op === 'in' && Array.isArray(value) && value.length === 0)
    return `${path} is one of no values, so none passes`;
  return `${path} ${OPERATOR_WORDS[op]} ${JSON.stringify(value)}`;
}
