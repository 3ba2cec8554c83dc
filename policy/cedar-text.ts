import type { Condition } from './contract.ts';
import { type Escape, quote } from './escape.ts';
import { isText, literalPattern } from './writable.ts';

/** What every dialect of Cedar shares: how texts, patterns and policies are written. */

const cedarEscape: Escape = (codePoint) => `\\u{${codePoint.toString(16)}}`;

/** A Cedar string. */
export function cedarString(text: string): string {
  return quote(text, cedarEscape);
}

/** The pattern of `like` for a condition that looks for a text in a text; undefined where `like` cannot say it. */
export function likePattern({ op, value }: Condition): string | undefined {
  if (op === 'contains') return isText(value) ? `"*${inPattern(value)}*"` : undefined;
  const literal = op === 'regex' ? literalPattern(value) : undefined;
  return literal && `"${literal.atStart ? '' : '*'}${inPattern(literal.text)}${literal.atEnd ? '' : '*'}"`;
}

/** In a pattern an asterisk of the text itself is escaped, because a bare one stands for anything. */
function inPattern(text: string): string {
  return cedarString(text).slice(1, -1).replaceAll('*', '\\*');
}

/**
 * One permit. All that has to hold stands in it, and there is no forbid: where Cedar cannot decide a condition it skips
 * the policy, and so nothing is permitted.
 */
export function permit(tool: string, conditions: readonly string[]): string {
  const scope = `principal, action == Action::"call_tool", resource == Tool::${cedarString(tool)}`;
  const when = conditions.length === 0 ? '' : ` when {\n  ${conditions.join(' &&\n  ')}\n}`;
  return `permit (${scope})${when};`;
}
