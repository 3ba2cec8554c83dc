import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ToolDefinition } from '../crawler/contract.ts';
import { isObject } from '../crawler/json.ts';
import { readJson } from '../policy/json-text.ts';
import { compareText } from '../policy/order.ts';

/** `catalogue.lock.json`: the definitions that tools had when somebody pinned them. All of it is pure. */

const Hash = z.string().regex(/^[0-9a-f]{64}$/, 'is no hash of a definition');

export const LockedServer = z.object({
  /** The id of the server's target, such as `npm:@playwright/mcp`: by it `catalogue scan --locked` knows the server. */
  id: z.string(),
  /** When the list was seen that was pinned; ISO 8601, UTC. */
  observedAt: z.string(),
  /** SHA-256 of each definition's canonical JSON, by the tool's name. */
  tools: z.record(z.string(), Hash),
});
export type LockedServer = z.infer<typeof LockedServer>;

export const LockFile = z.object({
  version: z.literal(1),
  /** By the key that `catalogue gateway` knows the server by. */
  servers: z.record(z.string(), LockedServer),
});
export type LockFile = z.infer<typeof LockFile>;

export const EMPTY_LOCK: LockFile = { version: 1, servers: {} };

export type ReadLock = { ok: true; lock: LockFile } | { ok: false; reason: string };

/** Reads a lock file's text. The reason why it cannot be used follows the file's name in a sentence. */
export function parseLock(text: string): ReadLock {
  const read = readJson(text.replace(/^\ufeff/, ''));
  if (!read.ok) {
    const { line, message, remedy } = read.fault;
    return { ok: false, reason: `cannot be read: line ${line} ${message}. ${remedy}` };
  }
  if (!isObject(read.value) || read.value.version !== 1 || !isObject(read.value.servers)) {
    const reason = 'is no lock file of this program: it needs `"version": 1` and `"servers"`';
    return { ok: false, reason: `${reason}.` };
  }
  // Copying loses a tool called `__proto__`, so that its hash is looked at here and the tools are kept as they are.
  for (const [key, server] of Object.entries(read.value.servers)) {
    const tools = isObject(server) && isObject(server.tools) ? Object.entries(server.tools) : [];
    const odd = tools.find(([, hash]) => !Hash.safeParse(hash).success);
    if (odd !== undefined) {
      const reason = `has no hash of a definition for the tool ${JSON.stringify(odd[0])} of ${JSON.stringify(key)}`;
      return { ok: false, reason: `${reason}.` };
    }
  }
  const parsed = LockFile.safeParse(read.value);
  if (parsed.success) {
    const { servers } = read.value as LockFile;
    return { ok: true, lock: { version: 1, servers } };
  }
  const [issue] = parsed.error.issues;
  return { ok: false, reason: `cannot be used: /${issue?.path.join('/')} ${issue?.message}.` };
}

/** The file's text, the same for the same content: keys sorted, two spaces, a newline at the end. */
export function lockText({ version, servers }: LockFile): string {
  const sorted = sortedObject(
    Object.entries(servers).map(([key, { id, observedAt, tools }]) => [
      key,
      { id, observedAt, tools: sortedObject(Object.entries(tools)) },
    ]),
  );
  return `${JSON.stringify({ version, servers: sorted }, undefined, 2)}\n`;
}

function sortedObject<Value>(entries: readonly [string, Value][]): Record<string, Value> {
  return Object.fromEntries(entries.toSorted(([a], [b]) => compareText(a, b)));
}

/** A list to be pinned, or why its tools cannot be told by their names; the reason follows the server's name. */
export type Pinnable = { ok: true; tools: Record<string, string> } | { ok: false; reason: string };

/** The hashes of a list's tools by their names. */
export function pinnable(tools: readonly Pick<ToolDefinition, 'name' | 'hash'>[]): Pinnable {
  const hashes = new Map<string, string>();
  for (const { name, hash } of tools) {
    if (!name.isWellFormed()) {
      return { ok: false, reason: 'lists a tool whose name is no text that every reader takes for the same' };
    }
    if ((hashes.get(name) ?? hash) !== hash) {
      const reason = `lists two different tools of the name ${JSON.stringify(name)}: which of them a call means is not known`;
      return { ok: false, reason };
    }
    hashes.set(name, hash);
  }
  return { ok: true, tools: sortedObject([...hashes]) };
}

/**
 * The key of a server that is pinned without one: its slug, which no other server ever has, written as the keys of the
 * gateway are (letters, digits, dots, hyphens, underscores; at most 64).
 */
export function lockKey(slug: string): string {
  // No slug has a dot, so that no two of them become one key.
  const key = slug.replaceAll('~', '.');
  if (key.length <= MAX_KEY_CHARS) return key;
  const hash = createHash('sha256').update(slug).digest('hex').slice(0, KEY_HASH_CHARS);
  return `${key.slice(0, MAX_KEY_CHARS - KEY_HASH_CHARS - 1)}.${hash}`;
}

const MAX_KEY_CHARS = 64;
const KEY_HASH_CHARS = 12;

/** How a tool is not as it was pinned. */
export interface LockBreach {
  kind: 'new' | 'changed' | 'gone';
  name: string;
  /** What was pinned; absent of a new tool. */
  locked?: string;
  /** What is listed; absent of one that is gone. */
  hash?: string;
}

/**
 * The tools of a list that are not as they were pinned, in the order of their names. Of several tools of one name, each
 * definition that was not pinned is told.
 */
export function breachesOf(
  locked: Readonly<Record<string, string>>,
  tools: readonly Pick<ToolDefinition, 'name' | 'hash'>[],
): LockBreach[] {
  const pinned = new Map(Object.entries(locked));
  const listed = new Set(tools.map(({ name }) => name));
  const distinct = new Map(tools.map((tool) => [JSON.stringify([tool.name, tool.hash]), tool]));
  const breaches = [...distinct.values()].flatMap(({ name, hash }): LockBreach[] => {
    const wanted = pinned.get(name);
    if (wanted === hash) return [];
    return wanted === undefined
      ? [{ kind: 'new', name, hash }]
      : [{ kind: 'changed', name, locked: wanted, hash }];
  });
  const gone = [...pinned].flatMap(([name, hash]): LockBreach[] =>
    listed.has(name) ? [] : [{ kind: 'gone', name, locked: hash }],
  );
  return [...breaches, ...gone].toSorted(
    (a, b) => compareText(a.name, b.name) || compareText(a.hash ?? '', b.hash ?? ''),
  );
}
