import type { Category, HintCheck, Review, RiskLevel, Ruling, SignalGroup } from '../classifier/contract.ts';
import { MAX_NAME_CHARS } from './limits.ts';
import { visible } from './visible.ts';

/** The words that every page uses alike. */

/** From the highest, which is the order of every list by risk. */
export const RISKS: readonly RiskLevel[] = ['critical', 'high', 'medium', 'low'];
export const CATEGORIES: readonly Category[] = ['Execute', 'Write', 'Read'];

export const CATEGORY_MEANING: Record<Category, string> = {
  Read: 'it returns information and leaves nothing behind that others would notice',
  Write: 'it creates or changes data',
  Execute: 'it starts, steers or sends something whose effects reach past the call',
};

/** What a claim of the server's is worth, in few words. */
export const HINT_WORDS: Record<HintCheck['verdict'], string> = {
  unset: 'unset (default applies)',
  agrees: 'agrees',
  understates: 'understates the risk',
  overstates: 'overstates it',
  'library-default': 'library default',
  'not-judged': 'not judged',
};

/** What each verdict on a claim means, to stand beside its words. */
export const HINT_MEANING: Record<HintCheck['verdict'], string> = {
  unset: 'nothing is claimed, so a client assumes the default',
  agrees: 'what we find is the same',
  understates: 'we find more than it admits',
  overstates: 'we find less than it warns of',
  'library-default': 'a library sent it for every tool; nobody chose it',
  'not-judged': 'nothing in the definition to check it by',
};

/** The heading over the signals of each group, in the order in which they matter to a reader. */
export const GROUP_TITLES: Record<SignalGroup, string> = {
  'attack-text': 'Text written to mislead whoever reads the definition',
  capability: 'Risk signals',
  definition: 'About the definition',
};

/** What came of a second opinion. */
export const REVIEW_OUTCOME: Record<Review['outcome'], string> = {
  agrees: 'It agrees with the rules.',
  raised: 'It saw more than the rules, and its reading counts.',
  lowered: 'It saw less than the rules, which were not sure, and its reading counts.',
  'not-followed':
    'It saw less than the rules were sure of or a signal demands, so its reading does not count.',
};

/** `Execute, destructive, financial`. */
export function kindOf({
  category,
  destructive,
  financial,
}: Pick<Ruling, 'category' | 'destructive' | 'financial'>): string {
  const effects = [destructive && 'destructive', financial && 'financial'].filter((word) => word !== false);
  return [category, ...effects].join(', ');
}

/** Who else has spoken on a verdict: `corrected`, `reviewed`, in this order. */
export function marksOf({ correction, review }: { correction?: unknown; review?: unknown }): string[] {
  return [...(correction === undefined ? [] : ['corrected']), ...(review === undefined ? [] : ['reviewed'])];
}

/** A name for a heading, a table or a link: hidden characters shown, never empty, never endless. */
export function shownName(name: string, max = MAX_NAME_CHARS): string {
  if (name === '') return '(empty name)';
  return cut(visible(name), max);
}

/** At most `max` characters, with an ellipsis where some were left out. Never splits a surrogate pair. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text.slice(0, max).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** `1 tool`, `1,200 tools`. */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${number(n)} ${n === 1 ? noun : plural}`;
}

export function number(n: number): string {
  return String(n).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The day of an ISO time. */
export function day(time: string): string {
  return time.slice(0, 10);
}

/** An ISO time to the minute, in UTC. */
export function minute(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;
}
