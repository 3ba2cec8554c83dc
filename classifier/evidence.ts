import type { Evidence } from './contract.ts';
import type { Text, ToolFacts } from './facts.ts';
import { MAX_QUOTE_CHARS } from './limits.ts';
import type { Parameter } from './parameters.ts';
import { clip } from './text.ts';

/** Evidence that a parameter exists: the quote is its name. */
export function parameterEvidence(parameter: Parameter, note: string): Evidence {
  return { pointer: parameter.pointer, quote: parameter.name, note, parameter: parameter.path };
}

/** Evidence from the first match of a pattern in a text; the pattern must not be able to run away. */
export function matchEvidence(text: Text | undefined, pattern: RegExp, note: string): Evidence | undefined {
  if (!text) return undefined;
  const match = pattern.exec(text.text);
  if (!match) return undefined;
  return { pointer: text.pointer, quote: clip(match[0], MAX_QUOTE_CHARS), note };
}

/** Words that take back what follows them, or put it off, or leave it to another tool. */
const TAKES_BACK =
  /\b(?:not|never|no|nor|nothing|cannot|without|instead of|rather than|prevents?|prevented|avoids?|avoided|before|until|unlike|whether|use [`'"]?[\w-]{1,40}[`'"]? (?:tool )?(?:to|for)|\w{1,12}n['’]t)\b[^.!?\n;]{0,30}$/i;

/** How many matches may be taken back before the search is given up. */
const MAX_TRIES = 6;

/**
 * Evidence from the first match of a pattern that the words before it do not take back: "does not send", "use
 * other_tool to send". The pattern must not be global and must not be able to run away.
 */
export function statedEvidence(text: Text | undefined, pattern: RegExp, note: string): Evidence | undefined {
  if (!text) return undefined;
  let from = 0;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const match = pattern.exec(text.text.slice(from));
    if (!match) return undefined;
    const at = from + match.index;
    if (!TAKES_BACK.test(text.text.slice(Math.max(0, at - 80), at))) {
      return { pointer: text.pointer, quote: clip(match[0], MAX_QUOTE_CHARS), note };
    }
    from = at + Math.max(1, match[0].length);
  }
  return undefined;
}

/** Evidence from the first word of a text that is in a set, extended by the words after it when asked for. */
export function wordEvidence(
  text: Text | undefined,
  words: ReadonlySet<string>,
  note: string,
): Evidence | undefined {
  const word = text?.words.find((candidate) => words.has(candidate.text));
  if (!text || !word) return undefined;
  return { pointer: text.pointer, quote: text.text.slice(word.start, word.end), note };
}

/** The path of the parameter in whose schema a pointer ends; nothing where it ends anywhere else. */
export function parameterAt({ parameters }: ToolFacts, pointer: string): string | undefined {
  if (!pointer.startsWith('/inputSchema/')) return undefined;
  let innermost: Parameter | undefined;
  for (const parameter of parameters) {
    if (pointer !== parameter.pointer && !pointer.startsWith(`${parameter.pointer}/`)) continue;
    if (!innermost || parameter.pointer.length > innermost.pointer.length) innermost = parameter;
  }
  return innermost?.path;
}

/**
 * Whether a piece of evidence holds against the wire form: where its pointer names a string, the quote is in it
 * verbatim; where it names anything else, the quote is the key itself or, for a number or boolean, its JSON text.
 */
export function quoteHolds(wire: unknown, evidence: Evidence): boolean {
  const tokens = evidence.pointer.split('/').slice(1).map(unescapeToken);
  let at: unknown = wire;
  if (evidence.pointer !== '' && !evidence.pointer.startsWith('/')) return false;
  for (const token of tokens) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, token)) return false;
    at = (at as Record<string, unknown>)[token];
  }
  if (typeof at === 'string') return at.includes(evidence.quote);
  if ((typeof at === 'number' || typeof at === 'boolean') && evidence.quote === JSON.stringify(at))
    return true;
  return tokens.length > 0 && evidence.quote === tokens.at(-1);
}

function unescapeToken(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}
