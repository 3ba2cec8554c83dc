import type { Category, RiskLevel } from '../classifier/contract.ts';
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
