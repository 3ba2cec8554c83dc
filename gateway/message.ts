import { isUtf8 } from 'node:buffer';
import { isObject } from '../crawler/json.ts';
import { readJson } from '../policy/json-text.ts';
import { fold } from './fold.ts';
import {
  MAX_BATCH_ERRORS,
  MAX_CLIENT_BYTES,
  MAX_DEPTH,
  MAX_ID_CHARS,
  MAX_NAME_CHARS,
  MAX_QUOTED_CHARS,
} from './limits.ts';

/** A name under which an answer finds its request. */
export type RequestId = string | number;

export type Params = Record<string, unknown>;

/** One JSON-RPC message. `text` of it is always made anew from these members: nothing else travels on. */
export type Message =
  | { kind: 'request'; id: RequestId; method: string; params: Params | undefined }
  | { kind: 'notification'; method: string; params: Params | undefined }
  | { kind: 'result'; id: RequestId; result: unknown }
  | { kind: 'error'; id: RequestId | null; error: RpcError };

export type Request = Extract<Message, { kind: 'request' }>;
export type Notification = Extract<Message, { kind: 'notification' }>;
export type Answer = Extract<Message, { kind: 'result' | 'error' }>;

export interface RpcError {
  code: number;
  message: string;
  data?: unknown;
}

/** Why a text is not taken as a message. */
export interface Refusal {
  /** JSON-RPC's code for it. */
  code: number;
  /** The gateway's own rule, for the audit log. */
  rule: string;
  message: string;
  /** Ids of the requests in it, as far as they could be made out, which wait for an answer. */
  ids: RequestId[];
  /** For the audit log, when it could be made out. */
  method?: string;
}

export type ReadMessage = { ok: true; message: Message } | { ok: false; refusal: Refusal };

/**
 * JSON-RPC's codes, and four of the gateway's own: JSON-RPC leaves -32000 to -32099 to implementations, and MCP has
 * taken none of these.
 */
export const CODE = {
  parse: -32700,
  invalid: -32600,
  unknownMethod: -32601,
  params: -32602,
  internal: -32603,
  denied: -32010,
  overloaded: -32011,
  gone: -32012,
  unreadableAnswer: -32013,
} as const;

const MEMBERS = new Set(['jsonrpc', 'id', 'method', 'params', 'result', 'error']);

/**
 * Reads what a client sent as exactly one message, or says why not. Whatever two readers could take for two things is
 * refused: bytes that are no UTF-8, keys that come twice, numbers that lose digits, batches, members that differ from
 * the known ones by case alone.
 */
export function readClientMessage(bytes: Buffer): ReadMessage {
  if (bytes.length > MAX_CLIENT_BYTES) {
    return refuse(CODE.invalid, '(too large)', `The message is longer than ${MAX_CLIENT_BYTES} bytes.`, []);
  }
  if (!isUtf8(bytes)) return refuse(CODE.parse, '(not UTF-8)', 'The message is not UTF-8.', []);
  const text = bytes.toString('utf8');
  const read = readJson(text, { maxChars: MAX_CLIENT_BYTES, maxDepth: MAX_DEPTH });
  if (!read.ok) {
    const { pointer, message, remedy } = read.fault;
    const twice = / twice$/.test(message);
    const place = pointer === '' ? 'The message' : shortened(pointer);
    const guessed = lenient(text);
    return refuse(
      twice ? CODE.invalid : CODE.parse,
      twice ? '(duplicate key)' : '(unreadable)',
      `${place} ${shortened(message)}. ${remedy}`,
      idsIn(guessed),
      methodIn(guessed),
    );
  }
  if (Array.isArray(read.value)) {
    const message = 'Batches are refused: send each message by itself.';
    return refuse(CODE.invalid, '(batch)', message, idsIn(read.value));
  }
  return toMessage(read.value, text);
}

function toMessage(value: unknown, text: string): ReadMessage {
  const invalid = (rule: string, message: string) =>
    refuse(CODE.invalid, rule, message, idsIn(value), methodIn(value));
  if (!isObject(value)) return invalid('(no message)', 'This is no JSON-RPC message.');
  const odd = Object.keys(value).find((key) => !MEMBERS.has(key));
  if (odd !== undefined) return invalid('(unknown member)', `A message has no member ${quoted(odd)}.`);
  if (mayHoldPrototypeKey(text) && holdsPrototypeKey(value)) {
    return invalid('(prototype key)', 'A key of the message would change the prototype of an object.');
  }
  const { jsonrpc, id, method, params, result, error } = value;
  if (jsonrpc !== '2.0') return invalid('(no message)', 'The member "jsonrpc" must be "2.0".');
  if (id !== undefined && !isId(id)) {
    return invalid('(id)', 'The id must be a text or a whole number.');
  }
  if (Object.hasOwn(value, 'method')) {
    if (typeof method !== 'string' || method === '' || method.length > MAX_NAME_CHARS)
      return invalid('(method)', 'The method must be a text.');
    if (Object.hasOwn(value, 'result') || Object.hasOwn(value, 'error'))
      return invalid('(no message)', 'A message is a request or an answer, not both.');
    if (Object.hasOwn(value, 'params') && !isObject(params))
      return refuse(CODE.params, '(parameters)', 'The parameters must be an object.', idsIn(value), method);
    const given = isObject(params) ? params : undefined;
    return id === undefined
      ? { ok: true, message: { kind: 'notification', method, params: given } }
      : { ok: true, message: { kind: 'request', id, method, params: given } };
  }
  if (id === undefined || Object.hasOwn(value, 'params'))
    return invalid('(no message)', 'This is neither a request nor an answer.');
  if (isObject(result) && !Object.hasOwn(value, 'error'))
    return { ok: true, message: { kind: 'result', id, result } };
  if (isRpcError(error) && !Object.hasOwn(value, 'result'))
    return { ok: true, message: { kind: 'error', id, error } };
  return invalid('(no message)', 'An answer has either an object as its result or an error.');
}

