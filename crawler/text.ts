import { MAX_QUOTE_CHARS } from './limits.ts';

/** A stranger's text on one line, in quotation marks and short enough for a sentence. */
export function quote(text: string, limit = MAX_QUOTE_CHARS): string {
  return `"${clip(text.replaceAll(/\s+/g, ' ').trim(), limit)}"`;
}

/** The start of a text, with an ellipsis when something was cut off. Never splits a surrogate pair. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** What an exception says, whatever was thrown. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `1 tool`, `2 tools`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}
