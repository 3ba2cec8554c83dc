import { isObject } from '../crawler/json.ts';
import { CODE, isId, isRpcError, type Message } from './message.ts';

/**
 * The messages in one text that a server sent; none when it is something else, such as a log line. They are read as
 * clients read them, so a key that comes twice counts once, and made anew from their known members: what the client
 * gets is what the gateway saw. Numbers keep all their digits.
 */
export function readServerMessages(text: string): Message[] {
  const value = parseExactly(text);
  // Protocol version 2025-03-26 lets servers answer in batches.
  const candidates = Array.isArray(value) ? value : [value];
  return candidates.flatMap((candidate) => toMessage(candidate) ?? []);
}

function toMessage(value: unknown): Message | undefined {
  if (!isObject(value) || value.jsonrpc !== '2.0') return undefined;
  const { method, params, result, error } = value;
  const id = plainNumber(value.id);
  const answers = Object.hasOwn(value, 'result') || Object.hasOwn(value, 'error');
  if (Object.hasOwn(value, 'method')) {
    if (typeof method !== 'string' || answers) return undefined;
    const given = isObject(params) ? params : undefined;
    if (id === undefined) return { kind: 'notification', method, params: given };
    return isId(id) ? { kind: 'request', id, method, params: given } : undefined;
  }
  if (!isId(id)) return undefined;
  if (isObject(result)) return { kind: 'result', id, result };
  if (isRpcError(error)) return { kind: 'error', id, error };
  // The request it answers would wait for ever otherwise.
  const message = 'The server gave an answer that is neither a result nor an error.';
  return answers ? { kind: 'error', id, error: { code: CODE.internal, message } } : undefined;
}

/**
 * A number that a double may not hold, or that JavaScript writes in another way. After a quotation mark it is none: every
 * message has `"2.0"`, and reading one number by number takes several times as long.
 */
const UNUSUAL_NUMBER = /[\d.]{16}|\d[eE][+-]?\d|-0\b|(?<!"2)\.\d*0\b/;

type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;

/** Undefined for what is no JSON. */
function parseExactly(text: string): unknown {
  return (
    (UNUSUAL_NUMBER.test(text) ? tried(() => parseWith(text, keepNumber)) : undefined) ??
    tried(() => JSON.parse(text))
  );
}

/** A reviver goes as deep as the stack allows, the parser itself deeper: what is nested so far can still be answered. */
function tried(parse: () => unknown): unknown {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

/** The engine's own parser tells a reviver the text of each value (ECMAScript proposal "JSON.parse source text access"). */
function parseWith(text: string, reviver: Reviver): unknown {
  return JSON.parse(text, reviver as (key: string, value: unknown) => unknown);
}

const rawJson: unknown = Reflect.get(JSON, 'rawJSON');

function keepNumber(_key: string, value: unknown, { source }: { source?: string }): unknown {
  if (typeof value !== 'number' || source === undefined || source === String(value)) return value;
  return typeof rawJson === 'function' ? rawJson(source) : value;
}

/** An id that a server writes as `1.0` is 1, and so its request gets its answer. */
function plainNumber(id: unknown): unknown {
  return isObject(id) && typeof id.rawJSON === 'string' ? Number(id.rawJSON) : id;
}