/** Whether a value can name a request. */
export function isId(value: unknown): value is RequestId {
  return typeof value === 'string' ? value.length <= MAX_ID_CHARS : Number.isSafeInteger(value);
}

export function isRpcError(value: unknown): value is RpcError & Record<string, unknown> {
  return isObject(value) && Number.isSafeInteger(value.code) && typeof value.message === 'string';
}

/**
 * The one text of a message, which is one line to every reader. Throws a RangeError for a value nested deeper than the
 * stack allows.
 */
export function textOf(message: Message): string {
  const text = JSON.stringify(wireOf(message));
  return LINE_ENDS.some((end) => text.includes(end)) ? text.replaceAll(LINE_END, escaped) : text;
}

/** What Unicode has for line ends beyond those that JSON escapes: Node's `readline` and Python's `splitlines` break at them. */
const LINE_ENDS = ['\u2028', '\u2029', '\u0085'];
const LINE_END = /[\u2028\u2029\u0085]/g;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function wireOf(message: Message): Record<string, unknown> {
  switch (message.kind) {
    case 'request': {
      const { id, method, params } = message;
      return { jsonrpc: '2.0', id, method, ...(params && { params }) };
    }
    case 'notification': {
      const { method, params } = message;
      return { jsonrpc: '2.0', method, ...(params && { params }) };
    }
    case 'result':
      return { jsonrpc: '2.0', id: message.id, result: message.result };
    case 'error':
      return { jsonrpc: '2.0', id: message.id, error: message.error };
  }
}

/** An answer that says what went wrong. */
export function errorAnswer(id: RequestId | null, code: number, message: string): Message {
  return { kind: 'error', id, error: { code, message } };
}

/** A tool's result that says why the call was not made, so that a model can read it and do something else. */
export function toolError({ id, params }: Request, text: string): Message {
  const result = { content: [{ type: 'text', text }], isError: true };
  // Its clients take no result without this member.
  const isNewer = ownVersion(params) !== undefined;
  return { kind: 'result', id, result: isNewer ? { resultType: 'complete', ...result } : result };
}

/** The version that a message names in its own `_meta`, as it must from 2026-07-28 on. */
export function ownVersion(params: Params | undefined): string | undefined {
  const meta = params?._meta;
  const version = isObject(meta) ? meta['io.modelcontextprotocol/protocolVersion'] : undefined;
  return typeof version === 'string' ? version : undefined;
}

/** Keys of `params` that a careless server could take for one of these are refused. */
export function lookalikeKey(value: Params, known: readonly string[]): string | undefined {
  return Object.keys(value).find(
    (key) => !known.includes(key) && known.some((each) => fold(each) === fold(key)),
  );
}

function refuse(
  code: number,
  rule: string,
  message: string,
  ids: RequestId[],
  method?: string,
): { ok: false; refusal: Refusal } {
  return { ok: false, refusal: { code, rule, message, ids, ...(method !== undefined && { method }) } };
}

/** A name that somebody sent, as a part of a message. */
export function quoted(name: string): string {
  return shortened(JSON.stringify(name));
}

function shortened(text: string): string {
  return text.length <= MAX_QUOTED_CHARS ? text : `${text.slice(0, MAX_QUOTED_CHARS)}…`;
}

/** For saying whom a refusal is for, and for nothing else. */
function lenient(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function idsIn(value: unknown): RequestId[] {
  const candidates = Array.isArray(value) ? value.slice(0, MAX_BATCH_ERRORS) : [value];
  return candidates.flatMap((each) =>
    isObject(each) && each.method !== undefined && isId(each.id) ? [each.id] : [],
  );
}

function methodIn(value: unknown): string | undefined {
  return isObject(value) && typeof value.method === 'string'
    ? value.method.slice(0, MAX_NAME_CHARS)
    : undefined;
}

/** A walk over every key is needed only where such a key can be. */
function mayHoldPrototypeKey(text: string): boolean {
  return text.includes('proto') || text.includes('\\u');
}

function holdsPrototypeKey(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsPrototypeKey);
  if (!isObject(value)) return false;
  return Object.entries(value).some(
    ([key, inner]) =>
      key === '__proto__' ||
      (key === 'constructor' && isObject(inner) && Object.hasOwn(inner, 'prototype')) ||
      holdsPrototypeKey(inner),
  );
}
