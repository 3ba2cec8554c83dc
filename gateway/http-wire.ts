import type { Message } from './message.ts';

/** What both sides of the gateway know of MCP over HTTP: headers, versions and how values are written into headers. */

/** The first version without sessions: every request says for itself what it speaks. */
const FIRST_STATELESS = '2026-07-28';

const META = 'io.modelcontextprotocol';

/** Errors by which a server of such a version says what was wrong with a request (2026-07-28, Streamable HTTP). */
const STATELESS_ERRORS = new Set([-32020, -32021, -32022]);

export const HEADER_MISMATCH = -32020;

/** Whether an error code is one that only a stateless version has. */
export function isStatelessError(code: number): boolean {
  return STATELESS_ERRORS.has(code);
}

/** Whether a text is the name of a version at all; they are dates. */
export function isVersion(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text);
}

export function isStateless(version: string): boolean {
  return isVersion(version) && version >= FIRST_STATELESS;
}

/** The request for notifications that one of them belongs to, on a stateless version. */
export const SUBSCRIPTION_ID = `${META}/subscriptionId`;

/** Whose name or address the header `Mcp-Name` repeats. */
const NAMED: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
};

/** The value that `Mcp-Name` must repeat for this message, undefined for a message that has none. */
export function nameOf(message: Message): string | undefined {
  if (message.kind !== 'request' || !Object.hasOwn(NAMED, message.method)) return undefined;
  const value = message.params?.[NAMED[message.method] ?? ''];
  return typeof value === 'string' ? value : undefined;
}

const SENTINEL = /^=\?base64\?(.*)\?=$/s;
const PLAIN = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** A value as it may stand in a header: as it is, or in base64 where it could be read as something else. */
export function headerValue(value: string): string {
  if (PLAIN.test(value) && !SENTINEL.test(value)) return value;
  return `=?base64?${Buffer.from(value, 'utf8').toString('base64')}?=`;
}

/** The value that a header stands for. */
export function headerText(value: string): string {
  const encoded = SENTINEL.exec(value)?.[1];
  return encoded === undefined ? value : Buffer.from(encoded, 'base64').toString('utf8');
}
