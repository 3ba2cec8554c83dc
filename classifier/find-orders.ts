import type { Confidence } from './contract.ts';
import { anyBlanks, cuedBy, cueIndex } from './cued.ts';
import { CUE, FOREIGN, glance, LONG_RUN } from './glance.ts';
import { MAX_QUOTE_CHARS } from './limits.ts';
import { ORDERS, type Order } from './orders.ts';
import { FOREIGN_ORDERS } from './orders-languages.ts';
import { clip, isUnspaced, splitWords, type Word } from './text.ts';

/** An order to the model, as it stands in a text. */
export interface FoundOrder {
  /** Verbatim. */
  quote: string;
  note: string;
  confidence: Confidence;
}

const ALL_ORDERS: readonly Order[] = [...ORDERS, ...FOREIGN_ORDERS].map((order) => ({
  ...order,
  pattern: anyBlanks(order.pattern),
}));

const INDEX = cueIndex(ALL_ORDERS);
/** Those in scripts without blanks between words, which have no words to go by. */
const UNSPACED_ORDERS: readonly Order[] = ALL_ORDERS.filter(({ cues }) => cues === '');

const FEWEST_CHARS = 16;

/** What a text has that may be an order or hide something; 0 for nearly all texts. */
export function glanceForOrders(text: string): number {
  return glance(text, INDEX.table);
}

/** Identifiers with their words apart: `ignore_previous_instructions` is an order as well. */
function spaced(text: string): string {
  return text.length < 200 && !text.includes(' ') ? text.replaceAll(/[_-]+/g, ' ') : text;
}

/** What of a text is looked at before and after a match. */
const REACH_BEFORE = 120;
const REACH_AFTER = 320;
/** Matches of one pattern that may turn out to be something else before the search is given up. */
const MAX_TRIES = 8;

/**
 * The orders in a text, one of each kind, in the order of their kinds.
 *
 * @param marks what `glanceForOrders` says of the text
 * @param known the words of the text, where they have been found already
 */
export function findOrders(text: string, marks: number, known?: readonly Word[]): FoundOrder[] {
  if (text.length < FEWEST_CHARS) return NONE;
  const found = (marks & (CUE | FOREIGN)) === 0 ? NONE : cuedOrders(text, known);
  return found.length === 0 && (marks & LONG_RUN) !== 0 ? encodedOrders(text) : found;
}

function cuedOrders(text: string, known?: readonly Word[]): FoundOrder[] {
  const words = known ?? splitWords(text, text.includes(' ') ? 'prose' : 'identifier');
  const cued = cuedBy(INDEX, words);
  const possible = words.some(({ text: word }) => isUnspaced(word)) ? [...cued, ...UNSPACED_ORDERS] : cued;
  return possible.length === 0 ? NONE : ordersOf(possible, text);
}

const NONE: FoundOrder[] = [];

function ordersOf(possible: readonly Order[], text: string): FoundOrder[] {
  const read = spaced(text);
  const found = possible.flatMap((order) => firstOf(order, read) ?? []);
  // An identifier is read with blanks that it does not have.
  return read === text ? found : found.map((one) => ({ ...one, quote: clip(text, MAX_QUOTE_CHARS) }));
}

function firstOf(order: Order, text: string): FoundOrder | undefined {
  let from = 0;
  for (let tries = 0; tries < MAX_TRIES && from < text.length; tries++) {
    const match = order.pattern.exec(from === 0 ? text : text.slice(from));
    if (!match) return undefined;
    const start = from + match.index;
    const end = start + match[0].length;
    const lead = text.slice(Math.max(0, start - REACH_BEFORE), start);
    const before = order.before ? order.before.exec(lead) : [''];
    const after = order.after ? order.after.exec(text.slice(end, end + REACH_AFTER)) : [''];
    if (before && after && !isQuotation(lead) && !isTakenBack(match[0], lead)) {
      const quote = text.slice(start - (before[0]?.length ?? 0), end + (after[0]?.length ?? 0)).trim();
      return { quote: clip(quote, MAX_QUOTE_CHARS), note: order.note, confidence: order.confidence };
    }
    from = end;
  }
  return undefined;
}

const OPENS_QUOTATION = /["'`“‘«「『][^"'`”’»」』.]{0,20}$/;
const SPEAKS_OF =
  /\b(?:such as|e\.g|for example|like|detect\w*|flag\w*|block\w*|scan\w*|reject\w*|attempts?|phrases?|patterns?|injections?|attacks?|payloads?|jailbreak\w*|contain\w*|examples?)\b[^.]{0,60}$/i;

/** A tool that finds such orders has to speak of them: `detects phrases such as "ignore all previous …"`. */
function isQuotation(lead: string): boolean {
  return OPENS_QUOTATION.test(lead) && SPEAKS_OF.test(lead);
}

/** "Never delete anything without telling the user." */
function isTakenBack(match: string, lead: string): boolean {
  return /^without\b/i.test(match) && /\b(?:never|not|no|\w{1,12}n['’]t)\b[^.]{0,80}$/i.test(lead);
}

const BASE64_RUN = /[A-Za-z0-9+/]{40,4000}={0,2}/g;
const MAX_RUNS = 4;
/** Anything else than what people write: what decodes to this was not text. */
const UNWRITTEN = /[^\t\n\r\x20-\x7e\u00a0-\uffff]|\ufffd/;
const WORDS = /(?:\b[A-Za-z]{2,14}\b[ ,.:]+){4}/;

/** Text that has been written in base64, which nobody reads but a model. */
function encodedOrders(text: string): FoundOrder[] {
  const found: FoundOrder[] = [];
  let runs = 0;
  for (const [run] of text.matchAll(BASE64_RUN)) {
    if (runs++ === MAX_RUNS) break;
    const decoded = Buffer.from(run, 'base64').toString('utf8');
    if (UNWRITTEN.test(decoded) || !WORDS.test(decoded)) continue;
    const isOrder = ALL_ORDERS.some((order) => firstOf(order, decoded) !== undefined);
    const note = `is text in base64 that says "${clip(decoded, MAX_QUOTE_CHARS)}"`;
    found.push({ quote: clip(run, MAX_QUOTE_CHARS), note, confidence: isOrder ? 'high' : 'medium' });
  }
  return found;
}
