import { MASK, screenArgs, secretName } from '../crawler/secrets.ts';

/** Values as they may be stored, and whether something was left out for its length. */
export interface Redacted {
  value: Record<string, unknown>;
  cut: boolean;
}

/** Levels that are shown; what is deeper is left out. */
const MAX_LEVELS = 16;

/** The end of a key says whether its value is secret. */
const KEY_END_CHARS = 200;

/**
 * How far beyond what is shown of a text is looked for secrets: one that is shown in part must be seen whole to be
 * known as one.
 */
const LOOK_AHEAD_CHARS = 4_096;

/**
 * A call's arguments with what looks like a secret, by its name or by itself, replaced by `***`, and not more than
 * about `maxChars` characters of them.
 */
export function redact(args: Record<string, unknown>, maxChars: number): Redacted {
  const budget = { left: maxChars, cut: false };
  return { value: redactObject(args, budget, 0), cut: budget.cut };
}

interface Budget {
  left: number;
  cut: boolean;
}

function redactObject(object: object, budget: Budget, level: number): Record<string, unknown> {
  const entries: [string, unknown][] = [];
  for (const [key, value] of Object.entries(object)) {
    if (!spend(budget, key.length)) break;
    const secret = secretName(key.slice(-KEY_END_CHARS)) && !isEmpty(value);
    entries.push([key, secret ? MASK : redactValue(value, budget, level + 1)]);
  }
  return Object.fromEntries(entries);
}

function redactValue(value: unknown, budget: Budget, level: number): unknown {
  if (typeof value === 'string') return redactText(value, budget);
  if (typeof value !== 'object' || value === null) return value;
  if (level >= MAX_LEVELS) return leaveOut(budget);
  if (!Array.isArray(value)) return redactObject(value, budget, level);
  const items: unknown[] = [];
  for (const item of value) {
    if (!spend(budget, 0)) break;
    items.push(redactValue(item, budget, level + 1));
  }
  return items;
}

function redactText(text: string, budget: Budget): string {
  const room = Math.max(0, budget.left);
  const seen = text.slice(0, room + LOOK_AHEAD_CHARS);
  const [screened = MASK] = screenArgs([seen]);
  const shown = screened.slice(0, room);
  budget.left -= shown.length;
  if (seen.length === text.length && shown.length === screened.length) return shown;
  budget.cut = true;
  return `${shown}…`;
}

/** Whether there is room for one more value, with its punctuation. */
function spend(budget: Budget, chars: number): boolean {
  const PUNCTUATION = 4;
  if (budget.left < chars + PUNCTUATION) {
    leaveOut(budget);
    return false;
  }
  budget.left -= chars + PUNCTUATION;
  return true;
}

function leaveOut(budget: Budget): string {
  budget.cut = true;
  return '…';
}

/** `true`, `null` and the empty text give nothing away, and hiding them would hide what a call does. */
function isEmpty(value: unknown): boolean {
  return value === null || typeof value === 'boolean' || value === '';
}
