import { RE2JS } from 're2js';

/** Characters of a pattern, and instructions of what it compiles to: a text is matched in the product of both. */
const MAX_PATTERN_CHARS = 2_000;
const MAX_INSTRUCTIONS = 4_000;

export type Pattern = { ok: true; found(text: string): boolean } | { ok: false; reason: string };

/** Compiling costs far more than matching, and a gateway asks for the same few patterns at every call. */
const compiled = new Map<string, Pattern>();
const MAX_KEPT = 1_000;

/**
 * A document's regular expression, in the syntax of RE2, which is answered in time linear in the text: a pattern must
 * not be able to run for ever on a caller's text. Never throws; what does not compile, or is too large, has a reason.
 */
export function compilePattern(source: string): Pattern {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const pattern = compile(source);
  if (compiled.size >= MAX_KEPT) compiled.clear();
  compiled.set(source, pattern);
  return pattern;
}

function compile(source: string): Pattern {
  if (source.length > MAX_PATTERN_CHARS) {
    return { ok: false, reason: `is longer than ${MAX_PATTERN_CHARS} characters` };
  }
  try {
    const pattern = RE2JS.compile(source);
    if (pattern.programSize() > MAX_INSTRUCTIONS) return { ok: false, reason: 'repeats too much' };
    return { ok: true, found: (text) => pattern.test(text) };
  } catch (error) {
    const reason =
      error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : 'cannot be read';
    return { ok: false, reason };
  }
}
