/**
 * What a recommendation leaves to its reader: a value such as `FILL IN: the most that one call may pay`. A condition
 * that still has one cannot be decided, so it never lets a call through.
 */
const MARK = 'FILL IN: ';

/** What a placeholder looks like, for JSON Schema, which has no flag for upper and lower case. */
export const PLACEHOLDER_PATTERN = '^\\s*[Ff][Ii][Ll][Ll] [Ii][Nn]:';

/** A value that a person has to replace; `what` says with what. */
export function placeholder(what: string): string {
  return `${MARK}${what}`;
}

/** Whether a condition's value, or an entry of it, has not been filled in. */
export function isPlaceholder(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isPlaceholder);
  return typeof value === 'string' && value.trimStart().toUpperCase().startsWith(MARK.trimEnd());
}
